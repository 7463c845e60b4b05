"""Walk the objects of a PDF page: lines of tables, filled areas, and letters drawn as outlines.

Lines of tables are strokes, rectangles or thin fillings.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pypdfium2 import raw

from pipeline.read.drawn.glyphs import FARTHEST, Edge, Ground, seen_lightness
from pipeline.read.drawn.matrices import IDENTITY, Matrix, Point, moved, times
from pipeline.read.drawn.outlines import Stroke, is_letter

# Any object of the PDF library, which has no types.
Handle = Any
_OBJECTS_LIMIT = 30_000
_NESTED_FORMS = 4
_THIN = 2.5
_NO_WIDTH = 0.01
# A filled area that text may stand on, by its shorter side in points, and how many of a page are kept.
_GROUND = 6.0
_GROUNDS_LIMIT = 2000
_TEXT, _PATH, _IMAGE, _SHADING, _FORM = 1, 2, 3, 4, 5


class DrawnObjects:
    """One walk over the objects of a page.

    `edges` are its drawn lines, `grounds` its filled areas and pictures, `outlines` the boxes of shapes
    that look like letters; `lost` counts the texts that the text layer omits.
    """

    def __init__(self, page: Handle, left: float, top: float) -> None:
        self._page = page.raw
        self._left, self._top = left, top
        self._seen = 0
        self._embedded: dict[int, bool] = {}
        self.edges: list[Edge] = []
        self.grounds: list[Ground] = []
        self.outlines: list[Edge] = []
        self._colours = Colours()
        self.has_pictures = False
        self.lost = 0

    def collect(self) -> DrawnObjects:
        """Walk over the page; returns itself."""
        count = raw.FPDFPage_CountObjects(self._page)
        objects = (raw.FPDFPage_GetObject(self._page, index) for index in range(count))
        self._walk(objects, IDENTITY, 0)
        return self

    def _walk(self, objects: Iterator[Any], outer: Matrix, depth: int) -> None:
        for one in objects:
            self._seen += 1
            if self._seen > _OBJECTS_LIMIT:
                break
            kind = raw.FPDFPageObj_GetType(one)
            if kind == _TEXT:
                self.lost += self._is_lost(one)
            elif kind == _PATH:
                self._path(one, outer)
            elif kind in (_IMAGE, _SHADING):
                self.has_pictures |= kind == _IMAGE
                self._picture(one, outer)
            elif kind == _FORM and depth < _NESTED_FORMS:
                inner = (
                    raw.FPDFFormObj_GetObject(one, index)
                    for index in range(raw.FPDFFormObj_CountObjects(one))
                )
                self._walk(inner, times(self._matrix(one), outer), depth + 1)

    def _is_lost(self, one: Handle) -> bool:
        """Whether a text has no width, so that the text layer omits it.

        It is a single character in a font that is neither in the file nor on this machine.
        """
        left, low, right, high = (ctypes.c_float() for _ in range(4))
        sides = (ctypes.byref(side) for side in (left, low, right, high))
        if not raw.FPDFPageObj_GetBounds(one, *sides) or right.value - left.value > _NO_WIDTH:
            return False
        font = raw.FPDFTextObj_GetFont(one)
        address = ctypes.addressof(font.contents) if font else 0
        if address not in self._embedded:
            self._embedded[address] = bool(font and raw.FPDFFont_GetIsEmbedded(font) == 1)
        return not self._embedded[address]

    def _matrix(self, one: Handle) -> Matrix:
        matrix = raw.FS_MATRIX()
        if not raw.FPDFPageObj_GetMatrix(one, ctypes.byref(matrix)):
            return IDENTITY
        return (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)

    def _path(self, one: Handle, outer: Matrix) -> None:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        if not raw.FPDFPath_GetDrawMode(one, ctypes.byref(fill), ctypes.byref(stroke)):
            return
        if not (fill.value or stroke.value):
            return
        points, strokes, curves = self._points(one, times(self._matrix(one), outer))
        if not points or not _has_place(points):
            return
        box = self._box(points)
        if is_letter(box, len(points), curves):
            self.outlines.append(box)
        elif stroke.value:
            for start, end in strokes:
                self._edge(start, end)
        elif min(box.x1 - box.x0, box.bottom - box.top) < _THIN:
            self.edges.append(box)
        if fill.value:
            self._ground(box, one)

    def _picture(self, one: Handle, outer: Matrix) -> None:
        """Keep the place of a picture: text in any colour may show on it."""
        left, low, right, high = (ctypes.c_float() for _ in range(4))
        sides = (ctypes.byref(side) for side in (left, low, right, high))
        if raw.FPDFPageObj_GetBounds(one, *sides):
            ends = ((left.value, low.value), (right.value, high.value))
            corners = [moved(outer, *end) for end in ends]
            if _has_place(corners):
                self._ground(self._box(corners), None)

    def _ground(self, box: Edge, one: Handle) -> None:
        is_wide = min(box.x1 - box.x0, box.bottom - box.top) > _GROUND
        if is_wide and len(self.grounds) < _GROUNDS_LIMIT:
            self.grounds.append(Ground(*box, self._colours.lightness(one) if one else 0.5))

    def _box(self, points: Sequence[Point]) -> Edge:
        xs, ys = [x for x, _ in points], [y for _, y in points]
        left, top = self._left, self._top
        return Edge(min(xs) - left, top - max(ys), max(xs) - left, top - min(ys))

    def _edge(self, start: Point, end: Point) -> None:
        if min(abs(end[0] - start[0]), abs(end[1] - start[1])) < _THIN:
            self.edges.append(self._box((start, end)))

    def _points(self, one: Handle, matrix: Matrix) -> tuple[list[Point], list[Stroke], int]:
        """The points of a path, its straight segments as start and end, the points on its curves."""
        x, y = ctypes.c_float(), ctypes.c_float()
        start = here = (0.0, 0.0)
        points: list[Point] = []
        strokes: list[Stroke] = []
        curves = 0
        for index in range(min(raw.FPDFPath_CountSegments(one), _OBJECTS_LIMIT)):
            segment = raw.FPDFPath_GetPathSegment(one, index)
            raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
            point = moved(matrix, x.value, y.value)
            points.append(point)
            kind = raw.FPDFPathSegment_GetType(segment)
            if kind == raw.FPDF_SEGMENT_MOVETO:
                start = point
            elif kind == raw.FPDF_SEGMENT_LINETO:
                strokes.append((here, point))
            else:
                curves += 1
            here = point
            if raw.FPDFPathSegment_GetClose(segment):
                strokes.append((here, start))
                here = start
        return points, strokes, curves


class Colours:
    """Reads the colours of objects; the numbers are read into the same places again and again."""

    def __init__(self) -> None:
        self._values = [ctypes.c_uint() for _ in range(4)]
        self._places = [ctypes.byref(value) for value in self._values]

    def lightness(self, one: Handle) -> float:
        """How light an object's filling looks on white: 0 for black, 1 for what does not show."""
        if not raw.FPDFPageObj_GetFillColor(one, *self._places):
            return 0.0
        red, green, blue, alpha = (value.value for value in self._values)
        return seen_lightness(red, green, blue, alpha / 255)


def _has_place(points: Iterable[Point]) -> bool:
    """Whether points are where a page can be; a damaged matrix makes them vast or no numbers."""
    return all(abs(x) < FARTHEST and abs(y) < FARTHEST for x, y in points)
