"""Read the document on a web page, without the menus and the foot of its site."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypedDict

from pydantic import TypeAdapter

from pipeline.errors import SourceError
from pipeline.model import Attachment, Location, Problem
from pipeline.read.charset import Decoded, decode_page
from pipeline.read.document_content import Content, find_damage
from pipeline.read.web import menus
from pipeline.read.web.areas import find_area
from pipeline.read.web.attachments import find_attachments
from pipeline.read.web.elements import length
from pipeline.read.web.hidden import remove_copies, remove_hidden
from pipeline.read.web.leftovers import is_trailing
from pipeline.read.web.markup import PageWalk
from pipeline.read.web.page_head import split_block_lines, split_head
from pipeline.read.web.page_lines import PageLine, visible_text
from pipeline.read.web.page_tree import parse_page
from pipeline.read.web.saved_frames import MAX_PAGE, longest_frame
from pipeline.read.web.scripted_text import find_scripted_page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lxml.etree import _Element

# A page with less text is searched for a saved frame with more.
_POOR = 200
# Up to so many bytes all elements of a page are held at once.
_SMALL_PAGE = 2**20
_FOOT_LINES = 12
_SAVED = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)")
_MARK_REACH = 2000
_REPLACED = "\ufffd"
# The cells of a row are validated together: one call costs much less than one for each of them.
_LOCATIONS = TypeAdapter(list[Location]).validator
_SCRIPTED = "the page shows no text; it is that of one of its scripts or frames"


class _Span(TypedDict):
    """The fields of a span."""

    start: int
    end: int


class _CellLocation(TypedDict):
    """The fields of a cell's location."""

    span: _Span
    table: int
    row: int
    column: int


def read(data: bytes, place: Path) -> Content:
    """The content of a web page.

    Raises SourceError for a page above 32 MiB or a million tags, in no Chinese encoding, nested
    deeper than 2048 elements, or without text.
    """
    if len(data) > MAX_PAGE:
        fact = f"a page of {len(data) >> 20} MiB, above the limit of {MAX_PAGE >> 20} MiB"
        raise SourceError(place, fact, "cut it, or save the document by itself")
    try:
        content = to_content(data, decode_page(data, place), place)
    except SourceError:
        framed = longest_frame(data, place, to_content)
        if framed is None:
            raise
        return framed
    framed = longest_frame(data, place, to_content) if len(content.text) < _POOR else None
    return framed if framed and len(framed.text) > len(content.text) else content


def to_content(data: bytes, decoded: Decoded, place: Path | str) -> Content:
    """The content of a page whose characters are known. Raises SourceError as `read` does."""
    sound = decoded.encoding == "utf-8" and not decoded.damaged and b"\0" not in data
    page = data if sound else decoded.text.encode("utf-8", "replace")
    mark = _SAVED.search(decoded.text, 0, _MARK_REACH)
    cut = _REPLACED not in decoded.text
    # The text is released before the tree is made: a page is in memory once, not three times.
    decoded = decoded._replace(text="")
    content = _content(parse_page(page, place), page, place)
    return replace(
        content,
        encoding=decoded.encoding,
        remarks=(*find_damage(decoded.damaged, decoded.encoding, cut=cut), *content.remarks),
        url=mark[1] if mark else content.url,
    )


@dataclass(slots=True)
class _PageReading:
    """The parts read from a page's tree, which is released before the text is joined."""

    lines: list[PageLine]
    particulars: dict[str, str]
    attachments: tuple[Attachment, ...]
    remarks: list[Problem]
    url: str | None


def _content(tree: _Element, page: bytes, place: Path | str) -> Content:
    found = _read_tree(tree, page, place)
    del tree
    text, locations = _joined(found.lines)
    return Content(
        text,
        "text/html",
        None,
        found.particulars,
        found.attachments,
        locations,
        tuple(found.remarks),
        found.url,
    )


def _read_tree(tree: _Element, page: bytes, place: Path | str) -> _PageReading:
    body = next(tree.iter("body"), tree)
    # Elements that are held are not made anew by each walk over the tree.
    held = list(tree.iter()) if len(page) < _SMALL_PAGE else []
    removed = list(_remove_unseen(body))
    lines, before, remarks = _area_lines(body, page, place)
    if sum(len(line.text) for line in lines) < _POOR and (inner := find_scripted_page(tree)):
        own = [line for line in before if line.heading]
        lines, before, remarks = _area_lines(_parse_body(inner, place), page, place)
        before = [*own, *before]
        remarks.append(Problem(code="page-script", severity="warning", message=_SCRIPTED))
    remarks += removed
    if not lines:
        fact = "a page without text"
        raise SourceError(place, fact, "save it from the browser once it shows its text")
    lines = list(split_block_lines(lines))
    head, particulars = split_head(tree, before, lines)
    attachments = tuple(find_attachments(tree, body))
    held.clear()
    return _PageReading([*head, *lines], particulars, attachments, remarks, _canonical(tree))


def _remove_unseen(body: _Element) -> Iterator[Problem]:
    """Remove what a browser does not show and second copies; yield remarks on what is uncertain."""
    if remove_hidden(body):
        message = "nearly all text of the page is hidden until a script shows it; it was read"
        yield Problem(code="hidden-text", severity="warning", message=message)
    copies = remove_copies(body)
    if copies:
        message = f"the page holds the same text {copies + 1} times; it was read once"
        yield Problem(code="page-copy", severity="info", message=message)


def _parse_body(inner: str, place: Path | str) -> _Element:
    """The body of a page that is a string of another page."""
    page = f"<html><body>{inner}</body></html>".encode("utf-8", "replace")
    tree = parse_page(page, place)
    body = next(tree.iter("body"), tree)
    remove_hidden(body)
    return body


def _area_lines(
    body: _Element, page: bytes, place: Path | str
) -> tuple[list[PageLine], list[PageLine], list[Problem]]:
    """The lines of the document's area, those above it, and remarks on what had to be guessed."""
    area = find_area(body)
    walk = PageWalk(sum(map(length, area.elements)))
    try:
        before = walk.lines(body, area.elements[0]) if area.elements[0] is not body else []
        lines = [line for element in area.elements for line in walk.lines(element)]
    except ValueError as error:
        fact = "a table whose merged cells repeat beyond measure"
        raise SourceError(place, fact, "save the document by itself") from error
    kept = _without_menus(lines, links=area.evidence == "name")
    if not kept:
        # Whatever the names of its elements, a page with text has a document.
        walk = PageWalk(0, pass_menus=False)
        kept = _without_foot([line for one in area.elements for line in walk.lines(one)])
    kept = _without_trailing(kept)
    if area.evidence != "none":
        return kept, before, []
    believed, remark = _last_resort(page, kept)
    return believed, before, [remark]


def _without_menus(lines: list[PageLine], *, links: bool) -> list[PageLine]:
    """The lines that are no menu and no foot; `links` keeps lines of links."""
    if links:
        kept = [line for line in lines if line.unlinked is not None or not line.is_menu()]
        return _without_foot(kept)
    return _without_foot([line for line in lines if not line.is_menu()])


def _without_foot(lines: list[PageLine]) -> list[PageLine]:
    """The lines before the site's own foot: its operator and its registration."""
    end = len(lines)
    for index in range(len(lines) - 1, max(-1, len(lines) - 1 - _FOOT_LINES), -1):
        line = lines[index]
        if line.table:
            break
        if menus.is_foot(line.text):
            end = index
        elif not menus.may_be_foot(line.text):
            break
    while 0 < end < len(lines) and menus.may_be_foot(lines[end - 1].text):
        end -= 1
    return lines[:end]


def _without_trailing(lines: list[PageLine]) -> list[PageLine]:
    """The lines before what a site puts under a document: 责任编辑：张三, a head 附件： without a file."""
    end = len(lines)
    while end > 1 and not lines[end - 1].table and is_trailing(lines[end - 1].text):
        end -= 1
    return lines[:end]


def _last_resort(page: bytes, lines: list[PageLine]) -> tuple[list[PageLine], Problem]:
    """The lines that trafilatura chooses, where it is installed, else all but the links."""
    found: str | None = None
    with contextlib.suppress(ImportError):
        from trafilatura import extract  # noqa: PLC0415

        found = extract(page.decode(), include_comments=False, favor_recall=True)
    believed = [
        PageLine(text) for line in (found or "").splitlines() if (text := visible_text(line))
    ]
    how = "trafilatura chose the lines" if believed else "every line but links was read"
    message = f"no part of the page stands out as the document; {how}"
    return believed or lines, Problem(code="page-area", severity="warning", message=message)


def _canonical(tree: _Element) -> str | None:
    """The address that a page gives as its own."""
    for link in tree.iter("link"):
        address = link.get("href") or ""
        if (link.get("rel") or "").lower() == "canonical" and address.startswith("http"):
            return address
    return None


def _joined(lines: list[PageLine]) -> tuple[str, tuple[Location, ...]]:
    """The text, and the locations of the cells of its tables."""
    locations: list[Location] = []
    at = 0
    for line in lines:
        if line.table:
            locations += _LOCATIONS.validate_python(list(_row_locations(line, at)))
        at += len(line.text) + 1
    return "\n".join([line.text for line in lines]), tuple(locations)


def _row_locations(line: PageLine, at: int) -> Iterator[_CellLocation]:
    """The locations of the cells of a row whose line begins at an offset."""
    for column, cell in enumerate(line.text.split("\t"), 1):
        end = at + len(cell)
        if cell:
            span: _Span = {"start": at, "end": end}
            yield {"span": span, "table": line.table, "row": line.row, "column": column}
        at = end + 1
