"""Read the sheets of an OpenDocument spreadsheet (.ods), whose cells keep the text that they show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline.read.package import parse_xml
from pipeline.read.sheet.read_sheets import ReadSheets
from pipeline.read.sheet.shown_sheet import COLUMNS_LIMIT, ROWS_LIMIT

if TYPE_CHECKING:
    from pathlib import Path

    from lxml.etree import _Element

    from pipeline.read.package import Package
    from pipeline.read.sheet.shown_sheet import SheetCells

OPEN_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_CONTENT = "content.xml"
_SPACE = "{urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _TEXT, _OFFICE, _STYLE = (
    f"{_SPACE}{name}:1.0}}" for name in ("table", "text", "office", "style")
)
_ROW_GROUPS = frozenset(
    _TABLE + name for name in ("table-row-group", "table-header-rows", "table-rows")
)
_COLUMN_GROUPS = frozenset(
    _TABLE + name for name in ("table-column-group", "table-header-columns", "table-columns")
)
_PARAGRAPHS = frozenset(_TEXT + name for name in ("p", "h"))
_HIDING = ("collapse", "filter")


def is_open_sheet(package: Package) -> bool:
    """Whether a package is an OpenDocument file; which kind, its first bytes have told."""
    return _CONTENT in package


def read_open_sheet(package: Package) -> ReadSheets:
    """The visible sheets. Raises SourceError for damaged parts, ValueError beyond the limits."""
    return _read(package.xml(_CONTENT))


def read_flat_open_sheet(data: bytes, place: Path) -> ReadSheets:
    """As `read_open_sheet`, of a file that is one XML document (.fods)."""
    return _read(parse_xml(data, place, place.name))


def _read(root: _Element) -> ReadSheets:
    hidden = _hidden_styles(root)
    book = ReadSheets()
    for table in root.iterfind(f"{_OFFICE}body/{_OFFICE}spreadsheet/{_TABLE}table"):
        name = str(table.get(_TABLE + "name") or "")
        if table.get(_TABLE + "style-name") in hidden:
            book.hidden.append(name)
            continue
        cells = book.begin(name)
        _read_columns(table, cells)
        _read_rows(table, cells)
        book.end(cells)
    return book


def _hidden_styles(root: _Element) -> set[str | None]:
    """The styles of tables that are not displayed."""
    return {
        str(style.get(_STYLE + "name"))
        for style in root.iter(_STYLE + "style")
        for properties in style.iterchildren(_STYLE + "table-properties")
        if properties.get(_TABLE + "display") == "false"
    }


def _read_columns(table: _Element, cells: SheetCells) -> None:
    at = 0
    for column, is_hidden in _walk(table, "table-column", _COLUMN_GROUPS):
        count = _repeated(column, "number-columns-repeated", COLUMNS_LIMIT)
        if is_hidden:
            cells.hide_columns(at, at + count - 1)
        at += count


def _read_rows(table: _Element, cells: SheetCells) -> None:
    at = 0
    for row, is_hidden in _walk(table, "table-row", _ROW_GROUPS):
        count = _repeated(row, "number-rows-repeated", ROWS_LIMIT)
        filled = list(_filled_cells(row, cells, at))
        for number in range(at, at + count) if filled else ():
            for column, text in filled:
                cells.add(number, column, text)
            if is_hidden:
                cells.hide_rows(number, number)
        at += count
        if at > ROWS_LIMIT and filled:
            return


def _walk(
    parent: _Element, name: str, groups: frozenset[str], *, hidden: bool = False
) -> Iterator[tuple[_Element, bool]]:
    """The rows or columns of a table, also those in groups, and whether they are hidden."""
    for child in parent:
        if child.tag == _TABLE + name:
            yield child, hidden or child.get(_TABLE + "visibility") in _HIDING
        elif child.tag in groups:
            folded = child.get(_TABLE + "display") == "false"
            yield from _walk(child, name, groups, hidden=hidden or folded)


def _filled_cells(row: _Element, cells: SheetCells, at: int) -> Iterator[tuple[int, str]]:
    """The columns and texts of a row; its merged areas go to the sheet."""
    column = 0
    for cell in row:
        if cell.tag not in (_TABLE + "table-cell", _TABLE + "covered-table-cell"):
            continue
        count = _repeated(cell, "number-columns-repeated", COLUMNS_LIMIT)
        # Under a merged cell there may be a text that nobody sees.
        text = "" if cell.tag == _TABLE + "covered-table-cell" else _shown(cell)
        if text:
            for place in range(column, column + count):
                yield place, text
        elif cell.get(_OFFICE + "value") is not None:
            cells.masked += 1
        elif cell.get(_TABLE + "formula") and cell.get(_OFFICE + "value-type") is None:
            cells.uncounted += 1
        down = _repeated(cell, "number-rows-spanned", ROWS_LIMIT)
        across = _repeated(cell, "number-columns-spanned", COLUMNS_LIMIT)
        if down > 1 or across > 1:
            cells.areas.append((at, column, at + down - 1, column + across - 1))
        column += count


def _shown(cell: _Element) -> str:
    paragraphs = (_paragraph(one) for one in cell if one.tag in _PARAGRAPHS)
    return "\n".join(paragraphs).strip()


def _paragraph(element: _Element) -> str:
    parts = [element.text or ""]
    for child in element:
        if child.tag == _TEXT + "s":
            parts.append(" " * _repeated(child, "c", 1000, space=_TEXT))
        elif child.tag in (_TEXT + "tab", _TEXT + "line-break"):
            parts.append(" ")
        elif child.tag in (_TEXT + "span", _TEXT + "a"):
            parts.append(_paragraph(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _repeated(element: _Element, name: str, most: int, *, space: str = _TABLE) -> int:
    text = str(element.get(space + name) or "")
    return min(int(text[:9]), most) if text.isascii() and text.isdecimal() and text[0] != "0" else 1
