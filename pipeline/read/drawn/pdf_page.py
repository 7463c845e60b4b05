"""Read a page of a PDF: its characters by their places, and its drawn lines."""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass, replace

from pipeline.read.drawn.glyphs import DrawnPage, Glyph
from pipeline.read.drawn.outlines import missing_letters
from pipeline.read.drawn.pdf_glyphs import page_glyphs
from pipeline.read.drawn.pdf_objects import DrawnObjects, Handle
from pipeline.read.drawn.turning import turned_page

# A scanned page may have a few real characters: those of a stamp or a page number.
_FEW = 8


@dataclass(frozen=True, slots=True)
class PageReading:
    """A page as read, and whether its text is only or mostly a picture or shapes."""

    page: DrawnPage
    is_picture: bool


class SecondReader:
    """A slower reader that needs no font to see a character; it opens the file when first used."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._document: Handle = None
        # Its warnings about broken files are not for the user.
        logging.getLogger("pdfminer").setLevel(logging.CRITICAL)

    def glyphs(self, number: int) -> list[Glyph]:
        """The characters of a page; none where this reader cannot read the file."""
        import pdfplumber  # noqa: PLC0415

        try:
            if self._document is None:
                self._document = pdfplumber.open(io.BytesIO(self._data))
            page = self._document.pages[number - 1]
            found = [
                Glyph(one["text"], one["x0"], one["top"], one["x1"], one["bottom"])
                for one in page.chars
                if one["upright"] and one["text"].isprintable()
            ]
            page.close()
        except Exception:  # noqa: BLE001 - it raises whatever a broken file leads it to
            return []
        return found


def read_page(page: Handle, number: int, second: SecondReader) -> PageReading:
    """The characters and drawn lines of a page; `number` counts from 1."""
    width, height = page.get_size()
    left, top = page.get_bbox()[0], page.get_bbox()[3]
    drawn = DrawnObjects(page, left, top).collect()
    glyphs = page_glyphs(page, left, top)
    turned = page.get_rotation()
    size = (height, width) if turned in (90, 270) else (width, height)
    found = DrawnPage(number, *size, glyphs, drawn.edges, drawn.grounds, drawn.outlines)
    if turned:
        found = turned_page(found, turned)
    if drawn.lost:
        more = second.glyphs(number)
        if _shown(more) > _shown(found.glyphs):
            found = replace(found, glyphs=more)
    shown = _shown(found.glyphs)
    is_picture = missing_letters(found) > shown or (shown <= _FEW and drawn.has_pictures)
    return PageReading(found, is_picture)


def _shown(glyphs: list[Glyph]) -> int:
    """The number of characters that are no blanks."""
    return sum(not one.text.isspace() for one in glyphs)
