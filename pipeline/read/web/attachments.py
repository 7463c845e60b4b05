"""Find the files that a page links to."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from lxml import etree

from pipeline.model import Attachment
from pipeline.read.web.elements import UNSEEN, is_menu
from pipeline.read.web.page_links import is_file, label_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

# So few links to files are compared with the elements around them.
_FEW = 200


def find_attachments(tree: _Element, body: _Element) -> Iterator[Attachment]:
    """The files that a page links to outside menus, each address once."""
    base = next((e.get("href") for e in tree.iter("base") if e.get("href")), None)
    found: set[str] = set()
    for element in _find_links(body):
        address, label = _read_link(element)
        if address not in found and is_file(address, label):
            found.add(address)
            yield Attachment(text=label, url=_resolved(base, address))


def _find_links(body: _Element) -> Iterator[_Element]:
    """The links outside menus, perhaps without those that lead to no file."""
    files = [one for one in body.iter("a") if is_file(*_read_link(one))]
    if len(files) < _FEW:
        # Of most pages a few links lead to files: only what is around these is looked at.
        yield from (one for one in files if not _is_passed(one, body))
        return
    walk = etree.iterwalk(body, events=("start",))
    for _, element in walk:
        if element is not body and _is_passing(element):
            walk.skip_subtree()
        elif element.tag == "a":
            yield element


def _is_passed(element: _Element, body: _Element) -> bool:
    """Whether an element is, or is in, what is passed over."""
    above = takewhile(lambda one: one is not body, element.iterancestors())
    return any(map(_is_passing, (element, *above)))


def _is_passing(element: _Element) -> bool:
    """Whether a part of a page is passed over: what does not show, and menus."""
    return element.tag in UNSEEN or is_menu(element, element.tag)


def _read_link(element: _Element) -> tuple[str, str]:
    """The address of a link, and its words or its title."""
    address = (element.get("href") or "").strip()
    return address, label_of(element) or (element.get("title") or "").strip()


def _resolved(base: str | None, address: str) -> str:
    try:
        return urljoin(base, address) if base else address
    except ValueError:
        return address
