"""Read Word .docx: paragraphs and tables in document order, list numbers as Word shows them.

The XML is read directly: the usual library omits tracked insertions, content controls and text
boxes, counts no numbers, and cannot open the strict variant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.errors import SourceError
from pipeline.read.document_content import Content
from pipeline.read.draft import Draft, DraftCell, DraftPlace, one_line
from pipeline.read.package import Package
from pipeline.read.word.list_numbers import format_number
from pipeline.read.word.numbering import W, read_numbering
from pipeline.read.word.run_text import MC, WRAPPERS, RunReader
from pipeline.read.word.table_xml import (
    TableCell,
    is_below_its_paragraph,
    row_cells,
    skipped_columns,
    table_rows,
)
from pipeline.read.word.word_styles import ParagraphStyles

if TYPE_CHECKING:
    from pathlib import Path

    from lxml.etree import _Element

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# A file of a few bytes could show one embedded page a thousand times.
CHUNKS_LIMIT = 64
# Ten times the largest tables and cells of plans: merged columns multiply, tables inside tables again.
CELLS_LIMIT = 500_000
CELL_LIMIT = 1_000_000
# The tracked changes of a paragraph mark that take it out.
_TAKEN_OUT = ("del", "moveFrom")
_LINK_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
# Reads an embedded part of another format; None for a format that is not read there.
ChunkReader = Callable[[bytes, "Path"], Content | None]


def read(data: bytes, place: Path, read_chunk: ChunkReader | None = None) -> Content:
    """The content of a .docx file; without `read_chunk`, embedded pages and texts are left out.

    Raises SourceError where it is damaged, encrypted, too large or no Word document.
    """
    package = Package(data, place)
    main = package.links("").get("officeDocument", "word/document.xml")
    root = package.xml(main)
    body = root.find(W + "body")
    if body is None:
        raise SourceError(place, f"{main} holds no Word text", "give the notice's own file")
    writer = _DocumentWriter(package, main, read_chunk)
    writer.write(body)
    draft = writer.draft
    if not draft.text.strip():
        raise SourceError(place, "the document has no text", "give the notice's own file")
    return draft.content(MEDIA_TYPE)


@dataclass(frozen=True, slots=True)
class _DocumentRow:
    """A table row; it has one cell where that covers the whole width."""

    cells: list[DraftCell]


class _DocumentWriter:
    """Writes the body of a document to a draft."""

    def __init__(self, package: Package, main: str, read_chunk: ChunkReader | None) -> None:
        self._package = package
        self._read_chunk = read_chunk
        self._by_id = package.links_by_id(main)
        links = package.links(main)
        styles = package.optional_xml(links.get("styles"))
        self.draft = Draft(package.place)
        self._numbering = read_numbering(package.optional_xml(links.get("numbering")), styles)
        self._styles = ParagraphStyles(styles)
        self._notes = {
            kind: _notes(package.optional_xml(links.get(kind)))
            for kind in ("footnotes", "endnotes")
        }
        self._runs = RunReader(self._styles)
        self._chunks: dict[str, Content | None] = {}
        self._chunk_count = 0
        self._held = ""
        self._tables = 0
        self._contents = 0

    def write(self, body: _Element) -> None:
        for one in self._blocks(body):
            if isinstance(one, _DocumentRow):
                self.draft.row(one.cells)
            else:
                self.draft.line(one)
        for rest in self._take_held():
            self.draft.line(rest)
        self._write_notes()
        if self._contents:
            self.draft.remark("contents-left-out", f"{self._contents} lines of a table of contents")

    def _write_notes(self) -> None:
        """Add the cited footnotes and endnotes after the text: [1] …"""
        for kind, form in (("footnotes", "decimal"), ("endnotes", "lowerRoman")):
            # A note that is cited twice stands once: a small file could multiply a long one.
            cited = dict.fromkeys(note for where, note in self._runs.cited if where == kind)
            for number, note in enumerate(cited, 1):
                element = self._notes[kind].get(note)
                if element is not None:
                    self.draft.line(f"[{format_number(number, form)}] {self._flat(element)}")

    def _blocks(self, container: _Element) -> Iterator[str | _DocumentRow]:
        below: list[str | _DocumentRow] = []
        for child in container:
            tag = child.tag
            if tag == W + "p":
                yield from self._paragraph(child)
                if not self._held:
                    yield from below
                    below = []
            elif tag == W + "tbl" and is_below_its_paragraph(child):
                below += self._table(child)
            elif tag == W + "tbl":
                yield from self._take_held()
                yield from self._table(child)
            elif tag == W + "sdt" and _is_contents(child):
                self._contents += sum(1 for _ in child.iter(W + "p"))
            elif tag in WRAPPERS:
                yield from self._blocks(child)
            elif tag == MC + "AlternateContent":
                for choice in list(child)[:1]:
                    yield from self._blocks(choice)
            elif tag == W + "altChunk":
                yield from self._chunk(str(child.get(_LINK_ID)))
        yield from below

    def _chunk(self, link_id: str) -> Iterator[str | _DocumentRow]:
        """The lines of a page or text that is embedded in the file unconverted."""
        name = self._by_id.get(link_id)
        if name is None or name not in self._package:
            return
        self._chunk_count += 1
        if self._chunk_count > CHUNKS_LIMIT:
            fact = f"it shows more than {CHUNKS_LIMIT} documents that are embedded in it"
            raise SourceError(self._package.place, fact, "save it again with an office program")
        if name not in self._chunks:
            data = self._package.read(name)
            read_chunk = self._read_chunk
            self._chunks[name] = read_chunk(data, self._package.place) if read_chunk else None
        content = self._chunks[name]
        if content is None:
            self.draft.remark("part-left-out", f"{name} was left out", warning=True)
            return
        for line in content.text.split("\n"):
            cells = line.split("\t")
            yield _DocumentRow([DraftCell(cell) for cell in cells]) if len(cells) > 1 else line

    def _flat(self, container: _Element) -> str:
        """All text of a cell or note on one line."""
        held, self._held = self._held, ""
        parts: list[str] = []
        length = 0
        for one in self._blocks(container):
            texts = [cell.text for cell in one.cells] if isinstance(one, _DocumentRow) else [one]
            length += sum(map(len, texts))
            # Before they are joined: each table inside a table may repeat a text in all its columns.
            self._check(length, CELL_LIMIT, "characters in a cell")
            parts.append(" ".join(texts))
        parts += self._take_held()
        self._held = held
        return " ".join(part for part in map(one_line, parts) if part)

    def _check(self, count: int, limit: int, things_message: str) -> None:
        if count > limit:
            fact = f"a table of it has more than {limit:,} {things_message}"
            raise SourceError(self._package.place, fact, "split the table")

    def _take_held(self) -> list[str]:
        """The text that waits for a paragraph to go on in, where none comes."""
        held, self._held = self._held, ""
        return [held] if held else []

    def _paragraph(self, element: _Element) -> Iterator[str | _DocumentRow]:
        properties = element.find(W + "pPr")
        out: list[str] = []
        boxes: list[_Element] = []
        self._runs.add(element, out, boxes)
        text = "".join(out)
        mark = None if properties is None else properties.find(W + "rPr")
        if mark is not None and any(mark.find(W + name) is not None for name in _TAKEN_OUT):
            # The paragraph mark was deleted or moved: the paragraph goes on in the next one.
            self._held += text
        elif self._styles.is_hidden(mark, properties):
            # Nothing of it counts where all is hidden; a run-in heading counts and the text goes on.
            self._held += self._label(properties) + text if text.strip() else ""
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

    def _table(self, element: _Element) -> Iterator[str | _DocumentRow]:
        rows = list(table_rows(element))
        cells = [row_cells(row) for row in rows]
        if [len(row) for row in cells] == [1]:
            # A frame around text, no table.
            yield from self._blocks(cells[0][0].element)
            return
        self._tables += 1
        texts, begun = self._grid(rows, cells)
        used = sorted(set().union(*begun))
        self._check(len(used) * len(rows), CELLS_LIMIT, "cells in all")
        for index, (line, own) in enumerate(zip(texts, begun, strict=True), 1):
            grid = [
                DraftCell(line[column], DraftPlace(table=self._tables, row=index, column=at))
                for at, column in enumerate(used, 1)
                if column < len(line)
            ]
            if own:
                yield _DocumentRow(
                    grid[:1] if len(cells[index - 1]) == 1 and len(rows) > 1 else grid
                )

    def _grid(
        self, rows: list[_Element], cells: list[list[TableCell]]
    ) -> tuple[list[list[str]], list[set[int]]]:
        """The texts of each row, one a column, and the columns in which cells of that row begin."""
        texts: list[list[str]] = []
        begun: list[set[int]] = []
        count = 0
        for row, inside in zip(rows, cells, strict=True):
            above = texts[-1] if texts else []
            line = [""] * skipped_columns(row, "gridBefore")
            own: set[int] = set()
            for cell, span, going_on in inside:
                at = len(line)
                if going_on and at < len(above):
                    text = above[at]
                else:
                    text = self._flat(cell)
                    own.add(at)
                line.extend([text] * span)
            line.extend([""] * skipped_columns(row, "gridAfter"))
            count += len(line)
            self._check(count, CELLS_LIMIT, "cells in all")
            texts.append(line)
            begun.append(own)
        return texts, begun


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
