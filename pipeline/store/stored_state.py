"""Read from a store what a load has to know: versions, current notices, bodies, the next ids."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update

from pipeline.model import Body
from pipeline.store.load_plan import StoredVersion
from pipeline.store.record_rows import JOIN
from pipeline.store.schema import ABOUT, NOTICES, UNIT_NAMES, UNITS, VERSIONS

if TYPE_CHECKING:
    from sqlalchemy import Connection

# How many bodies that were read last are kept.
_BODIES = 1 << 15


@dataclass(frozen=True, slots=True)
class StoredState:
    """The store before a load.

    `latest` is each notice's last version, `current` the notices that are not retired, `names` the
    pairs (name, canonical name) of bodies. `last_item` counts all items that were ever loaded.
    """

    latest: dict[str, StoredVersion]
    current: set[str]
    bodies: dict[str, Body]
    names: set[tuple[str, str]]
    last_item: int
    next_version: int


def read_state(connection: Connection) -> StoredState:
    """Read the state of a store within the transaction of a load."""
    names = select(UNIT_NAMES.c.name, UNIT_NAMES.c.canonical)
    return StoredState(
        latest=_read_latest(connection),
        current=set(connection.scalars(select(NOTICES.c.notice_id))),
        bodies=_read_bodies(connection),
        names={(name, canonical) for name, canonical in connection.execute(names)},
        last_item=int(read_about(connection, "next") or 0),
        next_version=1 + (connection.scalar(select(func.max(VERSIONS.c.id))) or 0),
    )


def read_about(connection: Connection, name: str) -> str | None:
    """Read a value that the store keeps about itself."""
    return connection.scalar(select(ABOUT.c.value).where(ABOUT.c.name == name))


def write_about(connection: Connection, name: str, value: str) -> None:
    """Write a value that the store keeps about itself."""
    connection.execute(update(ABOUT).where(ABOUT.c.name == name).values(value=value))


def _read_latest(connection: Connection) -> dict[str, StoredVersion]:
    columns = VERSIONS.c
    query = select(columns.notice_id, columns.id, columns.version, columns.sha256)
    # Of a notice's versions the last one stays in the dictionary.
    rows = connection.execute(query.order_by(columns.version))
    return {row[0]: StoredVersion(*row[1:]) for row in rows}


def _read_bodies(connection: Connection) -> dict[str, Body]:
    names = tuple(column.name for column in UNITS.c)
    rows = connection.execute(select(UNITS))
    return {one.canonical: one for one in (_make_body(names, *row) for row in rows)}


# Whoever follows an OUTPUT reads thousands of bodies again as they were.
@lru_cache(_BODIES)
def _make_body(names: tuple[str, ...], *cells: str | None) -> Body:
    row: dict[str, Any] = dict(zip(names, cells, strict=True))
    return Body(**row | {"members": tuple(filter(None, row["members"].split(JOIN)))})
