"""Find the part of a page that is the document: by known containers, then by its prose."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from lxml import etree

from pipeline.read.web.elements import UNSEEN, is_menu
from pipeline.read.web.menus import sense_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

_PROSE = re.compile("[。；，、]")
_ANYTHING = re.compile(r"\S")
# The share of a page's prose that an element with a content name must contain, by certainty.
_SURE, _UNSURE, _NEARLY_ALL, _MOST = 0.2, 0.5, 0.9, 0.7

# A table is read as a whole, so that its rows stay rows; a cell may be the column of a page.
_TABLE_PARTS = frozenset(("table", "thead", "tbody", "tfoot", "tr"))

# Paragraphs and marks inside them: one may have most of the prose, but is no document by itself.
_PARAGRAPHS = frozenset(("p", "span", "b", "strong", "em", "i", "u", "font", "li", "a", "pre"))

Evidence = Literal["name", "prose", "none"]


class Area(NamedTuple):
    """The elements of the document in order, the evidence for them, and the length of their prose."""

    elements: list[_Element]
    evidence: Evidence
    prose: int


class _NamedElement(NamedTuple):
    """An element named as content: its prose, its first and last position, the share it needs."""

    element: _Element
    prose: int
    start: int
    end: int
    share: float


def find_area(body: _Element) -> Area:
    """The part of a page that is the document; the whole body where nothing stands out.

    Prose is text outside links with a stop, comma or list mark; where a page has none, all text
    outside links.
    """
    for prose in (_PROSE, _ANYTHING):
        named, whole = _weigh(body, prose)
        if whole:
            return _by_name(named, whole, prose) or _by_weight(body, prose)
    return Area([body], "none", 0)


def _needed(element: _Element, tag: object) -> float:
    """The share of the prose that an element needs by its name; 0 for a name without meaning."""
    if tag == "ucapcontent":
        return _SURE
    classes, id_ = element.get("class"), element.get("id")
    if classes or id_:
        sense = sense_of(classes, id_)
        if sense.content:
            return _SURE
        if sense.content_maybe:
            return _UNSURE
    return _UNSURE if tag in ("article", "main") else 0


def _weigh(body: _Element, proses: re.Pattern[str]) -> tuple[list[_NamedElement], int]:
    """The elements named as content, in document order, and the prose of the whole page."""
    found: list[_NamedElement] = []
    opened: list[tuple[_Element, int, int, float]] = []
    prose = links = count = 0
    walk = etree.iterwalk(body, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "start":
            count += 1
            if tag in UNSEEN:
                walk.skip_subtree()
                continue
            if tag == "a":
                links += 1
            elif share := _needed(element, tag):
                opened.append((element, prose, count, share))
            words_ = element.text
        else:
            if tag == "a":
                links -= 1
            elif opened and opened[-1][0] is element:
                _, before, start, share = opened.pop()
                found.append(_NamedElement(element, prose - before, start, count, share))
            words_ = element.tail
        if words_ and not links and not words_.isspace() and proses.search(words_):
            prose += len(words_.strip())
    return sorted(found, key=lambda one: one.start), prose


def _by_name(named: list[_NamedElement], whole: int, proses: re.Pattern[str]) -> Area | None:
    """The containers named as content, where they contain enough of the page's prose."""
    believed = [one for one in named if one.prose >= one.share * whole]
    sure = [one for one in believed if one.share == _SURE]
    if not sure:
        # An element with an uncertain name is searched, not taken: it often has a side column.
        within = min(believed, key=lambda one: one.prose, default=None)
        return _by_weight(within.element, proses) if within else None
    outer: list[_NamedElement] = []
    for one in sure:
        if not outer or one.start > outer[-1].end:
            outer.append(one)
    total = sum(one.prose for one in outer)
    if len(outer) > 1:
        return Area([one.element for one in outer], "name", total)
    inner = [one for one in sure if one.prose >= _NEARLY_ALL * total]
    best = min(inner, key=lambda one: (one.prose, -one.start))
    return Area([best.element], "name", best.prose)


def _whole_text(element: _Element, body: _Element) -> _Element:
    """The parent of a paragraph that has siblings of its kind, else the element itself."""
    found = element
    while found.tag in _PARAGRAPHS and found is not body:
        parent = found.getparent()
        if parent is None:
            break
        if sum(child.tag == found.tag for child in parent) > 1:
            element = parent
        found = parent
    return element


class _Weight(NamedTuple):
    prose: int
    linked: int


def _by_weight(body: _Element, proses: re.Pattern[str]) -> Area:
    """The deepest element with most of the prose, extended while that adds more prose than links."""
    *weights, (_, whole) = _heavy_weights(body, proses)
    chain: list[tuple[_Element, _Weight]] = []
    for element, weight in weights:
        if not chain:
            if weight.prose >= _MOST * whole.prose > 0:
                chain.append((element, weight))
        elif element is chain[-1][0].getparent():
            chain.append((element, weight))
    if not chain:
        mostly_links = whole.linked > whole.prose
        return Area([body], "none" if mostly_links else "prose", whole.prose)
    element, inside = chain[0]
    held = chain[0]
    for outer, around in chain[1:]:
        if around.prose - inside.prose < around.linked - inside.linked:
            break
        element, inside = outer, around
        if element.tag not in _TABLE_PARTS:
            held = (element, around)
    if element.tag in _TABLE_PARTS and held[0].tag not in _TABLE_PARTS and held[1] == inside:
        element = held[0]  # the cell of a layout table, without the page's other rows
    element = _whole_text(element, body)
    while element.tag in _TABLE_PARTS and (parent := element.getparent()) is not None:
        element = parent
    return Area([element], "prose", inside.prose)


def _heavy_weights(body: _Element, proses: re.Pattern[str]) -> Iterator[tuple[_Element, _Weight]]:
    """The elements that may have most of the prose, each after those inside it, `body` last.

    A weight is the prose and link text without menus. Left out are elements that have less than most
    of the prose up to their end.
    """
    prose = linked = links = 0
    opened: list[tuple[int, int]] = []
    walk = etree.iterwalk(body, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "start":
            opened.append((prose, linked))
            links += tag == "a"
            if tag in UNSEEN or (element is not body and is_menu(element, tag)):
                walk.skip_subtree()
                continue
            words_ = element.text
        else:
            before, linked_before = opened.pop()
            links -= tag == "a"
            if prose - before >= _MOST * prose or element is body:
                yield element, _Weight(prose - before, linked - linked_before)
            words_ = element.tail
        if not words_ or words_.isspace():
            continue
        if links:
            linked += len(words_.strip())
        elif proses.search(words_):
            prose += len(words_.strip())
