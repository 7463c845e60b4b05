"""Parse a page in UTF-8 to a tree of elements, within limits of size and depth."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from pipeline.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lxml.etree import _Element

MAX_TAGS = 1_000_000
_DEEPEST = 2048
_MOST_ATTRIBUTES = 2000
_LONG_TAG = re.compile(rb"<[a-zA-Z][^<>]{%d,}" % (_MOST_ATTRIBUTES * 2))
_SCRIPT_REACH = 2**20
_QUOTED = re.compile(rb"\"[^\"]*\"|'[^']*'")
_BETWEEN = re.compile(rb"[\s/]+")


def parse_page(page: bytes, place: Path | str) -> _Element:
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
    """Tags of many thousand bytes outside scripts.

    The parser compares every attribute of a tag with all others.
    """
    # A long tag has a whole block without the begin of another tag; nearly no page has one.
    blocks = range(0, len(page), _MOST_ATTRIBUTES)
    if all(page.find(b"<", at, at + _MOST_ATTRIBUTES) >= 0 for at in blocks[:-1]):
        return
    for match in _LONG_TAG.finditer(page):
        at = match.start()
        reach = max(0, at - _SCRIPT_REACH)
        if page.rfind(b"<script", reach, at) <= page.rfind(b"</script", reach, at):
            yield match[0]


def _is_countless(tag: bytes) -> bool:
    return len(_BETWEEN.findall(_QUOTED.sub(b"", tag))) > _MOST_ATTRIBUTES
