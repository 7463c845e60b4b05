"""A task ledger that people filled in -> the progress of each item, kept beside the records.

People insert rows, move, delete and add columns, sort, filter, and save with another program. A
row is found by its id, else by its words; what belongs to no item is reported, never dropped.
Progress stands in OUTPUT/progress.csv and is found again when the notice is parsed anew.
"""

from __future__ import annotations

import shlex
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pipeline.anchors import anchor_of
from pipeline.errors import OutputError
from pipeline.export.ledger.columns import BASIS, HEADS, LEADERS, PROBLEMS, UNITS
from pipeline.export.ledger.content import SHOWN, Mark, gather, shown_cells
from pipeline.ledger.book import read_book
from pipeline.ledger.kept import PROGRESS, Finder, Written, keep, read_kept
from pipeline.ledger.matching import Items, match_rows
from pipeline.ledger.rows import IDENTIFYING, bare, find_basis, find_table

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pipeline.export.ledger.content import Entry, Ledger
    from pipeline.ledger.book import Sheet
    from pipeline.ledger.rows import Line, Table
    from pipeline.model import Notice

__all__ = [
    "PROGRESS", "Difference", "Reading", "Stray", "Written", "find_progress", "keep_progress",
    "read_ledger",
]  # fmt: skip
_Key = tuple[str, str, str]


class Stray(NamedTuple):
    """A row that is of no item, or a value that cannot be taken, with all that it holds."""

    sheet: str
    row: int
    reason: str
    values: dict[str, str]


class Difference(NamedTuple):
    """A cell of the plan itself that a person changed by hand: what holds, and what it says now."""

    item_id: str
    field: str
    now: str
    written: str

    def command(self, output: Path) -> str:
        """What takes the change in as a correction."""
        told = ("fengong", "correct", self.item_id, "--set", f"{self.field}={self.written}")
        return shlex.join((*told, "-o", str(output)))


@dataclass(slots=True)
class Reading:
    """What a ledger says: changed cells, rows of no item, items of no row, cells changed by hand.

    A changed cell without a value was emptied. `found` counts rows by how their items were found.
    """

    written: list[Written] = field(default_factory=list)
    strays: list[Stray] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    found: Counter[str] = field(default_factory=Counter)


def read_ledger(path: Path, notices: Iterable[Notice]) -> Reading:
    """What people wrote into a ledger of these notices.

    A cell counts where it differs from what the ledger held when it was written; where its hidden
    sheet is lost that is not known, and every cell counts, an empty one as emptied. A column that
    is gone says nothing. Raises OutputError for a file that is no ledger.
    """
    sheets = read_book(path)
    notices = list(notices)
    reader = _Reader(notices)
    own = {sheet.name: find_basis(sheet) for sheet in sheets}
    bases = [basis for basis in own.values() if basis is not None]
    reader.basis = {key: text for basis in bases for key, text in basis.items()} if bases else None
    tables = [(s, find_table(s, reader.parties)) for s in sheets if own[s.name] is None]
    for sheet, table in tables:
        if table is not None and table.is_lost:
            raise OutputError(f"{path} sheet {sheet.name}", _LOST, _REMEDY)
    if not any(table for _, table in tables):
        raise _no_ledger(path)
    for sheet, table in tables:
        if table is None:
            reader.pass_over(sheet)
        else:
            reader.read(table)
    return reader.close()


_LOST = f"none of the columns {', '.join(HEADS[key] for key in IDENTIFYING)} is there"
_REMEDY = "put one of them back, from the ledger as it was exported"


def _no_ledger(path: Path) -> OutputError:
    fact = f"no sheet is one of a ledger; {_LOST}"
    return OutputError(path, fact, "give a workbook that fengong export --to xlsx made")


class _Reader:
    """A ledger while its sheets are read one after another."""

    def __init__(self, notices: list[Notice]) -> None:
        self.reading = Reading()
        self.basis: dict[_Key, str] | None = None
        self.ledger: Ledger = gather(notices)
        self.parties = {one.name: one for one in (*self.ledger.units, *self.ledger.leaders)}
        self._items = Items(self.ledger.entries)
        self._notices = {notice.notice_id: notice for notice in notices}
        self._read = {
            item.item_id: shown_cells(item)
            for notice in notices
            for item in notice.items
            if item.corrected
        }
        self._seen: set[str] = set()
        self._has_main = False
        self._values: dict[_Key, str] = {}
        self._differences: dict[tuple[str, str, str], Difference] = {}

    def pass_over(self, sheet: Sheet) -> None:
        """A sheet that is no part of the ledger is named, unless it is one of our own lists."""
        if sheet.name not in (UNITS, LEADERS, PROBLEMS, BASIS) and any(map(any, sheet.texts)):
            self.reading.remarks.append(f"{sheet.name}: is no sheet of the ledger and was not read")

    def read(self, table: Table) -> None:
        """Take in the rows of a sheet."""
        self.reading.remarks += table.remarks
        party = self.parties.get(table.unit)
        if table.unit and party is None:
            told = "whose sheet it is is not known; what it says is kept under its name"
            self.reading.remarks.append(f"{table.sheet}: {told}")
        matching = match_rows(table.lines, self._items, party.items if party else ())
        for row, line in enumerate(table.lines):
            if row not in matching.found:
                self._stray(table, line, matching.reasons[row], line.filled)
                continue
            number, how = matching.found[row]
            entry = self.ledger.entries[number]
            self.reading.found[how] += 1
            if not table.unit:
                self._seen.add(entry.item.item_id)
            self._take(table, line, entry)
            self._compare(table, line, entry)
        self._has_main = self._has_main or not table.unit

    def _stray(self, table: Table, line: Line, reason: str, filled: dict[str, str]) -> None:
        data = {HEADS[key]: text for key, text in line.data.items()}
        values = data | {head: text for head, text in filled.items() if text}
        self.reading.strays.append(Stray(table.sheet, line.number, reason, values))

    def _take(self, table: Table, line: Line, entry: Entry) -> None:
        """Take in what was filled in; of two sheets that say different things the first counts."""
        item_id = entry.item.item_id
        told = line.data.get("item_id", "").strip() or item_id
        for column, value in line.filled.items():
            if self.basis is not None and value == self.basis.get((told, table.unit, column), ""):
                continue
            key = (item_id, table.unit, column)
            before = self._values.get(key)
            if before and value and before != value:
                reason = f"another row has {column} of this item: {before}"
                self._stray(table, line, reason, {column: value})
            else:
                self._values[key] = value or before or ""

    def _compare(self, table: Table, line: Line, entry: Entry) -> None:
        """Note cells of the plan that differ from what is in force, and from what was read."""
        item_id = entry.item.item_id
        read = self._read.get(item_id, {})
        for key in SHOWN:
            text, now = line.data.get(key, ""), entry.cells.get(key, "")
            is_emptied = not text and key not in ("title", "content")
            if text == now or key not in table.fields or not (text or is_emptied):
                continue
            if bare(text) == bare(now):
                continue
            # A ledger that was written before a correction says what was read.
            if key in entry.notes and bare(text) == bare(read.get(key, "")):
                continue
            found = Difference(item_id, key, now, text)
            self._differences.setdefault((item_id, key, bare(text)), found)

    def close(self) -> Reading:
        """The reading, with anchors for what was written, and the items that no row is of."""
        reading = self.reading
        entries = {entry.item.item_id: entry for entry in self.ledger.entries}
        for (item_id, unit, column), value in self._values.items():
            entry = entries[item_id]
            # The notice as it was read: the anchor holds the words that its source prints.
            anchor = anchor_of(self._notices[entry.notice.notice_id], entry.item)
            reading.written.append(Written(anchor, unit, column, value))
        reading.differences = list(self._differences.values())
        shown = {item_id.partition("#")[0] for item_id in self._seen}
        if self._has_main:
            reading.missing = [
                item_id
                for item_id, entry in entries.items()
                if entry.notice.notice_id in shown and item_id not in self._seen
            ]
        return reading


def keep_progress(output: Path, reading: Reading, notices: Iterable[Notice]) -> int:
    """Keep in an OUTPUT what a ledger says; returns how many cells it keeps then.

    Raises OutputError, with nothing written.
    """
    return keep(output, notices, reading.written)


def find_progress(output: Path, notices: Iterable[Notice]) -> tuple[list[Mark], list[Written]]:
    """The progress that an OUTPUT keeps, with the ids that its items have now, and what is lost.

    Lost is what was said of an item that its notice has no more. Raises OutputError.
    """
    finder = Finder(notices)
    marks: dict[_Key, Mark] = {}
    gone: list[Written] = []
    for one in read_kept(output):
        item = finder.find(one.anchor)
        if item is not None:
            mark = Mark(item.item_id, one.unit, one.column, one.value)
            marks[mark[:3]] = mark
        else:
            gone.append(one)
    return list(marks.values()), gone
