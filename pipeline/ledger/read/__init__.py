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

from pipeline.decisions.anchors import anchors_of, origin_of
from pipeline.errors import OutputError
from pipeline.ledger.cell_text import fit
from pipeline.ledger.columns import BASIS, HEADS, LEADERS, PROBLEMS, UNITS
from pipeline.ledger.content import SHOWN, gather, shown_cells
from pipeline.ledger.progress import PROGRESS, Progress, Written, find_all, find_progress, keep
from pipeline.ledger.read.filled_book import read_book
from pipeline.ledger.read.filled_rows import IDENTIFYING, find_basis, find_table
from pipeline.ledger.read.matching import Items, match_held, match_rows
from pipeline.text import squeeze as bare

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pipeline.ledger.content import Entry, Ledger, Mark
    from pipeline.ledger.read.filled_book import Sheet
    from pipeline.ledger.read.filled_rows import Held, Line, Table
    from pipeline.ledger.read.matching import How
    from pipeline.model import Notice

__all__ = [
    "PROGRESS", "Difference", "Progress", "Reading", "Stray", "Written", "find_progress",
    "keep_progress", "read_ledger",
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


def read_ledger(path: Path, notices: Iterable[Notice], kept: Iterable[Mark] = ()) -> Reading:
    """What people wrote into a ledger of these notices, of which this progress is kept by now.

    A cell counts where it differs from what the ledger held when it was written; where its hidden
    sheet is lost that is not known, and every cell counts, an empty one as emptied. Where that
    sheet is there and a row cannot be found in it, a cell counts if nothing else is kept of it. A
    column that is gone says nothing. Raises OutputError for a file that is no ledger.
    """
    sheets = read_book(path)
    notices = list(notices)
    reader = _Reader(notices, kept)
    own = {sheet.name: find_basis(sheet) for sheet in sheets}
    bases = [basis for basis in own.values() if basis is not None]
    if bases:
        reader.hold([held for basis in bases for held in basis])
    tables = [(s, find_table(s, reader.names)) for s in sheets if own[s.name] is None]
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

    def __init__(self, notices: list[Notice], kept: Iterable[Mark]) -> None:
        self.reading = Reading()
        self.ledger: Ledger = gather(notices)
        self._parties = {one.name: one for one in (*self.ledger.units, *self.ledger.leaders)}
        self.names = set(self._parties)
        self._items = Items((one.item.item_id, one.cells) for one in self.ledger.entries)
        self._notices = {notice.notice_id: notice for notice in notices}
        self._kept = {mark[:3]: mark.value for mark in kept}
        # What the ledger held when it was written, where that is known, and its items' places now.
        self._basis: list[Held] | None = None
        self._held = Items(())
        self._now: list[int | None] = []
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

    def hold(self, basis: list[Held]) -> None:
        """Take in what the ledger held when it was written."""
        self._basis = basis
        self._held = Items((held.anchor.item_id, held.cells) for held in basis)
        self.names |= {unit for held in basis for unit, _ in held.filled if unit}
        anchors = [held.anchor for held in basis]
        found = find_all(anchors, self._notices, map(origin_of, self._notices.values()))
        places = [found[one].item.item_id if one in found else None for one in anchors]
        self._now = [None if one is None else self._items.ids[one] for one in places]

    def pass_over(self, sheet: Sheet) -> None:
        """A sheet that is no part of the ledger is named, unless it is one of our own lists."""
        if sheet.name not in (UNITS, LEADERS, PROBLEMS, BASIS) and any(map(any, sheet.texts)):
            self.reading.remarks.append(f"{sheet.name}: is no sheet of the ledger and was not read")

    def read(self, table: Table) -> None:
        """Take in the rows of a sheet."""
        self.reading.remarks += table.remarks
        party = self._parties.get(table.unit)
        if table.unit and party is None:
            told = "whose sheet it is is not known; what it says is kept under its name"
            self.reading.remarks.append(f"{table.sheet}: {told}")
        before = match_held(table.lines, self._held, self._items)
        known: dict[int, tuple[int | None, How]]
        known = {row: (self._now[number], how) for row, (number, how) in before.items()}
        own = party.items if party else ()
        matching = match_rows(table.lines, self._items, own, known)
        for row, line in enumerate(table.lines):
            held = self._basis[before[row][0]] if self._basis and row in before else None
            if row not in matching.found:
                is_gone = row in known and known[row][0] is None
                # What the ledger held of an item that is gone is kept still, and no news.
                if not (is_gone and held and not _changed(table, line, held)):
                    self._stray(table, line, matching.reasons[row], line.filled)
                continue
            number, how = matching.found[row]
            entry = self.ledger.entries[number]
            self.reading.found[how] += 1
            if not table.unit:
                self._seen.add(entry.item.item_id)
            self._take(table, line, entry, held)
            self._compare(table, line, entry, held)
        self._has_main = self._has_main or not table.unit

    def _stray(self, table: Table, line: Line, reason: str, filled: dict[str, str]) -> None:
        data = {HEADS[key]: text for key, text in line.data.items()}
        values = data | {head: text for head, text in filled.items() if text}
        self.reading.strays.append(Stray(table.sheet, line.number, reason, values))

    def _take(self, table: Table, line: Line, entry: Entry, held: Held | None) -> None:
        """Take in what was filled in; of two sheets that say different things the first counts."""
        item_id = entry.item.item_id
        filled = _changed(table, line, held) if held else line.filled
        for column, value in filled.items():
            key = (item_id, table.unit, column)
            if held is None and self._basis is not None:
                kept = fit(self._kept.get(key, ""))
                if not value or value == kept:
                    continue
                if kept:
                    reason = f"whether {column} was changed here is not known; kept is: {kept}"
                    self._stray(table, line, reason, {column: value})
                    continue
            before = self._values.get(key)
            if before and value and before != value:
                reason = f"another row has {column} of this item: {before}"
                self._stray(table, line, reason, {column: value})
            else:
                self._values[key] = value or before or ""

    def _compare(self, table: Table, line: Line, entry: Entry, held: Held | None) -> None:
        """Note cells of the plan that differ from what is in force, and from what was read."""
        item_id = entry.item.item_id
        before = held.cells if held else {}
        read = self._read.get(item_id, {})
        for key in SHOWN:
            text, now = line.data.get(key, ""), entry.cells.get(key, "")
            is_emptied = not text and key not in ("title", "content")
            if text == now or key not in table.fields or not (text or is_emptied):
                continue
            if bare(text) in (bare(now), bare(before.get(key, now))):
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
        # The notices as they were read: an anchor holds the words that the source prints.
        anchors = {k: v for notice in self._notices.values() for k, v in anchors_of(notice).items()}
        for (item_id, unit, column), value in self._values.items():
            reading.written.append(Written(anchors[item_id], unit, column, value))
        reading.differences = list(self._differences.values())
        shown = {item_id.partition("#")[0] for item_id in self._seen}
        if self._has_main:
            reading.missing = [
                item_id
                for item_id, entry in entries.items()
                if entry.notice.notice_id in shown and item_id not in self._seen
            ]
        return reading


def _changed(table: Table, line: Line, held: Held) -> dict[str, str]:
    """What a row says that the ledger did not hold when it was written."""
    return {
        column: value
        for column, value in line.filled.items()
        if value != held.filled.get((table.unit, column), "")
    }


def keep_progress(output: Path, reading: Reading, notices: Iterable[Notice]) -> Progress:
    """Keep in an OUTPUT what a ledger says of its notices; returns what it keeps then.

    Raises OutputError, with nothing written.
    """
    return keep(output, notices, reading.written)
