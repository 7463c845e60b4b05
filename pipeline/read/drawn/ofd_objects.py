"""Draw the objects of an OFD page: texts, paths, pictures, and units that are used again."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from pipeline.read.drawn.glyphs import FARTHEST, DrawnPage, Edge, Glyph, Ground, Ink, seen_lightness
from pipeline.read.drawn.matrices import IDENTITY, Matrix, Point, moved, times
from pipeline.read.drawn.outlines import Stroke, is_letter
from pipeline.read.drawn.turning import direction

if TYPE_CHECKING:
    from lxml.etree import _Element

POINTS = 72 / 25.4
Box = tuple[float, float, float, float]
_ASCENT = 0.85
_THIN = 2.0
_GROUND = 6.0
_NESTED_UNITS = 4
# A page draws no more objects, however often units use each other.
_OBJECTS_LIMIT = 200_000
_STEP = re.compile(r"[A-Za-z]|-?[0-9.]+")
_KINDS = ("TextObject", "PathObject", "ImageObject", "CompositeObject")
# The numbers after a command of a path, of which the last two are a point; B, Q and A are curves.
_COUNTS = {"S": 2, "M": 2, "L": 2, "B": 6, "Q": 4, "A": 7, "C": 0}


class Drawing:
    """What a page draws, in points; `units` are the graphic units that its objects may name."""

    def __init__(self, page: DrawnPage, units: Mapping[str, _Element]) -> None:
        self._page = page
        self._units = units
        self._drawn = 0
        self.lacks_units = False

    def draw(self, root: _Element, outer: Matrix, depth: int = 0) -> None:
        """Add the objects below an element; `outer` leads from their millimetres to points."""
        for one in root.iter(*(f"{{*}}{kind}" for kind in _KINDS)):
            self._drawn += 1
            if self._drawn > _OBJECTS_LIMIT:
                return
            kind = str(one.tag).rpartition("}")[2]
            corner = box_of(one.get("Boundary"))[:2]
            matrix = times(times(_matrix(one), (1, 0, 0, 1, *corner)), outer)
            if kind == "TextObject":
                self._text(one, matrix)
            elif kind == "CompositeObject":
                self._unit(one, matrix, depth)
            elif _is_visible(one):
                self._shape(one, matrix, outer)

    def _unit(self, one: _Element, matrix: Matrix, depth: int) -> None:
        if not _is_visible(one):
            return
        unit = self._units.get(str(one.get("ResourceID")))
        if unit is None or depth >= _NESTED_UNITS:
            self.lacks_units = True
        else:
            self.draw(unit, matrix, depth + 1)

    def _text(self, one: _Element, matrix: Matrix) -> None:
        """Add the characters of a text object, each at the sum of the deltas before it."""
        size = number(one.get("Size"), 3.5)
        ink = _ink(one, matrix, size)
        for code in one.iter("{*}TextCode"):
            x, y = number(code.get("X"), 0.0), number(code.get("Y"), 0.0)
            across, down = _deltas(code.get("DeltaX")), _deltas(code.get("DeltaY"))
            for index, sign in enumerate(code.text or ""):
                step = across[min(index, len(across) - 1)] if across else 0.0
                wide = size if sign > "\u2e80" or sign in "“”‘’—…" else size / 2
                if wide < step <= size * 1.1:
                    wide = step  # set in a font of one width
                top, bottom = y - size * _ASCENT, y + size * (1 - _ASCENT)
                box = _around(matrix, (x, top, x + wide, bottom))
                if sign.isprintable() and box.x1 > box.x0 and box.bottom > box.top:
                    self._page.glyphs.append(Glyph(sign, *box, ink))
                if across or not down:
                    x += step or wide
                if down:
                    y += down[min(index, len(down) - 1)]

    def _shape(self, one: _Element, matrix: Matrix, outer: Matrix) -> None:
        """Add the level and upright strokes of a path; what is filled is a ground for text."""
        bounds = box_of(one.get("Boundary"))
        x, y, width, height = bounds
        area = _around(outer, (x, y, x + width, y + height))
        is_path = str(one.tag).endswith("PathObject")
        if is_path and one.get("Stroke") == "false" and _thickness(area) < _THIN:
            self._page.edges.append(area)
        elif is_path:
            self._path(one, matrix, strokes_show=one.get("Stroke") != "false")
        is_filled = not is_path or one.get("Fill") == "true"
        if is_filled and _thickness(area) > _GROUND:
            self._page.grounds.append(Ground(*area, _lightness(one) if is_path else 0.5))

    def _path(self, one: _Element, matrix: Matrix, *, strokes_show: bool) -> None:
        data = next((path.text or "" for path in one.iter("{*}AbbreviatedData")), "")
        points, strokes, curves = _steps(_STEP.findall(data[:200_000]))
        if not points:
            return
        places = [moved(matrix, *point) for point in points]
        xs, ys = [x for x, _ in places], [y for _, y in places]
        box = Edge(min(xs), min(ys), max(xs), max(ys))
        if is_letter(box, len(points), curves):
            self._page.outlines.append(box)
        elif strokes_show:
            for start, end in strokes:
                edge = _between(moved(matrix, *start), moved(matrix, *end))
                if _thickness(edge) < _THIN:
                    self._page.edges.append(edge)


def _is_visible(one: _Element) -> bool:
    return str(one.get("Visible")).lower() not in ("false", "0")


def _ink(one: _Element, matrix: Matrix, size: float) -> Ink:
    turn, is_slanted = direction(matrix[0], matrix[1])
    em = abs(size) * math.hypot(matrix[2], matrix[3])
    return Ink(turn, is_slanted, em, _lightness(one), not _is_visible(one))


def _lightness(one: _Element) -> float:
    """How light an object's filling looks; black where it names no colour."""
    color = next(one.iter("{*}FillColor"), None)
    opacity = min(255.0, number(one.get("Alpha"), 255.0)) / 255
    if color is None:
        return seen_lightness(0, 0, 0, opacity)
    opacity *= min(255.0, number(color.get("Alpha"), 255.0)) / 255
    values = numbers(color.get("Value"))
    if len(values) == 1:
        values *= 3
    elif len(values) == 4:
        black = 1 - values[3] / 255
        values = [255 * (1 - value / 255) * black for value in values[:3]]
    if len(values) != 3:
        return seen_lightness(0, 0, 0, opacity)
    red, green, blue = values
    return seen_lightness(red, green, blue, opacity)


def _around(matrix: Matrix, box: Box) -> Edge:
    """The upright box around a box that is moved."""
    x0, y0, x1, y1 = box
    corners = [moved(matrix, x, y) for x, y in ((x0, y0), (x1, y0), (x0, y1), (x1, y1))]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return Edge(min(xs), min(ys), max(xs), max(ys))


def _between(one: Point, two: Point) -> Edge:
    return Edge(min(one[0], two[0]), min(one[1], two[1]), max(one[0], two[0]), max(one[1], two[1]))


def _thickness(box: Edge) -> float:
    return min(box.x1 - box.x0, box.bottom - box.top)


def _steps(steps: Sequence[str]) -> tuple[list[Point], list[Stroke], int]:
    """The points of "M x y L x y … C", its straight segments, the points on curves."""
    points: list[Point] = []
    strokes: list[Stroke] = []
    curves = 0
    start = here = (0.0, 0.0)
    for step, point in _commands(steps):
        if point is None:
            strokes.append((here, start))
            here = start
            continue
        points.append(point)
        if step == "L":
            strokes.append((here, point))
        elif step in ("S", "M"):
            start = point
        else:
            curves += 1
        here = point
    return points, strokes, curves


def _commands(steps: Sequence[str]) -> Iterator[tuple[str, Point | None]]:
    """The commands of a path with the point that each leads to; None where it closes."""
    at = 0
    while at < len(steps):
        step = steps[at]
        count = _COUNTS.get(step)
        if count == 0:
            yield step, None
        elif count and at + count < len(steps):
            yield step, (number(steps[at + count - 1], 0.0), number(steps[at + count], 0.0))
            at += count
        at += 1


def _matrix(one: _Element) -> Matrix:
    values = numbers(one.get("CTM"))
    if len(values) != 6:
        return IDENTITY
    return (values[0], values[1], values[2], values[3], values[4], values[5])


def _deltas(text: object) -> list[float]:
    """Distances between characters: "3.5 3.5", or "g 12 3.5" for twelve times 3.5."""
    values: list[float] = []
    parts = str(text or "").split()
    at = 0
    while at < len(parts) and len(values) < 100_000:
        if parts[at] == "g" and at + 2 < len(parts):
            times_ = int(number(parts[at + 1], 0.0))
            values += [number(parts[at + 2], 0.0)] * max(0, min(times_, 10_000))
            at += 3
        else:
            values.append(number(parts[at], 0.0))
            at += 1
    return values


def box_of(text: object, default: Box = (0.0, 0.0, 0.0, 0.0)) -> Box:
    """A box as "x y width height"; the default where it is none."""
    values = numbers(text)
    return (values[0], values[1], values[2], values[3]) if len(values) == 4 else default


def numbers(text: object) -> list[float]:
    """The numbers of a text that parts them by blanks."""
    return [number(part, 0.0) for part in str(text or "").split()]


def number(text: object, default: float) -> float:
    """A number of the file; the default where it is no number or beyond the size of any page."""
    try:
        value = float(str(text))
    except ValueError:
        return default
    return value if abs(value) < FARTHEST else default
