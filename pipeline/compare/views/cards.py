"""A comparison as numbered cards: each link, dropped and added item, in the later plan's order.

Pages, documents and workbooks show the same cards, so that a number means one card in all of them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.compare.views.marked_words import mark_sentences
from pipeline.compare.views.phrases import (
    KIND_NAMES,
    describe_link,
    index_items,
    item_heading,
    name_item,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.comparison import Change, Comparison, Link, RoleField, Words
    from pipeline.model import Item, Notice

# Changes that leave the demand and those who answer for it as they were.
_OUTWARD = frozenset({"number", "path", "title", "content"})


@dataclass(frozen=True, slots=True)
class Card:
    """A link, or a dropped or added item (`link` is None), with its number from 1.

    `section` is the heading under which the card stands: that of the later plan where there is one.
    """

    kind: str
    previous: tuple[Item, ...]
    current: tuple[Item, ...]
    link: Link | None = None
    section: str = ""
    number: int = 0

    @property
    def item(self) -> Item:
        """The first item of the later plan, else of the earlier one."""
        return (self.current or self.previous)[0]

    @property
    def anchor(self) -> str:
        """The card's name in an address: c and the item's place in the later plan, p in the earlier."""
        return ("c" if self.current else "p") + self.item.item_id.rpartition("#")[2]

    @property
    def heading(self) -> str:
        """The labels and titles of the card's items in one line."""
        return " + ".join(item_heading(one) for one in self.current or self.previous)

    @property
    def name(self) -> str:
        """A short name for running text."""
        return name_item(self.item)

    @property
    def changes(self) -> tuple[Change, ...]:
        """The changes of the link; none of a dropped or added item."""
        return self.link.changes if self.link else ()

    @property
    def words(self) -> tuple[Words, ...]:
        """The words of the content, whole sentences marked where little of them stays."""
        return mark_sentences([one for change in self.changes for one in change.words])

    @property
    def notes(self) -> list[tuple[str, str]]:
        """The changes as (field's name, words), without the wording itself."""
        return describe_link(self.link) if self.link else []

    @property
    def is_unchanged(self) -> bool:
        """Whether words, figures, names and days are the same; number and heading may differ."""
        return self.kind == "same" and not self._is_duty_changed

    @property
    def _is_duty_changed(self) -> bool:
        return any(change.field not in _OUTWARD for change in self.changes)

    @property
    def kind_name(self) -> str:
        """What became of the items; the same words with other names or days are not unchanged."""
        if self.kind == "same" and self._is_duty_changed:
            return f"{KIND_NAMES[self.kind]}（分工有变）"
        return KIND_NAMES[self.kind]

    @property
    def is_doubtful(self) -> bool:
        """Whether a reader should check the link."""
        return self.link is not None and self.link.is_doubtful

    @property
    def score(self) -> float | None:
        """How sure the link is, 0 to 1; None where nothing was reworded."""
        return self.link.score if self.link and self.kind != "same" else None

    @property
    def fields(self) -> tuple[str, ...]:
        """The changes by the keys of the filter: names of fields, figures, renamed."""
        fields: set[str] = {change.field for change in self.changes}
        fields |= {"figures"} if any(change.figures for change in self.changes) else set()
        fields |= {"renamed"} if self.link and self.link.renames else set()
        return tuple(sorted(fields))

    @property
    def units(self) -> tuple[str, ...]:
        """Hosts and co-hosts of both years, as printed; those of the later year and hosts first."""
        roles: tuple[RoleField, ...] = ("host_units", "co_host_units")
        names = (
            name.name
            for items in (self.current, self.previous)
            for role in roles
            for item in items
            for name in getattr(item, role)
        )
        return tuple(dict.fromkeys(names))


def make_cards(comparison: Comparison, previous: Notice, current: Notice) -> list[Card]:
    """All cards of a comparison, numbered in the order in which they are shown.

    Links and added items have the later plan's order; a dropped item comes after its neighbour, in
    the section that its own section has become.
    """
    before, after = index_items(previous, current)
    order = {item_id: n for n, item_id in enumerate(after)}
    rows: list[tuple[tuple[int, int], Card]] = []
    for link in comparison.links:
        ours, theirs = (
            tuple(items[one] for one in ids)
            for items, ids in ((before, link.previous), (after, link.current))
        )
        card = Card(link.kind, ours, theirs, link, _section_of(theirs))
        rows.append(((order[link.current[0]], 0), card))
    for item_id in comparison.added:
        items = (after[item_id],)
        rows.append(((order[item_id], 0), Card("added", (), items, None, _section_of(items))))
    rows += _place_dropped(comparison, before, [card for _, card in rows], order)
    in_order = [card for _, card in sorted(rows, key=lambda row: row[0])]
    grouped = (card for _, cards in group_by_section(in_order) for card in cards)
    return [replace(card, number=n) for n, card in enumerate(grouped, 1)]


def group_by_section(cards: Iterable[Card]) -> list[tuple[str, list[Card]]]:
    """The cards under each heading, in the order of first appearance."""
    groups: defaultdict[str, list[Card]] = defaultdict(list)
    for card in cards:
        groups[card.section].append(card)
    return list(groups.items())


def _place_dropped(
    comparison: Comparison,
    before: dict[str, Item],
    linked: Sequence[Card],
    order: dict[str, int],
) -> list[tuple[tuple[int, int], Card]]:
    """The dropped items with their places: behind what became of the item before them."""
    heirs = _find_section_heirs(linked)
    place_of = {one: order[link.current[0]] for link in comparison.links for one in link.previous}
    place, dropped = -1, set(comparison.dropped)
    rows = []
    for n, (item_id, item) in enumerate(before.items(), 1):
        place = place_of.get(item_id, place)
        if item_id in dropped:
            section = _section_of((item,))
            card = Card("dropped", (item,), (), None, heirs.get(section, section))
            rows.append(((place, n), card))
    return rows


def _find_section_heirs(linked: Iterable[Card]) -> dict[str, str]:
    """The section of the later plan to which most items of an earlier section went."""
    went: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for card in linked:
        for item in card.previous:
            went[_section_of((item,))][card.section] += 1
    return {section: counts.most_common(1)[0][0] for section, counts in went.items()}


def _section_of(items: Sequence[Item]) -> str:
    return " / ".join(items[0].path)
