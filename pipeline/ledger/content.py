"""Gather the content of a ledger from notices: items, and units and leaders with their items."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
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
# The fields of an item that are compared when a ledger comes back, in the order of the columns.
SHOWN = ("label", "path", "title", "content", *NAME_LISTS, "deadline")


class Mark(NamedTuple):
    """A value that was filled in: `unit` is the party of its sheet, empty for the main sheet."""

    item_id: str
    unit: str
    column: str
    value: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An item in force: its cells by key, its depth below other items, notes on corrected cells."""

    item: Item
    notice: Notice
    plan: str
    depth: int
    cells: dict[str, str]
    notes: dict[str, str]


@dataclass(frozen=True, slots=True)
class Party:
    """A unit or a leader: its names in documents, and its roles by item."""

    name: str
    names: dict[str, None] = field(default_factory=dict)
    items: dict[str, list[str]] = field(default_factory=dict)

    def count(self, role: str) -> int:
        """Count the items in which it has a role."""
        return sum(role in roles for roles in self.items.values())


@dataclass(frozen=True, slots=True)
class Ledger:
    """The content of a ledger: the notices in force and as read, items, units and leaders."""

    notices: list[Notice]
    reads: list[Notice]
    entries: list[Entry]
    units: list[Party]
    leaders: list[Party]
    is_several: bool


def gather(notices: Iterable[Notice]) -> Ledger:
    """Gather the content of the ledger of notices, values in force."""
    reads: list[Notice] = []
    forced: list[Notice] = []
    entries: list[Entry] = []
    for notice in notices:
        now = in_force(notice)
        reads.append(notice)
        forced.append(now)
        entries += _entries(notice, now)
    is_several = len({(one.notice.notice_id, one.plan) for one in entries}) > 1
    if is_several:
        entries = [_with_plan(entry) for entry in entries]
    units, leaders = _gather_parties(entries, party_names(forced))
    return Ledger(forced, reads, entries, _ranked(units), _ranked(leaders), is_several)


def _with_plan(entry: Entry) -> Entry:
    about = {"plan_title": fit(entry.plan), "year": str(entry.notice.year or "")}
    return replace(entry, cells=entry.cells | about)


def _gather_parties(
    entries: Iterable[Entry], names: dict[tuple[str, ...], str]
) -> tuple[list[Party], list[Party]]:
    """Gather the units and the leaders of items, each with its roles in them."""
    units: dict[str, Party] = {}
    leaders: dict[str, Party] = {}
    for entry in entries:
        for key, name in _named(entry.item):
            called = names[_identity(name, entry.notice)]
            parties = leaders if name.kind == "person" else units
            party = parties.setdefault(called, Party(called))
            party.names.setdefault(name.name)
            roles = party.items.setdefault(entry.item.item_id, [])
            if _ROLES[key] not in roles:
                roles.append(_ROLES[key])
    return list(units.values()), list(leaders.values())


def _ranked(parties: Iterable[Party]) -> list[Party]:
    """Sort by the number of items hosted, then of all items, the greatest first."""
    return sorted(parties, key=lambda one: (-one.count("主办"), -len(one.items)))


def _named(item: Item) -> Iterator[tuple[str, Name]]:
    return ((key, name) for key in NAME_LISTS for name in getattr(item, key))


def _identity(name: Name, notice: Notice) -> tuple[str, ...]:
    """Identify a unit by its body, a person by name, place and post."""
    if name.kind == "person":
        return name.name, notice.home or "", name.post or ""
    return (name.canonical or name.name,)


def party_names(notices: Iterable[Notice]) -> dict[tuple[str, ...], str]:
    """Give each unit and leader a name of its own, which is that of its sheet and its progress.

    Of namesakes each gets place and post, 王小明(甲区、区长); a person with a unit's name gets 领导.
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
    """Yield the items of a notice in force; its items as read give the notes on corrections."""
    plan = now.title or now.notice_title or now.notice_id
    reads = {item.item_id: item for item in read.items}
    for item, depth in _in_order(now.items):
        notes = notes_of(reads[item.item_id], item.corrected)
        yield Entry(item, now, item.plan_title or plan, depth, _cells(item), notes)


def _cells(item: Item) -> dict[str, str]:
    cells = shown_cells(item) | {"item_id": item.item_id}
    if item.deadline and item.deadline.due:
        cells["due"] = item.deadline.due
    fields = "\n".join(f"{one.label}: {one.text}" for one in item.fields.values())
    if fields:
        cells["fields"] = fit(fields)
    if item.corrected:
        cells["corrected"] = "、".join(HEADS.get(c.field, c.field) for c in item.corrected)
    return cells


def shown_cells(item: Item) -> dict[str, str]:
    """Make the cells of an item's fields as the ledger shows them, without empty ones."""
    return {key: fit(text) for key in SHOWN if (text := field_text(item, key))}


def notes_of(read: Notice | Item, corrected: Iterable[Corrected]) -> dict[str, str]:
    """Write a note on each corrected field: 更正: 原读作 区财政局; 张三, 2024-06-30."""
    return {
        one.field: fit(
            f"更正: 原读作 {field_text(read, one.field) or '无'}; "
            + ", ".join(filter(None, (one.who, one.when, one.why)))
        )
        for one in corrected
    }


def _in_order(items: Sequence[Item]) -> Iterator[tuple[Item, int]]:
    """Yield items in reading order, each measure below the item that it belongs to, with its depth."""
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
