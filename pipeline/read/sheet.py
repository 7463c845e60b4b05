"""Spreadsheets: .xlsx, .xls, .et, .ods and CSV -> title lines and rows of full grids.

A merged cell's value stands in every cell it covers; a title merged over the columns is one line.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from pipeline.errors import SourceError
from pipeline.read.content import Content
from pipeline.read.draft import Cell, Draft, Place
from pipeline.read.package import Package
from pipeline.read.plain import decode

if TYPE_CHECKING:
    from pathlib import Path

    from python_calamine import CalamineSheet, CalamineWorkbook

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LEGACY_TYPE = "application/vnd.ms-excel"
CSV_TYPE = "text/csv"
# A cell in the last row and column makes a grid of 17 thousand million cells out of a small file.
CELLS_LIMIT = 5_000_000
_REFERENCE = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"')
_NAMED_BY_PROGRAM = re.compile(r"(?:sheet|工作表|表)\s*\d*", re.IGNORECASE)
_GRID = re.compile(r"xl/worksheets/[^/]+\.xml")
_FIELD_LIMIT = 1_000_000

# A merged area by its first and last row and column, counted from 0.
Area = tuple[int, int, int, int]


def read(data: bytes, place: Path) -> Content:
    """The content of a workbook, its visible sheets one after another.

    Raises SourceError where it is damaged, encrypted, too large or has no filled cell.
    """
    media_type = LEGACY_TYPE
    if data.startswith(b"PK"):
        media_type = MEDIA_TYPE
        _check_extent(data, place)
    draft = Draft()
    try:
        _write_book(draft, data)
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # the library's panics are no Exceptions
        raise _refusal(error, place) from error
    if not draft.text:
        raise SourceError(place, "the workbook has no filled cell", "give the sheet of the plan")
    return _content(draft, media_type)


def _refusal(error: BaseException, place: Path) -> SourceError:
    if isinstance(error, ImportError):
        remedy = "install it: pip install 'fengong[office]'"
        return SourceError(place, "spreadsheets need the extra office", remedy)
    if type(error).__name__ == "PasswordError":
        return SourceError(place, "the workbook is encrypted", "save it without a password")
    fact = f"no readable workbook ({str(error)[:200]})"
    return SourceError(place, fact, "open and save it again with a spreadsheet program")


def _content(draft: Draft, media_type: str, encoding: str | None = None) -> Content:
    return Content(
        draft.text,
        media_type,
        encoding,
        locations=tuple(draft.locations),
        remarks=tuple(draft.remarks),
    )


def _check_extent(data: bytes, place: Path) -> None:
    package = Package(data, place)
    for name in package.names():
        if _GRID.fullmatch(name):
            cells = {
                (_column(match[1]), int(match[2]))
                for match in _REFERENCE.finditer(package.read(name))
            }
            columns, rows = zip(*cells, strict=True) if cells else ((0,), (0,))
            area = (max(columns) - min(columns) + 1) * (max(rows) - min(rows) + 1)
            if area > CELLS_LIMIT:
                fact = f"the sheet {name} spans {area:,} cells, more than {CELLS_LIMIT:,}"
                raise SourceError(place, fact, "clear what stands far off, or split it")
        elif not name.startswith("xl/media/"):
            package.read(name)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _write_book(draft: Draft, data: bytes) -> None:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum, load_workbook  # noqa: PLC0415

    book: CalamineWorkbook = load_workbook(io.BytesIO(data))
    sheets = []
    for about in book.sheets_metadata:
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        if about.visible != SheetVisibleEnum.Visible:
            draft.remark("hidden-sheet", f"the hidden sheet {about.name} was left out")
            continue
        sheet = book.get_sheet_by_name(about.name)
        if sheet.height:
            sheets.append(sheet)
    for sheet in sheets:
        if len(sheets) > 1 and not _NAMED_BY_PROGRAM.fullmatch(sheet.name):
            draft.line(sheet.name, Place(sheet=sheet.name))
        _write_sheet(draft, sheet)


def _write_sheet(draft: Draft, sheet: CalamineSheet) -> None:
    top, left = sheet.start or (0, 0)
    grid = [[_shown(value) for value in row] for row in sheet.to_python(skip_empty_area=True)]
    areas = [
        (first[0] - top, first[1] - left, last[0] - top, last[1] - left)
        for first, last in sheet.merged_cell_ranges or ()
    ]
    _Grid(grid, areas).write(draft, sheet.name, (top, left))


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


def _shown(value: Any) -> str:  # noqa: ANN401 - a cell holds whatever a cell can hold
    """A cell's value as text: 3.0 -> "3", a date in ISO form."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return format(value, ".15g")
    if isinstance(value, dt.datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value).strip()


def read_csv(data: bytes, place: Path) -> Content:
    """The content of comma, tab or semicolon separated values, in any known encoding."""
    text, encoding = decode(data, place)
    draft = Draft()
    try:
        grid = [[_shown(cell) for cell in row] for row in _rows(text)]
    except csv.Error as error:
        raise SourceError(place, f"no readable CSV ({error})", "save it again as CSV") from error
    width = max(map(len, grid), default=0)
    if width * len(grid) > CELLS_LIMIT:
        raise SourceError(place, f"more than {CELLS_LIMIT:,} cells", "split the table")
    _Grid([row + [""] * (width - len(row)) for row in grid]).write(draft, None, (0, 0))
    if not draft.text:
        raise SourceError(place, "the table has no filled cell", "give the table of the plan")
    return _content(draft, CSV_TYPE, encoding)


def _rows(text: str) -> Iterator[list[str]]:
    csv.field_size_limit(_FIELD_LIMIT)
    head = text[:10_000]
    # prose in cells has commas, and hardly a tab: half a tab a line is a table cut by tabs
    tabs = head.count("\t") * 2 > head.count("\n")
    delimiter = "\t" if tabs else max(",;", key=head.count)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
