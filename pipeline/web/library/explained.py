"""Explain one item: what is in force, its problems, and the words of its source for each value."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.store.snippets import find_sentence
from pipeline.web.library.request_error import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.model import Item, Location, Span
    from pipeline.web.library.notice_view import ItemReview, NoticeView
    from pipeline.web.library.snapshot import Snapshot


class Evidence(NamedTuple):
    """A value of an item with its sentence in the source: `field` is a role or "deadline"."""

    field: str
    value: str
    sentence: str
    start: int
    end: int


class ExplainedItem(NamedTuple):
    """An item in force: its review, its own words in the source, where they are, evidence of its values."""

    view: NoticeView
    item: Item
    review: ItemReview
    text: str
    locations: tuple[Location, ...]
    evidence: tuple[Evidence, ...]


def explain_item(snapshot: Snapshot, item_id: str) -> ExplainedItem:
    """Explain an item by its id. Raises NotFoundError, RecordError."""
    view = snapshot.notice(item_id.partition("#")[0])
    item = view.item(item_id)
    if item is None:
        fact = f"the notice has {len(view.notice.items)} items, none with this id"
        raise NotFoundError(item_id, fact, "see items.csv for the ids")
    words = view.text[item.span.start : item.span.end]
    places = tuple(
        one
        for one in view.notice.source.locations
        if one.span.start < item.span.end and item.span.start < one.span.end
    )
    evidence = tuple(_find_evidence(view.text, item))
    return ExplainedItem(view, item, view.reviews[item_id], words, places, evidence)


def _find_evidence(text: str, item: Item) -> Iterator[Evidence]:
    """Yield the sentence of each name and of the deadline; what a person stated has none."""
    for one in item.assignments:
        for name in one.names:
            if name.span.start < name.span.end:
                yield _evidence(text, one.role, name.name, name.span)
    if item.deadline and item.deadline.span.start < item.deadline.span.end:
        yield _evidence(text, "deadline", item.deadline.text, item.deadline.span)


def _evidence(text: str, field: str, value: str, span: Span) -> Evidence:
    start, end = find_sentence(text, span.start, span.end)
    return Evidence(field, value, text[start:end], start, end)
