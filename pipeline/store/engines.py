"""Open the database of a store: a SQLite file by its path, or PostgreSQL by its URL."""

from __future__ import annotations

import re
import sqlite3
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from sqlalchemy import create_engine, event
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from pipeline.errors import StoreError
from pipeline.store.address import (
    is_connection_string,
    is_url,
    printable_place,
    repeats_password,
)

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
        raise StoreError(plain, "is no place that lasts", "name a file")
    if is_file(plain):
        path = Path(plain)
        if path.exists() and not path.is_file():
            fact = "is a folder" if path.is_dir() else "is a device or a pipe and can be no store"
            raise StoreError(plain, fact, "name a file")
        if read_only and not path.is_file():
            raise StoreError(plain, "no store lies there", "run fengong load OUTPUT first")
    elif plain.partition("?")[0].count("@") > 1:
        fact = "the address has more than one @"
        raise StoreError(printable_place(plain), fact, "write an @ in a password as %40")
    return plain


def is_file(place: str) -> bool:
    """Answer whether a place is a path of a SQLite file, no address of a server."""
    return not is_url(place) and not is_connection_string(place)


def open_engine(place: str, *, read_only: bool) -> Engine:
    """Make the engine of a place; raises StoreError for an address that cannot be used."""
    if is_url(place):
        engine = _url_engine(place)
    elif is_connection_string(place):
        engine = _connection_string_engine(place)
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
        remedy = "write a file's path, or postgresql://user@host/name"
        raise StoreError(printable_place(url), fact, remedy)
    with address_errors(url):
        return create_engine(f"{scheme}://{rest}")


def _connection_string_engine(place: str) -> Engine:
    with address_errors(place):
        # The driver of PostgreSQL is an extra.
        from psycopg import conninfo, errors  # noqa: PLC0415

        try:
            settings = conninfo.conninfo_to_dict(place)
        except errors.ProgrammingError:
            raise ValueError from None
        return create_engine("postgresql+psycopg://", connect_args=settings)


@contextmanager
def address_errors(place: str) -> Iterator[None]:
    """Raise errors of the libraries at an address as StoreErrors.

    They are not chained, for they may repeat the address.
    """
    shown = printable_place(place)
    try:
        yield
    except ModuleNotFoundError as error:
        remedy = "pip install 'psycopg[binary]'"
        failure = StoreError(shown, f"{error.name} is not installed", remedy)
    except (ArgumentError, NoSuchModuleError, TypeError, ValueError):
        remedy = "write it as postgresql://user@host/name"
        failure = StoreError(shown, "the address cannot be read", remedy)
    else:
        return
    _raise_alone(failure)


def _raise_alone(failure: StoreError) -> NoReturn:
    """Raise an error that refers to no other one, not even to the one that is being handled."""
    try:
        raise failure
    except StoreError:
        failure.__context__ = None
        raise


def _open_file(path: Path, *, read_only: bool) -> sqlite3.Connection:
    """Connect to a file, whatever signs its name has."""
    address = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
    # The thread that writes is not the one that opened it; only one of them works at a time.
    return sqlite3.connect(address, uri=True, check_same_thread=False)


def _set_up(raw: sqlite3.Connection, _record: object) -> None:
    """Let a writer wait for another one, and the driver begin no transactions by itself."""
    raw.isolation_level = None
    try:
        raw.execute(f"PRAGMA busy_timeout = {_PATIENCE * 1000}")
        # A load makes rows whose references are valid; checking them takes a tenth of its time.
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.execute("PRAGMA cache_size = -65536")
        raw.execute("PRAGMA mmap_size = 1073741824")
    except sqlite3.Error:
        # A file that is no database: nobody else would close it.
        raw.close()
        raise


@contextmanager
def store_errors(place: str, driver_error: type[Exception]) -> Iterator[None]:
    """Raise a database's errors, and those of its driver, as StoreErrors of a place.

    An error that repeats a password is not chained: a traceback would print it.
    """
    try:
        yield
    except (DBAPIError, driver_error) as error:
        words = " ".join(str(getattr(error, "orig", None) or error).split())
        remedy = next((one for part, one in _REMEDIES.items() if part in words), _REMEDY)
        cause, failure = _describe(place, words, remedy, error)
    except OverflowError as error:
        fact = f"cannot hold so great a number ({error})"
        cause, failure = error, StoreError(printable_place(place), fact, "ask for a smaller one")
    except SQLAlchemyError as error:
        cause, failure = _describe(place, " ".join(str(error).split()), _REMEDY, error)
    else:
        return
    if cause is None:
        _raise_alone(failure)
    raise failure from cause


def is_of_store(error: BaseException, driver: Any) -> bool:  # noqa: ANN401
    """Answer whether an error is that of the database itself: its disk, its server, its tables.

    Others are errors of the rows that were to be written; `driver` is the module of the driver.
    """
    own = getattr(error, "orig", None) or error
    if not isinstance(own, driver.Error):
        return isinstance(own, SQLAlchemyError)
    state = getattr(own, "sqlstate", None)
    if isinstance(own, driver.ProgrammingError):
        # The driver itself says this of a value that it cannot write, the server of its tables.
        return state is not None
    # PostgreSQL's class 54: a row is too large for its table or an index.
    is_too_large = (state or "").startswith("54")
    return not isinstance(own, (driver.DataError, driver.IntegrityError)) and not is_too_large


def _describe(
    place: str, words: str, remedy: str, error: Exception
) -> tuple[Exception | None, StoreError]:
    """Describe a failure in a database's words, unless they repeat a password."""
    shown = printable_place(place)
    if not repeats_password(words, place):
        return error, StoreError(shown, f"cannot be used ({words})", remedy)
    fact = "cannot be used (the database's message repeats a password and is not shown)"
    return None, StoreError(shown, fact, _REMEDY)
