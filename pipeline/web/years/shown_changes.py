"""The cards of a comparison and the years of a thread as the pages show them, in no language yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pipeline.compare.views.cards import Card
from pipeline.compare.views.phrases import ROLES, join_value, name_item
from pipeline.compare.views.shown_items import ShownItem, show_side

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.compare.views.thread_cards import ThreadCard
    from pipeline.comparison import Change, Comparison, Decided, Evidence, Link
    from pipeline.model import Item

# The name of a field and of a role on the page; other labelled fields are named by the document.
FIELD_MESSAGES = {
    "number": "Number", "title": "Title", "content": "Content", "path": "section",
    "leaders": "Leaders", "host_units": "Host units", "co_host_units": "Co-host units",
    "deadline": "Deadline", "figures": "figures", "renamed": "bodies renamed",
}  # fmt: skip
KIND_MESSAGES = {
    "same": "unchanged", "reworded": "reworded", "split": "split", "merged": "merged",
    "added": "added", "dropped": "dropped",
}  # fmt: skip
STEP_MESSAGES = {
    "new": "new", "same": "unchanged", "reworded": "reworded", "split": "split",
    "merged": "merged", "revived": "taken up again",
}  # fmt: skip
# A mark for each kind that is read without colour.
SIGNS = {
    "same": "=", "reworded": "≈", "split": "÷", "merged": "∪", "added": "+", "dropped": "−",
    "new": "+", "revived": "↻",
}  # fmt: skip


class Note(NamedTuple):
    """One change beside the wording: of a list the names that came, went or moved, else both values."""

    field: str
    before: str = ""
    after: str = ""
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    moved: tuple[tuple[str, str, str], ...] = ()


class PairState(NamedTuple):
    """Two items that a comparison links or a person judged: their probability, and what was decided."""

    one: str
    other: str
    evidence: Evidence | None
    decided: Decided | None


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A card with both sides, words marked, and the pairs that a person may confirm or refuse."""

    card: Card
    previous: tuple[ShownItem, ...]
    current: tuple[ShownItem, ...]
    notes: tuple[Note, ...]
    pairs: tuple[PairState, ...]


class ThreadYear(NamedTuple):
    """A year of a thread: the item with what is new in it marked, and the changes since the year before.

    `before` are the runs of the earlier wording, where it was reworded.
    """

    year: int
    kind: str
    item_id: str
    notice_id: str
    shown: ShownItem
    before: ShownItem | None
    notes: tuple[Note, ...]
    sources: tuple[str, ...]
    gap: int
    is_decided: bool


def show_changes(cards: Iterable[Card], comparison: Comparison) -> Iterator[ShownChange]:
    """Yield cards as the page shows them."""
    decided = {frozenset((one.one, one.other)): one for one in comparison.decided}
    for card in cards:
        yield ShownChange(
            card,
            show_side(card, is_current=False),
            show_side(card, is_current=True),
            tuple(_make_notes(card.link)) if card.link else (),
            tuple(_list_pairs(card, decided)),
        )


def _list_pairs(card: Card, decided: dict[frozenset[str], Decided]) -> Iterator[PairState]:
    for one in card.link.evidence if card.link else ():
        pair = frozenset((one.previous, one.current))
        yield PairState(one.previous, one.current, one, decided.get(pair))


def list_refused(comparison: Comparison) -> list[Decided]:
    """Return the decisions that two items are different, and those that were not applied."""
    return [
        one for one in comparison.decided if one.decision == "different" or one.effect == "none"
    ]


def _make_notes(link: Link) -> Iterator[Note]:
    has_words = any(change.words for change in link.changes)
    for change in link.changes:
        # The content begins with the title: its words show the change of both.
        if not (has_words and change.field == "title"):
            yield from _note_change(change)
    for one in link.renames:
        yield Note("renamed", one.before, one.after)


def _note_change(change: Change) -> Iterator[Note]:
    if change.field in ROLES:
        moved = tuple((one.name, one.before, one.after) for one in change.moved)
        yield Note(change.field, gained=change.gained, lost=change.lost, moved=moved)
    elif change.field != "content" and not change.words:
        yield Note(change.field, join_value(change.before), join_value(change.after))
    for figure in change.figures:
        yield Note("figures", f"{figure.about} {figure.before}".strip(), figure.after)


def show_thread(card: ThreadCard) -> list[ThreadYear]:
    """Return the years of a thread, each with the changes since the year before."""
    years = []
    earlier: Item | None = None
    for one in card.steps:
        previous = (earlier,) if earlier else ()
        pair = Card("reworded", previous, (one.item,), one.link)
        is_reworded = one.link is not None and bool(pair.words)
        (shown,) = show_side(pair, is_current=True)
        before = show_side(pair, is_current=False) if is_reworded else ()
        step = one.step
        years.append(
            ThreadYear(
                step.year, step.kind, step.item_id, step.notice_id, shown,
                before[0] if before else None, tuple(_make_notes(one.link)) if one.link else (),
                one.sources, step.gap, step.decided,
            )
        )  # fmt: skip
        earlier = one.item
    return years


class UnlinkedItem(NamedTuple):
    """An item without a partner in the other plan, which a person may join to another one."""

    item_id: str
    name: str


def list_unlinked(cards: Sequence[Card]) -> tuple[list[UnlinkedItem], list[UnlinkedItem]]:
    """Return the dropped and the added items in the order of the page."""
    sides: dict[str, list[UnlinkedItem]] = {"dropped": [], "added": []}
    for card in cards:
        if card.kind in sides:
            label = (card.item.label or "").strip()
            shown = f"{label} {name_item(card.item)}".strip()
            sides[card.kind].append(UnlinkedItem(card.item.item_id, shown))
    return sides["dropped"], sides["added"]
