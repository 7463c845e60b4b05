"""A sheet -> its rows as a person filled them in: where its heads stand, and whose sheet it is."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from pipeline.decisions.anchors import Anchor
from pipeline.ledger.columns import (
    BASIS_HEADS,
    FILLED,
    HEADS,
    INDEX_COLUMNS,
    ROLE,
    SHEETS,
    main_columns,
    own_columns,
    problem_columns,
)
from pipeline.text import squeeze as bare

if TYPE_CHECKING:
    from collections.abc import Collection

    from pipeline.ledger.read.filled_book import Sheet

_KEYS = {head: key for key, head in HEADS.items()}
# By one of these a row tells which item it is of.
IDENTIFYING = ("item_id", "title", "content")
_KNOWN = {*_KEYS, *FILLED, ROLE}
_OWN_TABLES = [
    {column.head for column in columns}
    for columns in (*INDEX_COLUMNS.values(), problem_columns(several=False))
]
# Heads that the main sheet has, and those of units and leaders have not.
_MAINS = {one.head for one in main_columns(HEADS, ())} - {
    one.head for one in own_columns(HEADS, (), leader=False)
}
_NUMBERED = re.compile(r"\(\d+\)$")
# A sheet with so many heads of ours is ours, also where nothing tells any more which row is what.
_OURS = 3
_LONGEST_HEAD = 60


class Line(NamedTuple):
    """A row: its number as the program shows it, its data by field, what was filled in by head."""

    number: int
    data: dict[str, str]
    filled: dict[str, str]


class Table(NamedTuple):
    """A sheet's rows below its heads; `unit` is whose sheet it is, empty for the main one."""

    sheet: str
    unit: str
    fields: tuple[str, ...]
    columns: tuple[str, ...]
    lines: list[Line]
    remarks: list[str]
    is_lost: bool


class Held(NamedTuple):
    """An item as a ledger held it: its anchor and words, and what stood filled in.

    `filled` is by unit and column, without cells that were empty.
    """

    anchor: Anchor
    cells: dict[str, str]
    filled: dict[tuple[str, str], str]


def find_table(sheet: Sheet, parties: Collection[str]) -> Table | None:
    """The rows of a sheet, or None where it has no heads of a ledger.

    `is_lost` where it has, but no column that tells which row is of which item.
    """
    at = _find_heads(sheet.texts)
    if at is None:
        return None
    heads = _heads(sheet.texts[at])
    keys = {number: _KEYS[head] for number, head in heads.items() if head in _KEYS}
    filled = {n: head for n, head in heads.items() if head not in _KEYS and head != ROLE}
    lines = []
    for number, row in enumerate(sheet.texts[at + 1 :], at + 1):
        if any(text.strip() for text in row) and not _is_heads(row, heads):
            data = {keys[n]: text for n, text in enumerate(row) if n in keys and text.strip()}
            own = {head: row[n] if row[n].strip() else "" for n, head in filled.items()}
            lines.append(Line(sheet.top + number + 1, data, own))
    return Table(
        sheet.name,
        _party(sheet, at, parties, set(heads.values())),
        tuple(keys.values()),
        tuple(filled.values()),
        lines,
        list(_headless(sheet, at, heads)),
        is_lost=not any(key in IDENTIFYING for key in keys.values()),
    )


def _find_heads(texts: list[list[str]]) -> int | None:
    """The row with most of our heads, wherever it stands; of several the first."""
    best, most = None, 0
    for number, row in enumerate(texts):
        heads = {bare(text) for text in row if text and len(text) < _LONGEST_HEAD}
        known = heads & _KNOWN
        identified = any(HEADS[key] in known for key in IDENTIFYING)
        is_list = any(own <= heads for own in _OWN_TABLES)
        if len(known) > most and (identified or len(known) >= _OURS) and not is_list:
            best, most = number, len(known)
    return best


def _heads(row: list[str]) -> dict[int, str]:
    """Column -> its head, a known one as we write it; a second one of a name gets a number."""
    heads: dict[int, str] = {}
    seen: Counter[str] = Counter()
    for number, text in enumerate(row):
        plain = bare(text)
        if not plain:
            continue
        head = plain if plain in _KNOWN else " ".join(text.split())
        seen[head] += 1
        heads[number] = head if seen[head] == 1 else f"{head}({seen[head]})"
    return heads


def _is_heads(row: list[str], heads: dict[int, str]) -> bool:
    """Whether a row repeats the heads, as people do for long printed tables."""
    return all(bare(row[number]) == bare(head) for number, head in heads.items())


def _headless(sheet: Sheet, at: int, heads: dict[int, str]) -> list[str]:
    """What was written under no head is not read, and said."""
    found: Counter[int] = Counter()
    for row in sheet.texts[at + 1 :]:
        found.update(n for n, text in enumerate(row) if text.strip() and n not in heads)
    return [
        f"{sheet.name} column {_letters(sheet.left + number)}: {count} cells stand under no head "
        "and were not read; write a head above them"
        for number, count in sorted(found.items())
    ]


def _letters(column: int) -> str:
    """A column as programs show it: 0 -> A, 26 -> AA."""
    column, last = divmod(column, 26)
    return (_letters(column - 1) if column else "") + chr(65 + last)


def _party(sheet: Sheet, at: int, parties: Collection[str], heads: Collection[str]) -> str:
    """Whose sheet it is: by the words above its heads, else by its name; empty for the main one.

    A sheet that has lost the roles is told by its words or name alone, unless our own sheets have
    that name or the other heads are those of the main one.
    """
    if ROLE in heads:
        return _named(sheet, at, parties) or sheet.name
    if _MAINS & set(heads):
        return ""
    name = _named(sheet, at, parties)
    return "" if name in SHEETS else name


def _named(sheet: Sheet, at: int, parties: Collection[str]) -> str:
    """The unit or leader that the words above the heads name, or else the sheet's own name."""
    known = {bare(name): name for name in parties}
    # Two names may differ in nothing but blanks or wide letters.
    known |= {name: name for name in parties}
    for row in sheet.texts[:at]:
        for text in row:
            if found := known.get(text) or known.get(bare(text)):
                return found
    name = _NUMBERED.sub("", bare(sheet.name))
    if found := known.get(sheet.name) or known.get(bare(sheet.name)) or known.get(name):
        return found
    # A long name was cut to what a sheet's name can hold.
    begun = {one for key, one in known.items() if len(name) > 20 and key.startswith(name)}
    return begun.pop() if len(begun) == 1 else ""


def find_basis(sheet: Sheet) -> list[Held] | None:
    """What the ledger held when it was written, item by item; None for other sheets."""
    heads, *rows = sheet.texts or [[]]
    # Ledgers of earlier versions have fewer columns; what their items were is not known.
    if tuple(heads[:4]) != BASIS_HEADS[:4]:
        return None
    items: dict[str, Held] = {}
    for row in rows:
        item_id, unit, column, value, title, content, *about = row + [""] * len(BASIS_HEADS)
        if item_id not in items or not column:
            anchor = Anchor(item_id, *about[: len(Anchor._fields) - 1])
            items[item_id] = Held(anchor, {"title": title, "content": content}, {})
        if column and value.strip():
            items[item_id].filled[unit, column] = value
    return list(items.values())
