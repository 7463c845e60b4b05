"""Read OFD, the national format for fixed pages (GB/T 33190), a zip file of XML parts."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline.errors import SourceError
from pipeline.read.draft import Draft
from pipeline.read.drawn.glyphs import DrawnPage
from pipeline.read.drawn.ofd_objects import POINTS, Box, Drawing, box_of
from pipeline.read.drawn.pages import listed, write_pages
from pipeline.read.package import Package

if TYPE_CHECKING:
    from pathlib import Path

    from lxml.etree import _Element

    from pipeline.read.document_content import Content

MEDIA_TYPE = "application/ofd"
PAGES_LIMIT = 3000
GLYPHS_LIMIT = 5_000_000
_A4: Box = (0.0, 0.0, 210.0, 297.0)


def read(data: bytes, place: Path) -> Content:
    """The content of an OFD file.

    Raises SourceError where it is damaged, too large, or shows pictures only.
    """
    package = Package(data, place)
    draft = Draft(place)
    pages: list[DrawnPage] = []
    lacking: list[int] = []
    glyphs = 0
    for root, folder in _documents(package):
        for page, lacks_units in _pages(package, root, folder, len(pages)):
            pages.append(page)
            lacking += [page.number] if lacks_units else []
            glyphs += len(page.glyphs)
            if len(pages) > PAGES_LIMIT or glyphs > GLYPHS_LIMIT:
                fact = f"more than {PAGES_LIMIT} pages or {GLYPHS_LIMIT:,} characters"
                raise SourceError(place, fact, "give the plan's pages alone")
    if lacking:
        message = f"page {listed(lacking)}: draws a part that could not be read from the file"
        draft.remark("part-left-out", message, warning=True)
    write_pages(draft, pages)
    if not draft.text.strip():
        raise SourceError(place, "the OFD has no text", "give it as PDF, which can be recognised")
    return draft.content(MEDIA_TYPE)


def _documents(package: Package) -> Iterator[tuple[_Element, str]]:
    """The documents of an OFD file, mostly one, each with the folder of its parts."""
    for body in _all(package.xml("OFD.xml"), "DocRoot"):
        name = _path("", body.text)
        yield package.xml(name), posixpath.dirname(name)


def _pages(
    package: Package, root: _Element, folder: str, before: int
) -> Iterator[tuple[DrawnPage, bool]]:
    """The pages of a document, and whether each draws a unit that the file lacks."""
    common = next((box_of(one.text, _A4) for one in _all(root, "PhysicalBox")), _A4)
    templates = {
        str(one.get("ID")): _path(folder, one.get("BaseLoc")) for one in _all(root, "TemplatePage")
    }
    units = _units(package, root, folder)
    for number, one in enumerate(_all(root, "Page"), before + 1):
        name = _path(folder, one.get("BaseLoc"))
        page = package.xml(name)
        box = next((box_of(area.text, _A4) for area in _all(page, "PhysicalBox")), common)
        found = DrawnPage(number, box[2] * POINTS, box[3] * POINTS, [])
        own = _units(package, page, posixpath.dirname(name))
        drawing = Drawing(found, {**units, **own})
        used = [templates.get(str(link.get("TemplateID"))) for link in _all(page, "Template")]
        for layer in (page, *(package.xml(name) for name in used if name)):
            drawing.draw(layer, (POINTS, 0, 0, POINTS, -box[0] * POINTS, -box[1] * POINTS))
        yield found, drawing.lacks_units


def _units(package: Package, root: _Element, folder: str) -> dict[str, _Element]:
    """The graphic units in the resources that a document or page names, by their ids."""
    found: dict[str, _Element] = {}
    for kind in ("PublicRes", "DocumentRes", "PageRes"):
        for one in _all(root, kind):
            try:
                resources = package.xml(_path(folder, one.text))
            except SourceError:
                continue  # fonts and pictures are there too; a page that misses a unit tells it
            found |= {str(unit.get("ID")): unit for unit in _all(resources, "CompositeGraphicUnit")}
    return found


def _path(folder: str, name: object) -> str:
    """The full name of a member that a part names relative to its folder or to the root."""
    text = str(name or "").strip()
    joined = text if text.startswith("/") else posixpath.join("/", folder, text)
    return posixpath.normpath(joined).lstrip("/")


def _all(root: _Element, name: str) -> Iterator[_Element]:
    """The elements of a name in any namespace: editions of the format differ in it."""
    return root.iter(f"{{*}}{name}")
