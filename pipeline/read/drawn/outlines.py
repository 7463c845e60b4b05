"""Letters that a page draws as shapes: their strokes are no lines of a table.

Some writers draw words as outlines, beside the same words as text or in their place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from pipeline.read.drawn.glyphs import FARTHEST, DrawnPage, Edge, Glyph
from pipeline.read.drawn.matrices import Point

Stroke = tuple[Point, Point]
# The largest letter, in points, and the points of a shape that is no rectangle.
_LETTER = 60.0
_SMALLEST = 2.0
_LETTER_POINTS = 6
# A word drawn as one shape has more points; a frame with round corners has fewer.
_WORD_POINTS = 100
# A stroke may pass the box of its letter by so many points.
_NEAR = 0.6
# A stroke is at most so many times as long as its letter is high, and so much of that from its edge.
_AS_LONG = 1.1
_EDGE = 0.1
# So many letters in a row are words, fewer may be an emblem or a mark.
_WORDS = 5


def is_letter(box: Edge, points: int, curves: int) -> bool:
    """Whether a shape with so many points, some on curves, looks like a letter or a word."""
    width, height = box.x1 - box.x0, box.bottom - box.top
    if points < _LETTER_POINTS or min(width, height) > _LETTER:
        return False
    if max(width, height) <= _LETTER:
        return True
    return curves > _WORD_POINTS and max(width, height) < points


def table_edges(page: DrawnPage) -> list[Edge]:
    """The drawn lines of a page without the strokes of its letters."""
    short = [edge for edge in page.edges if _is_short(edge)]
    if not short:
        return page.edges
    near = _by_square(page.glyphs)
    strokes = {
        id(edge)
        for edge in short
        if any(
            _is_inside(edge, one) or _strikes(edge, one) for one in near[_square(edge.x0, edge.top)]
        )
    }
    return [edge for edge in page.edges if id(edge) not in strokes]


def missing_letters(page: DrawnPage) -> int:
    """The number of letters that stand in rows of five and more and are no text of the page."""
    if len(page.outlines) < _WORDS:
        return 0
    near = _by_square(page.glyphs)
    rows: dict[int, int] = defaultdict(int)
    for box in page.outlines:
        x, y = (box.x0 + box.x1) / 2, (box.top + box.bottom) / 2
        if max(box.x1 - box.x0, box.bottom - box.top) < _SMALLEST:
            continue
        if not any(
            one.x0 <= x <= one.x1 and one.top <= y <= one.bottom for one in near[_square(x, y)]
        ):
            rows[int(y // 12)] += 1
    return sum(count for count in rows.values() if count >= _WORDS)


def _is_short(edge: Edge) -> bool:
    return max(edge.x1 - edge.x0, edge.bottom - edge.top) <= _LETTER


def _is_inside(edge: Edge, glyph: Glyph) -> bool:
    """Whether a line lies in a character's box, and not along its side."""
    return (
        glyph.x0 - _NEAR <= edge.x0
        and edge.x1 <= glyph.x1 + _NEAR
        and glyph.top - _NEAR <= edge.top
        and edge.bottom <= glyph.bottom + _NEAR
        and not glyph.text.isspace()
    )


def _strikes(edge: Edge, glyph: Glyph) -> bool:
    """Whether a line no longer than a character begins in the middle of its box."""
    high = glyph.bottom - glyph.top
    wide, long = edge.x1 - edge.x0, edge.bottom - edge.top
    is_within = glyph.x0 - _NEAR <= edge.x0 < glyph.x1 and glyph.top <= edge.top < glyph.bottom
    if not is_within or max(wide, long) > _AS_LONG * high or glyph.text.isspace():
        return False
    if wide >= long:
        return glyph.top + _EDGE * high < edge.top < glyph.bottom - _EDGE * high
    return glyph.x0 + _NEAR < edge.x0 < glyph.x1 - _NEAR


def _square(x: float, y: float) -> tuple[int, int]:
    return int(x // _LETTER), int(y // _LETTER)


def _by_square(glyphs: Iterable[Glyph]) -> dict[tuple[int, int], Sequence[Glyph]]:
    """The characters by the squares of the page that they touch."""
    found: dict[tuple[int, int], list[Glyph]] = defaultdict(list)
    for one in glyphs:
        if not all(abs(side) < FARTHEST for side in one[1:5]):
            continue  # a damaged matrix puts it nowhere
        left, right = int((one.x0 - _NEAR) // _LETTER), int((one.x1 + _NEAR) // _LETTER)
        top, bottom = int((one.top - _NEAR) // _LETTER), int((one.bottom + _NEAR) // _LETTER)
        if left == right and top == bottom:
            found[left, top].append(one)
            continue
        for x in range(left, min(right, left + 10) + 1):
            for y in range(top, min(bottom, top + 10) + 1):
                found[x, y].append(one)
    return defaultdict(list, found)
