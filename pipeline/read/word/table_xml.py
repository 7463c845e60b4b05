"""Find the rows and cells of a table in Word's XML, and the columns that each covers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from pipeline.read.word.numbering import W, is_on
from pipeline.read.word.run_text import WRAPPERS

if TYPE_CHECKING:
    from lxml.etree import _Element

# Word draws no more columns.
_MOST_COLUMNS = 63
# Two thirds of a line of running text, in twentieths of a point: no line has room above a table that is nearer.
_LINE = 200


class TableCell(NamedTuple):
    """A cell, the number of columns that it covers, and whether it continues the cell above."""

    element: _Element
    span: int
    going_on: bool


def table_rows(table: _Element) -> Iterator[_Element]:
    """The rows of a table that are shown: no tracked change deletes them, nothing hides them."""
    for row in _remaining(table, "tr", "trPr", "del"):
        hidden = row.find(f"{W}trPr/{W}hidden")
        if hidden is None or not is_on(hidden):
            yield row


def row_cells(row: _Element) -> list[TableCell]:
    """The cells of a row that no tracked change deletes; cells that old programs merged are one."""
    cells: list[TableCell] = []
    for element in _remaining(row, "tc", "tcPr", "cellDel"):
        span, going_on = cell_span(element)
        if cells and _is_merged(element, "hMerge"):
            cells[-1] = cells[-1]._replace(span=min(cells[-1].span + span, _MOST_COLUMNS))
        else:
            cells.append(TableCell(element, span, going_on))
    return cells


def is_below_its_paragraph(table: _Element) -> bool:
    """Whether a table floats below the paragraph that follows it in the file."""
    place = table.find(f"{W}tblPr/{W}tblpPr")
    if place is None or place.get(W + "vertAnchor") != "text":
        return False
    down = str(place.get(W + "tblpY") or "")
    return down.isascii() and down.isdecimal() and int(down[:9]) >= _LINE


def _remaining(parent: _Element, tag: str, properties: str, deleted: str) -> Iterator[_Element]:
    """The children of a tag that no tracked change deletes, also those in content controls."""
    for child in parent:
        if child.tag == W + tag:
            if child.find(f"{W}{properties}/{W}{deleted}") is None:
                yield child
        elif child.tag in WRAPPERS:
            yield from _remaining(child, tag, properties, deleted)


def skipped_columns(row: _Element, name: str) -> int:
    """The number of columns that a row skips: "gridBefore" its first or "gridAfter" its last cell."""
    return _count(row.find(f"{W}trPr/{W}{name}"), 0)


def cell_span(cell: _Element) -> tuple[int, bool]:
    """The number of columns of a cell, and whether it continues the cell above."""
    return _count(cell.find(f"{W}tcPr/{W}gridSpan"), 1), _is_merged(cell, "vMerge")


def _is_merged(cell: _Element, name: str) -> bool:
    """Whether a cell continues the one above it (vMerge) or the one before it (hMerge)."""
    merged = cell.find(f"{W}tcPr/{W}{name}")
    return merged is not None and merged.get(W + "val") in (None, "continue")


def _count(element: _Element | None, default: int) -> int:
    text = "" if element is None else str(element.get(W + "val") or "")
    if not (text.isascii() and text.isdecimal()):
        return default
    return min(int(text[:4]), _MOST_COLUMNS)
