"""A store: its transactions, and what can be read from it by table, version and record."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import func, insert, inspect, select

from pipeline.errors import StoreError
from pipeline.model import Notice
from pipeline.store import grams
from pipeline.store.address import printable_place
from pipeline.store.engines import address_errors, is_file, open_engine, parse_place, store_errors
from pipeline.store.index import index_of
from pipeline.store.schema import ABOUT, METADATA, SCHEMA, VERSIONS, VIEWS
from pipeline.text import parse_numeral

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pandas as pd
    from sqlalchemy import Connection

# PostgreSQL: the number that all loads of fengong lock, one after the other.
_LOCK = 0x66656E67
_MARK = "fengong"
_OTHER = "name another file or database"


class Store:
    """A database of notices: a path of a SQLite file, or an SQLAlchemy URL.

    Use as a context or `close` it. Every failure is a StoreError.
    """

    def __init__(self, place: str | Path, *, read_only: bool = False) -> None:
        self.place = parse_place(place, read_only=read_only)
        self.read_only = read_only
        self.engine = open_engine(self.place, read_only=read_only)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections to the database."""
        self.engine.dispose()

    @property
    def shown(self) -> str:
        """The place without a password."""
        return printable_place(self.place)

    @property
    def is_file(self) -> bool:
        """Whether the store is a SQLite file named by its path."""
        return is_file(self.place)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection on which all is read from one state of the store, whoever writes meanwhile.

        A SQLite file that is no WAL is not written meanwhile, so that nothing may be loaded into it inside.
        Raises StoreError for a store that cannot be read.
        """
        with self._connected() as opened:
            connection = _hold_state(opened)
            if not _is_store(connection, self.shown):
                raise StoreError(self.shown, "holds no notices", "run fengong load OUTPUT first")
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a transaction that no other writer shares; all of it is written, or nothing."""
        with self._connected() as connection, connection.begin():
            _wait_for_lock(connection)
            if not _is_store(connection, self.shown):
                _create_tables(connection)
            yield connection

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        """Give a connection; every failure of the database in the block is a StoreError."""
        with store_errors(self.place, self.engine.dialect.loaded_dbapi.Error):
            with address_errors(self.place):
                connection = self.engine.connect()
            with connection:
                yield connection

    def frame(self, table: str, **filters: object) -> pd.DataFrame:
        """Read a table or view as a DataFrame with typed columns; see `pipeline.store.frames`."""
        # The one door to pandas: loading and searching do without it.
        from pipeline.store.frames import read_frame  # noqa: PLC0415

        with self.reading() as connection:
            return read_frame(connection, table, filters)

    def versions(self, notice_id: str) -> list[dict[str, Any]]:
        """Read the versions of a notice, oldest first: version, title, loaded_at, retired_at, hash."""
        columns = [c for c in VERSIONS.c if c.name != "record"]
        query = select(*columns).where(VERSIONS.c.notice_id == notice_id).order_by("version")
        with self.reading() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def record(self, notice_id: str, version: int | None = None) -> Notice:
        """Read a notice's record: the last one, or that of a version. Raises StoreError for none."""
        query = select(VERSIONS.c.record).where(VERSIONS.c.notice_id == notice_id)
        if version is not None:
            query = query.where(VERSIONS.c.version == version)
        with self.reading() as connection:
            record = connection.scalar(query.order_by(VERSIONS.c.version.desc()).limit(1))
        if record is None:
            asked = notice_id if version is None else f"version {version} of {notice_id}"
            raise StoreError(self.shown, f"holds no {asked}", "see the table versions")
        return Notice.model_validate_json(record)


def _hold_state(connection: Connection) -> Connection:
    """Have every query see what the first one sees; else each would see what is written between."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN")
        return connection
    return connection.execution_options(isolation_level="REPEATABLE READ")


def _wait_for_lock(connection: Connection) -> None:
    """Wait until no other run writes."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def _is_store(connection: Connection, shown: str) -> bool:
    """Whether a database has our tables; raises StoreError for others, and for newer ones."""
    names = set(inspect(connection).get_table_names())
    if not names:
        return False
    if ABOUT.name not in names:
        # A server's database may have other tables beside ours, as long as no name is taken.
        taken = sorted(names & METADATA.tables.keys())
        if connection.dialect.name == "postgresql" and not taken:
            return False
        fact = f"holds other tables ({', '.join(taken or sorted(names)[:3])})"
        raise StoreError(shown, fact, _OTHER)
    about = dict(connection.execute(select(ABOUT.c.name, ABOUT.c.value)).all())
    schema = parse_numeral(about.get("schema") or "")
    if about.get("made_by") != _MARK or schema is None:
        raise StoreError(shown, "is not of fengong", _OTHER)
    if schema != SCHEMA:
        fact = f"has schema {schema}, this version knows {SCHEMA}"
        upgrade = "upgrade fengong, or " if schema > SCHEMA else ""
        raise StoreError(shown, fact, f"{upgrade}load into a new store")
    return True


def _create_tables(connection: Connection) -> None:
    METADATA.create_all(connection)
    for name, query in VIEWS.items():
        connection.exec_driver_sql(f"CREATE VIEW {name} AS {query}")
    index_of(connection).create(connection)
    about = {"made_by": _MARK, "schema": str(SCHEMA), "index": grams.folding_version(), "next": "0"}
    rows = [{"name": name, "value": value} for name, value in about.items()]
    connection.execute(insert(ABOUT), rows)
