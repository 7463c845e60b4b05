"""Records -> the tables whose rows gather a whole dataset: bodies, and leaders."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipeline.dataset.in_force import in_force

if TYPE_CHECKING:
    from pipeline.model import Body, Item, Name, Notice

_JOIN = "、"
_Row = dict[str, Any]


@dataclass(slots=True)
class _Seen:
    """What a dataset says of one body or person."""

    names: dict[str, None] = field(default_factory=dict)
    years: set[int] = field(default_factory=set)
    notices: set[str] = field(default_factory=set)
    items: dict[str, set[str]] = field(default_factory=dict)

    def add(self, notice: Notice, item: Item, name: Name, role: str) -> None:
        """Count a name in an item once for its role."""
        self.names.setdefault(name.name)
        self.notices.add(notice.notice_id)
        self.years.update(year for year in (notice.year, notice.year_end) if year is not None)
        self.items.setdefault(role, set()).add(item.item_id)

    def count(self, role: str) -> int:
        """In how many items the role was held."""
        return len(self.items.get(role, ()))

    def row(self) -> _Row:
        """The years and notices that both tables have."""
        return {
            "first_year": min(self.years, default=None),
            "last_year": max(self.years, default=None),
            "notices": len(self.notices),
        }


class Gathering:
    """The bodies and leaders of the notices added to it."""

    def __init__(self) -> None:
        self._bodies: dict[str, Body] = {}
        self._units: dict[str, _Seen] = {}
        self._leaders: dict[tuple[str, str, str], _Seen] = {}

    def add(self, notice: Notice) -> None:
        """Take in what a notice says, in force; the notices' order makes no difference."""
        notice = in_force(notice)
        for body in notice.bodies:
            known = self._bodies.setdefault(body.canonical, body)
            if known is not body:
                self._bodies[body.canonical] = max(known, body, key=fullness)
        for item in notice.items:
            for assignment in item.assignments:
                for name in assignment.names:
                    self._add_name(notice, item, name, assignment.role)

    def _add_name(self, notice: Notice, item: Item, name: Name, role: str) -> None:
        """One name in two posts or two places is not one person."""
        if name.kind == "person":
            key = (name.name, name.post or "", notice.place or "")
            self._leaders.setdefault(key, _Seen()).add(notice, item, name, role)
        elif name.canonical is not None:
            self._units.setdefault(name.canonical, _Seen()).add(notice, item, name, role)

    def rows(self) -> dict[str, list[_Row]]:
        """The rows of units and leaders, sorted by their keys."""
        return {
            "units": [self._unit(*pair) for pair in sorted(self._units.items(), key=_key)],
            "leaders": [_leader(*pair) for pair in sorted(self._leaders.items(), key=_key)],
        }

    def _unit(self, canonical: str, seen: _Seen) -> _Row:
        body = self._bodies.get(canonical)
        return {
            "canonical": canonical,
            "kind": body.kind if body else "unit",
            "level": body.level if body else None,
            "place": body.place if body else None,
            "names": _JOIN.join(sorted(seen.names)),
            **seen.row(),
            "hosted": seen.count("host"),
            "co_hosted": seen.count("co_host"),
            "members": _JOIN.join(body.members) if body else "",
        }


def fullness(body: Body) -> tuple[int, str]:
    """Of two notices' words on one body those that tell more."""
    return len(body.members), repr(body)


def _key(pair: tuple[Any, _Seen]) -> Any:  # noqa: ANN401  a text or three
    return pair[0]


def _leader(key: tuple[str, str, str], seen: _Seen) -> _Row:
    name, post, place = key
    about = _JOIN.join(filter(None, (place, post)))
    return {
        "leader": f"{name}({about})" if about else name,
        "name": name,
        "post": post or None,
        "place": place or None,
        **seen.row(),
        "items": seen.count("leader"),
    }
