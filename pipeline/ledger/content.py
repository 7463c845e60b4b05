"""Gather the content of a ledger from notices: items, and units and leaders with their items.

A notice is looked at once and left: a ledger of 100,000 items keeps their cells, not their records.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from pipeline.dataset.edited_items import EDIT_KINDS, edited
from pipeline.dataset.in_force import NAME_LISTS, field_text, in_force
from pipeline.decisions.anchors import PresentAnchors
from pipeline.errors import OnError, hold_errors
from pipeline.ledger.cell_text import fit
from pipeline.ledger.columns import EDIT_WORDS, HEADS, LEADERS, SEVERAL_PLANS, SEVERITIES
from pipeline.messages.catalogue import say_in_chinese
from pipeline.model import Item, Notice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.model import Corrected, Name, Problem

_ROLES = {"leaders": "牵头", "host_units": "主办", "co_host_units": "协办"}
# The fields of an item that are compared when a ledger comes back, in the order of the columns.
SHOWN = ("label", "path", "title", "content", *NAME_LISTS, "deadline")
# Cells that many items share; one text of each is kept.
_SHARED = ("label", "path", *NAME_LISTS, "deadline", "due", "plan_title", "year")
_LONGEST_QUOTE = 300
# A unit is its body; a person is a name, a place and a post.
_Identity = tuple[str, ...]


class Mark(NamedTuple):
    """A value that was filled in: `unit` is the party of its sheet, empty for the main sheet."""

    item_id: str
    unit: str
    column: str
    value: str


class NamedParty(NamedTuple):
    """A unit or a leader that an item names: its role, who it is, and its name in the document."""

    role: str
    identity: _Identity
    name: str

    @property
    def is_person(self) -> bool:
        """Whether it is a leader."""
        return len(self.identity) > 1


@dataclass(frozen=True, slots=True)
class Entry:
    """An item in force: its cells by key, its depth below other items, notes on corrected cells."""

    item_id: str
    notice_id: str
    depth: int
    cells: dict[str, str]
    notes: dict[str, str]
    parties: tuple[NamedParty, ...]


class ProblemLine(NamedTuple):
    """A problem of a notice as the ledger shows it, with the id of its item, which may be empty."""

    plan_title: str
    severity: str
    code: str
    message: str
    text: str
    item_id: str


@dataclass(frozen=True, slots=True)
class Party:
    """A unit or a leader: its names in documents, and its roles by item."""

    name: str
    names: dict[str, None] = field(default_factory=dict)
    items: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def count(self, role: str) -> int:
        """Count the items in which it has a role."""
        return sum(role in roles for roles in self.items.values())


@dataclass(frozen=True, slots=True)
class Ledger:
    """The content of a ledger: items, problems, units and leaders of its notices, values in force.

    `only` is the one notice in force and as read, where the ledger has no other; `last_day` the
    latest day of issue, or empty. `read_cells` are the cells of corrected items as they were read.
    """

    entries: list[Entry]
    problems: list[ProblemLine]
    units: list[Party]
    leaders: list[Party]
    is_several: bool
    notices: int
    only: tuple[Notice, Notice] | None
    last_day: str
    anchors: PresentAnchors
    read_cells: dict[str, dict[str, str]]


def gather(notices: Iterable[Notice], on_error: OnError | None = None) -> Ledger:
    """Gather the content of the ledger of notices, values in force.

    With `on_error`, a notice of which cells cannot be made is reported to it and left out.
    """
    gathered = _Gathered()
    for notice in notices:
        with hold_errors(notice.notice_id, on_error):
            gathered.add(notice)
    return gathered.as_ledger()


class _Gathered:
    """What was gathered from the notices up to now."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.problems: list[ProblemLine] = []
        self.anchors = PresentAnchors()
        self.read_cells: dict[str, dict[str, str]] = {}
        self.notices = 0
        self.first: tuple[Notice, Notice] | None = None
        self.last_day = ""
        self.identities: dict[_Identity, None] = {}
        self.plans: set[tuple[str, str]] = set()
        self._texts: dict[str, str] = {}
        self._parties: dict[NamedParty, NamedParty] = {}

    def add(self, notice: Notice) -> None:
        """Add a notice; nothing but its anchors is added where an error is raised."""
        self.anchors.add(notice)
        now = in_force(notice)
        own = list(self._entries(notice, now))
        problems = [_problem_line(now, one) for one in now.problems]
        items = edited(notice).items
        read = {item.item_id: shown_cells(item) for item in items if item.corrected}
        self.first = self.first or (now, notice)
        self.notices += 1
        self.last_day = max(self.last_day, now.issued_on or "")
        self.entries += own
        self.problems += problems
        self.read_cells |= read
        self.plans |= {(now.notice_id, one.cells["plan_title"]) for one in own}
        for item in now.items:
            self.identities |= {_identity(name, now): None for _, name in _named(item)}

    def _entries(self, read: Notice, now: Notice) -> Iterator[Entry]:
        """Yield the items of a notice in force; its items as read give the notes on corrections."""
        plan = now.title or now.notice_title or now.notice_id
        year = str(now.year or "")
        reads = {item.item_id: item for item in edited(read).items}
        for item, depth in _in_order(now.items):
            notes = notes_of(reads[item.item_id], item.corrected)
            cells = _cells(item) | {"plan_title": fit(item.plan_title or plan), "year": year}
            cells |= {key: self._share(cells[key]) for key in _SHARED if key in cells}
            parties = tuple(self._parties_of(item, now))
            yield Entry(item.item_id, now.notice_id, depth, cells, notes, parties)

    def _share(self, text: str) -> str:
        """Return an equal text that is kept already, or keep this one."""
        return self._texts.setdefault(text, text)

    def _parties_of(self, item: Item, notice: Notice) -> Iterator[NamedParty]:
        for key, name in _named(item):
            one = NamedParty(_ROLES[key], _identity(name, notice), name.name)
            yield self._parties.setdefault(one, one)

    def as_ledger(self) -> Ledger:
        """Return the ledger of everything that was gathered."""
        is_several = len(self.plans) > 1
        # A column with one value in all rows says nothing.
        for key in SEVERAL_PLANS:
            if len({entry.cells[key] for entry in self.entries}) < 2:
                for entry in self.entries:
                    del entry.cells[key]
        units, leaders = _gather_parties(self.entries, party_names(self.identities))
        return Ledger(
            self.entries,
            self.problems,
            _ranked(units),
            _ranked(leaders),
            is_several,
            self.notices,
            self.first if self.notices == 1 else None,
            self.last_day,
            self.anchors,
            self.read_cells,
        )


def _gather_parties(
    entries: Iterable[Entry], names: dict[_Identity, str]
) -> tuple[list[Party], list[Party]]:
    """Gather the units and the leaders of items, each with its roles in them."""
    units: dict[str, Party] = {}
    leaders: dict[str, Party] = {}
    # Few combinations of roles; a list for each item of each party would be 100 bytes.
    combined: dict[tuple[str, ...], tuple[str, ...]] = {}
    for entry in entries:
        for one in entry.parties:
            called = names[one.identity]
            parties = leaders if one.is_person else units
            party = parties.setdefault(called, Party(called))
            party.names.setdefault(one.name)
            roles = party.items.get(entry.item_id, ())
            if one.role not in roles:
                more = (*roles, one.role)
                party.items[entry.item_id] = combined.setdefault(more, more)
    return list(units.values()), list(leaders.values())


def _ranked(parties: Iterable[Party]) -> list[Party]:
    """Sort by the number of items hosted, then of all items, the greatest first."""
    return sorted(parties, key=lambda one: (-one.count("主办"), -len(one.items)))


def _named(item: Item) -> Iterator[tuple[str, Name]]:
    return ((key, name) for key in NAME_LISTS for name in getattr(item, key))


def _identity(name: Name, notice: Notice) -> _Identity:
    """Identify a unit by its body, a person by name, place and post."""
    if name.kind == "person":
        return name.name, notice.home or "", name.post or ""
    return (name.canonical or name.name,)


def party_names(found: Iterable[_Identity]) -> dict[_Identity, str]:
    """Give each unit and leader a name of its own, which is that of its sheet and its progress.

    Of namesakes each gets place and post, 王小明(甲区、区长); a person with a unit's name gets 领导.
    """
    found = list(dict.fromkeys(found))
    people = Counter(one[0] for one in found if len(one) > 1)
    called: dict[_Identity, str] = {}
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


def _problem_line(notice: Notice, problem: Problem) -> ProblemLine:
    span = problem.span
    text = notice.source.text[span.start : span.end] if span else ""
    quote = text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "……"
    return ProblemLine(
        fit(notice.title or notice.notice_title or notice.notice_id),
        SEVERITIES[problem.severity],
        problem.code,
        fit(say_in_chinese(problem.message)),
        fit(quote),
        problem.item_id or "",
    )


def _cells(item: Item) -> dict[str, str]:
    cells = shown_cells(item) | {"item_id": item.item_id}
    if item.deadline and item.deadline.due:
        cells["due"] = item.deadline.due
    fields = "\n".join(f"{one.label}: {one.text}" for one in item.fields.values())
    if fields:
        cells["fields"] = fit(fields)
    if item.corrected:
        cells["corrected"] = "、".join(
            EDIT_WORDS.get(one.field) or HEADS.get(one.field, one.field) for one in item.corrected
        )
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
        if one.field not in EDIT_KINDS
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
