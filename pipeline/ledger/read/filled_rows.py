"""Find the table of a sheet that people filled in: its heads, its rows, and the unit it is for."""

from __future__ import annotations

import re
from collections import Counter
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from xlsxwriter.utility import xl_col_to_name

from pipeline.decisions.anchors import Anchor
from pipeline.ledger.columns import (
    BASIS_HEADS,
    FILLED,
    HEADS,
    LEADERS,
    MADE,
    OUTSIDE,
    ROLE,
    SHEETS,
    UNITS,
    index_columns,
    long_text_columns,
    main_columns,
    own_columns,
    problem_columns,
)
from pipeline.ledger.plan_words import KNOWN_HEADS
from pipeline.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from pipeline.ledger.read.filled_book import Sheet

_KEYS = {head: key for key, head in HEADS.items()}
# The columns by which the item of a row is found; one of them must be there.
IDENTIFYING = ("item_id", "title", "content")
_KNOWN = {*_KEYS, *FILLED, *MADE, ROLE}
_OWN_TABLES = [
    {column.head for column in columns}
    for columns in (
        [one for one in index_columns(UNITS) if one.key in ("name", "names")],
        index_columns(LEADERS),
        problem_columns(several=False),
        long_text_columns(),
    )
]
# Heads that only the main sheet has, not those of units and leaders: 所属部分, 单位填报.
_MAIN_ONLY = {one.head for one in main_columns(HEADS, (), has_answers=True)} - {
    one.head for one in own_columns(HEADS, (), leader=False)
}
_NO_HEADS: Mapping[str, str] = MappingProxyType({})
_NUMBERED = re.compile(r"\(\d+\)$")
# A sheet with so many of our heads is ours, even without a column that identifies items.
_OURS = 3
_LONGEST_HEAD = 60


class FilledRow(NamedTuple):
    """A row: its number as a program shows it, item data by field, filled-in texts by head.

    `made` are texts by head in columns that the ledger makes itself.
    """

    number: int
    data: dict[str, str]
    filled: dict[str, str]
    made: dict[str, str] = {}  # noqa: RUF012 - nothing writes into it


class FilledTable(NamedTuple):
    """A sheet's rows below its heads; `unit` is the unit or leader it is for, empty for the main one.

    `fields` are the keys of columns of the plan, `columns` the heads of those that are filled in.
    `above` are the texts above the heads. `is_lost` says that no column tells which row is of which
    item.
    """

    sheet: str
    unit: str
    fields: tuple[str, ...]
    columns: tuple[str, ...]
    rows: list[FilledRow]
    remarks: list[str]
    above: list[str]
    is_lost: bool


class HeldItem(NamedTuple):
    """An item of a ledger when it was written: its anchor, words, and filled-in cells.

    `filled` is by unit and column, without empty cells.
    """

    anchor: Anchor
    cells: dict[str, str]
    filled: dict[tuple[str, str], str]


class FilledBasis(NamedTuple):
    """The hidden sheet: the items of the ledger as written, its texts outside of tables, its heads.

    `heads` are the heads of fields by key, where the plan has words of its own.
    """

    held: list[HeldItem]
    outside: set[str]
    heads: dict[str, str]


class _Columns(NamedTuple):
    """The columns of a table by position: keys of fields, heads filled in, heads that are made."""

    keys: dict[int, str]
    filled: dict[int, str]
    made: dict[int, str]


def find_table(
    sheet: Sheet, parties: Collection[str], plan_heads: Mapping[str, str] = _NO_HEADS
) -> FilledTable | None:
    """Find the rows of a sheet; None where it has no heads of a ledger.

    `parties` are the names of units and leaders with sheets of their own, `plan_heads` the heads of
    fields by key in the words of the plan.
    """
    at = _find_heads(sheet.texts)
    if at is None:
        return None
    heads = _parse_heads(sheet.texts[at])
    keys, filled, made = _sort_columns(heads, plan_heads)
    rows = []
    for number, row in enumerate(sheet.texts[at + 1 :], at + 1):
        if any(text.strip() for text in row) and not _is_heads(row, heads):
            data = {keys[n]: text for n, text in enumerate(row) if n in keys and text.strip()}
            own = {head: row[n] if row[n].strip() else "" for n, head in filled.items()}
            own_made = {head: row[n] for n, head in made.items() if row[n].strip()}
            rows.append(FilledRow(sheet.top + number + 1, data, own, own_made))
    above = dict.fromkeys(text for row in sheet.texts[:at] for text in row if text.strip())
    return FilledTable(
        sheet.name,
        _find_party(sheet, at, parties, set(heads.values())),
        tuple(keys.values()),
        tuple(filled.values()),
        rows,
        list(_remark_on_headless(sheet, at, heads)),
        list(above),
        is_lost=not any(key in IDENTIFYING for key in keys.values()),
    )


def _find_heads(texts: list[list[str]]) -> int | None:
    """Find the row with most of our heads, whatever is above it; of several the first.

    None for a list of our own, such as that of problems.
    """
    best, most = None, 0
    for number, row in enumerate(texts):
        heads = {squeeze(text) for text in row if text and len(text) < _LONGEST_HEAD}
        known = heads & _KNOWN
        identified = any(HEADS[key] in known for key in IDENTIFYING)
        if best is None and any(own <= heads for own in _OWN_TABLES):
            return None
        if len(known) > most and (identified or len(known) >= _OURS):
            best, most = number, len(known)
    return best


def _parse_heads(row: list[str]) -> dict[int, str]:
    """Map columns to heads, known ones as we write them; a second 备注 becomes 备注(2)."""
    heads: dict[int, str] = {}
    seen: Counter[str] = Counter()
    for number, text in enumerate(row):
        plain = squeeze(text)
        if not plain:
            continue
        head = plain if plain in _KNOWN else " ".join(text.split())
        seen[head] += 1
        heads[number] = head if seen[head] == 1 else f"{head}({seen[head]})"
    return heads


def _sort_columns(heads: Mapping[int, str], plan_heads: Mapping[str, str]) -> _Columns:
    """Sort columns into those of fields, those that people fill in, and those that are made.

    A head in the words of the plan (牵头单位) is that of a field where the hidden sheet has it, or,
    without that, where no other column has the field.
    """
    by_head = _KEYS | {head: key for key, head in plan_heads.items()}
    keys = {number: by_head[head] for number, head in heads.items() if head in by_head}
    if not plan_heads:
        for number, head in heads.items():
            key = KNOWN_HEADS.get(head)
            if number not in keys and key and key not in keys.values():
                keys[number] = key
    made = {n: head for n, head in heads.items() if head in MADE}
    others = {n: head for n, head in heads.items() if n not in keys and n not in made}
    return _Columns(keys, {n: head for n, head in others.items() if head != ROLE}, made)


def _is_heads(row: list[str], heads: dict[int, str]) -> bool:
    """Whether a row repeats the heads, as people do for long printed tables."""
    return all(squeeze(row[number]) == squeeze(head) for number, head in heads.items())


def _remark_on_headless(sheet: Sheet, at: int, heads: dict[int, str]) -> list[str]:
    """Name the columns with texts but no head, which are not read."""
    found: Counter[int] = Counter()
    for row in sheet.texts[at + 1 :]:
        found.update(n for n, text in enumerate(row) if text.strip() and n not in heads)
    return [
        f"{sheet.name} column {xl_col_to_name(sheet.left + number)}: {count} cells stand under no head "
        "and were not read; write a head above them"
        for number, count in sorted(found.items())
    ]


def _find_party(sheet: Sheet, at: int, parties: Collection[str], heads: Collection[str]) -> str:
    """Find the unit or leader of a sheet by the words above its heads, else by its name.

    Empty for the main sheet. A sheet without the column of roles has a party only if its words or
    name are one's, none of our own sheets has that name, and its heads are not the main sheet's.
    """
    if ROLE in heads:
        return _resolve_party(sheet, at, parties) or sheet.name
    if _MAIN_ONLY & set(heads):
        return ""
    name = _resolve_party(sheet, at, parties)
    return "" if name in SHEETS else name


def _resolve_party(sheet: Sheet, at: int, parties: Collection[str]) -> str:
    """Resolve the words above the heads, or else the sheet's name, to a unit or leader."""
    known = {squeeze(name): name for name in parties}
    # Two names may differ only in blanks or wide letters: ABC中心, ＡＢＣ中心.
    known |= {name: name for name in parties}
    for row in sheet.texts[:at]:
        for text in row:
            if found := known.get(text) or known.get(squeeze(text)):
                return found
    name = _NUMBERED.sub("", squeeze(sheet.name))
    if found := known.get(sheet.name) or known.get(squeeze(sheet.name)) or known.get(name):
        return found
    # A sheet's name has at most 31 characters: a long name was cut.
    completed = {one for key, one in known.items() if len(name) > 20 and key.startswith(name)}
    return completed.pop() if len(completed) == 1 else ""


def is_basis(heads: Sequence[str]) -> bool:
    """Whether the first row of a sheet is that of the hidden sheet."""
    # Ledgers of earlier versions have fewer columns; their items have no anchors.
    return tuple(heads[:4]) == BASIS_HEADS[:4]


def parse_basis(sheet: Sheet) -> FilledBasis | None:
    """Parse the hidden sheet with the items of the ledger as written; None for other sheets."""
    heads, *rows = sheet.texts or [[]]
    if not is_basis(heads):
        return None
    items: dict[str, HeldItem] = {}
    outside: set[str] = set()
    plan_heads: dict[str, str] = {}
    for row in rows:
        item_id, unit, column, value, title, content, *about = row + [""] * len(BASIS_HEADS)
        if not item_id:
            if column == OUTSIDE:
                outside.add(value)
            elif column in HEADS:
                plan_heads[column] = value
            continue
        if item_id not in items or not column:
            anchor = Anchor(item_id, *about[: len(Anchor._fields) - 1])
            items[item_id] = HeldItem(anchor, {"title": title, "content": content}, {})
        if column and value.strip():
            items[item_id].filled[unit, column] = value
    return FilledBasis(list(items.values()), outside, plan_heads)
