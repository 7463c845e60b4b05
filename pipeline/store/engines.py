"""Open the database of a store: a SQLite file by its path, or PostgreSQL by its URL."""

from __future__ import annotations

import re
import sqlite3
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, event
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from pipeline.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

# A second writer waits this many seconds for the first.
_PATIENCE = 600
_IN_MEMORY = ("sqlite://", "sqlite:///", "sqlite:///:memory:", ":memory:")
# A URL of SQLite that is nothing but a path: sqlite:////data/s.sqlite, not sqlite:///s?mode=ro.
_SQLITE_PATH = re.compile(r"^sqlite:///(?=[^?]+$)")
# Words in a database's message -> remedy.
_REMEDIES = {
    "readonly": "give the right to write, or load into another store",
    "full": "free space on the disk and load again; what was there is whole",
    "disk I/O": "free space on the disk and load again; what was there is whole",
    "locked": "another run writes; try again when it has ended",
    "unable to open": "check that the folder exists and may be written",
    "not a database": "name a file that fengong load made, or a new one",
    "malformed": "the file is damaged: load into a new one",
    "connection": "check that the server runs and the URL is right",
}
_REMEDY = "check the store and its address"


def parse_place(place: str | Path, *, read_only: bool) -> str:
    """Check the place of a store; returns it as a path or a URL.

    Raises StoreError for a database in memory, and for a missing file that is only to be read.
    """
    plain = _SQLITE_PATH.sub("", str(place))
    if plain in _IN_MEMORY:
        raise StoreError(place, "is no place that lasts", "name a file")
    if read_only and "://" not in plain and not Path(plain).is_file():
        raise StoreError(plain, "no store lies there", "run fengong load OUTPUT first")
    return plain


def open_engine(place: str, *, read_only: bool) -> Engine:
    """Make the engine of a place; raises StoreError for an address that cannot be used."""
    if "://" in place:
        engine = _url_engine(place)
    else:
        opener = partial(_open_file, Path(place), read_only=read_only)
        engine = create_engine("sqlite://", creator=opener, poolclass=QueuePool)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up)
    return engine


def _url_engine(url: str) -> Engine:
    scheme, _, rest = url.partition("://")
    if scheme in ("postgresql", "postgres"):
        scheme = "postgresql+psycopg"
    if scheme.partition("+")[0] not in ("sqlite", "postgresql"):
        fact = f"{scheme} is no database that is supported"
        raise StoreError(scheme, fact, "write a file's path, or postgresql://user@host/name")
    try:
        return create_engine(f"{scheme}://{rest}")
    except ModuleNotFoundError as error:
        remedy = "pip install 'psycopg[binary]'"
        raise StoreError(scheme, f"{error.name} is not installed", remedy) from error
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        remedy = "write it as postgresql://user@host/name"
        raise StoreError(scheme, "the address cannot be read", remedy) from error


def _open_file(path: Path, *, read_only: bool) -> sqlite3.Connection:
    """Connect to a file, whatever signs its name has."""
    address = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
    # The thread that writes is not the one that opened it; only one of them works at a time.
    return sqlite3.connect(address, uri=True, check_same_thread=False)


def _set_up(raw: sqlite3.Connection, _record: object) -> None:
    """Let a writer wait for another one, and the driver begin no transactions by itself."""
    raw.isolation_level = None
    raw.execute(f"PRAGMA busy_timeout = {_PATIENCE * 1000}")
    # A load makes rows whose references are valid; checking them takes a tenth of its time.
    raw.execute("PRAGMA foreign_keys = OFF")
    raw.execute("PRAGMA cache_size = -65536")
    raw.execute("PRAGMA mmap_size = 1073741824")


@contextmanager
def store_errors(shown: str) -> Iterator[None]:
    """Raise a database's errors as StoreErrors of the place that is shown."""
    try:
        yield
    except DBAPIError as error:
        words = " ".join(str(error.orig or error).split())
        remedy = next((one for part, one in _REMEDIES.items() if part in words), _REMEDY)
        raise StoreError(shown, f"cannot be used ({words})", remedy) from error
    except OverflowError as error:
        fact = f"cannot hold so great a number ({error})"
        raise StoreError(shown, fact, "ask for a smaller one") from error
    except SQLAlchemyError as error:
        raise StoreError(shown, f"cannot be used ({error})", _REMEDY) from error
