"""The lines of a page as a browser shows them, and a writer that collects them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline.read.web import menus
from pipeline.read.web.leftovers import is_leftover
from pipeline.read.web.ordinals import join_label

_WIDE = r"[\u2018-\u201d\u2026\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]"
# A line of the file that ends between two Chinese characters is no blank to a reader.
_SEGMENT_BREAK = re.compile(rf"(?<={_WIDE})[ \t\r\f]*\n[ \t\r\n\f]*(?={_WIDE})")
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_LINE_ENDS = re.compile(r"\r\n?|\n")
# A browser ends a line at these in every element.
_FORCED_ENDS = re.compile("[\x85\u2028\u2029]")
_MARGIN = " \t\r\n\f\v\u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(
    map(chr, range(0x2000, 0x200C))
)


@dataclass(slots=True)
class PageLine:
    """A line of a page; a table row has its table and row number, its cells are joined by tabs.

    `unlinked` is the text outside links, where the line has any link; `block` is a line of the
    page's own keys and values.
    """

    text: str
    unlinked: str | None = None
    heading: bool = False
    block: bool = False
    table: int = 0
    row: int = 0

    def is_menu(self) -> bool:
        """Whether the line consists of menu words, or of links with menu words and a date.

        So does what a site's scripts and buttons leave in the text.
        """
        if self.table:
            return False
        if is_leftover(self.text):
            return True
        if self.unlinked is not None and menus.is_beside_links(self.unlinked):
            return True
        return menus.is_menu(self.text)


@dataclass(slots=True)
class LineWriter:
    """Collects the lines of a page, and the parts of the line that is not yet ended.

    `links`, `headings` and `kept` count the open elements that are links to other pages, headings,
    and elements that keep their line breaks; `flat` treats tables as text.
    """

    lines: list[PageLine] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    unlinked: list[str] = field(default_factory=list)
    linked: bool = False
    links: int = 0
    headings: int = 0
    kept: int = 0
    label: str = ""
    flat: bool = False

    def add(self, words_: str | None) -> None:
        """Add a text to the line; where line breaks are kept, they end it."""
        if not words_:
            return
        if "\x85" in words_ or "\u2028" in words_ or "\u2029" in words_:
            first, *more = _FORCED_ENDS.split(words_)
            self.add(first)
            for one in more:
                self.end_line()
                self.add(one)
        elif self.kept and ("\n" in words_ or "\r" in words_):
            first, *more = _LINE_ENDS.split(words_)
            self._add_part(first)
            for one in more:
                self.end_line()
                self._add_part(one)
        else:
            self._add_part(words_)

    def _add_part(self, words_: str) -> None:
        self.parts.append(words_)
        if not self.links:
            self.unlinked.append(words_)
        elif words_.strip():
            self.linked = True

    def end_line(self) -> None:
        """End the line, if it has any visible text."""
        if not self.parts:
            return
        text = visible_text("".join(self.parts))
        unlinked = "".join(self.unlinked) if self.linked else None
        self.parts.clear()
        self.unlinked.clear()
        self.linked = False
        if text:
            if self.label:
                text, self.label = join_label(self.label, text), ""
            self.lines.append(PageLine(text, unlinked, heading=self.headings > 0))


def visible_text(text: str) -> str:
    """The text of a line as a browser shows it: one blank for several, none at the ends."""
    if "\n" in text:
        text = _SEGMENT_BREAK.sub("", text)
    # Most texts have none of these: to look for each of them takes less time than a pattern.
    if "  " in text or "\n" in text or "\t" in text or "\r" in text or "\f" in text:
        text = _BLANKS.sub(" ", text)
    return text.strip(_MARGIN)
