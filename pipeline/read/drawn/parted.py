"""Find the columns of tables that are drawn with level lines only, as three-line tables are.

Their columns are the gaps that no line of text crosses; they become upright lines, and where one level
line parts all rows from the heads, the rows become level lines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from pipeline.read.drawn.glyphs import Edge, Glyph
from pipeline.read.drawn.lines import starts_count

# Lines of one table end at the same places, in points.
_SAME_END = 3.0
_SHORTEST = 100.0
_FEWEST_RULES = 3
# A gap between columns, in characters.
_GAP = 0.8
# A page has no more such lines; drawings have thousands.
_LIMIT = 400


def added_edges(edges: Sequence[Edge], glyphs: Sequence[Glyph]) -> list[Edge]:
    """The lines that a reader adds in thought to tables without upright lines."""
    level = [
        one for one in edges if one.x1 - one.x0 >= _SHORTEST and one.bottom - one.top < _SAME_END
    ]
    if not _FEWEST_RULES <= len(level) <= _LIMIT:
        return []
    upright = [one for one in edges if one.bottom - one.top >= _SAME_END]
    by_ends: dict[tuple[int, int], list[float]] = defaultdict(list)
    for one in level:
        by_ends[round(one.x0 / _SAME_END), round(one.x1 / _SAME_END)].append(one.top)
    found: list[Edge] = []
    for (left, right), heights in by_ends.items():
        tops = _distinct(heights)
        frame = Edge(left * _SAME_END, tops[0], right * _SAME_END, tops[-1])
        if len(tops) >= _FEWEST_RULES and not any(_meets(one, frame) for one in upright):
            found += _table(frame, tops, [one for one in glyphs if _holds(frame, one)])
    return found


def _table(frame: Edge, tops: list[float], glyphs: list[Glyph]) -> list[Edge]:
    """The lines to add in a frame whose level lines are at these heights; none where it is no table."""
    drawn = [one for one in glyphs if not one.text.isspace()]
    if not drawn:
        return []
    em = median(one.bottom - one.top for one in drawn)
    gaps = _gaps(drawn, _GAP * em)
    sides = [frame.x0, *gaps, frame.x1]
    head = [one for one in drawn if one.bottom < tops[1] + em / 2]
    if not gaps or not all(_fills(head, one, two) for one, two in pairwise(sides)):
        return []
    upright = [Edge(x, frame.top, x, frame.bottom) for x in sides]
    if len(tops) > _FEWEST_RULES:
        return upright
    rows = _rows([one for one in drawn if one.top > tops[1] - em / 2])
    if all(_fills(row, one, two) for row in rows for one, two in pairwise(sides)):
        middles = [(_low(one) + _high(two)) / 2 for one, two in pairwise(rows)]
        return [*upright, *(Edge(frame.x0, y, frame.x1, y) for y in middles)]
    firsts = ["".join(one.text for one in row if one.x0 < gaps[0]) for row in rows]
    return upright if starts_count([text for text in firsts if text]) else []


def _gaps(glyphs: Sequence[Glyph], least: float) -> list[float]:
    """The middles of the gaps, as wide as `least`, that no character covers."""
    found: list[float] = []
    end = float("inf")
    for one in sorted(glyphs, key=lambda one: one.x0):
        if one.x0 - end >= least:
            found.append((end + one.x0) / 2)
        end = one.x1 if end == float("inf") else max(end, one.x1)
    return found


def _rows(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """The characters by the lines of text in which they stand."""
    rows: list[list[Glyph]] = []
    for one in sorted(glyphs, key=lambda one: one.top + one.bottom):
        if rows and (one.top + one.bottom) / 2 < rows[-1][0].bottom:
            rows[-1].append(one)
        else:
            rows.append([one])
    return rows


def _fills(glyphs: Sequence[Glyph], left: float, right: float) -> bool:
    return any(left <= one.x0 and one.x1 <= right for one in glyphs)


def _low(row: Sequence[Glyph]) -> float:
    return max(one.bottom for one in row)


def _high(row: Sequence[Glyph]) -> float:
    return min(one.top for one in row)


def _distinct(heights: Sequence[float]) -> list[float]:
    found: list[float] = []
    for one in sorted(heights):
        if not found or one - found[-1] > _SAME_END:
            found.append(one)
    return found


def _holds(frame: Edge, one: Glyph) -> bool:
    x, y = (one.x0 + one.x1) / 2, (one.top + one.bottom) / 2
    return frame.x0 <= x <= frame.x1 and frame.top <= y <= frame.bottom


def _meets(one: Edge, frame: Edge) -> bool:
    """Whether an upright line runs through a frame or along its sides."""
    return (
        frame.x0 - _SAME_END <= one.x0 <= frame.x1 + _SAME_END
        and one.top < frame.bottom
        and one.bottom > frame.top
    )
