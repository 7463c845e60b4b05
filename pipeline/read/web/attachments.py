"""Find the files that a page links to."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin

from lxml import etree

from pipeline.model import Attachment
from pipeline.read.web.elements import UNSEEN, is_menu
from pipeline.read.web.page_links import is_file, label_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element


def find_attachments(tree: _Element, body: _Element) -> Iterator[Attachment]:
    """The files that a page links to outside menus, each address once."""
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
