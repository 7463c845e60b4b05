"""PDF: characters and drawn lines by their places, from the text layer; scans by recognition."""

from __future__ import annotations

import ctypes
import io
import logging
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.errors import SourceError
from pipeline.read.content import Content
from pipeline.read.draft import Draft
from pipeline.read.drawn import ocr
from pipeline.read.drawn.layout import Page, write_pages
from pipeline.read.drawn.ruled import Edge, Glyph

if TYPE_CHECKING:
    from pathlib import Path

MEDIA_TYPE = "application/pdf"
PAGES_LIMIT = 3000
GLYPHS_LIMIT = 5_000_000
# Recognising takes seconds a page.
PICTURES_LIMIT = 300
_OBJECTS_LIMIT = 30_000
_NESTED = 4
# A scanned page may carry a stamp's or a page number's few real characters.
_FEW = 8
_THIN = 2.5
_NO_WIDTH = 0.01
_SLANT = 0.1
_TEXT, _PATH, _IMAGE, _FORM = 1, 2, 3, 5

# What the PDF library hands over; it has no types.
_Raw = Any
# x and y of a point go to a*x + c*y + e and b*x + d*y + f
Matrix = tuple[float, float, float, float, float, float]
_UNMOVED: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class _Read:
    """A page as read, and whether it is a picture without text."""

    page: Page
    is_picture: bool


def read(data: bytes, place: Path) -> Content:
    """The content of a PDF file.

    Raises SourceError where it is damaged or encrypted, and where it is a scan and the extra ocr
    is not installed.
    """
    try:
        import pypdfium2 as pdfium  # noqa: PLC0415
    except ImportError as error:
        remedy = "install it: pip install pdfplumber pypdfium2"
        raise SourceError(place, "PDF needs the extra pdf", remedy) from error
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "assword" in str(error):
            raise SourceError(
                place, "the PDF is encrypted", "save it without a password"
            ) from error
        raise SourceError(place, f"no readable PDF ({error})", "get the file again") from error
    draft = Draft(place)
    try:
        if len(document) > PAGES_LIMIT:
            raise SourceError(
                place, f"more than {PAGES_LIMIT} pages", "give the plan's pages alone"
            )
        write_pages(draft, _pages(document, data, draft, place))
    except pdfium.PdfiumError as error:
        raise SourceError(place, f"a damaged PDF ({error})", "get the file again") from error
    finally:
        document.close()
    if not draft.text.strip():
        raise SourceError(place, "the PDF has no text and no picture", "give the notice's own file")
    return Content(
        draft.text,
        MEDIA_TYPE,
        locations=tuple(draft.locations),
        remarks=tuple(draft.remarks),
    )


def _pages(document: _Raw, data: bytes, draft: Draft, place: Path) -> list[Page]:
    """The pages of a document; pictures of text are recognised where the extra is installed."""
    read_pages: list[Page] = []
    pictures: list[int] = []
    glyphs = 0
    again = _SecondReader(data)
    for number in range(len(document)):
        try:
            page = document[number]
        except Exception as error:
            raise SourceError(
                place, f"page {number + 1} is damaged", "get the file again"
            ) from error
        one = _read_page(page, number + 1, again)
        if one.is_picture:
            pictures.append(number + 1)
            if ocr.is_there():
                if len(pictures) > PICTURES_LIMIT:
                    fact = f"a scan of more than {PICTURES_LIMIT} pages"
                    raise SourceError(place, fact, "give the plan's pages alone")
                one = _Read(ocr.recognise(page, number + 1), is_picture=True)
        page.close()
        glyphs += len(one.page.glyphs)
        if glyphs > GLYPHS_LIMIT:
            raise SourceError(place, f"more than {GLYPHS_LIMIT:,} characters", "split the file")
        read_pages.append(one.page)
    if pictures:
        _tell_pictures(pictures, glyphs, draft, place)
    return read_pages


def _tell_pictures(pictures: list[int], glyphs: int, draft: Draft, place: Path) -> None:
    shown = ", ".join(map(str, pictures[:10])) + (" …" if len(pictures) > 10 else "")
    if ocr.is_there():
        message = f"page {shown}: recognised from a picture; check names and numbers"
        draft.remark("text-recognised", message, warning=True)
    elif not glyphs:
        remedy = "install the extra that reads it: pip install rapidocr onnxruntime"
        raise SourceError(place, "a scan without a text layer", remedy)
    else:
        message = f"page {shown}: a picture without text was passed over (extra ocr)"
        draft.remark("picture-left-out", message, warning=True)


def _read_page(page: _Raw, number: int, again: _SecondReader) -> _Read:
    width, height = page.get_size()
    left, top = page.get_bbox()[0], page.get_bbox()[3]
    edges: list[Edge] = []
    drawn = _Drawn(page, left, top)
    images = drawn.collect(edges)
    glyphs = _glyphs(page, left, top, has_slanted=drawn.has_slanted)
    turned = page.get_rotation()
    if turned:
        size = (height, width) if turned in (90, 270) else (width, height)
        glyphs = [Glyph(one.text, *_turn(one[1:], turned, size)) for one in glyphs]
        edges = [Edge(*_turn(one, turned, size)) for one in edges]
    if drawn.lost:
        glyphs = again.glyphs(number) or glyphs
    few = sum(not glyph.text.isspace() for glyph in glyphs) <= _FEW
    return _Read(Page(number, width, height, glyphs, edges), few and images)


def _glyphs(page: _Raw, left: float, top: float, *, has_slanted: bool) -> list[Glyph]:
    """The characters of a page with their boxes, in the order the file draws them."""
    from pypdfium2 import raw  # noqa: PLC0415

    layer = page.get_textpage()
    handle = layer.raw
    box = raw.FS_RECTF()
    point = ctypes.byref(box)
    unicode, loose = raw.FPDFText_GetUnicode, raw.FPDFText_GetLooseCharBox
    found: list[Glyph] = []
    for index in range(raw.FPDFText_CountChars(handle)):
        code = unicode(handle, index)
        if code < 32 or code in (0xFFFE, 0xFFFF, 0xFFFD, 0xAD) or 0xD800 <= code < 0xE000:
            continue
        if has_slanted and abs(math.sin(2 * raw.FPDFText_GetCharAngle(handle, index))) > _SLANT:
            continue  # a watermark across the page
        if loose(handle, index, point):
            sides = (box.left - left, top - box.top, box.right - left, top - box.bottom)
            found.append(Glyph(chr(code), *sides))
    layer.close()
    return found


def _turn(
    box: tuple[float, float, float, float], degrees: int, size: tuple[float, float]
) -> tuple[float, float, float, float]:
    """A box where it shows when the page of this size is turned clockwise, as wide tables are."""
    x0, top, x1, bottom = box
    width, height = size
    if degrees == 90:
        return height - bottom, x0, height - top, x1
    if degrees == 180:
        return width - x1, height - bottom, width - x0, height - top
    return top, width - x1, bottom, width - x0


class _SecondReader:
    """A slower reader that needs no font to see a character; opened when first asked."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._document: _Raw = None
        # what it says about broken files is no word for the user
        logging.getLogger("pdfminer").setLevel(logging.CRITICAL)

    def glyphs(self, number: int) -> list[Glyph]:
        """The characters of a page, none where this reader cannot read the file."""
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


class _Drawn:
    """The drawn lines of a page: borders of tables are strokes, rectangles or thin fillings."""

    def __init__(self, page: _Raw, left: float, top: float) -> None:
        from pypdfium2 import raw  # noqa: PLC0415

        self._raw: _Raw = raw
        self._page = page.raw
        self._left, self._top = left, top
        self._seen = 0
        self._embedded: dict[int, bool] = {}
        self.lost = 0
        self.has_slanted = False

    def collect(self, edges: list[Edge]) -> bool:
        """Add the page's lines to `edges`; whether it shows a picture."""
        raw = self._raw
        count = raw.FPDFPage_CountObjects(self._page)
        objects = (raw.FPDFPage_GetObject(self._page, index) for index in range(count))
        return self._walk(objects, _UNMOVED, edges, 0)

    def _walk(self, objects: Iterator[Any], moved: Matrix, edges: list[Edge], depth: int) -> bool:
        raw, images = self._raw, False
        for one in objects:
            self._seen += 1
            if self._seen > _OBJECTS_LIMIT:
                break
            kind = raw.FPDFPageObj_GetType(one)
            if kind == _TEXT:
                self.lost += self._is_lost(one)
                turn = self._matrix(one)
                self.has_slanted |= min(abs(turn[0]), abs(turn[1])) > _SLANT
            elif kind == _PATH:
                self._path(one, moved, edges)
            elif kind == _IMAGE:
                images = True
            elif kind == _FORM and depth < _NESTED:
                inner = (
                    raw.FPDFFormObj_GetObject(one, index)
                    for index in range(raw.FPDFFormObj_CountObjects(one))
                )
                images |= self._walk(inner, _times(self._matrix(one), moved), edges, depth + 1)
        return images

    def _is_lost(self, one: _Raw) -> bool:
        """Whether a text has no width: the text layer passes it over.

        It is a single character in a font that is neither in the file nor on this machine.
        """
        left, low, right, high = (ctypes.c_float() for _ in range(4))
        sides = (ctypes.byref(side) for side in (left, low, right, high))
        if not self._raw.FPDFPageObj_GetBounds(one, *sides) or right.value - left.value > _NO_WIDTH:
            return False
        font = self._raw.FPDFTextObj_GetFont(one)
        address = ctypes.addressof(font.contents) if font else 0
        if address not in self._embedded:
            self._embedded[address] = bool(font and self._raw.FPDFFont_GetIsEmbedded(font) == 1)
        return not self._embedded[address]

    def _matrix(self, one: _Raw) -> Matrix:
        matrix = self._raw.FS_MATRIX()
        if not self._raw.FPDFPageObj_GetMatrix(one, ctypes.byref(matrix)):
            return _UNMOVED
        return (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)

    def _path(self, one: _Raw, moved: Matrix, edges: list[Edge]) -> None:
        raw = self._raw
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        if not raw.FPDFPath_GetDrawMode(one, ctypes.byref(fill), ctypes.byref(stroke)):
            return
        points = list(self._points(one, _times(self._matrix(one), moved)))
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
        one: _Raw,
        matrix: Matrix,
    ) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
        """The straight stretches of a path, from point to point."""
        raw = self._raw
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
    """The movement that does one, then two."""
    a, b, c, d, e, f = one
    g, h, i, j, k, m = two
    return (
        *(a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j),
        *(e * g + f * i + k, e * h + f * j + m),
    )
