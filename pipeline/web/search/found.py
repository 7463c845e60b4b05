"""What the search page shows: hits with marked words, facets with links, filters that can be taken off."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.web.library import ItemFilter
from pipeline.web.search.address import write_query

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pipeline.store.listing import Order
    from pipeline.web.library import Facets, ItemRow

FACET_MESSAGES = {
    "year": "Year",
    "place": "Place",
    "state": "Review",
    "doubt": "Doubt",
    "role": "Role",
    "leader": "Leader",
    "body": "Body",
}
_VALUE_MESSAGES = {
    ("role", "leader"): "Leader",
    ("role", "host"): "Host unit",
    ("role", "co_host"): "Co-host unit",
    ("state", "reviewed"): "Found right",
    ("state", "corrected"): "Corrected",
    ("state", "unreviewed"): "Not yet reviewed",
    ("doubt", "any"): "Any doubt",
}
_FILTER_MESSAGES = FACET_MESSAGES | {
    "words": "Words",
    "region": "Place",
    "unit": "Body",
    "notice_id": "Plan",
}


class Segment(NamedTuple):
    """A part of a sentence; `is_mark` where it is a sought word."""

    text: str
    is_mark: bool


class FacetLink(NamedTuple):
    """A value of a facet: how many items have it, the address of the search with or without it."""

    text: str
    is_message: bool
    items: int
    address: str
    is_chosen: bool


class Chosen(NamedTuple):
    """A filter that is set: its name, its value, the address of the search without it."""

    message: str
    text: str
    is_message: bool
    address: str


def split_marks(sentence: str, marks: Iterable[tuple[int, int]]) -> list[Segment]:
    """Split a sentence at its marks: 做好GDP核算, GDP marked -> 做好 | GDP | 核算."""
    found, at = [], 0
    for start, end in marks:
        found += [
            Segment(sentence[at:start], is_mark=False),
            Segment(sentence[start:end], is_mark=True),
        ]
        at = end
    return [one for one in (*found, Segment(sentence[at:], is_mark=False)) if one.text]


def shown_sentence(row: ItemRow) -> list[Segment]:
    """Return the sentence with the first sought word, or the beginning of the content."""
    if row.sentence:
        return split_marks(row.sentence, row.marks)
    content = str(row.cells["content"] or "")
    short = content.strip().split("\n", 1)[0]
    return [Segment(short if len(short) <= _SHORT else short[:_SHORT] + "…", is_mark=False)]


_SHORT = 120


def link_facets(
    facets: Facets, wanted: ItemFilter, order: Order, messages: Mapping[str, str]
) -> dict[str, list[FacetLink]]:
    """Return the facets of a search, each value with the address that sets it or takes it off."""
    return {
        name: [
            _link(name, value, items, wanted, order, messages)
            for value, items in facets.values.get(name, ())
        ]
        for name in FACET_MESSAGES
    }


def _link(
    name: str, value: str, items: int, wanted: ItemFilter, order: Order, messages: Mapping[str, str]
) -> FacetLink:
    chosen = _is_chosen(wanted, name, value)
    other = _without(wanted, name, value) if chosen else _with(wanted, name, value)
    text, is_message = _say_value(name, value, messages)
    return FacetLink(text, is_message, items, _address(other, order), chosen)


def _say_value(name: str, value: str, messages: Mapping[str, str]) -> tuple[str, bool]:
    """Return the text of a value, and whether it is a message: "host" -> "Host unit"."""
    message = _VALUE_MESSAGES.get((name, value))
    if message is None and name == "doubt":
        message = messages.get(value)
    return (value, False) if message is None else (message, True)


def _is_chosen(wanted: ItemFilter, name: str, value: str) -> bool:
    return int(value) in wanted.years if name == "year" else getattr(wanted, name) == value


def _with(wanted: ItemFilter, name: str, value: str) -> ItemFilter:
    change: dict[str, Any] = {name: value}
    if name == "year":
        change = {"years": (*wanted.years, int(value))}
    return replace(wanted, **change)


def _without(wanted: ItemFilter, name: str, value: str) -> ItemFilter:
    if name == "year":
        return replace(wanted, years=tuple(one for one in wanted.years if one != int(value)))
    change: dict[str, Any] = {name: "" if name == "words" else None}
    return replace(wanted, **change)


def list_chosen(wanted: ItemFilter, order: Order, messages: Mapping[str, str]) -> list[Chosen]:
    """Return the filters that are set, each with the address of the search without it."""
    pairs = [("year", str(year)) for year in wanted.years]
    pairs += [(name, getattr(wanted, name)) for name in _FILTER_MESSAGES if name != "year"]
    return [
        Chosen(
            _FILTER_MESSAGES[name],
            *_say_value(name, value, messages),
            _address(_without(wanted, name, value), order),
        )
        for name, value in pairs
        if value
    ]


def _address(wanted: ItemFilter, order: Order) -> str:
    return "/search?" + write_query(wanted, order="" if order == "best" else order)
