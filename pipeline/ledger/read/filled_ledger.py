"""Read a filled-in task ledger: the progress of each item, stray rows, cells changed by hand.

People insert rows, move, delete and add columns, sort, filter, and save with another program. A
row is found by its id, else by its words; a row of no item is reported, never dropped.
"""

from __future__ import annotations

import re
import shlex
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pipeline.errors import NoLedgerError, OutputError
from pipeline.ledger.cell_text import fit, rest_of
from pipeline.ledger.columns import HEADS, OVERDUE, SHEETS
from pipeline.ledger.content import SHOWN, gather
from pipeline.ledger.progress import WrittenCell
from pipeline.ledger.read.filled_book import open_book
from pipeline.ledger.read.filled_rows import IDENTIFYING, find_table, is_basis, parse_basis
from pipeline.ledger.read.matching import ItemIndex, match_held, match_rows
from pipeline.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from pipeline.ledger.content import Entry, Ledger, Mark, Party
    from pipeline.ledger.read.comments import CellComment
    from pipeline.ledger.read.filled_book import FilledBook, Sheet
    from pipeline.ledger.read.filled_rows import FilledRow, FilledTable, HeldItem
    from pipeline.ledger.read.matching import How
    from pipeline.model import Notice

# Item, unit and column of a cell that is filled in.
_Cell = tuple[str, str, str]
_LOST = f"none of the columns {', '.join(HEADS[key] for key in IDENTIFYING)} is there"
# The line below a title of an earlier ledger: 共 12 项, 主办 1 项,协办 5 项; a link back.
_LINE = re.compile(r"^(?:\d+份文件,)?(?:.*共\d+[项个处].*|(?:\w{2}\d+项,?)+|返回\w+目录)$")
_REMEDY = "put one of them back, from the ledger as it was exported"


class Stray(NamedTuple):
    """A row of no item, or a value that cannot be taken, with all values of the row by head."""

    sheet: str
    row: int
    reason: str
    values: dict[str, str]


class Difference(NamedTuple):
    """A cell of the plan itself that was changed by hand: the value in force, and the new one."""

    item_id: str
    field: str
    now: str
    written: str

    def command(self, output: Path) -> str:
        """Write the command that makes the change a correction."""
        words = ("fengong", "correct", self.item_id, "--set", f"{self.field}={self.written}")
        return shlex.join((*words, "-o", str(output)))


@dataclass(frozen=True, slots=True)
class LedgerReading:
    """A ledger as it was read: changed cells, stray rows, items without a row, changes by hand.

    A changed cell without a value was emptied. `found` counts rows by how their items were found.
    `has_unread` says that there are words which no table takes in: under no head, on another sheet,
    above the heads, in a comment. `origin` says of which ledger the file is a copy.
    """

    written: list[WrittenCell]
    strays: list[Stray]
    missing: list[str]
    differences: list[Difference]
    remarks: list[str]
    found: Counter[str]
    has_unread: bool
    origin: LedgerOrigin


class LedgerOrigin(NamedTuple):
    """The ledger that a file is a copy of, by its hidden sheet: items, and how many are there now.

    `has_basis` is false where that sheet is lost; `older` are the items of a version of their notice
    that was read before the present one; `paths` are the sources of the items.
    """

    has_basis: bool
    items: int
    found: int
    older: int
    paths: tuple[str, ...]


class _Basis(NamedTuple):
    """The ledger when it was written: its items, an index of them, and each one's place now."""

    held: list[HeldItem]
    items: ItemIndex
    now: list[int | None]


class _Known(NamedTuple):
    """Everything that rows are compared with: the ledger of now, and its basis if it has one.

    `kept` is the progress that is kept by now; `read` are the cells, before they were corrected,
    of items with corrections.
    """

    ledger: Ledger
    parties: dict[str, Party]
    items: ItemIndex
    basis: _Basis | None
    kept: dict[_Cell, str]
    read: dict[str, dict[str, str]]


class _PlacedRow(NamedTuple):
    """A row with its item and how it was found, or with the reason why it has none."""

    table: FilledTable
    row: FilledRow
    held: HeldItem | None
    entry: Entry | None
    how: How | None
    reason: str = ""


def read_ledger(path: Path, notices: Iterable[Notice], kept: Iterable[Mark] = ()) -> LedgerReading:
    """Read a filled-in ledger of these notices, of which `kept` is kept by now.

    A cell counts where it differs from the ledger as it was written. Where the hidden sheet with
    that is lost, every cell counts, an empty one as emptied; where it is there but a row is not in
    it, a cell counts if nothing else is kept of it. A column that was deleted changes nothing.
    Raises OutputError for a file that is no ledger.
    """
    return read_filled(path, gather(notices), kept)


def read_filled(path: Path, ledger: Ledger, kept: Iterable[Mark] = ()) -> LedgerReading:
    """Read a filled-in ledger as `read_ledger` does, with the content that it would have now."""
    texts = (text for entry in ledger.entries for text in entry.cells.values())
    with open_book(path, texts) as book:
        bases = [basis for sheet in book.sheets(is_basis) if (basis := parse_basis(sheet))]
        held = [item for basis in bases for item in basis.held]
        known = _gather_known(ledger, kept, held if bases else None)
        heads = {key: head for basis in bases for key, head in basis.heads.items()}
        names = {*known.parties, *(unit for one in held for unit, _ in one.filled if unit)}
        outside = {text for basis in bases for text in basis.outside}
        ours = _Ours(outside, names, _title_of(ledger))
        collected = _Collected(known, ours)
        has_tables = False
        for sheet in book.sheets(lambda heads: not is_basis(heads)):
            table = find_table(sheet, names, heads)
            _check_table(path, table)
            has_tables = has_tables or table is not None
            collected.add(sheet, table)
        collected.add_comments(book)
    if not has_tables:
        fact = f"no sheet is one of a ledger; {_LOST}"
        raise NoLedgerError(path, fact, "give a workbook that fengong export --to xlsx made")
    return collected.as_reading(_find_origin(known))


def _title_of(ledger: Ledger) -> str:
    """The title of a ledger of one plan."""
    now = ledger.only[0] if ledger.only else None
    return (now.title or now.notice_title or "") if now else ""


class _Ours:
    """The texts that a ledger has outside of its tables, by which the words of people are seen."""

    def __init__(self, outside: Collection[str], parties: Collection[str], title: str) -> None:
        self._texts = {squeeze(one) for one in (*outside, *parties, *SHEETS, title)}
        # Earlier ledgers do not say which texts were theirs, nor does one without its hidden sheet.
        self._has_all = bool(outside)
        self._title = squeeze(title)

    def is_note(self, comment: CellComment) -> bool:
        """Whether a comment is a note of the ledger, or of an earlier one, on a corrected cell."""
        is_earlier = not self._has_all and comment.text.startswith("更正: 原读作")
        return is_earlier or squeeze(comment.text) in self._texts

    def is_ours(self, text: str, sheet: str) -> bool:
        """Whether a text above the heads of a sheet is the ledger's own."""
        bare = squeeze(text)
        is_line = not self._has_all and _LINE.search(bare.removeprefix(self._title))
        return bare in self._texts or bare == squeeze(sheet) or bool(is_line)


class _Collected:
    """What the sheets read up to now say; a sheet's rows leave memory with it."""

    def __init__(self, known: _Known, ours: _Ours) -> None:
        self._known = known
        self._ours = ours
        self._values: dict[_Cell, str] = {}
        self._strays: list[Stray] = []
        self._differences: dict[_Cell, Difference] = {}
        self._remarks: list[str] = []
        self._found: Counter[str] = Counter()
        self._seen: set[str] | None = None
        self._has_unread = False

    def add(self, sheet: Sheet, table: FilledTable | None) -> None:
        """Add a sheet, with its table if it is one of the ledger."""
        unread = [*_remark_on_other(sheet)] if table is None else [*table.remarks]
        unread += _remark_on_above(table, self._ours) if table else ()
        self._has_unread = self._has_unread or bool(unread)
        self._remarks += unread
        if table is None:
            return
        self._remarks += _remarks(table, self._known)
        if not table.unit:
            self._seen = self._seen or set()
        for one in _place_rows(table, self._known):
            self._add_row(one)

    def _add_row(self, one: _PlacedRow) -> None:
        if one.how:
            self._found[one.how] += 1
        self._strays += _collect_values(one, self._known, self._values)
        if one.entry is None:
            return
        if self._seen is not None and not one.table.unit:
            self._seen.add(one.entry.item_id)
        for change in _row_differences(one, self._known):
            key = (change.item_id, change.field, squeeze(change.written))
            self._differences.setdefault(key, change)

    def add_comments(self, book: FilledBook) -> None:
        """Add the comments that people put on cells."""
        found = [one for one in book.comments if not self._ours.is_note(one)]
        self._has_unread = self._has_unread or bool(found)
        self._remarks += [one.describe() for one in found]

    def as_reading(self, origin: LedgerOrigin) -> LedgerReading:
        """Return everything that the sheets say."""
        ledger = self._known.ledger
        return LedgerReading(
            _anchor_values(self._values, ledger),
            self._strays,
            [] if self._seen is None else _find_missing(self._seen, ledger),
            list(self._differences.values()),
            self._remarks,
            self._found,
            self._has_unread,
            origin,
        )


def _gather_known(ledger: Ledger, kept: Iterable[Mark], held: list[HeldItem] | None) -> _Known:
    items = ItemIndex((one.item_id, one.cells) for one in ledger.entries)
    return _Known(
        ledger,
        {one.name: one for one in (*ledger.units, *ledger.leaders)},
        items,
        None if held is None else _find_basis(held, ledger, items),
        {mark[:3]: mark.value for mark in kept},
        ledger.read_cells,
    )


def _find_basis(held: list[HeldItem], ledger: Ledger, items: ItemIndex) -> _Basis:
    """Find the places in today's ledger of the items of the ledger when it was written."""
    anchors = [one.anchor for one in held]
    found = ledger.anchors.find(anchors)
    ids = (found[one].item_id if one in found else None for one in anchors)
    places = [None if one is None else items.ids[one] for one in ids]
    return _Basis(held, ItemIndex((one.anchor.item_id, one.cells) for one in held), places)


def _find_origin(known: _Known) -> LedgerOrigin:
    """Say how many items of the ledger as it was written are there now, and how many were read anew."""
    if known.basis is None:
        return LedgerOrigin(has_basis=False, items=0, found=0, older=0, paths=())
    now = known.ledger.anchors.items
    ids = known.items.items
    pairs = zip(known.basis.held, known.basis.now, strict=True)
    found = [(held.anchor, now[ids[at][0]]) for held, at in pairs if at is not None]
    older = sum(bool(one.sha256) and one.sha256 != other.sha256 for one, other in found)
    paths = tuple(dict.fromkeys(one.anchor.path for one in known.basis.held if one.anchor.path))
    return LedgerOrigin(known.basis is not None, len(known.basis.held), len(found), older, paths)


def _check_table(path: Path, table: FilledTable | None) -> None:
    if table is not None and table.is_lost:
        raise OutputError(f"{path} sheet {table.sheet}", _LOST, _REMEDY)


def _remark_on_other(sheet: Sheet) -> Iterator[str]:
    """Name a sheet that is no part of the ledger, unless it is empty or one of our own lists."""
    if sheet.name not in SHEETS[1:] and any(map(any, sheet.texts)):
        yield f"{sheet.name}: is no sheet of the ledger and was not read"


def _remark_on_above(table: FilledTable, ours: _Ours) -> list[str]:
    """Tell the words that a person wrote above the heads of a sheet."""
    return [
        f"{table.sheet}: above its heads is written: {' '.join(text.split())}"
        for text in table.above
        if not ours.is_ours(text, table.sheet)
    ]


def _remarks(table: FilledTable, known: _Known) -> Iterator[str]:
    """Say that it is not known whose sheet a table is."""
    if table.unit and table.unit not in known.parties:
        fact = "whose sheet it is is not known; what it says is kept under its name"
        yield f"{table.sheet}: {fact}"


def _place_rows(table: FilledTable, known: _Known) -> Iterator[_PlacedRow]:
    """Find the item of each row; rows of items that are gone and that say nothing new are left out."""
    basis = known.basis
    before = match_held(table.rows, basis.items, known.items) if basis else {}
    places: dict[int, tuple[int | None, How]] = {}
    if basis:
        places = {row: (basis.now[held], how) for row, (held, how) in before.items()}
    party = known.parties.get(table.unit)
    matching = match_rows(table.rows, known.items, party.items if party else (), places)
    for number, row in enumerate(table.rows):
        held = basis.held[before[number][0]] if basis and number in before else None
        if number in matching.found:
            item, how = matching.found[number]
            yield _PlacedRow(table, row, held, known.ledger.entries[item], how)
            continue
        is_gone = number in places and places[number][0] is None
        # Progress of an item that is gone stays kept; that a ledger repeats it is no news.
        if not (is_gone and held and not _changed(table, row, held)):
            yield _PlacedRow(table, row, held, None, None, matching.reasons[number])


def _collect_values(one: _PlacedRow, known: _Known, values: dict[_Cell, str]) -> Iterator[Stray]:
    """Add the changed cells of a row to the values, and yield those that cannot be taken.

    Of two rows with different values for one cell the first counts.
    """
    yield from _find_made(one, known)
    if one.entry is None:
        yield _stray(one, one.reason, one.row.filled)
        return
    filled = _changed(one.table, one.row, one.held) if one.held else one.row.filled
    for column, value in filled.items():
        key = (one.entry.item_id, one.table.unit, column)
        is_unsure = one.held is None and known.basis is not None
        kept = fit(known.kept.get(key, "")) if is_unsure else ""
        if is_unsure and value in ("", kept):
            continue
        before = values.get(key)
        if kept:
            reason = f"whether {column} was changed here is not known; kept is: {kept}"
            yield _stray(one, reason, {column: value})
        elif before and value and before != value:
            reason = f"another row has {column} of this item: {before}"
            yield _stray(one, reason, {column: value})
        else:
            values[key] = value or before or ""


def _find_made(one: _PlacedRow, known: _Known) -> Iterator[Stray]:
    """Yield the words of people in columns that the ledger makes itself, which are not taken."""
    for head, text in one.row.made.items():
        before = one.held.filled.get((one.table.unit, head), "") if one.held else ""
        is_ours = _is_number(text) if head == OVERDUE else squeeze(text) == squeeze(before)
        # Without the hidden sheet it is not known which words are ours.
        if not is_ours and (one.held or known.basis is None):
            reason = f"{head} is made of the units' sheets; what was written there is not taken"
            yield _stray(one, reason, {head: text})


def _is_number(text: str) -> bool:
    return text.strip().lstrip("-").replace(".", "", 1).isdigit()


def _changed(table: FilledTable, row: FilledRow, held: HeldItem) -> dict[str, str]:
    """The filled-in cells of a row that differ from the ledger when it was written."""
    return {
        column: value
        for column, value in row.filled.items()
        if value != held.filled.get((table.unit, column), "")
    }


def _stray(placed: _PlacedRow, reason: str, filled: Mapping[str, str]) -> Stray:
    data = {HEADS[key]: text for key, text in placed.row.data.items()}
    values = data | {head: text for head, text in filled.items() if text}
    return Stray(placed.table.sheet, placed.row.number, reason, values)


def _row_differences(placed: _PlacedRow, known: _Known) -> Iterator[Difference]:
    """Find cells of a row that differ from the item in force, as written before, and as read."""
    entry = placed.entry
    if entry is None:
        return
    item_id = entry.item_id
    before = placed.held.cells if placed.held else {}
    read = known.read.get(item_id, {})
    for key in SHOWN:
        text, now = placed.row.data.get(key, ""), entry.cells.get(key, "")
        if key == "content":
            text = _with_title(text, entry.cells, before)
        is_emptied = not text and key not in ("title", "content")
        if text == now or key not in placed.table.fields or not (text or is_emptied):
            continue
        if squeeze(text) in (squeeze(now), squeeze(before.get(key, now))):
            continue
        # A ledger that was written before a correction has the value that was read.
        if key in entry.notes and squeeze(text) == squeeze(read.get(key, "")):
            continue
        yield Difference(item_id, key, now, text)


def _with_title(text: str, now: Mapping[str, str], before: Mapping[str, str]) -> str:
    """Return a content with the title that it begins with, which its cell does not repeat.

    A cell that has the rest of the content as it is, or as it was written, is that content.
    """
    for cells in (now, before):
        content = cells.get("content", "")
        if text and squeeze(text) == squeeze(rest_of(cells.get("title", ""), content)):
            return content
    title, content = now.get("title", ""), now.get("content", "")
    rest = rest_of(title, content)
    if not text or rest == content or squeeze(text).startswith(squeeze(title)):
        return text
    if rest:
        return content[: len(content) - len(rest)] + text
    return f"{title}{text}" if title[-1:] in "。.!?！？" else f"{title}。{text}"


def _anchor_values(values: Mapping[_Cell, str], ledger: Ledger) -> list[WrittenCell]:
    """Anchor cells at the notices as they were read, not as corrected: at words of the source."""
    return [
        WrittenCell(ledger.anchors.items[item_id], unit, column, value)
        for (item_id, unit, column), value in values.items()
    ]


def _find_missing(seen: Collection[str], ledger: Ledger) -> list[str]:
    """Find the items without a row in the main sheet, of notices of which it has any."""
    notices = {item_id.partition("#")[0] for item_id in seen}
    return [
        entry.item_id
        for entry in ledger.entries
        if entry.notice_id in notices and entry.item_id not in seen
    ]
