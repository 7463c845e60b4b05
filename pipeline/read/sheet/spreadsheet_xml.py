"""Read the sheets of Excel's XML of 2002 and 2003, one document with its styles and cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.read.package import parse_xml
from pipeline.read.sheet.formats.tokens import GENERAL
from pipeline.read.sheet.formats.value import CellValue, show_value
from pipeline.read.sheet.open_sheet import read_flat_open_sheet
from pipeline.read.sheet.read_sheets import ReadSheets
from pipeline.read.sheet.serial_days import serial_of
from pipeline.read.sheet.shown_sheet import COLUMNS_LIMIT, ROWS_LIMIT

if TYPE_CHECKING:
    from pathlib import Path

    from lxml.etree import _Element

    from pipeline.read.sheet.shown_sheet import SheetCells

_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
_EXCEL = "{urn:schemas-microsoft-com:office:excel}"
_MOST_PARENTS = 12
# The formats that this kind of file has names for.
_NAMED = {
    "general": GENERAL,
    "general number": GENERAL,
    "general date": "yyyy/m/d h:mm",
    "long date": 'yyyy"年"m"月"d"日"',
    "medium date": "d-mmm-yy",
    "short date": "yyyy/m/d",
    "long time": "h:mm:ss",
    "medium time": "h:mm AM/PM",
    "short time": "h:mm",
    "currency": "¥#,##0.00",
    "euro currency": "€#,##0.00",
    "fixed": "0.00",
    "standard": "#,##0.00",
    "percent": "0.00%",
    "scientific": "0.00E+00",
    "yes/no": '"是";"是";"否"',
    "true/false": '"真";"真";"假"',
    "on/off": '"开";"开";"关"',
}


def read_spreadsheet_xml(data: bytes, place: Path) -> ReadSheets:
    """The visible sheets, also of OpenDocument in one XML document.

    Raises SourceError for a damaged file, ValueError beyond the limits.
    """
    root = parse_xml(data, place, place.name)
    if root.tag != _SS + "Workbook":
        return read_flat_open_sheet(data, place)
    formats = _formats(root)
    book = ReadSheets()
    for sheet in root.iterchildren(_SS + "Worksheet"):
        name = _value(sheet, "Name")
        visible = sheet.find(f"{_EXCEL}WorksheetOptions/{_EXCEL}Visible")
        if visible is not None and visible.text in ("SheetHidden", "SheetVeryHidden"):
            book.hidden.append(name)
            continue
        cells = book.begin(name)
        table = sheet.find(_SS + "Table")
        if table is not None:
            _TableReader(cells, formats, table).read()
        book.end(cells)
    return book


def _value(element: _Element, name: str) -> str:
    return str(element.get(_SS + name) or "")


def _number(element: _Element, name: str, default: int) -> int:
    text = _value(element, name)
    return min(int(text[:9]), ROWS_LIMIT) if text.isascii() and text.isdecimal() else default


def _formats(root: _Element) -> dict[str, str]:
    """The number format of each style, through the styles that they are based on."""
    styles = {_value(one, "ID"): one for one in root.iterfind(f"{_SS}Styles/{_SS}Style")}
    return {name: _format(name, styles) for name in styles}


def _format(name: str, styles: dict[str, _Element]) -> str:
    for _ in range(_MOST_PARENTS):
        style = styles.get(name)
        if style is None:
            break
        found = style.find(_SS + "NumberFormat")
        if found is not None:
            code = _value(found, "Format")
            return _NAMED.get(code.lower(), code) or GENERAL
        name = _value(style, "Parent")
    return GENERAL


class _TableReader:
    """Reads the table of a sheet into its cells."""

    def __init__(self, cells: SheetCells, formats: dict[str, str], table: _Element) -> None:
        self._cells = cells
        self._formats = formats
        self._table = table
        self._column_styles: dict[int, str] = {}

    def read(self) -> None:
        """Read columns and rows, which count on from the one before where they have no number."""
        at = 0
        for column in self._table.iterchildren(_SS + "Column"):
            at = _number(column, "Index", at + 1)
            last = min(at + _number(column, "Span", 0), COLUMNS_LIMIT)
            if _value(column, "Hidden") == "1" or _value(column, "Width") == "0":
                self._cells.hide_columns(at - 1, last - 1)
            if style := _value(column, "StyleID"):
                self._column_styles.update(dict.fromkeys(range(at, last + 1), style))
            at = last
        at = 0
        for row in self._table.iterchildren(_SS + "Row"):
            at = _number(row, "Index", at + 1)
            last = at + _number(row, "Span", 0)
            if _value(row, "Hidden") == "1" or _value(row, "Height") == "0":
                self._cells.hide_rows(at - 1, last - 1)
            self._read_row(row, at)
            at = last

    def _read_row(self, row: _Element, number: int) -> None:
        at = 0
        for cell in row.iterchildren(_SS + "Cell"):
            at = _number(cell, "Index", at + 1)
            self._read_cell(cell, row, number, at)
            across, down = _number(cell, "MergeAcross", 0), _number(cell, "MergeDown", 0)
            if across or down:
                area = (number - 1, at - 1, number - 1 + down, at - 1 + across)
                self._cells.areas.append(area)
            at += across

    def _read_cell(self, cell: _Element, row: _Element, number: int, column: int) -> None:
        data = cell.find(_SS + "Data")
        text = "" if data is None else "".join(map(str, data.itertext()))
        if data is None or not text:
            self._cells.uncounted += bool(_value(cell, "Formula")) and data is None
            return
        style = _value(cell, "StyleID") or _value(row, "StyleID")
        style = style or self._column_styles.get(column, "") or _value(self._table, "StyleID")
        code = self._formats.get(style or "Default", GENERAL)
        value = _typed(text, _value(data, "Type"))
        shown = show_value(value, code)
        self._cells.add(number - 1, column - 1, shown, is_empty=not text.strip())


def _typed(text: str, kind: str) -> CellValue:
    if kind == "Boolean":
        return text.strip() == "1"
    if kind == "DateTime":
        day = serial_of(text)
        return text if day is None else day
    if kind == "Number":
        try:
            return float(text)
        except ValueError:
            return text
    return text
