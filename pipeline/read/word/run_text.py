"""Read the text inside a paragraph: runs, fields, symbols, formulas, cited notes, text boxes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline.read.word.numbering import W

if TYPE_CHECKING:
    from lxml.etree import _Element

    from pipeline.read.word.word_styles import ParagraphStyles

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
# Elements around runs, paragraphs, rows and cells that add nothing of their own.
WRAPPERS = frozenset(
    W + name
    for name in (
        *("ins", "moveTo", "hyperlink", "smartTag", "customXml", "fldSimple", "sdt", "sdtContent"),
        *("dir", "bdo", "ruby", "rubyBase"),
    )
)
_DRAWN = frozenset({W + "drawing", W + "pict", W + "object", MC + "AlternateContent"})
_MARKS = {
    W + "tab": " ",
    W + "ptab": " ",
    W + "br": "\n",
    W + "cr": "\n",
    W + "noBreakHyphen": "-",
}
_TICKS = {"f0fe": "☑", "f052": "☑", "f0a8": "□", "f06f": "□", "f0a3": "□", "f0fc": "✓"}


class RunReader:
    """Reads paragraphs in document order; fields may go on over several of them.

    `cited` are the notes as they are cited: ("footnotes" or "endnotes", id).
    """

    def __init__(self, styles: ParagraphStyles) -> None:
        self.cited: list[tuple[str, str]] = []
        self._styles = styles
        self._paragraph: _Element | None = None
        # For each open field, whether its instruction is being read.
        self._instructions: list[bool] = []

    def add(self, element: _Element, out: list[str], boxes: list[_Element]) -> None:
        """Add the texts in an element to `out`, its text boxes to `boxes`."""
        if element.tag == W + "p":
            self._paragraph = element.find(W + "pPr")
        for child in element:
            tag = child.tag
            if tag == W + "r":
                self._run(child, out, boxes)
            elif tag in WRAPPERS:
                self.add(child, out, boxes)
            elif tag == MC + "AlternateContent":
                for choice in list(child)[:1]:
                    self.add(choice, out, boxes)
            elif isinstance(tag, str) and tag.startswith(_MATH):
                out.extend(one.text or "" for one in child.iter(_MATH + "t"))

    def _run(self, run: _Element, out: list[str], boxes: list[_Element]) -> None:
        is_hidden = self._styles.is_hidden(run.find(W + "rPr"), self._paragraph)
        for child in run:
            tag = child.tag
            if tag == W + "fldChar":
                self._field(str(child.get(W + "fldCharType")))
            elif is_hidden or any(self._instructions):
                continue
            elif tag == W + "t":
                out.append((child.text or "").replace("\n", " ").replace("\t", " "))
            elif tag in _MARKS:
                out.append(_MARKS[tag])
            elif tag == W + "sym":
                out.append(_symbol(str(child.get(W + "char") or "")))
            elif tag in (W + "footnoteReference", W + "endnoteReference"):
                kind = "footnotes" if tag == W + "footnoteReference" else "endnotes"
                self.cited.append((kind, str(child.get(W + "id"))))
            elif tag in _DRAWN:
                boxes.extend(_text_boxes(child))
            elif tag in WRAPPERS:
                self.add(child, out, boxes)

    def _field(self, kind: str) -> None:
        """Enter or leave a field: its instruction is hidden, its result is shown."""
        if kind == "begin":
            self._instructions.append(True)
        elif kind == "separate" and self._instructions:
            self._instructions[-1] = False
        elif kind == "end" and self._instructions:
            self._instructions.pop()


def _text_boxes(drawn: _Element) -> Iterator[_Element]:
    """The outermost text boxes of a drawing; only the first of several renderings."""
    if drawn.tag == MC + "AlternateContent":
        for choice in list(drawn)[:1]:
            yield from _text_boxes(choice)
        return
    for child in drawn:
        if child.tag == W + "txbxContent":
            yield child
        else:
            yield from _text_boxes(child)


def _symbol(code: str) -> str:
    """The counterpart of a symbol font's character, given in hex, or "": "F0FE" -> ☑."""
    code = code.lower()
    if code in _TICKS:
        return _TICKS[code]
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    return "" if 0xE000 <= number <= 0xF8FF or not 32 <= number < 0xD800 else chr(number)
