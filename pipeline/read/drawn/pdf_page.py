"""Read a page of a PDF: its characters by their places, and its drawn lines."""

from __future__ import annotations

import ctypes
import io
import logging
import math
import sys
from dataclasses import dataclass

from pypdfium2 import raw

from pipeline.read.drawn.glyphs import DrawnPage, Edge, Glyph
from pipeline.read.drawn.pdf_objects import SLANT, DrawnObjects, Handle

# A scanned page may have a few real characters: those of a stamp or a page number.
_FEW = 8
# Codes that are no character, and the soft hyphen.
_NO_CHARACTERS = (0xFFFE, 0xFFFF, 0xFFFD, 0xAD)


@dataclass(frozen=True, slots=True)
class PageReading:
    """A page as read, and whether it is a picture without text."""

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
    edges: list[Edge] = []
    drawn = DrawnObjects(page, left, top)
    images = drawn.collect(edges)
    glyphs = _glyphs(page, left, top, has_slanted=drawn.has_slanted)
    turned = page.get_rotation()
    if turned:
        size = (height, width) if turned in (90, 270) else (width, height)
        glyphs = [Glyph(one.text, *_turn(one[1:], turned, size)) for one in glyphs]
        edges = [Edge(*_turn(one, turned, size)) for one in edges]
    if drawn.lost:
        glyphs = second.glyphs(number) or glyphs
    few = sum(not glyph.text.isspace() for glyph in glyphs) <= _FEW
    return PageReading(DrawnPage(number, width, height, glyphs, edges), few and images)


def _glyphs(page: Handle, left: float, top: float, *, has_slanted: bool) -> list[Glyph]:
    """The characters of a page with their boxes, in the order in which the file draws them."""
    layer = page.get_textpage()
    handle = layer.raw
    box = raw.FS_RECTF()
    point = ctypes.byref(box)
    unicode, loose = raw.FPDFText_GetUnicode, raw.FPDFText_GetLooseCharBox
    found: list[Glyph] = []
    for index in range(raw.FPDFText_CountChars(handle)):
        code = unicode(handle, index)
        if not _is_character(code):
            continue
        if has_slanted and abs(math.sin(2 * raw.FPDFText_GetCharAngle(handle, index))) > SLANT:
            continue  # a watermark across the page
        if loose(handle, index, point):
            sides = (box.left - left, top - box.top, box.right - left, top - box.bottom)
            found.append(Glyph(chr(code), *sides))
    layer.close()
    return found


def _is_character(code: int) -> bool:
    """Whether a code is a visible character; a damaged table of codes may exceed Unicode."""
    is_surrogate = 0xD800 <= code < 0xE000
    return 32 <= code <= sys.maxunicode and code not in _NO_CHARACTERS and not is_surrogate


def _turn(
    box: tuple[float, float, float, float], degrees: int, size: tuple[float, float]
) -> tuple[float, float, float, float]:
    """The place of a box after the page of this size is turned clockwise, as wide tables are."""
    x0, top, x1, bottom = box
    width, height = size
    if degrees == 90:
        return height - bottom, x0, height - top, x1
    if degrees == 180:
        return width - x1, height - bottom, width - x0, height - top
    return top, width - x1, bottom, width - x0
