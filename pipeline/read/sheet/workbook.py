"""Read spreadsheets (.xlsx, .xls, .et, .ods, Excel's XML) and CSV as title lines and table rows.

A cell reads as it is shown; hidden rows, columns and sheets are left out, with a remark. The value of a merged cell is repeated in every cell it covers; a title merged over the columns is
one line.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING

from pipeline.errors import SourceError
from pipeline.read.document_content import find_damage
from pipeline.read.draft import Draft, DraftPlace
from pipeline.read.file_signatures import OLE, ZIP
from pipeline.read.package import Package
from pipeline.read.plain import decode
from pipeline.read.sheet.book import CELLS_LIMIT, shown
from pipeline.read.sheet.book_process import load_apart
from pipeline.read.sheet.excel_binary import read_excel_binary
from pipeline.read.sheet.excel_xml import WORKBOOK, read_excel_xml
from pipeline.read.sheet.open_sheet import OPEN_TYPE, is_open_sheet, read_open_sheet
from pipeline.read.sheet.read_sheets import ReadSheets
from pipeline.read.sheet.sheet_grid import SheetGrid
from pipeline.read.sheet.spreadsheet_xml import read_spreadsheet_xml

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.read.document_content import Content
    from pipeline.read.sheet.book import Book

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LEGACY_TYPE = "application/vnd.ms-excel"
CSV_TYPE = "text/csv"
_NAMED_BY_PROGRAM = re.compile(r"(?:sheet|工作表|表)\s*\d*", re.IGNORECASE)
_FIELD_LIMIT = 1_000_000
# Remarks on what the author hid; the others tell that something may be missing.
_HARMLESS = frozenset({"hidden-cells"})
# The hidden sheet of a task ledger and its first column head, as in pipeline.ledger.columns.
_LEDGER, _LEDGER_HEAD = "底本", "事项编号"


def read(data: bytes, place: Path) -> Content:
    """The content of a workbook, its visible sheets one after another.

    Raises SourceError where it is damaged, encrypted, too large or has no filled cell.
    """
    try:
        book, media_type = _read_book(data, place)
    except ValueError as error:
        raise _refusal(place, str(error)) from error
    if _is_ledger(book):
        remedy = "take it out of the folder, or read it with fengong ledger read"
        raise SourceError(place, "is a task ledger that fengong wrote", remedy)
    draft = Draft(place)
    for name in book.hidden:
        draft.remark("hidden-sheet", f"the hidden sheet {name} was left out")
    for code, message in book.remarks:
        draft.remark(code, message, warning=code not in _HARMLESS)
    for sheet in book.sheets:
        if len(book.sheets) > 1 and not _NAMED_BY_PROGRAM.fullmatch(sheet.name):
            draft.line(sheet.name, DraftPlace(sheet=sheet.name))
        SheetGrid(sheet.texts, sheet.areas).write(draft, sheet.name, sheet.rows, sheet.columns)
    if not draft.text.strip():
        raise SourceError(place, "the workbook has no filled cell", "give the sheet of the plan")
    return draft.content(media_type)


def _read_book(data: bytes, place: Path) -> tuple[ReadSheets, str]:
    """The sheets by the reader of the file's format, and its media type."""
    if data.startswith(OLE):
        return read_excel_binary(data, place), LEGACY_TYPE
    if not data.startswith(ZIP[:2]):
        return read_spreadsheet_xml(data, place), LEGACY_TYPE
    package = Package(data, place)
    if WORKBOOK in package:
        return read_excel_xml(package), MEDIA_TYPE
    if is_open_sheet(package):
        return read_open_sheet(package), OPEN_TYPE
    for name in package.names():
        if not name.startswith("xl/media/"):
            package.read(name)  # refuses what is far larger unpacked
    return _load_apart(data, place), MEDIA_TYPE


def _is_ledger(book: ReadSheets) -> bool:
    """Whether a workbook has the hidden sheet of our ledgers, or the same sheet made visible."""
    heads = (one.texts[0][0] for one in book.sheets if one.name == _LEDGER)
    return _LEDGER in book.hidden or _LEDGER_HEAD in heads


def _load_apart(data: bytes, place: Path) -> ReadSheets:
    """The sheets of a workbook of another format (.xlsb), whose library knows no number formats."""
    if find_spec("python_calamine") is None:
        remedy = "install it: pip install python-calamine"
        raise SourceError(place, "this kind of spreadsheet needs the extra office", remedy)
    try:
        book = load_apart(data, place)
    except ValueError as error:
        raise _refusal(place, "damaged, or too large") from error
    if book.is_encrypted:
        raise SourceError(place, "the workbook is encrypted", "save it without a password")
    if book.error is not None:
        raise _refusal(place, book.error)
    return _bare_sheets(book)


def _bare_sheets(book: Book) -> ReadSheets:
    found = ReadSheets(hidden=list(book.hidden))
    for sheet in book.sheets:
        cells = found.begin(sheet.name)
        for row, values in enumerate(sheet.rows, sheet.top):
            for column, value in enumerate(values, sheet.left):
                cells.add(row, column, shown(value))
        cells.areas = [
            (one[0] + sheet.top, one[1] + sheet.left, one[2] + sheet.top, one[3] + sheet.left)
            for one in sheet.areas
        ]
        found.end(cells)
    message = "numbers and dates are read as stored, not as their cells show them"
    found.remark("formats-not-read", message)
    return found


def _refusal(place: Path, fact: str) -> SourceError:
    remedy = "open and save it again with a spreadsheet program"
    return SourceError(place, f"no readable workbook ({fact})", remedy)


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
    texts = [row + [""] * (width - len(row)) for row in grid]
    SheetGrid(texts).write(draft, None, range(len(texts)), range(width))
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
