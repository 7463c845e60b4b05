"""A page's elements -> lines as a reader sees them: blocks, breaks, list numbers, tables.

Walks without recursion, so that a page may nest as deep as its parser lets it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from lxml import etree

from pipeline.read.web import menus
from pipeline.read.web.grid import Cell, expand
from pipeline.read.web.ordinals import Ordinals
from pipeline.read.web.page_block import block_pairs, pair_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

_BLOCK_TAGS = (
    "address article aside blockquote body caption center dd details dialog dir div dl dt "
    "fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li "
    "listing main menu nav ol p plaintext pre search section summary table tbody td tfoot th "
    "thead tr ul xmp"
)
_UNSEEN_TAGS = (
    "applet audio base button canvas datalist embed frame frameset head iframe input link map "
    "math meta noframes noscript object option optgroup param progress rp rt script select source "
    "style svg template textarea title track video"
)
_BLOCKS = frozenset(_BLOCK_TAGS.split())
UNSEEN = frozenset(_UNSEEN_TAGS.split())
_SEPARATE = UNSEEN | {"td", "th"}
_HEADINGS = frozenset(("h1", "h2", "h3"))
_MENUS = frozenset(("nav", "footer", "aside"))
_KEPT_BREAKS = frozenset(("pre", "listing", "xmp", "plaintext"))
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
_PRE_STYLE = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)")
_FILE = re.compile(
    r"\.(?:docx?|wps|rtf|xlsx?|et|csv|pdf|ofd|pptx?|dps|zip|rar|7z|tar|gz|txt|ceb|gd)\s*$",
    re.IGNORECASE,
)
# The same anywhere: a cheap look before an address is taken apart. %2e is a dot.
_MAYBE_FILE = re.compile(r"\.[a-z0-9]{2,4}\s*(?:$|[?#&])|%", re.IGNORECASE)
_WIDE = r"[\u2018-\u201d\u2026\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]"
# A line of the file that ends between two Chinese characters is no blank to a reader.
_SEGMENT_BREAK = re.compile(rf"(?<={_WIDE})[ \t\r\f]*\n[ \t\r\n\f]*(?={_WIDE})")
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_LINE_ENDS = re.compile(r"\r\n?|\n")
_MARGIN = " \t\r\n\f\v\u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(
    map(chr, range(0x2000, 0x200C))
)
# An element of this share of the area's text is no menu, whatever it is called.
_TOO_MUCH = 0.3


@dataclass(slots=True)
class Line:
    """A line as seen; a row of a table has its place, and its cells are joined by tabs."""

    text: str
    unlinked: str | None = None
    heading: bool = False
    block: bool = False
    table: int = 0
    row: int = 0

    def is_menu(self) -> bool:
        """Whether the line is words of menus, or but for those and a date only links."""
        if self.table:
            return False
        if self.unlinked is not None and menus.is_beside_links(self.unlinked):
            return True
        return menus.is_menu(self.text)


@dataclass(slots=True)
class _Writer:
    """The lines so far, and the one that is being written."""

    lines: list[Line] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    unlinked: list[str] = field(default_factory=list)
    linked: bool = False
    links: int = 0
    headings: int = 0
    kept: int = 0
    label: str = ""
    flat: bool = False

    def say(self, words_: str | None) -> None:
        if not words_:
            return
        if self.kept and ("\n" in words_ or "\r" in words_):
            first, *more = _LINE_ENDS.split(words_)
            self._add(first)
            for one in more:
                self.end_line()
                self._add(one)
        else:
            self._add(words_)

    def _add(self, words_: str) -> None:
        self.parts.append(words_)
        if not self.links:
            self.unlinked.append(words_)
        elif words_.strip():
            self.linked = True

    def end_line(self) -> None:
        if not self.parts:
            return
        text = seen("".join(self.parts))
        unlinked = "".join(self.unlinked) if self.linked else None
        self.parts.clear()
        self.unlinked.clear()
        self.linked = False
        if text:
            if self.label:
                text, self.label = Ordinals.joined(self.label, text), ""
            self.lines.append(Line(text, unlinked, heading=self.headings > 0))


def seen(text: str) -> str:
    """The characters of a line as a browser shows them: runs of blanks as one, margins off."""
    if "\n" in text:
        text = _SEGMENT_BREAK.sub("", text)
    return _BLANKS.sub(" ", text).strip(_MARGIN)


class Walk:
    """One reading of a page's elements, which counts the tables that it meets."""

    def __init__(self, whole: int, *, pass_menus: bool = True) -> None:
        """`whole` is the length of the text to read: what is most of it is no menu.

        Without `pass_menus` nothing is left out for its name.
        """
        self.tables = 0
        self._whole = whole
        self._open: set[_Element] = set()
        self._nested: dict[_Element, float] = {}
        # Elements that are called menus and hold most of the text may nest; each is measured whole.
        self._patience = 50 if pass_menus else 0

    def lines(self, root: _Element, stop: _Element | None = None) -> list[Line]:
        """The lines of an element, up to where `stop` begins.

        Raises ValueError where a table's merged cells repeat beyond measure.
        """
        writer = _Writer()
        self._open = set() if stop is None else {stop, *stop.iterancestors()}
        rows = self._rows(root) if root.tag == "table" else None
        if rows is not None:
            return rows
        self._descend(root, writer, stop)
        writer.end_line()
        return writer.lines

    def _descend(self, root: _Element, writer: _Writer, stop: _Element | None) -> None:
        ordinals = Ordinals()
        element, tag = root, str(root.tag)
        stack: list[tuple[_Element, str, int, Iterator[_Element]]] = []
        while True:
            marks = self._enter(element, tag, writer, ordinals)
            stack.append((element, tag, marks, iter(element)))
            while stack:
                child = next(stack[-1][3], None)
                if child is None:
                    element, tag, marks, _ = stack.pop()
                    self._leave(tag, marks, writer)
                    if stack:
                        writer.say(element.tail)
                elif child is stop:
                    return
                else:
                    tag = child.tag if isinstance(child.tag, str) else "script"
                    if not self._is_passed(child, tag, writer):
                        element = child
                        break
                    writer.say(child.tail)
            else:
                return

    def _enter(self, element: _Element, tag: str, writer: _Writer, ordinals: Ordinals) -> int:
        """Begin an element; returns which counters it raised, as bits."""
        marks = 0
        if tag in _BLOCKS:
            writer.end_line()
            if tag == "li":
                writer.label = ordinals.label(element)
            elif tag in _HEADINGS:
                marks |= 2
            elif tag in _KEPT_BREAKS:
                marks |= 4
        elif tag == "a" and _leads_away(element):
            marks |= 1
        if element.attrib:
            if menus.sense_of(element.get("class"), element.get("id")).title:
                marks |= 2
            style = element.get("style")
            if style and _PRE_STYLE.search(style):
                marks |= 4
        if marks:
            writer.links += marks & 1
            writer.headings += marks >> 1 & 1
            writer.kept += marks >> 2
        writer.say(element.text)
        return marks

    def _leave(self, tag: str, marks: int, writer: _Writer) -> None:
        if tag in _BLOCKS:
            writer.end_line()
            if tag == "li":
                writer.label = ""
        if marks:
            writer.links -= marks & 1
            writer.headings -= marks >> 1 & 1
            writer.kept -= marks >> 2

    def _is_passed(self, child: _Element, tag: str, writer: _Writer) -> bool:
        """Whether an element is done with: a break, nothing to be seen, a menu, a data table."""
        if tag == "br":
            writer.end_line()
            return True
        if tag in UNSEEN:
            return True
        if child in self._open:
            return False
        if self._is_unseen(child, tag):
            if tag in _BLOCKS:
                writer.end_line()
            return True
        if tag == "table" and not writer.flat:
            rows = self._rows(child)
            if rows is not None:
                writer.end_line()
                writer.lines.extend(rows)
                return True
        return False

    def _is_unseen(self, element: _Element, tag: str) -> bool:
        """Whether an element is hidden, or a menu by its name and not most of the text."""
        if element.attrib:
            style = element.get("style")
            if element.get("hidden") is not None or (style and _HIDDEN.search(style)):
                return True
        elif tag not in _MENUS and tag != "form":
            return False
        if self._patience <= 0 or not (is_menu(element, tag) or (tag == "form" and _asks(element))):
            return False
        if length(element) <= _TOO_MUCH * self._whole:
            return True
        self._patience -= 1
        return False

    def _rows(self, table: _Element) -> list[Line] | None:
        """The lines of a data table, a page's own block as "key：value"; None for mere layout."""
        rows, strays = _cells_of(table)
        if all(len(row) < 2 for row in rows):
            return None
        nested = table.find(".//table") is not None
        if nested and (len(rows) == 1 or self._is_mostly_nested(table)):
            return None
        read: list[list[Cell]] = []
        while rows:  # a cell's element is let go once it is read
            read.append([self._cell(cell) for cell in rows.pop()])
        read.reverse()
        if _is_layout(table, read):
            return None
        pairs = block_pairs([[cell.text for cell in row] for row in read])
        if pairs is not None:
            return [Line(pair_line(key, value), block=True) for key, value in pairs if value]
        lines = [Line(text) for text in strays]
        self.tables += 1
        budget = 20 * sum(len(cell.text) + 1 for row in read for cell in row) + 10_000
        grid = expand(read, budget)
        lines += [Line(row.line(), table=self.tables, row=row.number) for row in grid]
        return lines

    def _cell(self, cell: _Element) -> Cell:
        """A cell: its text with its lines joined by blanks, and what it covers."""
        writer = _Writer(flat=True)
        self._descend(cell, writer, None)
        writer.end_line()
        text = " ".join(line.text for line in writer.lines).replace("\t", " ")
        columns, rows = _span(cell, "colspan"), _span(cell, "rowspan")
        return Cell(text, columns, rows, len(writer.lines))

    def _is_mostly_nested(self, table: _Element) -> bool:
        """Whether more than half of a table's text stands in tables inside it."""
        if table not in self._nested:
            self._nested |= _nested_shares(table)
        return self._nested[table] > 0.5


def _asks(form: _Element) -> bool:
    """Whether a form is a question to the reader, such as a search, and no wrapper of a page."""
    return any(
        field.tag == "select" or field.get("type", "text").lower() in ("text", "search")
        for field in form.iter("input", "select")
    )


def is_menu(element: _Element, tag: object) -> bool:
    """Whether an element's name says menu, share bar, foot …: what surrounds a document."""
    return tag in _MENUS or menus.sense_of(element.get("class"), element.get("id")).menu


def length(element: _Element) -> int:
    """How many characters stand in an element, blanks aside."""
    return sum(len(words_.strip()) for words_ in element.itertext())


def is_file(address: str, label: str) -> bool:
    """Whether a link leads to a file: by its address's path or query, or by its own words."""
    if not _MAYBE_FILE.search(address) and not _MAYBE_FILE.search(label):
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.scheme not in ("", "http", "https", "ftp", "file") or not address:
        return False
    named = (unquote(parts.path), unquote(parts.query).split("&")[-1], label)
    return any(map(_FILE.search, named))


def _leads_away(link: _Element) -> bool:
    """Whether a link leads to another page: no anchor, no script, no file of the document."""
    address = (link.get("href") or "").strip()
    if not address or address.startswith("#") or address.lower().startswith("javascript:"):
        return False
    return not is_file(address, label_of(link))


def label_of(link: _Element) -> str:
    """The words of a link; of one round half a page, the first."""
    return " ".join("".join(map(str, islice(link.itertext(), 50))).split())


def _span(cell: _Element, name: str) -> int:
    digits = (cell.get(name) or "1").strip()
    return int(digits[:6]) if digits.isascii() and digits.isdecimal() else 1


def _cells_of(table: _Element) -> tuple[list[list[_Element]], list[str]]:
    """The cells of each row of a table, the foot's last; and words that stand in no cell."""
    rows: list[list[_Element]] = []
    feet: list[list[_Element]] = []
    strays: list[str | None] = []
    walk = etree.iterwalk(table, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "end":
            strays.append(None if element is table else element.tail)
        elif tag in _SEPARATE or (tag == "table" and element is not table):
            walk.skip_subtree()
        else:
            strays.append(element.text)
            if tag == "tr":
                cells = [child for child in element if child.tag in ("td", "th")]
                (feet if _parent_tag(element) == "tfoot" else rows).append(cells)
    return rows + feet, [text for words_ in strays if words_ and (text := seen(words_))]


def _parent_tag(element: _Element) -> object:
    parent = element.getparent()
    return None if parent is None else parent.tag


def _nested_shares(outer: _Element) -> dict[_Element, float]:
    """For a table and those inside it, the share of its text that stands in tables inside."""
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


def _is_layout(table: _Element, read: list[list[Cell]]) -> bool:
    """Whether a table only arranges a page: one cell holds nearly all of it, in many lines."""
    if len(read) == 1 and any(cell.lines > 1 for cell in read[0]):
        return True
    sizes = [(len(cell.text), cell.lines) for row in read for cell in row]
    most, lines = max(sizes)
    share = most / max(1, sum(size for size, _ in sizes))
    if _shows_rules(table):
        return share > 0.9 and lines >= 10
    return share > 0.7 and lines >= 4


def _shows_rules(table: _Element) -> bool:
    """Whether a table is drawn as one: borders, head cells, Word's classes."""
    if (table.get("border") or "0").strip() not in ("0", "") or table.get("rules"):
        return True
    if menus.sense_of(table.get("class"), table.get("id")).ruled:
        return True
    if table.find(".//th") is not None or table.find("caption") is not None:
        return True
    cell = table.find(".//td")
    return cell is not None and "border" in (cell.get("style") or "")
