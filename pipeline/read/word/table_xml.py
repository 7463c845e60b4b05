"""Find the rows and cells of a table in Word's XML, and the columns that each covers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline.read.word.numbering import W
from pipeline.read.word.run_text import WRAPPERS

if TYPE_CHECKING:
    from lxml.etree import _Element

# Word draws no more columns.
_MOST_COLUMNS = 63


def table_rows(table: _Element) -> Iterator[_Element]:
    """The rows of a table that no tracked change deletes."""
    return _remaining(table, "tr", "trPr", "del")


def row_cells(row: _Element) -> Iterator[_Element]:
    """The cells of a row that no tracked change deletes."""
    return _remaining(row, "tc", "tcPr", "cellDel")


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
    merged = cell.find(f"{W}tcPr/{W}vMerge")
    going_on = merged is not None and merged.get(W + "val") in (None, "continue")
    return _count(cell.find(f"{W}tcPr/{W}gridSpan"), 1), going_on


def _count(element: _Element | None, default: int) -> int:
    text = "" if element is None else str(element.get(W + "val") or "")
    if not (text.isascii() and text.isdecimal()):
        return default
    return min(int(text[:4]), _MOST_COLUMNS)
