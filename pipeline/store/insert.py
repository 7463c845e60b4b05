"""Write many rows in the fastest way of a database, and name many ids in its statements."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection

# How many values a statement of SQLite may have, less a few.
_MOST_VALUES = 32_000
# How many ids one statement names.
_CHUNK = 500
_Id = TypeVar("_Id")


class Portion(NamedTuple):
    """Rows of one table, ready to be inserted."""

    table: str
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def insert_many(connection: Connection, portion: Portion) -> None:
    """Insert rows into a table: COPY in PostgreSQL, long INSERT statements in SQLite."""
    name, columns, rows = portion
    heads = ", ".join(f'"{column}"' for column in columns)
    if connection.dialect.name == "postgresql":
        _copy(connection, f'COPY "{name}" ({heads}) FROM STDIN', rows)
        return
    # The driver lets other threads work while a statement runs, so it should be a long one.
    marks = f"({', '.join('?' * len(columns))})"
    step = _MOST_VALUES // len(columns)
    for start in range(0, len(rows), step):
        some = rows[start : start + step]
        statement = f'INSERT INTO "{name}" ({heads}) VALUES {", ".join([marks] * len(some))}'  # noqa: S608
        connection.exec_driver_sql(statement, tuple(chain.from_iterable(some)))


def _copy(connection: Connection, statement: str, rows: Iterable[Sequence[Any]]) -> None:
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def id_chunks(ids: Sequence[_Id]) -> Iterator[Sequence[_Id]]:
    """Split ids into parts that one statement can name."""
    for start in range(0, len(ids), _CHUNK):
        yield ids[start : start + _CHUNK]
