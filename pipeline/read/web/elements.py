"""The kinds of HTML elements: blocks, elements without visible text, menus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.read.web import menus

if TYPE_CHECKING:
    from lxml.etree import _Element

_BLOCK_TAGS = (
    "address article aside blockquote body caption center dd details dialog dir div dl dt "
    "fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li "
    "listing main menu nav ol p plaintext pre search section summary table tbody td tfoot th "
    "thead tr ul xmp"
)
_UNSEEN_TAGS = (
    "applet audio base button canvas datalist embed frame frameset head iframe input link map "
    "math meta noframes noscript object option optgroup param progress rp rt script select source "
    "style svg template textarea title track video"
)
BLOCKS = frozenset(_BLOCK_TAGS.split())
UNSEEN = frozenset(_UNSEEN_TAGS.split())
MENUS = frozenset(("nav", "footer", "aside"))


def is_menu(element: _Element, tag: object) -> bool:
    """Whether an element's tag, class or id names a menu, share bar, foot …"""
    return tag in MENUS or menus.sense_of(element.get("class"), element.get("id")).menu


def length(element: _Element) -> int:
    """The number of characters in an element, without blanks around its texts."""
    return sum([len(words_.strip()) for words_ in element.itertext()])
