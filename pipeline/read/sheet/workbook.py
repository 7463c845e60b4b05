"""Spreadsheets: .xlsx, .xls, .et, .ods and CSV -> title lines and rows of full grids.

A merged cell's value stands in every cell it covers; a title merged over the columns is one line.
"""

from __future__ import annotations

import csv
import io
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

from pipeline.errors import SourceError
from pipeline.read.content import Content
from pipeline.read.draft import Cell, Draft, Place
from pipeline.read.legacy import run
from pipeline.read.package import Package
from pipeline.read.plain import decode
from pipeline.read.sheet.book import CELLS_LIMIT, Area, Book, from_json, load, shown
from pipeline.read.sheet.shares import as_percent, find_shares

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LEGACY_TYPE = "application/vnd.ms-excel"
CSV_TYPE = "text/csv"
_CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br\s*=\s*[\"']([A-Za-z]{1,3})([0-9]{1,7})[\"']")
_ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*?\br\s*=\s*[\"']([0-9]{1,7})[\"']")
_NAMED_BY_PROGRAM = re.compile(r"(?:sheet|工作表|表)\s*\d*", re.IGNORECASE)
_FIELD_LIMIT = 1_000_000
# The hidden sheet of a task ledger, and its first head, as pipeline.export.ledger.columns has them.
_LEDGER, _LEDGER_HEAD = "底本", "事项编号"


def read(data: bytes, place: Path) -> Content:
    """The content of a workbook, its visible sheets one after another.

    Raises SourceError where it is damaged, encrypted, too large or has no filled cell.
    """
    is_zip = data.startswith(b"PK")
    if is_zip and _check_extent(data, place):
        book = _load_here(data, place)
        _show_shares(book, Package(data, place))
    else:
        book = _load_apart(data, place)
    if book.is_encrypted:
        raise SourceError(place, "the workbook is encrypted", "save it without a password")
    if book.error is not None:
        raise _refusal(place, book.error)
    if _is_ledger(book):
        remedy = "take it out of the folder, or read it with fengong ledger read"
        raise SourceError(place, "is a task ledger that fengong wrote", remedy)
    draft = Draft(place)
    for name in book.hidden:
        draft.remark("hidden-sheet", f"the hidden sheet {name} was left out")
    for sheet in book.sheets:
        if len(book.sheets) > 1 and not _NAMED_BY_PROGRAM.fullmatch(sheet.name):
            draft.line(sheet.name, Place(sheet=sheet.name))
        _Grid(sheet.texts, sheet.areas).write(draft, sheet.name, (sheet.top, sheet.left))
    if not draft.text.strip():
        raise SourceError(place, "the workbook has no filled cell", "give the sheet of the plan")
    return _content(draft, MEDIA_TYPE if is_zip else LEGACY_TYPE)


def _is_ledger(book: Book) -> bool:
    """Whether a workbook has the hidden sheet of our ledgers, or the same where all can see it."""
    seen = (one.texts[0][0] for one in book.sheets if one.name == _LEDGER and one.texts)
    return _LEDGER in book.hidden or _LEDGER_HEAD in seen


def _load_here(data: bytes, place: Path) -> Book:
    try:
        return load(data)
    except ImportError as error:
        remedy = "install it: pip install python-calamine"
        raise SourceError(place, "spreadsheets need the extra office", remedy) from error


def _show_shares(book: Book, package: Package) -> None:
    """Write the shares of a book's sheets as percentages, as their cells show them."""
    shares = find_shares(package)
    for sheet in book.sheets:
        for row, column in shares.get(sheet.name, ()):
            texts = sheet.texts[row - sheet.top : row - sheet.top + 1] if row >= sheet.top else []
            if texts and sheet.left <= column < sheet.left + len(texts[0]):
                texts[0][column - sheet.left] = as_percent(texts[0][column - sheet.left])


def _load_apart(data: bytes, place: Path) -> Book:
    """The sheets as a process of its own reads them: one that can fail alone."""
    if find_spec("python_calamine") is None:
        return _load_here(data, place)
    with tempfile.TemporaryDirectory(prefix="fengong-") as name:
        path = Path(name) / "book"
        path.write_bytes(data)
        # as a bare script, for it starts three times as fast without the rest of the package
        command = [sys.executable, "-P", str(Path(__file__).with_name("book.py")), str(path)]
        try:
            return from_json(run(command, place, path.parent))
        except ValueError as error:
            raise _refusal(place, "damaged, or too large") from error


def _refusal(place: Path, fact: str) -> SourceError:
    remedy = "open and save it again with a spreadsheet program"
    return SourceError(place, f"no readable workbook ({fact})", remedy)


def _content(draft: Draft, media_type: str, encoding: str | None = None) -> Content:
    return Content(
        draft.text,
        media_type,
        encoding,
        locations=tuple(draft.locations),
        remarks=tuple(draft.remarks),
    )


def _check_extent(data: bytes, place: Path) -> bool:
    """Whether the file is one of Excel's whose sheets have a bearable size.

    Raises SourceError where a sheet is larger; other formats may repeat a cell without end.
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
    """A column's number: AB -> 28."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


class _Grid:
    """The texts of a sheet, merged cells filled in; which rows are lines, which are a table's."""

    def __init__(self, texts: list[list[str]], areas: Iterable[Area] = ()) -> None:
        self._texts = texts
        self._owner: dict[tuple[int, int], tuple[int, int]] = {}
        for area in areas:
            self._fill(area)
        self._origins = [self._origins_of(row) for row in range(len(texts))]
        rows = [row for row, origins in enumerate(self._origins) if len(origins) > 1]
        self._body = range(rows[0], rows[-1] + 1) if rows else range(0)
        self._used = [
            column
            for column in range(max(map(len, texts), default=0))
            if any(texts[row][column] for row in (rows or range(len(texts))))
        ]

    def _fill(self, area: Area) -> None:
        """Put a merged cell's value into every cell that it covers within the used range."""
        top, left, bottom, right = area
        if not (0 <= top < len(self._texts) and 0 <= left < len(self._texts[top])):
            return
        text = self._texts[top][left]
        for row in range(top, min(bottom + 1, len(self._texts))):
            for column in range(left, min(right + 1, len(self._texts[row]))):
                if (row, column) in self._owner:
                    return
                self._texts[row][column] = text
                self._owner[row, column] = (top, left)

    def _origins_of(self, row: int) -> list[tuple[int, int]]:
        """Where the values of a row stand: one place for a merged cell, however wide."""
        found = (
            self._owner.get((row, column), (row, column))
            for column, text in enumerate(self._texts[row])
            if text
        )
        return list(dict.fromkeys(found))

    def write(self, draft: Draft, sheet: str | None, corner: tuple[int, int]) -> None:
        """Write the rows; `corner` is where the first cell stands in the sheet."""
        for row, origins in enumerate(self._origins):
            if len(origins) == 1 and self._is_line(row, origins[0]):
                top, left = origins[0]
                if top == row:
                    text = self._texts[row][left]
                    draft.line(text, _place(sheet, row + corner[0], left + corner[1]))
            elif origins:
                draft.row(
                    [
                        Cell(
                            self._texts[row][column],
                            _place(sheet, row + corner[0], column + corner[1]),
                        )
                        for column in self._used
                    ]
                )

    def _is_line(self, row: int, origin: tuple[int, int]) -> bool:
        """Whether the one value of a row is a title or a note: it spreads, or no table is near."""
        wide = self._owner.get((row, origin[1] + 1)) == origin
        return wide or row not in self._body or len(self._used) == 1


def _place(sheet: str | None, row: int, column: int) -> Place:
    """A cell's address: (0, 27) -> AB1."""
    letters, number = "", column + 1
    while number:
        number, index = divmod(number - 1, 26)
        letters = chr(ord("A") + index) + letters
    place = Place(cell=f"{letters}{row + 1}", row=row + 1, column=column + 1)
    if sheet is not None:
        place["sheet"] = sheet
    return place


def read_csv(data: bytes, place: Path) -> Content:
    """The content of comma, tab or semicolon separated values, in any known encoding."""
    text, encoding = decode(data, place)
    draft = Draft(place)
    try:
        grid = [[shown(cell) for cell in row] for row in _rows(text)]
    except csv.Error as error:
        raise SourceError(place, f"no readable CSV ({error})", "save it again as CSV") from error
    width = max(map(len, grid), default=0)
    if width * len(grid) > CELLS_LIMIT:
        raise SourceError(place, f"more than {CELLS_LIMIT:,} cells", "split the table")
    _Grid([row + [""] * (width - len(row)) for row in grid]).write(draft, None, (0, 0))
    if not draft.text.strip():
        raise SourceError(place, "the table has no filled cell", "give the table of the plan")
    return _content(draft, CSV_TYPE, encoding)


def _rows(text: str) -> Iterator[list[str]]:
    csv.field_size_limit(_FIELD_LIMIT)
    head = text[:10_000]
    # prose in cells has commas, and hardly a tab: half a tab a line is a table cut by tabs
    tabs = head.count("\t") * 2 > head.count("\n")
    delimiter = "\t" if tabs else max(",;", key=head.count)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
