"""Build the rows of the store's tables from a record."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from pipeline.dataset.edited_items import EDIT_KINDS, OWN, edited
from pipeline.dataset.in_force import NAME_LISTS, field_text, in_force, printed_names
from pipeline.dataset.table_rows import notice_rows
from pipeline.model import values_of
from pipeline.store.schema import (
    ASSIGNMENTS,
    CORRECTIONS,
    FIELDS,
    ITEM_STEP,
    ITEMS,
    NOTICES,
    PROBLEMS,
    id_range,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Table

    from pipeline.model import Body, Corrected, Edit, Item, Notice

# Joins aliases and members in one cell; no name contains it.
JOIN = "、"
# A row of a table: column -> value. Which columns there are is the table's to say.
TableRow = dict[str, Any]


def record_rows(notice: Notice, version_id: int, last_item: int) -> dict[Table, list[TableRow]]:
    """Build the rows of a record, values in force, without those of bodies and versions.

    `last_item` counts the items loaded before: each item's id is smaller than that of the one
    before it.
    """
    read, notice = notice, in_force(notice)
    rows = notice_rows(notice)
    greatest = id_range(notice.year or 0)[1] - last_item
    ids = {item.item_id: greatest - n for n, item in enumerate(notice.items, 1)}
    items = zip(notice.items, rows["items"], strict=True)
    return {
        NOTICES: [rows["notices"][0] | {"version_id": version_id}],
        ITEMS: [_item_row(item, row, ids[item.item_id]) for item, row in items],
        FIELDS: [row for item in notice.items for row in _field_rows(notice, item)],
        ASSIGNMENTS: _assignment_rows(notice, rows["assignments"], ids),
        PROBLEMS: rows["problems"],
        CORRECTIONS: list(_correction_rows(read)),
    }


def body_row(body: Body) -> TableRow:
    """Build the row of a body."""
    return values_of(body) | {"members": JOIN.join(body.members)}


def body_names(name: str, aliases: str | None) -> Iterator[str]:
    """Yield the names by which a body is found that a document names so.

    区发改局(区统计局), aliases 区统计局 -> 区发改局(区统计局), 区发改局, 区统计局.
    """
    yield name
    bare = name.partition("(")[0]
    if bare not in ("", name):
        yield bare
    yield from filter(None, (aliases or "").split(JOIN))


def _item_row(item: Item, row: TableRow, key: int) -> TableRow:
    fields = [f"{one.label}：{one.text}" for one in item.fields.values()]
    return row | {
        "id": key,
        "fields": "；".join(fields),
        "start": item.span.start,
        "end": item.span.end,
    }


def _field_rows(notice: Notice, item: Item) -> Iterator[TableRow]:
    for key, one in item.fields.items():
        about = {"notice_id": notice.notice_id, "item_id": item.item_id}
        yield about | {"key": key, "label": one.label, "text": one.text}


def _assignment_rows(
    notice: Notice, rows: Sequence[TableRow], ids: dict[str, int]
) -> list[TableRow]:
    """Add ids and aliases to an item's assignments; the first one has the greatest id."""
    counts: defaultdict[str, int] = defaultdict(int)
    made = []
    for row, name in zip(rows, printed_names(notice), strict=True):
        item_id = row["item_id"]
        counts[item_id] += 1
        key = ids[item_id] * ITEM_STEP + ITEM_STEP - counts[item_id]
        made.append(row | {"id": key, "aliases": JOIN.join(name.aliases)})
    return made


def _correction_rows(notice: Notice) -> Iterator[TableRow]:
    """Build a row for each correction of a notice as it was read, and of its items."""
    for one in notice.corrected:
        yield _correction_row(notice, None, one)
    now = edited(notice)
    for item in now.items:
        for one in item.corrected:
            yield _correction_row(notice, item, one)
    for edit in notice.edits:
        # What is split, joined or added is a correction of the new item.
        if not edit.items:
            yield from _edit_rows(notice, edit)


def _edit_rows(notice: Notice, edit: Edit) -> Iterator[TableRow]:
    """Build a row for each item that was deleted, with its title, or found right."""
    items = (*notice.items, *(item for one in notice.edits for item in one.items))
    titles = {item.item_id: item.title for item in items}
    is_deleted = edit.kind == "delete"
    is_own = edit.item_ids == (notice.notice_id,)
    for item_id in edit.item_ids or (None,):
        yield {
            "notice_id": notice.notice_id,
            "item_id": None if is_deleted or is_own else item_id,
            "field": edit.kind,
            "read": titles[item_id] if is_deleted and item_id else None,
            "value": OWN if is_own else None,
            "who": edit.who,
            "when": edit.when,
            "why": edit.why,
        }


def _correction_row(notice: Notice, item: Item | None, one: Corrected) -> TableRow:
    value = JOIN.join(name.name for name in one.names) if one.field in NAME_LISTS else one.value
    is_edit = one.field in EDIT_KINDS
    return {
        "notice_id": notice.notice_id,
        "item_id": item.item_id if item else None,
        "field": one.field,
        "read": None if is_edit else field_text(item or notice, one.field),
        "value": value,
        "who": one.who,
        "when": one.when,
        "why": one.why,
    }
