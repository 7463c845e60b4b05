"""Take notices and the bodies that only they named out of the tables of current notices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from pipeline.store.insert import Portion, id_chunks, insert_many
from pipeline.store.name_keys import read_item_keys
from pipeline.store.record_rows import body_names
from pipeline.store.schema import (
    ASSIGNMENTS,
    CORRECTIONS,
    FIELDS,
    ITEMS,
    NOTICES,
    PROBLEMS,
    UNIT_NAMES,
    UNITS,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from pipeline.store.index import WordIndex


def remove_notices(connection: Connection, index: WordIndex, notice_ids: Sequence[str]) -> set[str]:
    """Delete the rows of notices; their versions stay. Returns the bodies that they named."""
    named: set[str] = set()
    for ids in id_chunks(notice_ids):
        query = select(ITEMS).where(ITEMS.c.notice_id.in_(ids))
        rows = [dict(row) for row in connection.execute(query).mappings()]
        if rows:
            keys = read_item_keys(connection, [row["item_id"] for row in rows])
            index.remove(connection, rows, keys)
        items = select(ITEMS.c.item_id).where(ITEMS.c.notice_id.in_(ids))
        bodies = select(ASSIGNMENTS.c.canonical).where(ASSIGNMENTS.c.item_id.in_(items)).distinct()
        named.update(one for one in connection.scalars(bodies) if one is not None)
        for table in (ASSIGNMENTS, FIELDS):
            connection.execute(delete(table).where(table.c.item_id.in_(items)))
        for table in (CORRECTIONS, PROBLEMS, ITEMS, NOTICES):
            connection.execute(delete(table).where(table.c.notice_id.in_(ids)))
    return named


def renew_units(connection: Connection, bodies: Iterable[str]) -> None:
    """Delete bodies that no current notice names any more, and write the others' names anew."""
    for ids in id_chunks(sorted(bodies)):
        columns = ASSIGNMENTS.c
        query = select(columns.name, columns.aliases, columns.canonical)
        current = connection.execute(query.where(columns.canonical.in_(ids)).distinct()).all()
        pairs = {(name, row[2]) for row in current for name in body_names(row[0], row[1])}
        connection.execute(delete(UNIT_NAMES).where(UNIT_NAMES.c.canonical.in_(ids)))
        if pairs:
            insert_many(connection, Portion(UNIT_NAMES.name, ("name", "canonical"), sorted(pairs)))
        unnamed = set(ids) - {row[2] for row in current}
        connection.execute(delete(UNITS).where(UNITS.c.canonical.in_(sorted(unnamed))))
