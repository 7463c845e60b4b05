"""Find the ruled tables of a drawn page: groups of crossing lines, each a grid of cells.

A cell is a region of the grid that no drawn line cuts. Every line of the table runs through the
whole grid, so a merged cell covers several of its fields, and its text is repeated in each.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from pipeline.read.drawn.glyphs import Edge

# Lines that should meet miss each other by the width of a line, or by rounding.
_NEAR = 3.0
_SHORTEST = 6.0
# Drawings have thousands of lines; the tables of a page have some hundred after joining.
_EDGES_LIMIT = 1500
_FIELDS_LIMIT = 20_000


class _Rule(NamedTuple):
    """A level line at a height, or an upright one at a distance from the left, and its two ends."""

    at: float
    start: float
    end: float


class Ruled:
    """A table on a page: the positions of its grid lines, and the region of each field."""

    def __init__(self, level: list[_Rule], upright: list[_Rule]) -> None:
        self._rows = _places([line.at for line in level] + _ends(upright))
        self._columns = _places([line.at for line in upright] + _ends(level))
        self._region: list[list[int]] = []
        if self.fields <= _FIELDS_LIMIT:
            self._join(_by_place(level, self._rows), _by_place(upright, self._columns))

    @property
    def fields(self) -> int:
        """The number of fields of the grid."""
        return (len(self._rows) - 1) * (len(self._columns) - 1)

    @property
    def box(self) -> Edge:
        """The rectangle around the table."""
        return Edge(self._columns[0], self._rows[0], self._columns[-1], self._rows[-1])

    @property
    def is_table(self) -> bool:
        """Whether there are at least two cells."""
        return len({region for row in self._region for region in row}) > 1

    @property
    def tallest(self) -> float:
        """The height of the highest row."""
        return max(two - one for one, two in pairwise(self._rows))

    def _join(self, level: dict[int, list[_Rule]], upright: dict[int, list[_Rule]]) -> None:
        """Give the same region to fields that no line separates."""
        height, width = len(self._rows) - 1, len(self._columns) - 1
        parent = list(range(height * width))

        def root(field: int) -> int:
            while parent[field] != field:
                parent[field] = parent[parent[field]]
                field = parent[field]
            return field

        for row in range(height):
            middle = (self._rows[row] + self._rows[row + 1]) / 2
            for column in range(width):
                field = row * width + column
                if column + 1 < width and not _is_cut(upright.get(column + 1, ()), middle):
                    parent[root(field + 1)] = root(field)
                center = (self._columns[column] + self._columns[column + 1]) / 2
                if row + 1 < height and not _is_cut(level.get(row + 1, ()), center):
                    parent[root(field + width)] = root(field)
        self._region = [
            [root(row * width + column) for column in range(width)] for row in range(height)
        ]

    def region_at(self, x: float, y: float) -> int | None:
        """The cell at a point, or None outside the table."""
        row = bisect_right(self._rows, y) - 1
        column = bisect_right(self._columns, x) - 1
        if 0 <= row < len(self._region) and 0 <= column < len(self._region[0]):
            return self._region[row][column]
        return None

    @property
    def columns(self) -> list[float]:
        """The positions of the grid's upright lines."""
        return self._columns

    def sides(self) -> dict[int, tuple[float, float]]:
        """The left and right side of each cell."""
        found: dict[int, tuple[float, float]] = {}
        for row in self._region:
            for column, region in enumerate(row):
                left, right = self._columns[column], self._columns[column + 1]
                one, two = found.get(region, (left, right))
                found[region] = (min(one, left), max(two, right))
        return found

    def rows(self) -> list[list[int]]:
        """The cells of each row, one a column, without rows and columns that repeat the one before."""
        rows = [row for at, row in enumerate(self._region) if not at or row != self._region[at - 1]]
        columns = [list(column) for column in zip(*rows, strict=True)]
        kept = [one for at, one in enumerate(columns) if not at or one != columns[at - 1]]
        return [list(row) for row in zip(*kept, strict=True)]


def find_tables(edges: Sequence[Edge]) -> list[Ruled]:
    """The ruled tables among a page's drawn lines, from the top down."""
    level = _joined(
        _Rule((one.top + one.bottom) / 2, one.x0, one.x1)
        for one in edges
        if one.bottom - one.top < one.x1 - one.x0
    )
    upright = _joined(
        _Rule((one.x0 + one.x1) / 2, one.top, one.bottom)
        for one in edges
        if one.bottom - one.top >= one.x1 - one.x0
    )
    if not level or not upright or len(level) + len(upright) > _EDGES_LIMIT:
        return []
    tables = [Ruled(*group) for group in _groups(level, upright)]
    return sorted((one for one in tables if one.is_table), key=lambda one: one.box.top)


def _joined(lines: Iterable[_Rule]) -> list[_Rule]:
    """Join pieces of one line: every cell draws its own borders."""
    found: list[_Rule] = []
    for line in sorted(lines):
        for index in range(len(found) - 1, max(-1, len(found) - 40), -1):
            one = found[index]
            if line.at - one.at > _NEAR:
                continue
            if line.start <= one.end + _NEAR and one.start <= line.end + _NEAR:
                start, end = min(one.start, line.start), max(one.end, line.end)
                found[index] = _Rule(one.at, start, end)
                break
        else:
            found.append(line)
    return [line for line in found if line.end - line.start >= _SHORTEST]


def _groups(
    level: Sequence[_Rule], upright: Sequence[_Rule]
) -> Iterable[tuple[list[_Rule], list[_Rule]]]:
    """The groups of lines that touch each other; a line that crosses nothing is in none."""
    parent = list(range(len(level) + len(upright)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for one, line in enumerate(level):
        for two, other in enumerate(upright, len(level)):
            if (
                line.start - _NEAR <= other.at <= line.end + _NEAR
                and other.start - _NEAR <= line.at <= other.end + _NEAR
            ):
                parent[root(one)] = root(two)
    groups: dict[int, tuple[list[_Rule], list[_Rule]]] = defaultdict(lambda: ([], []))
    for index, line in enumerate((*level, *upright)):
        groups[root(index)][index >= len(level)].append(line)
    return [group for group in groups.values() if all(group)]


def _ends(lines: Iterable[_Rule]) -> list[float]:
    """The outermost ends of lines: a table may be open at its sides."""
    lines = list(lines)
    return [min(line.start for line in lines), max(line.end for line in lines)]


def _places(values: list[float]) -> list[float]:
    """Positions, sorted; those that are nearly the same are one."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _NEAR:
            found.append(value)
    return found


def _by_place(lines: Iterable[_Rule], places: list[float]) -> dict[int, list[_Rule]]:
    """The lines by the number of the grid line on which they run."""
    found: dict[int, list[_Rule]] = defaultdict(list)
    for line in lines:
        found[max(0, bisect_right(places, line.at) - 1)].append(line)
    return found


def _is_cut(lines: Iterable[_Rule], at: float) -> bool:
    return any(line.start <= at <= line.end for line in lines)
