"""Read spreadsheets (.xlsx, .xls, .et, .ods) and CSV as title lines and table rows.

The value of a merged cell is repeated in every cell it covers; a title merged over the columns is
one line.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, NamedTuple

from pipeline.errors import SourceError
from pipeline.read.document_content import find_damage
from pipeline.read.draft import Draft, DraftPlace
from pipeline.read.package import Package
from pipeline.read.plain import decode
from pipeline.read.sheet.book import CELLS_LIMIT, SCOPES, Book, MergedArea, load, shown
from pipeline.read.sheet.book_process import load_apart
from pipeline.read.sheet.shares import show_shares
from pipeline.read.sheet.sheet_grid import SheetGrid

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.read.document_content import Content

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LEGACY_TYPE = "application/vnd.ms-excel"
CSV_TYPE = "text/csv"
_CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br\s*=\s*[\"']([A-Za-z]{1,3})([0-9]{1,7})[\"']")
_ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*?\br\s*=\s*[\"']([0-9]{1,7})[\"']")
_NAMED_BY_PROGRAM = re.compile(r"(?:sheet|工作表|表)\s*\d*", re.IGNORECASE)
_FIELD_LIMIT = 1_000_000
# The hidden sheet of a task ledger and its first column head, as in pipeline.ledger.columns.
_LEDGER, _LEDGER_HEAD = "底本", "事项编号"


class _TextSheet(NamedTuple):
    """A sheet as people see its cells; `top` and `left` as in BookSheet."""

    name: str
    top: int
    left: int
    texts: list[list[str]]
    areas: Sequence[MergedArea]


def read(data: bytes, place: Path) -> Content:
    """The content of a workbook, its visible sheets one after another.

    Raises SourceError where it is damaged, encrypted, too large or has no filled cell.
    """
    is_zip = data.startswith(b"PK")
    is_excel = is_zip and _check_extent(data, place)
    book = _load_here(data, place) if is_excel else _load_apart(data, place)
    sheets = _text_sheets(book)
    if is_excel:
        show_shares(sheets, Package(data, place))
    if book.is_encrypted:
        raise SourceError(place, "the workbook is encrypted", "save it without a password")
    if book.error is not None:
        raise _refusal(place, book.error)
    if _is_ledger(sheets, book.hidden):
        remedy = "take it out of the folder, or read it with fengong ledger read"
        raise SourceError(place, "is a task ledger that fengong wrote", remedy)
    draft = Draft(place)
    for name in book.hidden:
        draft.remark("hidden-sheet", f"the hidden sheet {name} was left out")
    for sheet in sheets:
        if len(sheets) > 1 and not _NAMED_BY_PROGRAM.fullmatch(sheet.name):
            draft.line(sheet.name, DraftPlace(sheet=sheet.name))
        SheetGrid(sheet.texts, sheet.areas).write(draft, sheet.name, (sheet.top, sheet.left))
    if not draft.text.strip():
        raise SourceError(place, "the workbook has no filled cell", "give the sheet of the plan")
    return draft.content(MEDIA_TYPE if is_zip else LEGACY_TYPE)


def _text_sheets(book: Book) -> list[_TextSheet]:
    """The sheets that have rows, their values as texts."""
    return [
        _TextSheet(
            sheet.name,
            sheet.top,
            sheet.left,
            [[shown(value) for value in row] for row in sheet.rows],
            sheet.areas,
        )
        for sheet in book.sheets
        if sheet.rows
    ]


def _is_ledger(sheets: Sequence[_TextSheet], hidden: Sequence[str]) -> bool:
    """Whether a workbook has the hidden sheet of our ledgers, or the same sheet made visible."""
    heads = (one.texts[0][0] for one in sheets if one.name == _LEDGER)
    return _LEDGER in hidden or _LEDGER_HEAD in heads


def _load_here(data: bytes, place: Path) -> Book:
    try:
        return load(data, SCOPES["visible"])
    except ImportError as error:
        remedy = "install it: pip install python-calamine"
        raise SourceError(place, "spreadsheets need the extra office", remedy) from error


def _load_apart(data: bytes, place: Path) -> Book:
    if find_spec("python_calamine") is None:
        return _load_here(data, place)
    try:
        return load_apart(data, place)
    except ValueError as error:
        raise _refusal(place, "damaged, or too large") from error


def _refusal(place: Path, fact: str) -> SourceError:
    remedy = "open and save it again with a spreadsheet program"
    return SourceError(place, f"no readable workbook ({fact})", remedy)


def _check_extent(data: bytes, place: Path) -> bool:
    """Whether the file is one of Excel's; other formats may repeat a cell without end.

    Raises SourceError where a sheet spans more than CELLS_LIMIT cells.
    """
    package = Package(data, place)
    for name in package.names():
        if name.startswith("xl/media/"):
            continue
        part = package.read(name)
        columns = {_column(letters) for letters in {one[1] for one in _CELL.finditer(part)}}
        rows = {int(one[2]) for one in _CELL.finditer(part)}
        rows |= {int(one[1]) for one in _ROW.finditer(part)}
        if columns or rows:
            wide = max(columns, default=1) - min(columns, default=1) + 1
            area = wide * (max(rows) - min(rows) + 1)
            if area > CELLS_LIMIT:
                fact = f"the part {name} spans {area:,} cells, more than {CELLS_LIMIT:,}"
                raise SourceError(place, fact, "clear what stands far off, or split it")
    return "xl/workbook.xml" in package


def _column(letters: bytes) -> int:
    """The number of a column: AB -> 28."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def read_csv(data: bytes, place: Path) -> Content:
    """The content of comma, tab or semicolon separated values, in any known encoding."""
    text, encoding, damaged = decode(data, place)
    draft = Draft(place)
    draft.remarks += find_damage(damaged, encoding, cut=True)
    try:
        grid = [[shown(cell) for cell in row] for row in _rows(text)]
    except csv.Error as error:
        raise SourceError(place, f"no readable CSV ({error})", "save it again as CSV") from error
    width = max(map(len, grid), default=0)
    if width * len(grid) > CELLS_LIMIT:
        raise SourceError(place, f"more than {CELLS_LIMIT:,} cells", "split the table")
    SheetGrid([row + [""] * (width - len(row)) for row in grid]).write(draft, None, (0, 0))
    if not draft.text.strip():
        raise SourceError(place, "the table has no filled cell", "give the table of the plan")
    return draft.content(CSV_TYPE, encoding)


def _rows(text: str) -> Iterator[list[str]]:
    csv.field_size_limit(_FIELD_LIMIT)
    head = text[:10_000]
    # Prose in cells has commas but hardly a tab: half a tab a line means columns apart by tabs.
    tabs = head.count("\t") * 2 > head.count("\n")
    delimiter = "\t" if tabs else max(",;", key=head.count)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
