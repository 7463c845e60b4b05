"""Find the cells of a task ledger that show a percentage: 0.05 is stored, 5% is shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from lxml.etree import _Element

    from pipeline.read.package import Package

# The numbers of the formats 0% and 0.00%, which no file needs to define.
_BUILT_IN = frozenset({"9", "10"})
_LITERAL = re.compile(r'"[^"]*"|\\.')
_CELL = re.compile(rb"<(?:\w+:)?c\s([^<>]*)>")
_PLACE = re.compile(rb"\br\s*=\s*[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")
_STYLE = re.compile(rb"\bs\s*=\s*[\"']([0-9]{1,5})[\"']")


class SheetTexts(Protocol):
    """A sheet: its texts from the first used cell on, and the row and column of that from 0."""

    @property
    def name(self) -> str:
        """The name on the sheet's tab."""

    @property
    def top(self) -> int:
        """The row of the first text."""

    @property
    def left(self) -> int:
        """The column of the first text."""

    @property
    def texts(self) -> list[list[str]]:
        """The texts by row and column."""


def show_cells(sheet: SheetTexts, cells: Iterable[tuple[int, int]]) -> None:
    """Replace the shares in some cells of a sheet, which `find_shares` found."""
    for row, column in cells:
        texts = sheet.texts[row - sheet.top : row - sheet.top + 1] if row >= sheet.top else []
        if texts and sheet.left <= column < sheet.left + len(texts[0]):
            texts[0][column - sheet.left] = as_percent(texts[0][column - sheet.left])


def find_shares(package: Package) -> dict[str, list[tuple[int, int]]]:
    """The cells with a percentage format: sheet name -> rows and columns, counted from 0."""
    styles = _percent_styles(package.optional_xml("xl/styles.xml"))
    if not styles:
        return {}
    parts = package.links_by_id("xl/workbook.xml")
    found: dict[str, list[tuple[int, int]]] = {}
    for sheet in package.xml("xl/workbook.xml").iter("{*}sheet"):
        link = next(
            (value for name, value in sheet.attrib.items() if str(name).endswith("}id")), ""
        )
        part = parts.get(str(link))
        if part and part in package:
            found[str(sheet.get("name"))] = list(_cells(package.read(part), styles))
    return found


def _percent_styles(root: _Element | None) -> frozenset[bytes]:
    """The numbers of the cell styles whose format has a percent sign."""
    if root is None:
        return frozenset()
    formats = _BUILT_IN | {
        str(one.get("numFmtId"))
        for one in root.iter("{*}numFmt")
        if "%" in _LITERAL.sub("", str(one.get("formatCode")))
    }
    styles = next(root.iter("{*}cellXfs"), None)
    return frozenset(
        str(number).encode()
        for number, style in enumerate(() if styles is None else styles)
        if style.get("numFmtId") in formats
    )


def _cells(part: bytes, styles: frozenset[bytes]) -> Iterator[tuple[int, int]]:
    for cell in _CELL.finditer(part):
        style, place = _STYLE.search(cell[1]), _PLACE.search(cell[1])
        if style and place and style[1] in styles:
            column = 0
            for letter in place[1]:
                column = column * 26 + letter - 64
            yield int(place[2]) - 1, column - 1


def as_percent(text: str) -> str:
    """A stored share as its cell shows it: "0.05" -> "5%"; a text that is no number stays."""
    try:
        return f"{float(text) * 100:.10g}%"
    except ValueError:
        return text
