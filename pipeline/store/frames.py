"""Read tables of a store as pandas DataFrames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from sqlalchemy import BigInteger, Integer, MetaData, Table, select

from pipeline.errors import StoreError
from pipeline.store.schema import ASSIGNMENTS, ITEMS, NOTICES, TABLES, VIEWS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Connection

_DAYS = ("issued_on", "published_on", "due", "when")
_NUMBERS = ("year", "first_year", "last_year", "hosted", "co_hosted", "items")


def read_frame(connection: Connection, name: str, filters: Mapping[str, object]) -> pd.DataFrame:
    """Read the rows of a table or view where each named column has a value, or one of a list.

    A column that the table lacks is looked up in its item, else in its notice: year, region.
    Numbers are Int64, days datetime64, all else str; an absent value is missing. Raises StoreError
    for a table or column that the store does not have.
    """
    source = _source(connection, name)
    query = select(*(c for c in source.c if c.name != "record"))
    for column, value in filters.items():
        query = query.where(_condition(source, column, value))
    # Of items and their assignments the first in reading order has the greatest id.
    backward = source in (ITEMS, ASSIGNMENTS)
    keys = source.primary_key.columns
    query = query.order_by(*(key.desc() if backward else key for key in keys))
    result = connection.execute(query)
    frame = pd.DataFrame(result.all(), columns=list(result.keys()), dtype=object)
    for column in frame.columns:
        kind = source.c[column].type
        if column in _DAYS:
            frame[column] = pd.to_datetime(frame[column], format="ISO8601")
        elif isinstance(kind, (Integer, BigInteger)) or column in _NUMBERS:
            frame[column] = frame[column].astype("Int64")
        else:
            frame[column] = frame[column].astype("string")
    return frame


def _source(connection: Connection, name: str) -> Table:
    if name in TABLES:
        return TABLES[name]
    if name in VIEWS:
        return Table(name, MetaData(), autoload_with=connection)
    raise StoreError(name, "is no table of a store", f"one of {', '.join((*TABLES, *VIEWS))}")


def _condition(source: Table, column: str, value: object) -> ColumnElement[bool]:
    if column in source.c:
        return _equals(source.c[column], value)
    for key, other in (("item_id", ITEMS), ("notice_id", NOTICES)):
        if key in source.c and column in other.c:
            return source.c[key].in_(select(other.c[key]).where(_equals(other.c[column], value)))
    fact = f"has no column {column!r}"
    raise StoreError(source.name, fact, f"one of {', '.join(source.c.keys())}")


def _equals(column: ColumnElement[Any], value: object) -> ColumnElement[bool]:
    if value is None:
        return column.is_(None)
    if isinstance(value, (list, tuple, set, frozenset, range)):
        return column.in_(list(value))
    return column == value
