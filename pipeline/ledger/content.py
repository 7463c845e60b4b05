"""Notices -> what a ledger tells, as plain values: items, units and leaders with their items."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from pipeline.dataset.in_force import NAME_LISTS, field_text, in_force
from pipeline.ledger.cell_text import fit
from pipeline.ledger.columns import HEADS, LEADERS
from pipeline.model import Item, Notice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.model import Corrected, Name

_ROLES = {"leaders": "牵头", "host_units": "主办", "co_host_units": "协办"}
# What a cell of an item is compared by when a ledger comes back, in the order of the columns.
SHOWN = ("label", "path", "title", "content", *NAME_LISTS, "deadline")


class Mark(NamedTuple):
    """What somebody wrote of an item: in the main sheet, or in that of a unit or a leader."""

    item_id: str
    unit: str
    column: str
    value: str


@dataclass(slots=True)
class Entry:
    """An item in force: its cells by their keys, how deep it lies, and notes on corrected cells."""

    item: Item
    notice: Notice
    plan: str
    depth: int
    cells: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Party:
    """A unit or a leader: the names that documents call it, and its items with its roles."""

    name: str
    names: dict[str, None] = field(default_factory=dict)
    items: dict[str, list[str]] = field(default_factory=dict)

    def count(self, role: str) -> int:
        """In how many items it has a role."""
        return sum(role in roles for roles in self.items.values())


@dataclass(slots=True)
class Ledger:
    """All that a ledger tells: the notices in force and as read, items, units and leaders."""

    notices: list[Notice]
    reads: list[Notice]
    entries: list[Entry]
    units: list[Party]
    leaders: list[Party]
    is_several: bool


def gather(notices: Iterable[Notice]) -> Ledger:
    """What the ledger of these notices tells, each in force."""
    entries: list[Entry] = []
    forced: list[Notice] = []
    reads = list(notices)
    for notice in reads:
        now = in_force(notice)
        forced.append(now)
        entries += _entries(notice, now)
    several = len({(one.notice.notice_id, one.plan) for one in entries}) > 1
    names = party_names(forced)
    units: dict[str, Party] = {}
    leaders: dict[str, Party] = {}
    for entry in entries:
        if several:
            entry.cells["plan_title"] = fit(entry.plan)
            entry.cells["year"] = str(entry.notice.year or "")
        for key, name in _named(entry.item):
            called = names[_identity(name, entry.notice)]
            parties = leaders if name.kind == "person" else units
            party = parties.setdefault(called, Party(called))
            party.names.setdefault(name.name)
            roles = party.items.setdefault(entry.item.item_id, [])
            if _ROLES[key] not in roles:
                roles.append(_ROLES[key])
    return Ledger(forced, reads, entries, _ranked(units), _ranked(leaders), several)


def _ranked(parties: dict[str, Party]) -> list[Party]:
    """Those who answer for most first, the others as they come."""
    return sorted(parties.values(), key=lambda one: (-one.count("主办"), -len(one.items)))


def _named(item: Item) -> Iterator[tuple[str, Name]]:
    return ((key, name) for key in NAME_LISTS for name in getattr(item, key))


def _identity(name: Name, notice: Notice) -> tuple[str, ...]:
    """Who a name is: a unit is its body; one name in two posts or places is not one person."""
    if name.kind == "person":
        return name.name, notice.place or "", name.post or ""
    return (name.canonical or name.name,)


def party_names(notices: Iterable[Notice]) -> dict[tuple[str, ...], str]:
    """What each unit and leader is called, no two the same: a sheet and what is said in it are one's.

    A person is called by place and post where two have the name, and 领导 where a unit has it.
    """
    found: dict[tuple[str, ...], None] = {}
    for notice in notices:
        for item in notice.items:
            found |= {_identity(name, notice): None for _, name in _named(item)}
    people = Counter(one[0] for one in found if len(one) > 1)
    called: dict[tuple[str, ...], str] = {}
    taken: set[str] = set()
    # Units first, whose names stay as they are.
    for one in sorted(found, key=len):
        first, about = one[0], "、".join(filter(None, one[1:]))
        name = f"{first}({about})" if people[first] > 1 and about and len(one) > 1 else first
        if name in taken and len(one) > 1:
            name += f"({LEADERS})"
        number = count(2)
        free = name
        while free in taken:
            free = f"{name}({next(number)})"
        taken.add(free)
        called[one] = fit(free)
    return called


def _entries(read: Notice, now: Notice) -> Iterator[Entry]:
    plan = now.title or now.notice_title or now.notice_id
    reads = {item.item_id: item for item in read.items}
    for item, depth in _in_order(now.items):
        entry = Entry(item, now, item.plan_title or plan, depth, shown_cells(item))
        entry.cells["item_id"] = item.item_id
        if item.deadline and item.deadline.due:
            entry.cells["due"] = item.deadline.due
        fields = "\n".join(f"{one.label}: {one.text}" for one in item.fields.values())
        if fields:
            entry.cells["fields"] = fit(fields)
        if item.corrected:
            entry.cells["corrected"] = "、".join(
                HEADS.get(c.field, c.field) for c in item.corrected
            )
            entry.notes = notes_of(reads[item.item_id], item.corrected)
        yield entry


def shown_cells(item: Item) -> dict[str, str]:
    """The cells of an item's fields as the ledger shows them; an empty one is left out."""
    return {key: fit(text) for key in SHOWN if (text := field_text(item, key))}


def notes_of(read: Notice | Item, corrected: Iterable[Corrected]) -> dict[str, str]:
    """Field -> what was read, and who corrected it: 更正: 原读作 区财政局; 张三, 2024-06-30."""
    return {
        one.field: fit(
            f"更正: 原读作 {field_text(read, one.field) or '无'}; "
            + ", ".join(filter(None, (one.who, one.when, one.why)))
        )
        for one in corrected
    }


def _in_order(items: Sequence[Item]) -> Iterator[tuple[Item, int]]:
    """Items in reading order, each measure below the item that it belongs to, with its depth."""
    known = {item.item_id for item in items}
    below: dict[str | None, list[Item]] = {}
    for item in items:
        parent = item.parent_id if item.parent_id in known and item.parent_id else None
        below.setdefault(parent, []).append(item)
    waiting = [(item, 0) for item in reversed(below.get(None, []))]
    while waiting:
        item, depth = waiting.pop()
        yield item, depth
        waiting += [(one, depth + 1) for one in reversed(below.get(item.item_id, []))]
