"""Read the sheets of an Excel workbook (.xlsx) from its XML, each cell as it is shown."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from pipeline.read.sheet.formats.built_in import format_code
from pipeline.read.sheet.formats.tokens import GENERAL
from pipeline.read.sheet.formats.value import CellValue, show_value
from pipeline.read.sheet.read_sheets import ReadSheets, shared_text
from pipeline.read.sheet.serial_days import serial_of

if TYPE_CHECKING:
    from lxml.etree import _Element

    from pipeline.read.package import Package
    from pipeline.read.sheet.shown_sheet import SheetCells

WORKBOOK = "xl/workbook.xml"
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,10})")
_ON = ("1", "true", "on")


class _BookFacts(NamedTuple):
    """What the cells of all sheets need: shared texts, format of each style, the first year of days.

    `is_uncounted` tells that the program that wrote the file counted no formulas.
    """

    shared: list[str]
    formats: list[str]
    from_1904: bool
    is_uncounted: bool


def read_excel_xml(package: Package) -> ReadSheets:
    """The visible sheets. Raises SourceError for damaged parts, ValueError beyond the limits."""
    main = package.links("").get("officeDocument", WORKBOOK)
    main = main if main in package else WORKBOOK
    root = package.xml(main)
    parts, links = package.links_by_id(main), package.links(main)
    facts = _BookFacts(
        _shared_texts(package.optional_xml(links.get("sharedStrings"))),
        _formats(package.optional_xml(links.get("styles"))),
        _is_on(root.find("{*}workbookPr"), "date1904"),
        _is_on(root.find("{*}calcPr"), "fullCalcOnLoad"),
    )
    book = ReadSheets()
    done: set[str] = set()
    for sheet in root.iterfind("{*}sheets/{*}sheet"):
        name = str(sheet.get("name") or "")
        part = parts.get(_link(sheet), "")
        # The same part under many names would be read as often.
        if part not in package or part in done or "chartsheets/" in part:
            continue
        if sheet.get("state") in ("hidden", "veryHidden"):
            book.hidden.append(name)
            continue
        done.add(part)
        cells = book.begin(name)
        _SheetReader(cells, facts).read(package.read(part), part)
        book.end(cells)
    return book


def _is_on(element: _Element | None, name: str) -> bool:
    return element is not None and element.get(name) in _ON


def _link(sheet: _Element) -> str:
    return next((str(one) for name, one in sheet.attrib.items() if str(name).endswith("}id")), "")


def _shared_texts(root: _Element | None) -> list[str]:
    return [] if root is None else [_rich_text(one) for one in root.iterchildren("{*}si")]


def _rich_text(element: _Element) -> str:
    """The text of a string and its runs, without the readings that stand over characters."""
    parts = []
    for child in element:
        name = etree.QName(child).localname
        if name == "t":
            parts.append(child.text or "")
        elif name == "r":
            parts += [one.text or "" for one in child.iterchildren("{*}t")]
    return "".join(parts)


def _formats(root: _Element | None) -> list[str]:
    """The format of each cell style."""
    if root is None:
        return []
    defined = {
        _whole(one.get("numFmtId")): str(one.get("formatCode") or "")
        for one in root.iterfind("{*}numFmts/{*}numFmt")
    }
    styles = root.iterfind("{*}cellXfs/{*}xf")
    return [format_code(_whole(one.get("numFmtId")), defined) for one in styles]


def _whole(text: str | bytes | None, default: int = 0) -> int:
    """A whole number of the file, at most of ten digits."""
    text = str(text or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 11 else default


class _SheetReader:
    """Reads the part of a sheet into its cells."""

    def __init__(self, cells: SheetCells, facts: _BookFacts) -> None:
        self._cells = cells
        self._facts = facts
        self._row = -1

    def read(self, data: bytes, part: str) -> None:
        for element in _elements(data, part):
            name = etree.QName(element).localname
            if name == "row":
                self._read_row(element)
            elif name == "col" and (_is_on(element, "hidden") or element.get("width") == "0"):
                first, last = _whole(element.get("min")), _whole(element.get("max"))
                self._cells.hide_columns(first - 1, last - 1)
            elif name == "mergeCell":
                first_cell, _, last_cell = str(element.get("ref") or "").partition(":")
                begin, end = _place(first_cell), _place(last_cell or first_cell)
                if begin and end:
                    self._cells.areas.append((*begin, *end))

    def _read_row(self, row: _Element) -> None:
        self._row = _whole(row.get("r"), self._row + 2) - 1
        if _is_on(row, "hidden") or row.get("ht") == "0":
            self._cells.hide_rows(self._row, self._row)
        column = -1
        for cell in row.iterchildren("{*}c"):
            place = _place(str(cell.get("r") or ""))
            at, column = place or (self._row, column + 1)
            self._read_cell(cell, at, column)

    def _read_cell(self, cell: _Element, row: int, column: int) -> None:
        value = self._value(cell)
        if value is None:
            return
        style = _whole(cell.get("s"))
        formats = self._facts.formats
        code = formats[style] if style < len(formats) else GENERAL
        text = show_value(value, code, from_1904=self._facts.from_1904)
        self._cells.add(row, column, text, is_empty=not str(value).strip())

    def _value(self, cell: _Element) -> CellValue | None:
        kind = cell.get("t") or "n"
        parts = {str(child.tag).rpartition("}")[2]: child for child in cell}
        if "is" in parts:
            return _rich_text(parts["is"])
        stored = parts.get("v")
        text = "" if stored is None else stored.text or ""
        if "f" in parts and self._is_uncounted(kind, stored):
            self._cells.uncounted += 1
            return None
        if kind == "s":
            return shared_text(self._facts.shared, _whole(text, -1)) if text else None
        if kind == "b":
            return text.strip() == "1"
        if kind == "d":
            day = serial_of(text)
            return text if day is None else day - 1462 * self._facts.from_1904
        return _number(text) if kind == "n" else text

    def _is_uncounted(self, kind: str, stored: _Element | None) -> bool:
        """Whether a formula has no value, or the zero of a program that counts none."""
        if stored is None or (kind != "str" and not stored.text):
            return True
        return self._facts.is_uncounted and kind == "n" and stored.text == "0"


def _number(text: str) -> CellValue | None:
    """A number as stored, None for none; what is no number stays a text."""
    if not text.strip():
        return None
    try:
        number = float(text)
    except ValueError:
        return text
    return number if abs(number) < 1e308 else text


def _place(reference: str) -> tuple[int, int] | None:
    """Row and column of a cell from 0: B3 -> (2, 1)."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        return None
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1


def _elements(data: bytes, part: str) -> Iterator[_Element]:
    """The rows, columns and merged areas of a sheet, one in memory at a time."""
    events = etree.iterparse(
        io.BytesIO(data),
        tag=("{*}row", "{*}col", "{*}mergeCell"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for _, element in events:
            if element.getroottree().docinfo.internalDTD is not None:
                fact = f"the part {part} declares a document type"
                raise ValueError(fact)
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        fact = f"the part {part} is no whole XML ({error})"
        raise ValueError(fact) from error
