"""Read OFD, the national format for fixed pages (GB/T 33190), a zip file of XML parts."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pipeline.errors import SourceError
from pipeline.read.draft import Draft
from pipeline.read.drawn.glyphs import DrawnPage, Edge, Glyph
from pipeline.read.drawn.pages import write_pages
from pipeline.read.package import Package

if TYPE_CHECKING:
    from pathlib import Path

    from lxml.etree import _Element

    from pipeline.read.document_content import Content

MEDIA_TYPE = "application/ofd"
PAGES_LIMIT = 3000
GLYPHS_LIMIT = 5_000_000
_POINTS = 72 / 25.4
_ASCENT = 0.85
_THIN = 2.0
_STEP = re.compile(r"[A-Za-z]|-?[0-9.]+")
_Matrix = tuple[float, float, float, float, float, float]


def read(data: bytes, place: Path) -> Content:
    """The content of an OFD file.

    Raises SourceError where it is damaged, too large, or shows pictures only.
    """
    package = Package(data, place)
    draft = Draft(place)
    pages: list[DrawnPage] = []
    glyphs = 0
    for root, folder in _documents(package):
        for page in _pages(package, root, folder, len(pages)):
            pages.append(page)
            glyphs += len(page.glyphs)
            if len(pages) > PAGES_LIMIT or glyphs > GLYPHS_LIMIT:
                fact = f"more than {PAGES_LIMIT} pages or {GLYPHS_LIMIT:,} characters"
                raise SourceError(place, fact, "give the plan's pages alone")
    write_pages(draft, pages)
    if not draft.text.strip():
        raise SourceError(place, "the OFD has no text", "give it as PDF, which can be recognised")
    return draft.content(MEDIA_TYPE)


def _documents(package: Package) -> Iterator[tuple[_Element, str]]:
    """The documents of an OFD file, mostly one, each with the folder of its parts."""
    for body in _all(package.xml("OFD.xml"), "DocRoot"):
        name = _path("", body.text)
        yield package.xml(name), posixpath.dirname(name)


def _pages(package: Package, root: _Element, folder: str, before: int) -> Iterator[DrawnPage]:
    common = next((_box(one) for one in _all(root, "PhysicalBox")), (0.0, 0.0, 210.0, 297.0))
    templates = {
        str(one.get("ID")): _path(folder, one.get("BaseLoc")) for one in _all(root, "TemplatePage")
    }
    for number, one in enumerate(_all(root, "Page"), before + 1):
        page = package.xml(_path(folder, one.get("BaseLoc")))
        box = next((_box(area) for area in _all(page, "PhysicalBox")), common)
        glyphs: list[Glyph] = []
        edges: list[Edge] = []
        used = [templates.get(str(link.get("TemplateID"))) for link in _all(page, "Template")]
        for layer in (page, *(package.xml(name) for name in used if name)):
            _collect(layer, box, glyphs, edges)
        size = (box[2] * _POINTS, box[3] * _POINTS)
        yield DrawnPage(number, *size, glyphs, edges)


def _path(folder: str, name: object) -> str:
    """The full name of a member that a part names relative to its folder or to the root."""
    text = str(name or "").strip()
    joined = text if text.startswith("/") else posixpath.join("/", folder, text)
    return posixpath.normpath(joined).lstrip("/")


def _all(root: _Element, name: str) -> Iterator[_Element]:
    """The elements of a name in any namespace: editions of the format differ in it."""
    return root.iter(f"{{*}}{name}")


def _collect(
    root: _Element,
    page: tuple[float, float, float, float],
    glyphs: list[Glyph],
    edges: list[Edge],
) -> None:
    for one in root.iter("{*}TextObject", "{*}PathObject"):
        box = _box(one, "Boundary")
        corner = (box[0] - page[0], box[1] - page[1])
        if str(one.tag).endswith("TextObject"):
            _add_text(one, corner, glyphs)
        else:
            _add_path(one, corner, box, edges)


def _add_text(one: _Element, corner: tuple[float, float], glyphs: list[Glyph]) -> None:
    """Add the characters of a text object, each at the sum of the deltas before it."""
    size = _number(one.get("Size"), 3.5)
    matrix = _matrix(one)
    for code in _all(one, "TextCode"):
        text = code.text or ""
        x, y = _number(code.get("X"), 0.0), _number(code.get("Y"), 0.0)
        across, down = _deltas(code.get("DeltaX")), _deltas(code.get("DeltaY"))
        for index, sign in enumerate(text):
            step = across[min(index, len(across) - 1)] if across else 0.0
            wide = size if sign > "\u2e80" or sign in "“”‘’—…" else size / 2
            if wide < step <= size * 1.1:
                wide = step  # set in a font of one width
            left, _base = _moved(matrix, x, y, corner)
            right, _ = _moved(matrix, x + wide, y, corner)
            _, top = _moved(matrix, x, y - size * _ASCENT, corner)
            _, bottom = _moved(matrix, x, y + size * (1 - _ASCENT), corner)
            if sign.isprintable() and right > left and bottom > top:
                glyphs.append(Glyph(sign, left, top, right, bottom))
            if across or not down:
                x += step or wide
            if down:
                y += down[min(index, len(down) - 1)]


def _add_path(
    one: _Element,
    corner: tuple[float, float],
    box: tuple[float, float, float, float],
    edges: list[Edge],
) -> None:
    """Add the level and upright strokes of a path."""
    matrix = _matrix(one)
    if one.get("Stroke") == "false":
        if min(box[2], box[3]) * _POINTS < _THIN:
            _edge((corner[0], corner[1]), (corner[0] + box[2], corner[1] + box[3]), edges)
        return
    data = next((path.text or "" for path in _all(one, "AbbreviatedData")), "")
    for (x0, y0), (x1, y1) in _strokes(_STEP.findall(data[:200_000])):
        start = _moved(matrix, x0, y0, corner)
        end = _moved(matrix, x1, y1, corner)
        _edge((start[0] / _POINTS, start[1] / _POINTS), (end[0] / _POINTS, end[1] / _POINTS), edges)


def _edge(one: tuple[float, float], two: tuple[float, float], edges: list[Edge]) -> None:
    left, right = sorted((one[0] * _POINTS, two[0] * _POINTS))
    top, bottom = sorted((one[1] * _POINTS, two[1] * _POINTS))
    if min(right - left, bottom - top) < _THIN:
        edges.append(Edge(left, top, right, bottom))


def _strokes(
    steps: Sequence[str],
) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """The straight segments of "M x y L x y … C": S and M move, L draws, C closes."""
    start = here = (0.0, 0.0)
    at = 0
    counts = {"B": 6, "Q": 4, "A": 7}
    while at < len(steps):
        step = steps[at]
        if step in ("S", "M", "L") and at + 2 < len(steps):
            point = (_number(steps[at + 1], 0.0), _number(steps[at + 2], 0.0))
            if step == "L":
                yield here, point
            else:
                start = point
            here = point
            at += 3
        elif step == "C":
            yield here, start
            here = start
            at += 1
        else:
            jump = counts.get(step, 0)
            if jump and at + jump < len(steps):
                here = (
                    _number(steps[at + jump - 1], 0.0),
                    _number(steps[at + jump], 0.0),
                )
            at += jump + 1


def _matrix(one: _Element) -> _Matrix:
    values = _numbers(one.get("CTM"))
    if len(values) != 6:
        return (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    return (values[0], values[1], values[2], values[3], values[4], values[5])


def _moved(matrix: _Matrix, x: float, y: float, corner: tuple[float, float]) -> tuple[float, float]:
    """The place of an object's point on the page, in points from the upper left corner."""
    a, b, c, d, e, f = matrix
    return (
        (a * x + c * y + e + corner[0]) * _POINTS,
        (b * x + d * y + f + corner[1]) * _POINTS,
    )


def _deltas(text: object) -> list[float]:
    """Distances between characters: "3.5 3.5", or "g 12 3.5" for twelve times 3.5."""
    values: list[float] = []
    parts = str(text or "").split()
    at = 0
    while at < len(parts) and len(values) < 100_000:
        if parts[at] == "g" and at + 2 < len(parts):
            times = int(_number(parts[at + 1], 0.0))
            values += [_number(parts[at + 2], 0.0)] * max(0, min(times, 10_000))
            at += 3
        else:
            values.append(_number(parts[at], 0.0))
            at += 1
    return values


def _box(one: _Element, name: str | None = None) -> tuple[float, float, float, float]:
    values = _numbers(one.get(name) if name else one.text)
    if len(values) != 4:
        return (0.0, 0.0, 210.0, 297.0) if name is None else (0.0, 0.0, 0.0, 0.0)
    return (values[0], values[1], values[2], values[3])


def _numbers(text: object) -> list[float]:
    return [_number(part, 0.0) for part in str(text or "").split()]


def _number(text: object, default: float) -> float:
    """A number of the file; the default where it is no number or beyond the size of any page."""
    try:
        value = float(str(text))
    except ValueError:
        return default
    return value if abs(value) < 1e6 else default
