"""Remove what a browser does not show from a page's tree, and second copies of its text.

Hidden are elements with the attribute `hidden` or `display:none`, and those that the page's own style
sheet hides. A text that a page has twice, as for telephones beside one for desktops, is kept once.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import takewhile
from math import ceil, inf
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from pipeline.read.web.elements import UNSEEN
from pipeline.read.web.style_rules import StyleRules, read_style_rules

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from lxml.etree import _Element

# Also what is put far outside the window.
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|(?:^|;|\s)(?:left|top)\s*:\s*-\d{3,}(?:px|em)"
)
# What the library reads from a page and refuses to set.
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PROSE = re.compile("[。；，、]")
# So few hidden elements are compared with those around them, and a style up to this length is remembered.
_FEW, _LONG_STYLE = 500, 500
# Where the visible prose is less than this share of the hidden, a script will show the hidden.
_SCRIPTED = 0.2
# A second copy is removed where it has this share of the page's prose, and so many characters.
_COPY_SHARE, _COPY_LENGTH = 0.3, 100
# Few texts on a page are so long; the limit keeps hostile pages in linear time.
_MOST_COMPARED = 64
_CONTAINERS = frozenset(("div", "section", "article", "main", "ucapcontent", "center", "form"))


def remove_hidden(body: _Element) -> bool:
    """Remove hidden elements from a tree, their tails aside.

    Where nearly all prose is hidden, the page waits for a script: nothing is removed but what an
    element's own attributes hide and holds little; returns whether that is so.
    """
    rules = read_style_rules(_styles(body))
    found = _find_hidden(body, rules)
    if not found:
        return False
    hidden = {element: _prose(element) for element in found}
    most = sum(hidden.values())
    enough = most + ceil(_SCRIPTED * most)
    is_scripted = most > 0 and _prose(body, enough) < enough
    for element, prose in hidden.items():
        if not is_scripted or prose < _SCRIPTED * most:
            drop_element(element)
        else:
            _show(element)
    return is_scripted


def _styles(body: _Element) -> str:
    """The style sheets inside a page; those that it links to are not fetched."""
    root = body.getroottree().getroot()
    return "\n".join(style.text for style in root.iter("style") if style.text)


def _find_hidden(body: _Element, rules: StyleRules) -> list[_Element]:
    if not rules.hides_tags:
        # As on most pages: a few elements of many are asked.
        asked = _find_suspects(body, rules)
        if len(asked) < _FEW:
            return _outermost([one for one in asked if _is_hidden(one, rules)], body)
    found = []
    walk = etree.iterwalk(body, events=("start",))
    for _, element in walk:
        if element is body or not isinstance(element.tag, str):
            continue
        if element.tag in UNSEEN:
            walk.skip_subtree()
        elif _is_hidden(element, rules):
            found.append(element)
            walk.skip_subtree()
    return found


def _find_suspects(body: _Element, rules: StyleRules) -> list[_Element]:
    """The elements that their own attributes or a rule for their names may hide, in document order."""
    known = rules.by_name.keys()
    return [
        one
        for one in body.iterdescendants()
        if (names := one.keys()) and one.tag not in UNSEEN and _is_suspect(one, names, known)
    ]


def _is_suspect(element: _Element, names: Sequence[str | bytes], known: AbstractSet[str]) -> bool:
    """Whether an element with attributes of these names may be hidden; `known` have rules."""
    if "hidden" in names:
        return True
    if "style" in names and hides_by_style(element.get("style") or ""):
        return True
    if not known:
        return False
    classes = element.get("class")
    if classes and not known.isdisjoint(classes.split()):
        return True
    return "id" in names and f"#{element.get('id')}" in known


def _outermost(elements: list[_Element], body: _Element) -> list[_Element]:
    """The elements, in document order, that are in no other one and in nothing unseen."""
    found: set[_Element] = set()
    for one in elements:
        above = takewhile(lambda up: up is not body, one.iterancestors())
        if not any(up in found or up.tag in UNSEEN for up in above):
            found.add(one)
    return [one for one in elements if one in found]


def _is_hidden(element: _Element, rules: StyleRules) -> bool:
    if not element.attrib:
        return rules.hides_tags and rules.hides(element)
    style = element.get("style") or ""
    if element.get("hidden") is not None or (style and hides_by_style(style)):
        return True
    return bool(rules.by_name) and "display" not in style.lower() and rules.hides(element)


def hides_by_style(style: str) -> bool:
    """Whether an element's own style hides it; the styles of a page repeat."""
    if len(style) > _LONG_STYLE:
        return _HIDDEN.search(style.lower()) is not None
    return _hides_by_short_style(style)


@lru_cache(maxsize=1024)
def _hides_by_short_style(style: str) -> bool:
    return _HIDDEN.search(style.lower()) is not None


def _show(element: _Element) -> None:
    """Make a hidden element visible to the reader, which skips what its attributes hide."""
    if "hidden" in element.attrib:
        del element.attrib["hidden"]
    if "style" in element.attrib:
        element.set("style", _settable(_HIDDEN.sub("", (element.get("style") or "").lower())))


def _prose(element: _Element, enough: float = inf) -> int:
    """The length of the texts with a stop, comma or list mark in an element, scripts aside.

    It is counted up to `enough`.
    """
    total = 0
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, one in walk:
        if event == "start" and one.tag in UNSEEN:
            walk.skip_subtree()
            continue
        words_ = one.text if event == "start" else (None if one is element else one.tail)
        if words_ and _PROSE.search(words_):
            total += len(words_.strip())
            if total >= enough:
                break
    return total


def drop_element(element: _Element) -> None:
    """Remove an element from its parent; the text after it stays."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = _settable((parent.text or "") + element.tail)
        else:
            before.tail = _settable((before.tail or "") + element.tail)
    parent.remove(element)


def _settable(text: str) -> str:
    """A text without the characters that the library reads from a page and refuses to set."""
    return _REFUSED.sub("", text)


def remove_copies(body: _Element) -> int:
    """Remove containers that repeat the whole text of an earlier one; return how many.

    An aria-hidden container that repeats a later one is the copy of the two.
    """
    removed = 0
    compared = 0
    for same in _same_lengths(body):
        kept: list[tuple[_Element, str]] = []
        for element in sorted(same, key=_is_aria_hidden):
            if compared >= _MOST_COMPARED or _is_detached(element, body):
                continue
            compared += 1
            text = _bare_text(element)
            if any(text == other and not _are_nested(element, one) for one, other in kept):
                drop_element(element)
                removed += 1
            else:
                kept.append((element, text))
    return removed


class _Size(NamedTuple):
    """The characters of a text without blanks, and those of them that are prose."""

    length: int
    prose: int


def _same_lengths(body: _Element) -> list[list[_Element]]:
    """Groups of at least two long containers with texts of one length, the longest first."""
    sizes, whole = _sizes(body)
    lengths: dict[int, list[_Element]] = {}
    for element, size in sizes.items():
        if size.length >= _COPY_LENGTH and size.prose >= _COPY_SHARE * whole > 0:
            lengths.setdefault(size.length, []).append(element)
    return [lengths[n] for n in sorted(lengths, reverse=True) if len(lengths[n]) > 1]


def _sizes(body: _Element) -> tuple[dict[_Element, _Size], int]:
    """The size of each container's text in document order, and the prose of the whole page."""
    found: dict[_Element, _Size] = {}
    opened: list[tuple[_Element, int, int]] = []
    at = prose = 0
    walk = etree.iterwalk(body, events=("start", "end"))
    for event, element in walk:
        if event == "start":
            if element.tag in UNSEEN:
                walk.skip_subtree()
                continue
            if element.tag in _CONTAINERS:
                found[element] = _Size(0, 0)
                opened.append((element, at, prose))
            words_ = element.text
        else:
            if opened and opened[-1][0] is element:
                _, start, before = opened.pop()
                found[element] = _Size(at - start, prose - before)
            words_ = element.tail
        if words_ and not words_.isspace():
            size = sum(map(len, words_.split()))
            at += size
            prose += size if _PROSE.search(words_) else 0
    return found, prose


def _bare_text(element: _Element) -> str:
    return "".join("".join(map(str, element.itertext())).split())


def _is_aria_hidden(element: _Element) -> bool:
    return any(one.get("aria-hidden") == "true" for one in (element, *element.iterancestors()))


def _is_detached(element: _Element, body: _Element) -> bool:
    return element is not body and all(one is not body for one in element.iterancestors())


def _are_nested(one: _Element, other: _Element) -> bool:
    return any(up is other for up in one.iterancestors()) or any(
        up is one for up in other.iterancestors()
    )
