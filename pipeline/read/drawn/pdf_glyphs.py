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
from pipeline.read.drawn.pdf_objects import Colours, Handle
from pipeline.read.drawn.turning import direction

# Codes that are no character, and the soft hyphen.
_NO_CHARACTERS = (0xFFFE, 0xFFFF, 0xFFFD, 0xAD)
_BLANK = 32
_FIRST_DOUBTFUL = 0xAD
# A Chinese character's height above and below its baseline, as shares of its size.
_ABOVE = 0.86
_BELOW = 0.14
# A character reaches at most so far below its baseline.
_LOWEST = 0.7
# A font's own box is at most so many times as high as its size, and at least as high divided by it.
_MOST_HEIGHT = 3.0
# Rendering modes of text that is not painted but read: what recognition lays over a scan.
_UNPAINTED = (3, 7)


class _Run(NamedTuple):
    """A text object: how it is drawn, and the sides of its line.

    They hold for characters whose lower side is above `lowest`: those that are written downwards are not
    on one line. `is_beside`: the line is upright, and `top` and `bottom` are its left and right side.
    """

    ink: Ink
    top: float = 0.0
    bottom: float = 0.0
    lowest: float = math.inf
    is_beside: bool = False


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
        self._colours = Colours()
        self._runs: dict[int, _Run] = {}

    def glyphs(self) -> list[Glyph]:
        handle, left, box, runs = self._handle, self._left, self._box, self._runs
        point, address_of = ctypes.byref(box), ctypes.addressof
        unicode, loose = raw.FPDFText_GetUnicode, raw.FPDFText_GetLooseCharBox
        object_of, is_generated = raw.FPDFText_GetTextObject, raw.FPDFText_IsGenerated
        found: list[Glyph] = []
        for index in range(raw.FPDFText_CountChars(handle)):
            code = unicode(handle, index)
            if code < 32 or (code >= _FIRST_DOUBTFUL and not _is_character(code)):
                continue
            owner = object_of(handle, index)
            if not owner or not loose(handle, index, point):
                continue
            if code == _BLANK and box.right <= box.left and is_generated(handle, index) == 1:
                continue  # a blank that the library adds: our lines find their own
            address = address_of(owner.contents)
            run = runs.get(address) or self._run(index, owner, address)
            if box.bottom > run.lowest:
                one = Glyph(
                    chr(code), box.left - left, run.top, box.right - left, run.bottom, run.ink
                )
            else:
                one = Glyph(chr(code), *self._sides(run), run.ink)
            found.append(one)
        return found

    def _sides(self, run: _Run) -> tuple[float, float, float, float]:
        """The box of the character that was read last, where it is not on an upright line."""
        box = self._box
        sides = (box.left - self._left, self._top - box.top)
        ends = (box.right - self._left, self._top - box.bottom)
        if run.is_beside:
            return run.top, sides[1], run.bottom, ends[1]
        return *sides, *ends

    def _run(self, index: int, owner: Handle, address: int) -> _Run:
        """The text object of the character whose box was read last."""
        matrix = raw.FS_MATRIX()
        raw.FPDFText_GetMatrix(self._handle, index, ctypes.byref(matrix))
        size = abs(raw.FPDFText_GetFontSize(self._handle, index))
        turn, is_slanted = direction(matrix.a, -matrix.b)
        em = size * math.hypot(matrix.c, matrix.d)
        is_painted = raw.FPDFTextObj_GetTextRenderMode(owner) not in _UNPAINTED
        ink = Ink(turn, is_slanted, em, self._colours.lightness(owner) if is_painted else 0.0)
        run = self._line(ink, matrix)
        self._runs[address] = run
        return run

    def _line(self, ink: Ink, matrix: raw.FS_MATRIX) -> _Run:
        box, em = self._box, ink.em
        high = box.top - box.bottom if ink.turn in (0, 180) else box.right - box.left
        is_odd = not em or high > _MOST_HEIGHT * em or 0 < high * _MOST_HEIGHT < em
        if ink.is_slanted or is_odd:
            return _Run(ink)
        x, y = matrix.e - self._left, self._top - matrix.f
        if ink.turn == 0:
            return _Run(ink, y - _ABOVE * em, y + _BELOW * em, matrix.f - _LOWEST * em)
        if ink.turn == 180:
            return _Run(ink, y - _BELOW * em, y + _ABOVE * em, -math.inf)
        above, below = (_ABOVE, _BELOW) if ink.turn == 90 else (_BELOW, _ABOVE)
        return _Run(ink, x - above * em, x + below * em, is_beside=True)


def _is_character(code: int) -> bool:
    """Whether a code is a visible character; a damaged table of codes may exceed Unicode."""
    is_surrogate = 0xD800 <= code < 0xE000
    return 32 <= code <= sys.maxunicode and code not in _NO_CHARACTERS and not is_surrogate
