"""An item as its card shows it: values with their marks, corrections, problems, review state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.dataset.in_force import field_text
from pipeline.decisions.found_right import digest_values
from pipeline.web.review.source_view import VALUE_FIELDS, value_key

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pipeline.model import Corrected, Item, Notice, Problem
    from pipeline.store.review import ReviewState
    from pipeline.web.library import NoticeView
    from pipeline.web.library.notice_view import ItemReview

# The fields that a card lets people correct, in its order, with their labels.
FIELD_MESSAGES = {
    "title": "Title",
    "leaders": "Leaders",
    "host_units": "Host units",
    "co_host_units": "Co-host units",
    "deadline": "Deadline",
    "path": "Headings",
    "content": "Content",
}


@dataclass(frozen=True, slots=True)
class ShownValue:
    """One value: its words, the key of its mark in the source, the body that it is."""

    text: str
    key: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field of a card: `text` is what a person edits, `correction` tells who corrected it."""

    name: str
    message: str
    text: str
    values: tuple[ShownValue, ...]
    correction: Corrected | None


@dataclass(frozen=True, slots=True)
class Card:
    """An item's card; `index` is the number by which marks in the source name it.

    `problems` are pairs of a number, by which marks name it too, and a problem; `seen` is what a person
    who finds the item right has seen.
    """

    index: int
    item: Item
    fields: tuple[ShownField, ...]
    problems: tuple[tuple[int, Problem], ...]
    review: ItemReview
    seen: str
    edits: tuple[Corrected, ...]

    @property
    def state(self) -> ReviewState:
        """How far it is reviewed."""
        return self.review.state

    @property
    def is_doubtful(self) -> bool:
        """Whether a problem of it is open that makes it doubtful."""
        return self.review.doubt > 0

    @property
    def is_measure(self) -> bool:
        """Whether it is a measure inside another item."""
        return self.item.parent_id is not None


def number_problems(notice: Notice) -> list[Problem]:
    """Return the problems of a notice in the order by which the page numbers them."""
    return [*notice.problems, *notice.source.remarks]


def make_cards(
    view: NoticeView, problems: Sequence[Problem], only: Collection[str] | None = None
) -> list[Card]:
    """Return the cards of a notice in force in the order of its items, or those of some by their ids."""
    by_item: dict[str | None, list[tuple[int, Problem]]] = {}
    for number, one in enumerate(problems):
        by_item.setdefault(one.item_id, []).append((number, one))
    return [
        make_card(index, item, by_item.get(item.item_id, []), view.reviews[item.item_id])
        for index, item in enumerate(view.notice.items)
        if only is None or item.item_id in only
    ]


def make_card(
    index: int, item: Item, problems: Sequence[tuple[int, Problem]], review: ItemReview
) -> Card:
    """Return the card of an item."""
    corrected = {one.field: one for one in item.corrected}
    fields = tuple(
        ShownField(
            name,
            message,
            field_text(item, name) or "",
            tuple(_show_values(index, item, name)),
            corrected.get(name),
        )
        for name, message in FIELD_MESSAGES.items()
    )
    edits = tuple(one for one in item.corrected if one.field not in FIELD_MESSAGES)
    return Card(index, item, fields, tuple(problems), review, digest_values(item), edits)


def _show_values(index: int, item: Item, name: str) -> list[ShownValue]:
    if name in VALUE_FIELDS:
        shown = []
        for number, one in enumerate(getattr(item, name)):
            key = value_key(index, name, number) if one.span.start < one.span.end else ""
            canonical = one.canonical if one.canonical != one.name else None
            shown.append(ShownValue(one.name, key, one.post or canonical or ""))
        return shown
    if name == "deadline":
        one = item.deadline
        if one is None:
            return []
        key = value_key(index, name) if one.span.start < one.span.end else ""
        return [ShownValue(one.text, key, one.due or "")]
    text = field_text(item, name)
    if not text:
        return []
    return [ShownValue(text, value_key(index, name) if name == "title" else "")]
