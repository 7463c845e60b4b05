"""Where a store lies, how it is opened, and what can be wrong with it."""

from __future__ import annotations

import re
import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import create_engine, event, func, insert, inspect, select
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from pipeline.errors import StoreError
from pipeline.store import grams
from pipeline.store.index import index_of
from pipeline.store.schema import ABOUT, METADATA, SCHEMA, VERSIONS, VIEWS

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from sqlalchemy import Connection, Engine

    from pipeline.model import Notice

# A second writer waits this many seconds for the first.
_PATIENCE = 600
# PostgreSQL: the number that all loads of fengong lock, one after the other.
_LOCK = 0x66656E67
_MARK = "fengong"


class Store:
    """A database of notices: a path of a SQLite file, or an SQLAlchemy URL.

    Use as a context or `close` it. Every failure is a StoreError.
    """

    def __init__(self, place: str | Path, *, read_only: bool = False) -> None:
        # A URL of SQLite without more to it is a path, and opened as one.
        self.place = re.sub(r"^sqlite:///(?=[^?]+$)", "", str(place))
        if self.place in ("sqlite://", "sqlite:///", "sqlite:///:memory:", ":memory:"):
            raise StoreError(place, "is no place that lasts", "name a file")
        self.read_only = read_only
        if read_only and "://" not in self.place and not Path(self.place).is_file():
            raise StoreError(self.place, "no store lies there", "run fengong load OUTPUT first")
        self.engine = self._engine()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    @property
    def shown(self) -> str:
        """The place without a password."""
        if "://" not in self.place:
            return self.place
        return self.engine.url.render_as_string(hide_password=True)

    def _engine(self) -> Engine:
        if "://" not in self.place:
            return _prepared(create_engine("sqlite://", creator=self._open, poolclass=QueuePool))
        scheme, _, rest = self.place.partition("://")
        if scheme in ("postgresql", "postgres"):
            scheme = "postgresql+psycopg"
        if scheme.partition("+")[0] not in ("sqlite", "postgresql"):
            fact = f"{scheme} is no database that is supported"
            raise StoreError(scheme, fact, "write a file's path, or postgresql://user@host/name")
        try:
            engine = create_engine(f"{scheme}://{rest}")
        except ModuleNotFoundError as error:
            remedy = "pip install 'psycopg[binary]'"
            raise StoreError(scheme, f"{error.name} is not installed", remedy) from error
        except (ArgumentError, NoSuchModuleError, ValueError) as error:
            remedy = "write it as postgresql://user@host/name"
            raise StoreError(scheme, "the address cannot be read", remedy) from error
        return _prepared(engine)

    def _open(self) -> sqlite3.Connection:
        """A connection to a file, whatever signs its name has."""
        path = Path(self.place)
        mode = "ro" if self.read_only else "rwc"
        address = f"{path.absolute().as_uri()}?mode={mode}"
        # The thread that writes is not the one that opened it; only one of them works at a time.
        return sqlite3.connect(address, uri=True, check_same_thread=False)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for reading a store that is there and that this version knows."""
        with self._translated(), self.engine.connect() as connection:
            if not self._is_made(connection):
                raise StoreError(self.shown, "holds no notices", "run fengong load OUTPUT first")
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that no other writer shares; all of it holds, or nothing."""
        with self._translated(), self.engine.connect() as connection, connection.begin():
            self._begin(connection)
            if not self._is_made(connection):
                self._create(connection)
            yield connection

    def _begin(self, connection: Connection) -> None:
        """Wait for the turn to write."""
        if self.engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))

    def _is_made(self, connection: Connection) -> bool:
        """Whether a database holds our tables; raises for others, and for those of a newer version."""
        names = set(inspect(connection).get_table_names())
        if not names:
            return False
        if ABOUT.name not in names:
            # A server's database may hold other tables beside ours, as long as no name is taken.
            taken = sorted(names & METADATA.tables.keys())
            if self.engine.dialect.name == "postgresql" and not taken:
                return False
            fact = f"holds other tables ({', '.join(taken or sorted(names)[:3])})"
            raise StoreError(self.shown, fact, "name another file or database")
        told = dict(connection.execute(select(ABOUT.c.name, ABOUT.c.value)).all())
        if told.get("made_by") != _MARK or not (told.get("schema") or "").isdecimal():
            raise StoreError(self.shown, "is not of fengong", "name another file or database")
        schema = int(told["schema"] or 0)
        if schema > SCHEMA:
            fact = f"has schema {schema}, this version knows {SCHEMA}"
            raise StoreError(self.shown, fact, "upgrade fengong, or load into a new store")
        return True

    def _create(self, connection: Connection) -> None:
        METADATA.create_all(connection)
        for name, query in VIEWS.items():
            connection.exec_driver_sql(f"CREATE VIEW {name} AS {query}")
        index_of(connection).create(connection)
        about = {"made_by": _MARK, "schema": str(SCHEMA), "index": grams.version(), "next": "0"}
        rows = [{"name": name, "value": value} for name, value in about.items()]
        connection.execute(insert(ABOUT), rows)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise StoreError(self.shown, *_told(error)) from error
        except OverflowError as error:
            fact = f"cannot hold so great a number ({error})"
            raise StoreError(self.shown, fact, "ask for a smaller one") from error
        except SQLAlchemyError as error:
            fact = f"cannot be used ({error})"
            raise StoreError(self.shown, fact, "check the store and its address") from error

    def frame(self, table: str, **filters: object) -> pd.DataFrame:
        """A table or view as a DataFrame with typed columns; see `pipeline.store.frames`."""
        from pipeline.store.frames import read_frame  # noqa: PLC0415

        with self.reading() as connection:
            return read_frame(connection, table, filters)

    def versions(self, notice_id: str) -> list[dict[str, Any]]:
        """The versions of a notice: version, title, loaded_at, retired_at, hash; oldest first."""
        columns = [c for c in VERSIONS.c if c.name != "record"]
        query = select(*columns).where(VERSIONS.c.notice_id == notice_id).order_by("version")
        with self.reading() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def record(self, notice_id: str, version: int | None = None) -> Notice:
        """A notice's record: the last one, or that of a version. Raises StoreError for none."""
        from pipeline.model import Notice  # noqa: PLC0415

        query = select(VERSIONS.c.record).where(VERSIONS.c.notice_id == notice_id)
        if version is not None:
            query = query.where(VERSIONS.c.version == version)
        with self.reading() as connection:
            found = connection.scalar(query.order_by(VERSIONS.c.version.desc()).limit(1))
        if found is None:
            asked = notice_id if version is None else f"version {version} of {notice_id}"
            raise StoreError(self.shown, f"holds no {asked}", "see the table versions")
        return Notice.model_validate_json(found)


def _prepared(engine: Engine) -> Engine:
    """SQLite: writers wait, and the driver begins no transactions by itself."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare)
    return engine


def _prepare(raw: sqlite3.Connection, _record: object) -> None:
    raw.isolation_level = None
    raw.execute(f"PRAGMA busy_timeout = {_PATIENCE * 1000}")
    # References hold by the way rows are made, and checking them takes a tenth of a load.
    raw.execute("PRAGMA foreign_keys = OFF")
    raw.execute("PRAGMA cache_size = -65536")
    raw.execute("PRAGMA mmap_size = 1073741824")


def _told(error: DBAPIError) -> tuple[str, str]:
    """What a database says, with what a person can do."""
    words = " ".join(str(error.orig or error).split())
    for part, remedy in _REMEDIES.items():
        if part in words:
            return f"cannot be used ({words})", remedy
    return f"cannot be used ({words})", "check the store and its address"


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
