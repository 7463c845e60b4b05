"""Web pages: bytes -> the document that stands on a page, without what stands round it."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin

from lxml import etree

from pipeline.errors import SourceError
from pipeline.model import Attachment, Location, Problem, Span
from pipeline.read.bundle.members import is_companion
from pipeline.read.charset import Decoded, decode_page
from pipeline.read.content import Content
from pipeline.read.web import menus
from pipeline.read.web.areas import find_area
from pipeline.read.web.markup import UNSEEN, Line, Walk, is_file, is_menu, label_of, length, seen
from pipeline.read.web.page_block import (
    PASSED_KEYS,
    meta_particulars,
    pair_line,
    read_pairs,
    split_pairs,
    to_particulars,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lxml.etree import _Element

MAX_PAGE = 32 * 2**20
MAX_TAGS = 1_000_000
_DEEPEST = 2048
_TITLE_REACH = 800
_LONG_TITLE = 300
_BLOCK_LINES = 12
_LONG = 100
_FOOT_LINES = 12
_SITE = re.compile(r" ?[_|｜] ?| [-–—]+ |-{2,}")
_SAVED = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)")
_FRAME = re.compile(
    rb"<i?frame\b[^<>]{0,500}?\bsrc\s{0,9}=\s{0,9}[\"']?([^\"'\s<>]{1,500})", re.IGNORECASE
)
_MOST_FRAMES = 20
# A page with less text than this is looked at for a saved frame with more.
_POOR = 200
_MOST_ATTRIBUTES = 2000
_LONG_TAG = re.compile(rb"<[a-zA-Z][^<>]{%d,}" % (_MOST_ATTRIBUTES * 2))
_SCRIPT_REACH = 2**20
_QUOTED = re.compile(rb"\"[^\"]*\"|'[^']*'")
_BETWEEN = re.compile(rb"[\s/]+")
_MARK_REACH = 2000
_BLANK = re.compile(r"\s+")


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
        framed = _framed(data, place)
        if framed is None:
            raise
        return framed
    framed = _framed(data, place) if len(content.text) < _POOR else None
    return framed if framed and len(framed.text) > len(content.text) else content


def _framed(data: bytes, place: Path) -> Content | None:
    """The longest of the frames that a browser saved in the page's own folder."""
    found: list[Content] = []
    for match in islice(_FRAME.finditer(data), _MOST_FRAMES):
        with contextlib.suppress(SourceError, OSError, ValueError):
            name = unquote(decode_page(match[1], place).text)
            frame = _saved_frame(place, name)
            inner = frame.read_bytes() if frame else b""
            content = to_content(inner, decode_page(inner, place), place)
            message = f"the text is that of the frame {name}"
            remark = Problem(code="page-frame", severity="info", message=message)
            found.append(replace(content, remarks=(*content.remarks, remark)))
    return max(found, key=lambda content: len(content.text), default=None)


def _saved_frame(place: Path, name: str) -> Path | None:
    """A frame's file, if it lies in the folder that was saved with the page, and nowhere else."""
    folder = place.parent.resolve()
    frame = (folder / name).resolve()
    own = frame.parent.parent == folder and is_companion(f"{frame.parent.name}/", {place.stem})
    return frame if own and frame.is_file() and frame.stat().st_size <= MAX_PAGE else None


def to_content(data: bytes, decoded: Decoded, place: Path | str) -> Content:
    """The content of a page whose characters are known. Raises SourceError as `read` does."""
    sound = decoded.encoding == "utf-8" and not decoded.damaged and b"\0" not in data
    page = data if sound else decoded.text.encode("utf-8", "replace")
    mark = _SAVED.search(decoded.text, 0, _MARK_REACH)
    # The characters are let go before the tree is made: a page is held once, not three times.
    decoded = decoded._replace(text="")
    content = _content(_parse(page, place), page, place)
    return replace(
        content,
        encoding=decoded.encoding,
        remarks=(*_damage(decoded), *content.remarks),
        url=mark[1] if mark else content.url,
    )


@dataclass(slots=True)
class _Page:
    """What a page's tree tells; the tree is let go before its text is put together."""

    lines: list[Line]
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


def _read_tree(tree: _Element, page: bytes, place: Path | str) -> _Page:
    body = next(tree.iter("body"), tree)
    lines, before, remarks = _area_lines(body, page, place)
    if not lines:
        fact = "a page without text"
        raise SourceError(place, fact, "save it from the browser once it shows its text")
    lines = list(_paired(lines))
    head, particulars = _head(tree, before, lines)
    attachments = tuple(_attachments(tree, body))
    return _Page([*head, *lines], particulars, attachments, remarks, _canonical(tree))


def _area_lines(
    body: _Element, page: bytes, place: Path | str
) -> tuple[list[Line], list[Line], list[Problem]]:
    """The lines of the document's area, those above it, and what had to be guessed."""
    area = find_area(body)
    walk = Walk(sum(map(length, area.elements)))
    try:
        before = walk.lines(body, area.elements[0]) if area.elements[0] is not body else []
        lines = [line for element in area.elements for line in walk.lines(element)]
    except ValueError as error:
        fact = "a table whose merged cells repeat beyond measure"
        raise SourceError(place, fact, "save the document by itself") from error
    kept = _without_menus(lines, links=area.evidence == "name")
    if not kept:
        # Whatever its elements are called, a page with text is a page with a document.
        walk = Walk(0, pass_menus=False)
        kept = [line for element in area.elements for line in walk.lines(element)]
    if area.evidence != "none":
        return kept, before, []
    believed, remark = _last_resort(page, kept)
    return believed, before, [remark]


def _without_menus(lines: list[Line], *, links: bool) -> list[Line]:
    """The lines that are no words of menus; `links` keeps lines of links, and a foot."""
    if links:
        return [line for line in lines if line.unlinked is not None or not line.is_menu()]
    return _without_foot([line for line in lines if not line.is_menu()])


def _last_resort(page: bytes, lines: list[Line]) -> tuple[list[Line], Problem]:
    """The lines that trafilatura believes in, where it is installed, else all but the links."""
    found: str | None = None
    with contextlib.suppress(ImportError):
        from trafilatura import extract  # noqa: PLC0415

        found = extract(page.decode(), include_comments=False, favor_recall=True)
    believed = [Line(text) for line in (found or "").splitlines() if (text := seen(line))]
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


def _parse(page: bytes, place: Path | str) -> _Element:
    """The tree of a page in UTF-8. Raises SourceError for one too large or too deep."""
    if page.count(b"<") > MAX_TAGS:
        fact = f"a page of more than {MAX_TAGS} tags"
        raise SourceError(place, fact, "cut it, or save the document by itself")
    if any(map(_is_countless, _long_tags(page))):
        fact = f"a tag of more than {_MOST_ATTRIBUTES} attributes"
        raise SourceError(place, fact, "save the document by itself")
    parser = etree.HTMLParser(
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        huge_tree=True,
        no_network=True,
    )
    try:
        tree = etree.fromstring(page, parser)
    except etree.XMLSyntaxError:
        tree = None
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        fact = f"a page whose elements are nested deeper than {_DEEPEST}"
        raise SourceError(place, fact, "save the document by itself")
    if tree is None:
        raise SourceError(place, "a page without elements", "save the page again")
    return tree


def _long_tags(page: bytes) -> Iterator[bytes]:
    """Tags of many thousand bytes, what stands in scripts left out.

    The parser holds every attribute of a tag against all others.
    """
    for match in _LONG_TAG.finditer(page):
        at = match.start()
        reach = max(0, at - _SCRIPT_REACH)
        if page.rfind(b"<script", reach, at) <= page.rfind(b"</script", reach, at):
            yield match[0]


def _is_countless(tag: bytes) -> bool:
    return len(_BETWEEN.findall(_QUOTED.sub(b"", tag))) > _MOST_ATTRIBUTES


def _without_foot(lines: list[Line]) -> list[Line]:
    """The lines before the site's own foot: who keeps it, where it is registered."""
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


def _head(
    tree: _Element, before: list[Line], lines: list[Line]
) -> tuple[list[Line], dict[str, str]]:
    """What stands above the area and belongs to the document: its title, the page's own block."""
    before = [line for line in before if line.heading or not line.is_menu()]
    before_pairs = read_pairs(line.text for line in before)
    particulars = to_particulars([*before_pairs, *read_pairs(_top(lines))])
    for name, value in meta_particulars(tree).items():
        particulars.setdefault(name, value)
    if "title" not in particulars:
        title = _shown_title(tree, [*before, *lines[:_BLOCK_LINES]]) or _heading(before)
        if title:
            particulars["title"] = title
    # A block may be printed twice, above the title and in a tab beside it.
    pairs = dict.fromkeys((key, value) for key, value in before_pairs if value)
    head = [Line(pair_line(key, value)) for key, value in pairs]
    return [*head, *_title_lines(particulars.get("title"), before, lines)], particulars


def _shown_title(tree: _Element, lines: list[Line]) -> str | None:
    """The lines that the window's title repeats; else its longest piece, the site's name off."""
    window = " ".join(next((e.text for e in tree.iter("title") if e.text), "").split())[
        :_LONG_TITLE
    ]
    bare = _bare(window)
    found = ""
    for line in lines:
        more = found + _bare(line.text)
        if len(more) > 7 and more in bare:
            found = more
        elif found:
            break
    return found or max((piece.strip() for piece in _SITE.split(window)), key=len) or None


def _heading(before: list[Line]) -> str | None:
    headings = [line.text for line in before if line.heading and len(line.text) > 7]
    return headings[-1] if headings else None


def _top(lines: list[Line]) -> Iterator[str]:
    """The lines in which a page's own block may stand: few, short, before the text begins."""
    for line in lines[:_BLOCK_LINES]:
        if len(line.text) > _LONG or line.table:
            return
        yield line.text


def _paired(lines: list[Line]) -> Iterator[Line]:
    """The area's lines, one for each pair of the page's own block at their beginning."""
    top = len(list(_top(lines)))
    for index, line in enumerate(lines):
        pairs = split_pairs(line.text) if index < top and not line.block else []
        if len(pairs) < 2:
            yield line
            continue
        for key, value in pairs:
            if value and key not in PASSED_KEYS:
                yield Line(pair_line(key, value), block=True)


def _title_lines(title: str | None, before: list[Line], lines: list[Line]) -> list[Line]:
    """The title printed above the area, and the lines between it and the area."""
    at = _printed_at(title, before)
    opening = _bare("".join(line.text for line in lines)[:_TITLE_REACH])
    if at is None or _bare(before[at].text) in opening:
        return []
    after = [line for line in before[at + 1 :] if not line.block and not line.is_menu()]
    return [before[at], *(line for line in after if not read_pairs([line.text]))]


def _printed_at(title: str | None, before: list[Line]) -> int | None:
    """The line above the area in which the last printing of the title begins."""
    whole = _bare(title or "")
    found = None
    for index, line in reversed(list(enumerate(before))):
        bare = _bare(line.text)
        if bare and (bare == whole or (len(bare) > 3 and bare in whole)):
            found = index
        elif found is not None:
            break
    return found


def _bare(text: str) -> str:
    return _BLANK.sub("", text)


def _joined(lines: list[Line]) -> tuple[str, tuple[Location, ...]]:
    """The text, and where the cells of its tables stand in it."""
    locations = []
    at = 0
    for line in lines:
        if line.table:
            start = at
            for column, cell in enumerate(line.text.split("\t"), 1):
                if cell:
                    end = start + len(cell)
                    locations.append(_location(start, end, line, column))
                start += len(cell) + 1
        at += len(line.text) + 1
    return "\n".join(line.text for line in lines), tuple(locations)


_SPAN_FIELDS = {"start", "end"}
_LOCATION_FIELDS = {"span", "table", "row", "column"}


def _location(start: int, end: int, line: Line, column: int) -> Location:
    """A cell's location; made without checks, which take half the memory of a page of tables."""
    return Location.model_construct(
        _LOCATION_FIELDS,
        span=Span.model_construct(_SPAN_FIELDS, start=start, end=end),
        table=line.table,
        row=line.row,
        column=column,
    )


def _attachments(tree: _Element, body: _Element) -> Iterator[Attachment]:
    """The files that a page links to, menus left out; each address once."""
    base = next((e.get("href") for e in tree.iter("base") if e.get("href")), None)
    found: set[str] = set()
    walk = etree.iterwalk(body, events=("start",))
    for _, element in walk:
        if element.tag in UNSEEN or (element is not body and is_menu(element, element.tag)):
            walk.skip_subtree()
        elif element.tag == "a":
            address = (element.get("href") or "").strip()
            label = label_of(element) or (element.get("title") or "").strip()
            if address not in found and is_file(address, label):
                found.add(address)
                yield Attachment(text=label, url=_resolved(base, address))


def _resolved(base: str | None, address: str) -> str:
    try:
        return urljoin(base, address) if base else address
    except ValueError:
        return address


def _damage(decoded: Decoded) -> Iterator[Problem]:
    if decoded.damaged:
        message = f"{decoded.damaged} damaged characters in {decoded.encoding}; they read as \ufffd"
        yield Problem(code="damaged-bytes", severity="warning", message=message)
