"""What a comparison changes for each body: items kept, gained, lost, now and no longer hosted."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.compare.views.cards import Card
    from pipeline.comparison import RoleField
    from pipeline.model import Item, Name

_ROLES: tuple[RoleField, ...] = ("host_units", "co_host_units")


@dataclass(slots=True)
class UnitChanges:
    """The numbers of the cards that mean something for a body.

    `kept`: it answers for them in both years, in whatever role; of these `now_hosts` and `hosts_no_more`
    are those where it became or ceased to be a host. `gained` and `lost`: it answers for them in one
    year only; of these it hosts `gained_as_host` and hosted `lost_as_host`.
    """

    name: str
    kept: list[int] = field(default_factory=list)
    gained: list[int] = field(default_factory=list)
    gained_as_host: list[int] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)
    lost_as_host: list[int] = field(default_factory=list)
    now_hosts: list[int] = field(default_factory=list)
    hosts_no_more: list[int] = field(default_factory=list)

    @property
    def is_changed(self) -> bool:
        """Whether anything but kept items is there."""
        return bool(self.gained or self.lost or self.now_hosts or self.hosts_no_more)


class _Bodies:
    """The one key of each printed name: its body's last canonical name."""

    def __init__(self, cards: Sequence[Card]) -> None:
        items = [item for card in cards for item in (*card.previous, *card.current)]
        self._canonical = {
            name.name: name.canonical or name.name for item in items for name in _names_of(item)
        }
        self._later = {
            self._canonical.get(one.before, one.before): self._canonical.get(one.after, one.after)
            for card in cards
            if card.link
            for one in card.link.renames
        }
        shown: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for weight, side in ((1, "previous"), (len(items) + 1, "current")):
            for card in cards:
                for item in getattr(card, side):
                    for name in _names_of(item):
                        shown[self.key_of(name.name)][name.name] += weight
        self._shown = shown

    def key_of(self, name: str) -> str:
        """The key of a printed name: 区卫生局 and 区卫计局 have one after a rename."""
        canonical = self._canonical.get(name, name)
        return self._later.get(canonical, canonical)

    def show(self, key: str) -> str:
        """The name that the later plan prints most often, else the earlier one's."""
        return self._shown[key].most_common(1)[0][0] if self._shown[key] else key


def list_unit_changes(cards: Sequence[Card]) -> list[UnitChanges]:
    """A row for each body that hosts or co-hosts in either year, those with most changes first."""
    bodies = _Bodies(cards)
    rows: dict[str, UnitChanges] = {}
    for card in cards:
        for key, column in _count_card(card, bodies):
            row = rows.setdefault(key, UnitChanges(bodies.show(key)))
            numbers: list[int] = getattr(row, column)
            if card.number not in numbers:
                numbers.append(card.number)
    return sorted(rows.values(), key=_by_changes)


def _by_changes(row: UnitChanges) -> tuple[int, int, str]:
    moves = len(row.now_hosts) + len(row.hosts_no_more)
    return -(len(row.gained) + len(row.lost) + moves), -len(row.kept), row.name


def _count_card(card: Card, bodies: _Bodies) -> Iterator[tuple[str, str]]:
    """Each body of a card with the column that its number goes to."""
    gained = {bodies.key_of(name) for role in _ROLES for name in _gained(card, role)}
    lost = {bodies.key_of(name) for role in _ROLES for name in _lost(card, role)}
    before, after = (
        {bodies.key_of(name.name) for item in side for name in _names_of(item)}
        for side in (card.previous, card.current)
    )
    yield from ((key, "gained") for key in sorted(gained - lost))
    yield from ((key, "lost") for key in sorted(lost - gained))
    yield from ((key, "kept") for key in sorted((after - gained) | (before & after)))
    hosts = (
        ({bodies.key_of(name) for name in _gained(card, "host_units")} & (gained - lost)),
        ({bodies.key_of(name) for name in _lost(card, "host_units")} & (lost - gained)),
    )
    yield from ((key, "gained_as_host") for key in sorted(hosts[0]))
    yield from ((key, "lost_as_host") for key in sorted(hosts[1]))
    for change in card.changes:
        for move in change.moved:
            if move.after == "host_units":
                yield bodies.key_of(move.name), "now_hosts"
            elif move.before == "host_units":
                yield bodies.key_of(move.name), "hosts_no_more"


def _gained(card: Card, role: RoleField) -> Iterator[str]:
    """The names that got a role, or have it in an added item."""
    if card.kind == "added":
        yield from _printed(card.current, role)
    for change in card.changes:
        if change.field == role:
            yield from change.gained


def _lost(card: Card, role: RoleField) -> Iterator[str]:
    """The names that lost a role, or had it in a dropped item."""
    if card.kind == "dropped":
        yield from _printed(card.previous, role)
    for change in card.changes:
        if change.field == role:
            yield from change.lost


def _printed(items: Iterable[Item], role: RoleField) -> Iterator[str]:
    return (name.name for item in items for name in getattr(item, role) if name.kind != "person")


def _names_of(item: Item) -> Iterator[Name]:
    """The units and groups of an item, hosts first; persons are no bodies."""
    return (name for role in _ROLES for name in getattr(item, role) if name.kind != "person")
