"""Web pages: bytes -> the document that stands on a page, without what stands round it."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

from lxml import etree

from pipeline.errors import SourceError
from pipeline.lexicon import words
from pipeline.model import Attachment, Location, Problem, Span
from pipeline.read.areas import find_area
from pipeline.read.charset import Decoded, decode_page
from pipeline.read.content import Content
from pipeline.read.markup import UNSEEN, Line, Walk, is_menu, length, seen
from pipeline.read.page_block import (
    meta_particulars,
    pair_line,
    read_pairs,
    to_particulars,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lxml.etree import _Element

MAX_PAGE = 32 * 2**20
_DEEPEST = 2048
_ATTACHED = re.compile(
    r"\.(?:docx?|wps|rtf|xlsx?|et|csv|pdf|ofd|pptx?|dps|zip|rar|7z|tar|gz|txt|ceb|gd)\s*$",
    re.IGNORECASE,
)
_TITLE_REACH = 800
_BLOCK_LINES = 12
_LONG = 100
_MENU_WORDS = sorted(words("web_words", "menu"), key=len, reverse=True)
_MENU = re.compile(
    rf"(?:{'|'.join(map(re.escape, _MENU_WORDS))}|[\s\u3000\[\]【】〔〕()（）<>《》:：|｜/·•,，、_\-+A])+",
    re.IGNORECASE,
)
_SITE = re.compile(r"\s*[_|｜]\s*|\s+[-–—]+\s+|-{2,}")
_SAVED = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)")
_MARK_REACH = 2000
_BLANK = re.compile(r"\s+")


def read(data: bytes, place: Path) -> Content:
    """The content of a web page.

    Raises SourceError for a page above 32 MiB, in no Chinese encoding, nested deeper than 2048
    elements, or without text.
    """
    if len(data) > MAX_PAGE:
        fact = f"a page of {len(data) >> 20} MiB, above the limit of {MAX_PAGE >> 20} MiB"
        raise SourceError(place, fact, "cut it, or save the document by itself")
    decoded = decode_page(data, place)
    return to_content(decoded, place)


def to_content(decoded: Decoded, place: Path | str) -> Content:
    """The content of a page whose characters are known. Raises SourceError as `read` does."""
    tree = _parse(decoded.text, place)
    body = next(tree.iter("body"), tree)
    area = find_area(body)
    walk = Walk(sum(map(length, area.elements)))
    try:
        before = walk.lines(body, area.elements[0]) if area.elements[0] is not body else []
        lines = [line for element in area.elements for line in walk.lines(element)]
    except ValueError as error:
        fact = "a table whose merged cells repeat beyond measure"
        raise SourceError(place, fact, "save the document by itself") from error
    remarks = list(_remarks(decoded))
    lines = [line for line in lines if not _is_furniture(line, links=area.evidence == "name")]
    if area.evidence == "none":
        lines, remark = _last_resort(decoded.text, lines)
        remarks.append(remark)
    if not lines:
        fact = "a page without text"
        raise SourceError(place, fact, "save it from the browser once it shows its text")
    head, particulars = _head(tree, before, lines)
    text, locations = _joined([*head, *lines])
    return Content(
        text,
        "text/html",
        decoded.encoding,
        particulars,
        tuple(_attachments(tree, body)),
        locations,
        tuple(remarks),
        _saved_from(tree, decoded.text),
    )


def _last_resort(page: str, lines: list[Line]) -> tuple[list[Line], Problem]:
    """The lines that trafilatura believes in, where it is installed, else all but the links."""
    found: str | None = None
    with contextlib.suppress(ImportError):
        from trafilatura import extract  # noqa: PLC0415

        found = extract(page, include_comments=False, favor_recall=True)
    believed = [Line(text) for line in (found or "").splitlines() if (text := seen(line))]
    how = "trafilatura chose the lines" if believed else "every line but links was read"
    message = f"no part of the page stands out as the document; {how}"
    return believed or lines, Problem(code="page-area", severity="warning", message=message)


def _saved_from(tree: _Element, page: str) -> str | None:
    """The address a page says it has: a browser's mark of saving, else its canonical link."""
    mark = _SAVED.search(page, 0, _MARK_REACH)
    if mark:
        return mark[1]
    for link in tree.iter("link"):
        address = link.get("href") or ""
        if (link.get("rel") or "").lower() == "canonical" and address.startswith("http"):
            return address
    return None


def _parse(text: str, place: Path | str) -> _Element:
    parser = etree.HTMLParser(
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        huge_tree=True,
        no_network=True,
    )
    try:
        tree = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        tree = None
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        fact = f"a page whose elements are nested deeper than {_DEEPEST}"
        raise SourceError(place, fact, "save the document by itself")
    if tree is None:
        raise SourceError(place, "a page without elements", "save the page again")
    return tree


def _is_furniture(line: Line, *, links: bool) -> bool:
    """A line of the page, not of the document: words of menus, and nothing but links."""
    if _MENU.fullmatch(line.text):
        return True
    return not links and line.is_menu() and not line.table


def _head(
    tree: _Element, before: list[Line], lines: list[Line]
) -> tuple[list[Line], dict[str, str]]:
    """What stands above the area and belongs to the document: its title, the page's own block."""
    top = _top(lines)
    before_pairs = read_pairs(line.text for line in before if not line.is_menu())
    particulars = to_particulars([*before_pairs, *read_pairs(top)])
    for name, value in meta_particulars(tree).items():
        particulars.setdefault(name, value)
    head = [Line(pair_line(key, value)) for key, value in before_pairs if value]
    printed = _title_lines(particulars.get("title"), before, lines)
    if "title" not in particulars:
        title = " ".join(line.text for line in printed) or _window_title(tree)
        if title:
            particulars["title"] = title
    return [*head, *printed], particulars


def _top(lines: list[Line]) -> Iterator[str]:
    """The lines in which a page's own block may stand: few, short, before the text begins."""
    for line in lines[:_BLOCK_LINES]:
        if len(line.text) > _LONG or line.table:
            return
        yield line.text


def _title_lines(title: str | None, before: list[Line], lines: list[Line]) -> list[Line]:
    """The title printed above the area, and the lines between it and the area."""
    opening = _bare("".join(line.text for line in lines)[:_TITLE_REACH])
    at = _printed_at(title, before)
    if at is None or _bare(before[at].text) in opening:
        return []
    return [
        line
        for index, line in enumerate(before[at:])
        if index == 0
        or not (line.block or _is_furniture(line, links=False) or read_pairs([line.text]))
    ]


def _printed_at(title: str | None, before: list[Line]) -> int | None:
    """Where the title is printed: the last such line, else the last heading."""
    if not title:
        headings = [i for i, line in enumerate(before) if line.heading and len(line.text) > 7]
        return headings[-1] if headings else None
    whole = _bare(title)
    found = None
    for index, line in reversed(list(enumerate(before))):
        bare = _bare(line.text)
        if len(bare) > 3 and (bare == whole or (line.heading and bare in whole)):
            found = index
        elif found is not None:
            break
    return found


def _bare(text: str) -> str:
    return _BLANK.sub("", text)


def _window_title(tree: _Element) -> str | None:
    """The window's title without the site's name."""
    words_ = next((e.text for e in tree.iter("title") if e.text), None)
    pieces = [piece.strip() for piece in _SITE.split(words_ or "")]
    return max(pieces, key=len) or None


def _joined(lines: list[Line]) -> tuple[str, tuple[Location, ...]]:
    """The text, and where the cells of its tables stand in it."""
    locations = []
    at = 0
    for line in lines:
        if line.table:
            start = at
            for column, cell in enumerate(line.text.split("\t"), 1):
                if cell:
                    span = Span(start=start, end=start + len(cell))
                    locations.append(
                        Location(span=span, table=line.table, row=line.row, column=column)
                    )
                start += len(cell) + 1
        at += len(line.text) + 1
    return "\n".join(line.text for line in lines), tuple(locations)


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
            label = _BLANK.sub(" ", "".join(element.itertext())).strip()
            if address not in found and _is_file(address, label):
                found.add(address)
                yield Attachment(text=label, url=_resolved(base, address))


def _resolved(base: str | None, address: str) -> str:
    try:
        return urljoin(base, address) if base else address
    except ValueError:
        return address


def _is_file(address: str, label: str) -> bool:
    """Whether a link leads to a file: by its address's path or query, or by its own words."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.scheme not in ("", "http", "https", "ftp", "file") or not address:
        return False
    named = (unquote(parts.path), unquote(parts.query).split("&")[-1], label)
    return any(map(_ATTACHED.search, named))


def _remarks(decoded: Decoded) -> Iterator[Problem]:
    if decoded.damaged:
        message = f"{decoded.damaged} damaged characters in {decoded.encoding}; they read as \ufffd"
        yield Problem(code="damaged-bytes", severity="warning", message=message)
