"""The characters of a PDF page, each with its place and how it is drawn.

A character's place is that of its baseline and size, not the box that its font claims: the boxes of
fonts without ascent or descent leave their line.
"""

from __future__ import annotations

import ctypes
import math
import sys
from typing import NamedTuple

from pypdfium2 import raw

from pipeline.read.drawn.glyphs import Glyph, Ink
from pipeline.read.drawn.pdf_objects import Handle, lightness
from pipeline.read.drawn.turning import direction

# Codes that are no character, and the soft hyphen.
_NO_CHARACTERS = (0xFFFE, 0xFFFF, 0xFFFD, 0xAD)
# A Chinese character's height above and below its baseline, as shares of its size.
_ABOVE = 0.86
_BELOW = 0.14
# A font's own box is at most so many times as high as its size, and at least as high divided by it.
_MOST_HEIGHT = 3.0
# Rendering modes of text that is not painted but read: what recognition lays over a scan.
_UNPAINTED = (3, 7)


class _Run(NamedTuple):
    """A text object: how it is drawn, and the sides of its line where the font's box is not taken."""

    ink: Ink
    top: float | None
    bottom: float
    # Characters whose middle is lower are written downwards; the object's baseline is not theirs.
    lowest: float


def page_glyphs(page: Handle, left: float, top: float) -> list[Glyph]:
    """The characters of a page with their boxes, in the order in which the file draws them.

    `left` and `top` are the upper left corner of what the page shows.
    """
    layer = page.get_textpage()
    try:
        return _Layer(layer.raw, left, top).glyphs()
    finally:
        layer.close()


class _Layer:
    """The text layer of a page."""

    def __init__(self, handle: Handle, left: float, top: float) -> None:
        self._handle = handle
        self._left, self._top = left, top
        self._box = raw.FS_RECTF()
        self._runs: dict[int, _Run] = {}

    def glyphs(self) -> list[Glyph]:
        handle, left, top, box = self._handle, self._left, self._top, self._box
        point, address_of = ctypes.byref(box), ctypes.addressof
        unicode, loose = raw.FPDFText_GetUnicode, raw.FPDFText_GetLooseCharBox
        object_of, runs = raw.FPDFText_GetTextObject, self._runs
        found: list[Glyph] = []
        for index in range(raw.FPDFText_CountChars(handle)):
            code = unicode(handle, index)
            if not _is_character(code):
                continue
            owner = object_of(handle, index)
            if not owner or not loose(handle, index, point):
                continue  # a blank that the library adds: our lines find their own
            address = address_of(owner.contents)
            run = runs.get(address) or self._run(index, owner, address)
            sides = (box.left - left, top - box.top, box.right - left, top - box.bottom)
            if run.top is not None and (box.top + box.bottom) / 2 > run.lowest:
                sides = self._on_line(sides, run)
            found.append(Glyph(chr(code), *sides, run.ink))
        return found

    def _on_line(
        self, sides: tuple[float, float, float, float], run: _Run
    ) -> tuple[float, float, float, float]:
        """The box of a character with the sides of its line above and below it, or beside it."""
        if run.ink.turn in (0, 180):
            return sides[0], run.top or 0.0, sides[2], run.bottom
        return run.top or 0.0, sides[1], run.bottom, sides[3]

    def _run(self, index: int, owner: Handle, address: int) -> _Run:
        """The text object of the character whose box was read last."""
        matrix = raw.FS_MATRIX()
        raw.FPDFText_GetMatrix(self._handle, index, ctypes.byref(matrix))
        size = abs(raw.FPDFText_GetFontSize(self._handle, index))
        turn, is_slanted = direction(matrix.a, -matrix.b)
        em = size * math.hypot(matrix.c, matrix.d)
        is_painted = raw.FPDFTextObj_GetTextRenderMode(owner) not in _UNPAINTED
        ink = Ink(turn, is_slanted, em, lightness(owner) if is_painted else 0.0)
        run = self._line(ink, matrix)
        self._runs[address] = run
        return run

    def _line(self, ink: Ink, matrix: raw.FS_MATRIX) -> _Run:
        box, em = self._box, ink.em
        high = box.top - box.bottom if ink.turn in (0, 180) else box.right - box.left
        is_odd = not em or high > _MOST_HEIGHT * em or 0 < high * _MOST_HEIGHT < em
        if ink.is_slanted or is_odd:
            return _Run(ink, None, 0.0, -math.inf)
        x, y = matrix.e - self._left, self._top - matrix.f
        if ink.turn == 0:
            return _Run(ink, y - _ABOVE * em, y + _BELOW * em, matrix.f - 0.4 * em)
        if ink.turn == 180:
            return _Run(ink, y - _BELOW * em, y + _ABOVE * em, -math.inf)
        above, below = (_ABOVE, _BELOW) if ink.turn == 90 else (_BELOW, _ABOVE)
        return _Run(ink, x - above * em, x + below * em, -math.inf)


def _is_character(code: int) -> bool:
    """Whether a code is a visible character; a damaged table of codes may exceed Unicode."""
    is_surrogate = 0xD800 <= code < 0xE000
    return 32 <= code <= sys.maxunicode and code not in _NO_CHARACTERS and not is_surrogate
