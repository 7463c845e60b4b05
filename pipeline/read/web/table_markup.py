"""Split an HTML table into cells, and recognise tables that only arrange a page."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

from lxml import etree

from pipeline.read.web import menus
from pipeline.read.web.elements import UNSEEN
from pipeline.read.web.page_lines import visible_text

if TYPE_CHECKING:
    from lxml.etree import _Element

    from pipeline.read.web.grid import PageCell

_DIGITS = re.compile(r"\s*\+?([0-9]+)")
_CELLS = ("td", "th")
_TABLE_PARTS = ("table", "thead", "tbody", "tfoot")
# Elements inside a table whose texts are not directly in it.
_SEPARATE = UNSEEN | {"td", "th"}


def span_of(cell: _Element, name: str) -> int:
    """The value of a cell's colspan or rowspan as a browser reads it; 1 where it begins with no number.

    colspan="2;" is 2.
    """
    digits = _DIGITS.match(cell.get(name) or "")
    return int(digits[1][:6]) if digits else 1


def split_rows(table: _Element) -> tuple[list[list[_Element]], list[str]]:
    """The cells of each row of a table, those of its foot last; and the texts outside cells."""
    rows: list[list[_Element]] = []
    feet: list[list[_Element]] = []
    strays: list[str | None] = []
    walk = etree.iterwalk(table, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "end":
            strays.append(None if element is table else element.tail)
            continue
        found = _row_at(element)
        if found:
            (feet if _parent_tag(element) == "tfoot" else rows).append(found)
        if tag in _SEPARATE or (tag == "table" and element is not table):
            walk.skip_subtree()
        else:
            strays.append(element.text)
    return rows + feet, [text for words_ in strays if words_ and (text := visible_text(words_))]


def _row_at(element: _Element) -> list[_Element] | None:
    """The cells of the row that begins with an element: a `<tr>`, or a cell that stands in none."""
    if element.tag == "tr":
        return [child for child in element if child.tag in _CELLS]
    if element.tag not in _CELLS or _parent_tag(element) not in _TABLE_PARTS:
        return None
    before = element.getprevious()
    if before is not None and before.tag in _CELLS:
        return None
    return [element, *takewhile(lambda one: one.tag in _CELLS, element.itersiblings())]


def _parent_tag(element: _Element) -> object:
    parent = element.getparent()
    return None if parent is None else parent.tag


def nested_shares(outer: _Element) -> dict[_Element, float]:
    """For a table and each inside it, the share of its text that is in tables nested in it."""
    shares: dict[_Element, float] = {}
    stack: list[list[int]] = []
    for event, element in etree.iterwalk(outer, events=("start", "end")):
        is_table = element.tag == "table"
        if event == "start":
            if is_table:
                stack.append([0, 0])
            words_ = element.text
        else:
            if is_table:
                whole, inner = stack.pop()
                shares[element] = inner / max(1, whole)
                if stack:
                    stack[-1][0] += whole
                    stack[-1][1] += whole
            words_ = element.tail
        if words_ and stack:
            stack[-1][0] += len(words_.strip())
    return shares


def is_layout(table: _Element, read: list[list[PageCell]]) -> bool:
    """Whether a table only arranges a page: one cell has nearly all of its text, in many lines."""
    if len(read) == 1 and any(cell.lines > 1 for cell in read[0]):
        return True
    sizes = [(len(cell.text), cell.lines) for row in read for cell in row]
    most, lines = max(sizes)
    share = most / max(1, sum(size for size, _ in sizes))
    if _shows_rules(table):
        return share > 0.9 and lines >= 10
    return share > 0.7 and lines >= 4


def _shows_rules(table: _Element) -> bool:
    """Whether a table is drawn as a table: borders, head cells, classes that Word writes."""
    if (table.get("border") or "0").strip() not in ("0", "") or table.get("rules"):
        return True
    if menus.sense_of(table.get("class"), table.get("id")).ruled:
        return True
    if table.find(".//th") is not None or table.find("caption") is not None:
        return True
    cell = table.find(".//td")
    return cell is not None and "border" in (cell.get("style") or "")
