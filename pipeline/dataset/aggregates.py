"""Make the tables `units` and `leaders`: one row for each body or person of all notices together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pipeline.dataset.duplicates import mark_of
from pipeline.dataset.in_force import in_force

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.dataset.table_rows import TableRow
    from pipeline.model import Body, NameKind, Notice, Role

_JOIN = "、"
_Person = tuple[str, str, str]


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


@dataclass(slots=True)
class _Tally:
    """What all notices say of one body or person."""

    names: set[str] = field(default_factory=set)
    years: set[int] = field(default_factory=set)
    notice_ids: set[str] = field(default_factory=set)
    item_ids: dict[Role, set[str]] = field(default_factory=dict)

    def add(self, mentions: Mentions, one: Mention) -> None:
        """Count a mention; several in one item and one role count once."""
        self.names.add(one.name)
        self.years |= mentions.years
        self.notice_ids.add(mentions.notice_id)
        self.item_ids.setdefault(one.role, set()).add(one.item_id)

    def count(self, role: Role) -> int:
        """Return the number of items with the body or person in this role."""
        return len(self.item_ids.get(role, ()))

    def row(self) -> TableRow:
        """Return the columns that both tables have."""
        return {
            "first_year": min(self.years, default=None),
            "last_year": max(self.years, default=None),
            "notices": len(self.notice_ids),
        }


class Aggregates:
    """Running totals over the notices that were added; their order makes no difference."""

    def __init__(self) -> None:
        self._bodies: dict[str, Body] = {}
        self._units: dict[str, _Tally] = {}
        self._leaders: dict[_Person, _Tally] = {}

    def add(self, mentions: Mentions) -> None:
        """Add what one notice says."""
        for body in mentions.bodies:
            known = self._bodies.setdefault(body.canonical, body)
            if known is not body:
                self._bodies[body.canonical] = max(known, body, key=fullness)
        for one in mentions.names:
            if one.kind == "person":
                # One name with two posts or in two places is not taken for one person.
                person = (one.name, one.post or "", mentions.place or "")
                self._leaders.setdefault(person, _Tally()).add(mentions, one)
            elif one.canonical is not None:
                self._units.setdefault(one.canonical, _Tally()).add(mentions, one)

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
        "hosted": tally.count("host"),
        "co_hosted": tally.count("co_host"),
        "members": _JOIN.join(body.members) if body else "",
    }


def _leader_row(person: _Person, tally: _Tally) -> TableRow:
    name, post, place = person
    about = _JOIN.join(filter(None, (place, post)))
    return {
        "leader": f"{name}({about})" if about else name,
        "name": name,
        "post": post or None,
        "place": place or None,
        **tally.row(),
        "items": tally.count("leader"),
    }
