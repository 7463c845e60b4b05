"""Make the tables `units` and `leaders`: one row for each body or person of all notices together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pipeline.dataset.duplicates import mark_of
from pipeline.dataset.in_force import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipeline.dataset.table_rows import TableRow
    from pipeline.model import Body, NameKind, Notice, Role

_JOIN = "、"
Person = tuple[str, str, str]


class Mention(NamedTuple):
    """One name in one role of one item."""

    item_id: str
    role: Role
    name: str
    kind: NameKind
    canonical: str | None
    post: str | None


class Mentions(NamedTuple):
    """What one notice says of bodies and persons, in force."""

    notice_id: str
    place: str | None
    years: frozenset[int]
    bodies: tuple[Body, ...]
    names: tuple[Mention, ...]


def find_mentions(notice: Notice) -> Mentions:
    """Return what a notice says of bodies and persons, in force; nothing where it is a duplicate."""
    if mark_of(notice):
        return Mentions(notice.notice_id, notice.home, frozenset(), (), ())
    notice = in_force(notice)
    names = (
        Mention(item.item_id, one.role, name.name, name.kind, name.canonical, name.post)
        for item in notice.items
        for one in item.assignments
        for name in one.names
    )
    years = frozenset(year for year in (notice.year, notice.year_end) if year is not None)
    return Mentions(notice.notice_id, notice.home, years, notice.bodies, tuple(names))


class NoticeCount(NamedTuple):
    """One body or person in one notice: the names, and in how many items it has each role."""

    names: tuple[str, ...]
    items: tuple[tuple[Role, int], ...]


class NoticeCounts(NamedTuple):
    """What one notice adds to the tables of bodies and persons: small, whatever the notice's length."""

    years: tuple[int, ...]
    bodies: tuple[Body, ...]
    units: dict[str, NoticeCount]
    leaders: dict[Person, NoticeCount]


def count_mentions(mentions: Mentions) -> NoticeCounts:
    """Count the items of each body and person of a notice; several names in one item and role count once."""
    units: dict[str, list[Mention]] = {}
    leaders: dict[Person, list[Mention]] = {}
    for one in mentions.names:
        if one.kind == "person":
            # One name with two posts or in two places is not taken for one person.
            person = (one.name, one.post or "", mentions.place or "")
            leaders.setdefault(person, []).append(one)
        elif one.canonical is not None:
            units.setdefault(one.canonical, []).append(one)
    return NoticeCounts(
        tuple(sorted(mentions.years)),
        tuple(mentions.bodies),
        {key: _count(own) for key, own in units.items()},
        {key: _count(own) for key, own in leaders.items()},
    )


def _count(mentions: Sequence[Mention]) -> NoticeCount:
    names = dict.fromkeys(one.name for one in mentions)
    items = Counter(role for _, role in {(one.item_id, one.role) for one in mentions})
    return NoticeCount(tuple(names), tuple(sorted(items.items())))


@dataclass(slots=True)
class _Tally:
    """What all notices say of one body or person."""

    names: set[str] = field(default_factory=set)
    years: set[int] = field(default_factory=set)
    notices: int = 0
    items: Counter[Role] = field(default_factory=Counter)

    def add(self, one: NoticeCount, years: Iterable[int]) -> None:
        """Add what one more notice says."""
        self.names.update(one.names)
        self.years.update(years)
        self.notices += 1
        for role, count in one.items:
            self.items[role] += count

    def row(self) -> TableRow:
        """Return the columns that both tables have."""
        return {
            "first_year": min(self.years, default=None),
            "last_year": max(self.years, default=None),
            "notices": self.notices,
        }


class Aggregates:
    """Running totals over the notices that were added, each once; their order makes no difference."""

    def __init__(self) -> None:
        self._bodies: dict[str, Body] = {}
        self._units: dict[str, _Tally] = {}
        self._leaders: dict[Person, _Tally] = {}

    def add(self, counts: NoticeCounts) -> None:
        """Add what one notice says."""
        for body in counts.bodies:
            known = self._bodies.setdefault(body.canonical, body)
            if known is not body:
                self._bodies[body.canonical] = max(known, body, key=fullness)
        for canonical, one in counts.units.items():
            self._units.setdefault(canonical, _Tally()).add(one, counts.years)
        for person, one in counts.leaders.items():
            self._leaders.setdefault(person, _Tally()).add(one, counts.years)

    def rows(self) -> dict[str, list[TableRow]]:
        """Return the rows of both tables, sorted by body and by person."""
        return {
            "units": [
                _unit_row(key, self._units[key], self._bodies) for key in sorted(self._units)
            ],
            "leaders": [_leader_row(key, self._leaders[key]) for key in sorted(self._leaders)],
        }


def fullness(body: Body) -> tuple[int, str]:
    """Return a sort key: of two notices' descriptions of a body the one with more members wins."""
    return len(body.members), repr(body)


def _unit_row(canonical: str, tally: _Tally, bodies: Mapping[str, Body]) -> TableRow:
    body = bodies.get(canonical)
    return {
        "canonical": canonical,
        "kind": body.kind if body else "unit",
        "level": body.level if body else None,
        "place": body.place if body else None,
        "names": _JOIN.join(sorted(tally.names)),
        **tally.row(),
        "hosted": tally.items["host"],
        "co_hosted": tally.items["co_host"],
        "members": _JOIN.join(body.members) if body else "",
    }


def _leader_row(person: Person, tally: _Tally) -> TableRow:
    name, post, place = person
    about = _JOIN.join(filter(None, (place, post)))
    return {
        "leader": f"{name}({about})" if about else name,
        "name": name,
        "post": post or None,
        "place": place or None,
        **tally.row(),
        "items": tally.items["leader"],
    }
