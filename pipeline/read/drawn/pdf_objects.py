"""Walk the objects of a PDF page: lines of tables are strokes, rectangles or thin fillings."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

from pypdfium2 import raw

from pipeline.read.drawn.glyphs import Edge

# Any object of the PDF library, which has no types.
Handle = Any
# (a, b, c, d, e, f): a point goes to a*x + c*y + e and b*x + d*y + f.
Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_OBJECTS_LIMIT = 30_000
_NESTED_FORMS = 4
_THIN = 2.5
_NO_WIDTH = 0.01
# The sine and cosine from which a text is slanted, as a watermark is.
SLANT = 0.1
_TEXT, _PATH, _IMAGE, _FORM = 1, 2, 3, 5


class DrawnObjects:
    """One walk over the objects of a page: its drawn lines, whether it shows pictures, lost text."""

    def __init__(self, page: Handle, left: float, top: float) -> None:
        self._page = page.raw
        self._left, self._top = left, top
        self._seen = 0
        self._embedded: dict[int, bool] = {}
        self.lost = 0
        self.has_slanted = False

    def collect(self, edges: list[Edge]) -> bool:
        """Add the page's lines to `edges`; returns whether it shows a picture."""
        count = raw.FPDFPage_CountObjects(self._page)
        objects = (raw.FPDFPage_GetObject(self._page, index) for index in range(count))
        return self._walk(objects, _IDENTITY, edges, 0)

    def _walk(self, objects: Iterator[Any], outer: Matrix, edges: list[Edge], depth: int) -> bool:
        images = False
        for one in objects:
            self._seen += 1
            if self._seen > _OBJECTS_LIMIT:
                break
            kind = raw.FPDFPageObj_GetType(one)
            if kind == _TEXT:
                self.lost += self._is_lost(one)
                turn = self._matrix(one)
                self.has_slanted |= min(abs(turn[0]), abs(turn[1])) > SLANT
            elif kind == _PATH:
                self._path(one, outer, edges)
            elif kind == _IMAGE:
                images = True
            elif kind == _FORM and depth < _NESTED_FORMS:
                inner = (
                    raw.FPDFFormObj_GetObject(one, index)
                    for index in range(raw.FPDFFormObj_CountObjects(one))
                )
                images |= self._walk(inner, _times(self._matrix(one), outer), edges, depth + 1)
        return images

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
            return _IDENTITY
        return (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)

    def _path(self, one: Handle, outer: Matrix, edges: list[Edge]) -> None:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        if not raw.FPDFPath_GetDrawMode(one, ctypes.byref(fill), ctypes.byref(stroke)):
            return
        points = list(self._points(one, _times(self._matrix(one), outer)))
        if stroke.value:
            for (x0, y0), (x1, y1) in points:
                self._edge(x0, y0, x1, y1, edges)
        elif fill.value and points:
            xs = [x for pair in points for x, _ in pair]
            ys = [y for pair in points for _, y in pair]
            if min(max(xs) - min(xs), max(ys) - min(ys)) < _THIN:
                self._edge(min(xs), min(ys), max(xs), max(ys), edges)

    def _edge(self, x0: float, y0: float, x1: float, y1: float, edges: list[Edge]) -> None:
        if min(abs(x1 - x0), abs(y1 - y0)) < _THIN:
            left, right = sorted((x0 - self._left, x1 - self._left))
            top, bottom = sorted((self._top - y0, self._top - y1))
            edges.append(Edge(left, top, right, bottom))

    def _points(
        self,
        one: Handle,
        matrix: Matrix,
    ) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
        """The straight segments of a path as start and end point."""
        a, b, c, d, e, f = matrix
        x, y = ctypes.c_float(), ctypes.c_float()
        start = here = (0.0, 0.0)
        for index in range(min(raw.FPDFPath_CountSegments(one), _OBJECTS_LIMIT)):
            segment = raw.FPDFPath_GetPathSegment(one, index)
            raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
            point = (a * x.value + c * y.value + e, b * x.value + d * y.value + f)
            kind = raw.FPDFPathSegment_GetType(segment)
            if kind == raw.FPDF_SEGMENT_MOVETO:
                start = point
            elif kind == raw.FPDF_SEGMENT_LINETO:
                yield here, point
            here = point
            if raw.FPDFPathSegment_GetClose(segment):
                yield here, start
                here = start


def _times(one: Matrix, two: Matrix) -> Matrix:
    """The transformation that applies `one`, then `two`."""
    a, b, c, d, e, f = one
    g, h, i, j, k, m = two
    return (
        *(a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j),
        *(e * g + f * i + k, e * h + f * j + m),
    )
