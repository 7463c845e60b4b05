"""Convert a page's elements to lines as a reader sees them: blocks, breaks, list numbers, tables.

The walk does not recurse, so that a page may nest as deep as its parser allows.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.read.web import menus
from pipeline.read.web.elements import BLOCKS, MENUS, UNSEEN, is_menu, length
from pipeline.read.web.grid import PageCell, expand_spans
from pipeline.read.web.ordinals import Ordinals
from pipeline.read.web.page_block import block_pairs, pair_line
from pipeline.read.web.page_lines import LineWriter, PageLine
from pipeline.read.web.page_links import leads_away
from pipeline.read.web.table_markup import is_layout, nested_shares, span_of, split_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.etree import _Element

_HEADINGS = frozenset(("h1", "h2", "h3"))
_KEPT_BREAKS = frozenset(("pre", "listing", "xmp", "plaintext"))
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
_PRE_STYLE = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)")
# An element with this share of the area's text is no menu, whatever its name.
_TOO_MUCH = 0.3


class PageWalk:
    """One walk over a page's elements; it counts the data tables that it meets."""

    def __init__(self, whole: int, *, pass_menus: bool = True) -> None:
        """`whole` is the length of the text to read: an element with most of it is no menu.

        Without `pass_menus` no element is left out for its name.
        """
        self.tables = 0
        self._whole = whole
        self._open: set[_Element] = set()
        self._nested: dict[_Element, float] = {}
        # Elements named menus that contain most of the text may nest; each is measured as a whole.
        self._patience = 50 if pass_menus else 0

    def lines(self, root: _Element, stop: _Element | None = None) -> list[PageLine]:
        """The lines of an element, up to where `stop` begins.

        Raises ValueError where a table's merged cells repeat beyond measure.
        """
        writer = LineWriter()
        self._open = set() if stop is None else {stop, *stop.iterancestors()}
        rows = self._rows(root) if root.tag == "table" else None
        if rows is not None:
            return rows
        self._descend(root, writer, stop)
        writer.end_line()
        return writer.lines

    def _descend(self, root: _Element, writer: LineWriter, stop: _Element | None) -> None:
        ordinals = Ordinals()
        element, tag, names = root, str(root.tag), root.keys()
        stack: list[tuple[_Element, str, int, Iterator[_Element]]] = []
        while True:
            marks = self._enter(element, tag, names, writer, ordinals)
            stack.append((element, tag, marks, iter(element)))
            while stack:
                child = next(stack[-1][3], None)
                if child is None:
                    element, tag, marks, _ = stack.pop()
                    if marks or tag in BLOCKS:
                        self._leave(tag, marks, writer)
                    if stack and (words_ := element.tail):
                        writer.add(words_)
                elif child is stop:
                    return
                else:
                    tag = child.tag if isinstance(child.tag, str) else "script"
                    names = child.keys()
                    if not self._is_passed(child, tag, names, writer):
                        element = child
                        break
                    writer.add(child.tail)
            else:
                return

    def _enter(
        self,
        element: _Element,
        tag: str,
        names: Sequence[str | bytes],
        writer: LineWriter,
        ordinals: Ordinals,
    ) -> int:
        """Begin an element with attributes of these names; returns the counters that it raised as bits."""
        marks = 0
        if tag in BLOCKS:
            if writer.parts:
                writer.end_line()
            if tag == "li":
                writer.label = ordinals.label(element)
            elif tag in _HEADINGS:
                marks |= 2
            elif tag in _KEPT_BREAKS:
                marks |= 4
        elif tag == "a" and leads_away(element):
            marks |= 1
        if names:
            if ("class" in names or "id" in names) and menus.sense_of(
                element.get("class"), element.get("id")
            ).title:
                marks |= 2
            style = element.get("style") if "style" in names else None
            if style and "white-space" in style and _PRE_STYLE.search(style):
                marks |= 4
        if marks:
            writer.links += marks & 1
            writer.headings += marks >> 1 & 1
            writer.kept += marks >> 2
        if words_ := element.text:
            writer.add(words_)
        return marks

    def _leave(self, tag: str, marks: int, writer: LineWriter) -> None:
        if tag in BLOCKS:
            if writer.parts:
                writer.end_line()
            if tag == "li":
                writer.label = ""
        if marks:
            writer.links -= marks & 1
            writer.headings -= marks >> 1 & 1
            writer.kept -= marks >> 2

    def _is_passed(
        self, child: _Element, tag: str, names: Sequence[str | bytes], writer: LineWriter
    ) -> bool:
        """Whether the walk skips an element: a break, unseen, a menu, a data table already written."""
        if tag == "br":
            writer.end_line()
            return True
        if tag in UNSEEN:
            return True
        if self._open and child in self._open:
            return False
        if (names or tag in MENUS or tag == "form") and self._is_unvisible_text(child, tag, names):
            if tag in BLOCKS:
                writer.end_line()
            return True
        if tag == "table" and not writer.flat:
            rows = self._rows(child)
            if rows is not None:
                writer.end_line()
                writer.lines.extend(rows)
                return True
        return False

    def _is_unvisible_text(self, element: _Element, tag: str, names: Sequence[str | bytes]) -> bool:
        """Whether an element is hidden, or is a menu by its name and not most of the text."""
        if names:
            if "hidden" in names:
                return True
            if "style" in names and _hides(element.get("style") or ""):
                return True
        if tag not in MENUS and tag != "form" and "class" not in names and "id" not in names:
            return False
        if self._patience <= 0 or not (is_menu(element, tag) or (tag == "form" and _asks(element))):
            return False
        if length(element) <= _TOO_MUCH * self._whole:
            return True
        self._patience -= 1
        return False

    def _rows(self, table: _Element) -> list[PageLine] | None:
        """The lines of a data table, "key：value" of the page's own block; None for a layout table."""
        rows, strays = split_rows(table)
        if all(len(row) < 2 for row in rows):
            return None
        nested = table.find(".//table") is not None
        if nested and (len(rows) == 1 or self._is_mostly_nested(table)):
            return None
        read: list[list[PageCell]] = []
        while rows:  # an element is released once it is read
            read.append([self._cell(cell) for cell in rows.pop()])
        read.reverse()
        if is_layout(table, read):
            return None
        pairs = block_pairs([[cell.text for cell in row] for row in read])
        if pairs is not None:
            return [PageLine(pair_line(key, value), block=True) for key, value in pairs if value]
        lines = [PageLine(text) for text in strays]
        self.tables += 1
        budget = 20 * sum(len(cell.text) + 1 for row in read for cell in row) + 10_000
        grid = expand_spans(read, budget)
        lines += [PageLine(row.line(), table=self.tables, row=row.number) for row in grid]
        return lines

    def _cell(self, cell: _Element) -> PageCell:
        """A cell's text, its lines joined by blanks, and its spans."""
        writer = LineWriter(flat=True)
        self._descend(cell, writer, None)
        writer.end_line()
        text = " ".join(line.text for line in writer.lines).replace("\t", " ")
        columns, rows = span_of(cell, "colspan"), span_of(cell, "rowspan")
        return PageCell(text, columns, rows, len(writer.lines))

    def _is_mostly_nested(self, table: _Element) -> bool:
        """Whether more than half of a table's text is in tables nested in it."""
        if table not in self._nested:
            self._nested |= nested_shares(table)
        return self._nested[table] > 0.5


def _hides(style: str) -> bool:
    """Whether an element's own style hides it; most styles need no pattern."""
    return ("display" in style or "visibility" in style) and _HIDDEN.search(style) is not None


def _asks(form: _Element) -> bool:
    """Whether a form has fields to fill in, such as a search, and is no wrapper of a page."""
    return any(
        field.tag == "select" or field.get("type", "text").lower() in ("text", "search")
        for field in form.iter("input", "select")
    )
