"""What one turn of a load writes: notices that go out of what is current, then rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import delete, select, update

from pipeline.store.insert import Portion, insert_many
from pipeline.store.schema import (
    ASSIGNMENTS,
    CORRECTIONS,
    FIELDS,
    ITEMS,
    NOTICES,
    PROBLEMS,
    UNIT_NAMES,
    UNITS,
    VERSIONS,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection

    from pipeline.store.index import WordIndex

JOIN = "、"
_T = TypeVar("_T")
# So many ids are named in one statement.
_IDS = 500


@dataclass(slots=True)
class Batch:
    """The work of one turn, in order.

    `revived` are versions that are current again, `fuller` bodies of which more is told now.
    """

    gone: list[str] = field(default_factory=list)
    revived: list[int] = field(default_factory=list)
    portions: list[Portion] = field(default_factory=list)
    fuller: dict[str, dict[str, Any]] = field(default_factory=dict)

    def write(self, connection: Connection, index: WordIndex) -> set[str]:
        """Do it all; returns the bodies that removed notices named."""
        named = remove(connection, index, self.gone)
        for some in _parts(self.revived):
            again = update(VERSIONS).where(VERSIONS.c.id.in_(some)).values(retired_at=None)
            connection.execute(again)
        for portion in self.portions:
            insert_many(connection, portion)
        for canonical, row in self.fuller.items():
            connection.execute(update(UNITS).where(UNITS.c.canonical == canonical).values(row))
        return named


def remove(connection: Connection, index: WordIndex, notice_ids: Sequence[str]) -> set[str]:
    """Take notices out of what is current; their versions stay. Returns the bodies they named."""
    named: set[str] = set()
    for some in _parts(notice_ids):
        query = select(ITEMS).where(ITEMS.c.notice_id.in_(some))
        rows = [dict(row) for row in connection.execute(query).mappings()]
        if rows:
            index.remove(connection, rows)
        items = select(ITEMS.c.item_id).where(ITEMS.c.notice_id.in_(some))
        bodies = select(ASSIGNMENTS.c.canonical).where(ASSIGNMENTS.c.item_id.in_(items)).distinct()
        named.update(one for one in connection.scalars(bodies) if one is not None)
        for table in (ASSIGNMENTS, FIELDS):
            connection.execute(delete(table).where(table.c.item_id.in_(items)))
        for table in (CORRECTIONS, PROBLEMS, ITEMS, NOTICES):
            connection.execute(delete(table).where(table.c.notice_id.in_(some)))
    return named


def renew_units(connection: Connection, bodies: Iterable[str]) -> None:
    """Bring bodies that removed notices named, and their names, in line with what is current."""
    for some in _parts(sorted(bodies)):
        of = ASSIGNMENTS.c
        query = select(of.name, of.aliases, of.canonical).where(of.canonical.in_(some)).distinct()
        current = connection.execute(query).all()
        pairs = {(one, row[2]) for row in current for one in names_of(row[0], row[1])}
        connection.execute(delete(UNIT_NAMES).where(UNIT_NAMES.c.canonical.in_(some)))
        if pairs:
            insert_many(connection, Portion(UNIT_NAMES.name, ("name", "canonical"), sorted(pairs)))
        gone = set(some) - {row[2] for row in current}
        connection.execute(delete(UNITS).where(UNITS.c.canonical.in_(sorted(gone))))


def names_of(name: str, aliases: str | None) -> Iterator[str]:
    """By which names a body goes that is named so: as printed, without its plates, by its plates."""
    yield name
    bare = name.partition("(")[0]
    if bare not in ("", name):
        yield bare
    yield from filter(None, (aliases or "").split(JOIN))


def _parts(values: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(values), _IDS):
        yield values[start : start + _IDS]
