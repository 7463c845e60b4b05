"""Word .docx: paragraphs and tables in document order, numbers as Word shows them.

Read from the XML itself: the usual library passes over tracked insertions, content controls and
text boxes, counts no numbers, and cannot open the strict variant.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.errors import SourceError
from pipeline.read.content import Content
from pipeline.read.draft import Cell, Draft, Place, one_line
from pipeline.read.package import Package
from pipeline.read.word.numbering import Numbering, W, format_number, is_on, read_numbering

if TYPE_CHECKING:
    from pathlib import Path

    from lxml.etree import _Element

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_GONE = frozenset({W + "del", W + "moveFrom"})
_WRAPPERS = frozenset(
    W + name
    for name in (
        *("ins", "moveTo", "hyperlink", "smartTag", "customXml", "fldSimple", "sdt", "sdtContent"),
        *("dir", "bdo", "ruby", "rubyBase"),
    )
)
_DRAWN = frozenset({W + "drawing", W + "pict", W + "object", _MC + "AlternateContent"})
_MARKS = {
    W + "tab": " ",
    W + "ptab": " ",
    W + "br": "\n",
    W + "cr": "\n",
    W + "noBreakHyphen": "-",
}
_TICKS = {"f0fe": "☑", "f052": "☑", "f0a8": "□", "f06f": "□", "f0a3": "□", "f0fc": "✓"}
_STYLES_DEEP = 12
_LINK_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
# No Word files inside Word files, which might hold themselves.
_CHUNKS = frozenset({"html", "mail", "plain"})


def read(data: bytes, place: Path) -> Content:
    """The content of a .docx file.

    Raises SourceError where it is damaged, encrypted, too large or no Word document.
    """
    package = Package(data, place)
    main = package.links("").get("officeDocument", "word/document.xml")
    root = package.xml(main)
    body = root.find(W + "body")
    if body is None:
        raise SourceError(place, f"{main} holds no Word text", "give the notice's own file")
    writer = _Writer(package, main)
    writer.write(body)
    draft = writer.draft
    if not draft.text.strip():
        raise SourceError(place, "the document has no text", "give the notice's own file")
    return Content(
        draft.text,
        MEDIA_TYPE,
        locations=tuple(draft.locations),
        remarks=tuple(draft.remarks),
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a table; a single cell over the whole width is one."""

    cells: list[Cell]


class _Writer:
    """Writes a document down; knows its lists, styles and notes."""

    def __init__(self, package: Package, main: str) -> None:
        self._package = package
        self._by_id = package.links_by_id(main)
        links = package.links(main)
        styles = package.optional_xml(links.get("styles"))
        self.draft = Draft(package.place)
        self._numbering = read_numbering(package.optional_xml(links.get("numbering")), styles)
        self._styles = _Styles(styles)
        self._notes = {
            kind: _notes(package.optional_xml(links.get(kind)))
            for kind in ("footnotes", "endnotes")
        }
        self._cited: list[tuple[str, str]] = []
        self._instructions: list[bool] = []
        self._held = ""
        self._tables = 0
        self._contents = 0

    def write(self, body: _Element) -> None:
        for one in self._blocks(body):
            if isinstance(one, _Row):
                self.draft.row(one.cells)
            else:
                self.draft.line(one)
        if self._held:
            self.draft.line(self._held)
        self._write_notes()
        if self._contents:
            self.draft.remark("contents-left-out", f"{self._contents} lines of a table of contents")

    def _write_notes(self) -> None:
        """Footnotes and endnotes after the text, by their numbers: [1] …"""
        for kind, form in (("footnotes", "decimal"), ("endnotes", "lowerRoman")):
            cited = [note for where, note in self._cited if where == kind]
            for number, note in enumerate(cited, 1):
                element = self._notes[kind].get(note)
                if element is not None:
                    self.draft.line(f"[{format_number(number, form)}] {self._flat(element)}")

    def _blocks(self, container: _Element) -> Iterator[str | _Row]:
        for child in container:
            tag = child.tag
            if tag == W + "p":
                yield from self._paragraph(child)
            elif tag == W + "tbl":
                yield from self._table(child)
            elif tag == W + "sdt" and _is_contents(child):
                self._contents += sum(1 for _ in child.iter(W + "p"))
            elif tag in _WRAPPERS:
                yield from self._blocks(child)
            elif tag == _MC + "AlternateContent":
                for choice in list(child)[:1]:
                    yield from self._blocks(choice)
            elif tag == W + "altChunk":
                yield from self._chunk(str(child.get(_LINK_ID)))

    def _chunk(self, link_id: str) -> Iterator[str | _Row]:
        """The lines of a page or text that stands in the file as it came, for Word to convert."""
        from pipeline.read.kinds import kind_of  # noqa: PLC0415 - which knows this reader

        name = self._by_id.get(link_id)
        if name is None or name not in self._package:
            return
        data = self._package.read(name)
        kind = kind_of(data)
        if kind.name not in _CHUNKS or kind.read is None:
            self.draft.remark("part-left-out", f"{name} was left out", warning=True)
            return
        for line in kind.read(data, self._package.place).text.split("\n"):
            cells = line.split("\t")
            yield _Row([Cell(cell) for cell in cells]) if len(cells) > 1 else line

    def _flat(self, container: _Element) -> str:
        """All text of a cell or note on one line."""
        parts = (
            " ".join(cell.text for cell in one.cells) if isinstance(one, _Row) else one
            for one in self._blocks(container)
        )
        return " ".join(part for part in map(one_line, parts) if part)

    def _paragraph(self, element: _Element) -> Iterator[str | _Row]:
        properties = element.find(W + "pPr")
        out: list[str] = []
        boxes: list[_Element] = []
        self._inline(element, out, boxes)
        text = "".join(out)
        if properties is not None and properties.find(f"{W}rPr/{W}del") is not None:
            # the mark was deleted: the paragraph goes on in the next one
            self._held += text
        elif self._styles.is_contents(properties):
            self._contents += 1
        else:
            label = self._label(properties)
            yield (label + self._held + text.lstrip() if label else self._held + text).rstrip(" ")
            self._held = ""
        for box in boxes:
            yield from self._blocks(box)

    def _label(self, properties: _Element | None) -> str:
        list_id, depth = self._styles.list_of(properties, self._numbering)
        return self._numbering.count(list_id, depth) if list_id else ""

    def _inline(self, element: _Element, out: list[str], boxes: list[_Element]) -> None:
        for child in element:
            tag = child.tag
            if tag == W + "r":
                self._run(child, out, boxes)
            elif tag in _WRAPPERS:
                self._inline(child, out, boxes)
            elif tag == _MC + "AlternateContent":
                for choice in list(child)[:1]:
                    self._inline(choice, out, boxes)
            elif isinstance(tag, str) and tag.startswith(_MATH):
                out.extend(one.text or "" for one in child.iter(_MATH + "t"))

    def _run(self, run: _Element, out: list[str], boxes: list[_Element]) -> None:
        hidden = run.find(f"{W}rPr/{W}vanish")
        if hidden is not None and is_on(hidden):
            return
        for child in run:
            tag = child.tag
            if tag == W + "fldChar":
                self._field(str(child.get(W + "fldCharType")))
            elif any(self._instructions):
                continue
            elif tag == W + "t":
                out.append((child.text or "").replace("\n", " ").replace("\t", " "))
            elif tag in _MARKS:
                out.append(_MARKS[tag])
            elif tag == W + "sym":
                out.append(_symbol(str(child.get(W + "char") or "")))
            elif tag in (W + "footnoteReference", W + "endnoteReference"):
                kind = "footnotes" if tag == W + "footnoteReference" else "endnotes"
                self._cited.append((kind, str(child.get(W + "id"))))
            elif tag in _DRAWN:
                boxes.extend(_boxes(child))
            elif tag in _WRAPPERS:
                self._inline(child, out, boxes)

    def _field(self, kind: str) -> None:
        """Follow a field: its instruction is not shown, its result is."""
        if kind == "begin":
            self._instructions.append(True)
        elif kind == "separate" and self._instructions:
            self._instructions[-1] = False
        elif kind == "end" and self._instructions:
            self._instructions.pop()

    def _table(self, element: _Element) -> Iterator[str | _Row]:
        rows = list(_rows(element))
        cells = [list(_cells(row)) for row in rows]
        if [len(row) for row in cells] == [1]:
            # a frame around text, not a table
            yield from self._blocks(cells[0][0])
            return
        self._tables += 1
        texts, begun = self._grid(rows, cells)
        used = sorted(set().union(*begun))
        for index, (line, own) in enumerate(zip(texts, begun, strict=True), 1):
            grid = [
                Cell(line[column], Place(table=self._tables, row=index, column=at))
                for at, column in enumerate(used, 1)
                if column < len(line)
            ]
            if own:
                yield _Row(grid[:1] if len(cells[index - 1]) == 1 and len(rows) > 1 else grid)

    def _grid(
        self, rows: list[_Element], cells: list[list[_Element]]
    ) -> tuple[list[list[str]], list[set[int]]]:
        """The texts of every row, one a column, and the columns in which its own cells begin."""
        texts: list[list[str]] = []
        begun: list[set[int]] = []
        for row, inside in zip(rows, cells, strict=True):
            above = texts[-1] if texts else []
            line = [""] * _skipped(row, "gridBefore")
            own: set[int] = set()
            for cell in inside:
                span, going_on = _shape(cell)
                at = len(line)
                if going_on and at < len(above):
                    text = above[at]
                else:
                    text = self._flat(cell)
                    own.add(at)
                line.extend([text] * span)
            line.extend([""] * _skipped(row, "gridAfter"))
            texts.append(line)
            begun.append(own)
        return texts, begun


class _Styles:
    """Paragraph styles: which list and level each brings, which are a table of contents."""

    def __init__(self, root: _Element | None) -> None:
        styles = [] if root is None else list(root.iterchildren(W + "style"))
        self._all = {str(one.get(W + "styleId")): one for one in styles}
        self._default = next(
            (
                str(one.get(W + "styleId"))
                for one in styles
                if one.get(W + "default") in ("1", "true") and one.get(W + "type") == "paragraph"
            ),
            None,
        )
        self._lists: dict[str, tuple[str | None, int | None, str]] = {}
        self._indexes = {
            name for name, one in self._all.items() if _name(one).lower().startswith("toc ")
        }

    def is_contents(self, properties: _Element | None) -> bool:
        return self._style_of(properties) in self._indexes

    def list_of(self, properties: _Element | None, numbering: Numbering) -> tuple[str | None, int]:
        """The list and level of a paragraph: its own, else those of its style."""
        list_id, depth = _list_of(properties)
        style = self._style_of(properties)
        if (list_id is None or depth is None) and style is not None:
            styled_id, styled_depth, owner = self._list_of_style(style)
            if list_id is None and styled_id is not None:
                linked = numbering.level_of_style(styled_id, owner)
                styled_depth = linked if linked is not None else styled_depth
            list_id = styled_id if list_id is None else list_id
            depth = styled_depth if depth is None else depth
        return (None, 0) if list_id in (None, "0") else (list_id, depth or 0)

    def _style_of(self, properties: _Element | None) -> str | None:
        style = None if properties is None else properties.find(W + "pStyle")
        return self._default if style is None else str(style.get(W + "val"))

    def _list_of_style(self, style: str) -> tuple[str | None, int | None, str]:
        if style not in self._lists:
            self._lists[style] = self._inherited(style)
        return self._lists[style]

    def _inherited(self, style: str) -> tuple[str | None, int | None, str]:
        """The list, the level and the style, of those it is based on, that names the list."""
        list_id: str | None = None
        depth: int | None = None
        for _ in range(_STYLES_DEEP):
            element = self._all.get(style)
            if element is None:
                break
            own_id, own_depth = _list_of(element.find(W + "pPr"))
            list_id = own_id if list_id is None else list_id
            depth = own_depth if depth is None else depth
            based = element.find(W + "basedOn")
            if list_id is not None or based is None:
                break
            style = str(based.get(W + "val"))
        return list_id, depth, style


def _list_of(properties: _Element | None) -> tuple[str | None, int | None]:
    """The list id and level that paragraph properties state themselves."""
    if properties is None:
        return None, None
    list_id = properties.find(f"{W}numPr/{W}numId")
    depth = properties.find(f"{W}numPr/{W}ilvl")
    number = "" if depth is None else str(depth.get(W + "val") or "")
    return (
        None if list_id is None else str(list_id.get(W + "val")),
        int(number) if number.isascii() and number.isdecimal() and len(number) < 3 else None,
    )


def _name(style: _Element) -> str:
    name = style.find(W + "name")
    return "" if name is None else str(name.get(W + "val") or "")


def _is_contents(control: _Element) -> bool:
    gallery = control.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery is not None and gallery.get(W + "val") == "Table of Contents"


def _notes(root: _Element | None) -> dict[str, _Element]:
    """Notes by their id, without the lines that only separate them from the text."""
    return {
        str(one.get(W + "id")): one
        for one in (() if root is None else root)
        if one.get(W + "type") in (None, "normal")
    }


def _boxes(drawn: _Element) -> Iterator[_Element]:
    """The outermost text boxes of a drawing; of several renderings the first."""
    if drawn.tag == _MC + "AlternateContent":
        for choice in list(drawn)[:1]:
            yield from _boxes(choice)
        return
    for child in drawn:
        if child.tag == W + "txbxContent":
            yield child
        else:
            yield from _boxes(child)


def _symbol(code: str) -> str:
    """A character of a symbol font, where it has a counterpart: a ticked box."""
    code = code.lower()
    if code in _TICKS:
        return _TICKS[code]
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    return "" if 0xE000 <= number <= 0xF8FF or not 32 <= number < 0xD800 else chr(number)


def _rows(table: _Element) -> Iterator[_Element]:
    return _standing(table, "tr", "trPr", "del")


def _cells(row: _Element) -> Iterator[_Element]:
    return _standing(row, "tc", "tcPr", "cellDel")


def _standing(parent: _Element, tag: str, properties: str, deleted: str) -> Iterator[_Element]:
    """The rows or cells that no tracked change deletes, those in content controls too."""
    for child in parent:
        if child.tag == W + tag:
            if child.find(f"{W}{properties}/{W}{deleted}") is None:
                yield child
        elif child.tag in _WRAPPERS:
            yield from _standing(child, tag, properties, deleted)


def _skipped(row: _Element, name: str) -> int:
    """How many columns a row leaves out before its first or after its last cell."""
    return _count(row.find(f"{W}trPr/{W}{name}"), 0)


def _shape(cell: _Element) -> tuple[int, bool]:
    """How many columns a cell covers, and whether it goes on from the cell above."""
    merged = cell.find(f"{W}tcPr/{W}vMerge")
    going_on = merged is not None and merged.get(W + "val") in (None, "continue")
    return _count(cell.find(f"{W}tcPr/{W}gridSpan"), 1), going_on


def _count(element: _Element | None, default: int) -> int:
    text = "" if element is None else str(element.get(W + "val") or "")
    if not (text.isascii() and text.isdecimal()):
        return default
    return min(int(text[:4]), 63)
