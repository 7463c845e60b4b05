"""Turn pages and characters upright: wide tables are set sideways on upright pages."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace

from pipeline.read.drawn.glyphs import DrawnPage, Edge, Glyph, Ground, Ink

# The sine of twice the angle from which a text is slanted, as a watermark is.
_SLANT = 0.1
Box = tuple[float, float, float, float]


def direction(across: float, down: float) -> tuple[int, bool]:
    """The turn of text that runs in this direction (y grows downwards), and whether it is slanted."""
    angle = math.atan2(-down, across)
    is_slanted = abs(math.sin(2 * angle)) > _SLANT
    return round(math.degrees(angle) / 90) % 4 * 90, is_slanted


def turned_box(box: Box, degrees: int, size: tuple[float, float]) -> Box:
    """The place of a box after the page of this size is turned clockwise."""
    x0, top, x1, bottom = box
    width, height = size
    if degrees == 90:
        return height - bottom, x0, height - top, x1
    if degrees == 180:
        return width - x1, height - bottom, width - x0, height - top
    if degrees == 270:
        return top, width - x1, bottom, width - x0
    return box


def turned_glyphs(glyphs: list[Glyph], degrees: int, size: tuple[float, float]) -> list[Glyph]:
    """The characters of a page of this size after it is turned clockwise."""
    inks: dict[Ink, Ink] = {}
    found = []
    for one in glyphs:
        ink = inks.get(one.ink)
        if ink is None:
            ink = inks[one.ink] = replace(one.ink, turn=(one.ink.turn - degrees) % 360)
        found.append(Glyph(one.text, *turned_box(one[1:5], degrees, size), ink))
    return found


def turned_page(page: DrawnPage, degrees: int) -> DrawnPage:
    """A page after it is turned clockwise by 90, 180 or 270 degrees."""
    size = (page.width, page.height)
    width, height = size if degrees == 180 else size[::-1]
    return DrawnPage(
        page.number,
        width,
        height,
        turned_glyphs(page.glyphs, degrees, size),
        [Edge(*turned_box(one, degrees, size)) for one in page.edges],
        [Ground(*turned_box(one[:4], degrees, size), one.lightness) for one in page.grounds],
        [Edge(*turned_box(one, degrees, size)) for one in page.outlines],
    )


def upright(page: DrawnPage) -> DrawnPage:
    """The page turned so that most of its characters stand upright."""
    if not any(one.ink.turn for one in page.glyphs):
        return page
    turns = Counter(one.ink.turn for one in page.glyphs if not one.text.isspace())
    most = max(turns, key=lambda turn: (turns[turn], -turn), default=0)
    return turned_page(page, most) if most else page
