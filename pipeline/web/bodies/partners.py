"""Find out with whom a body works: who is named in the same items, and in which role."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipeline.model import NameKind, Role
    from pipeline.store.duties import Duty

Side = Literal["leads", "helps", "beside"]
_Roles = dict[str, set["Role"]]


class Partner(NamedTuple):
    """Another body or a leader in the items of a body; `items` = `leads` + `helps` + `beside`.

    It `leads` where it hosts (or answers as a leader) and the body only co-hosts, it `helps` where
    the body hosts and it only co-hosts, and is `beside` it where both have one role.
    """

    body: str
    kind: NameKind
    items: int
    leads: int
    helps: int
    beside: int

    @property
    def side(self) -> Side:
        """The most frequent relation to the body."""
        counts: dict[Side, int] = {"beside": self.beside, "leads": self.leads, "helps": self.helps}
        return max(counts, key=lambda side: counts[side])


class Tie(NamedTuple):
    """In how many items of the body two of its partners are named together."""

    one: str
    other: str
    items: int


class Share(NamedTuple):
    """How many of a leader's items a body hosts and co-hosts."""

    body: str
    hosted: int
    co_hosted: int
    items: int


def count_shares(duties: Iterable[Duty]) -> list[Share]:
    """Count the items of each body in some items; most first, persons left out."""
    items: dict[str, dict[Role, set[str]]] = {}
    for one in duties:
        if one.kind != "person":
            items.setdefault(one.body, {}).setdefault(one.role, set()).add(one.item_id)
    shares = (
        Share(
            body,
            len(roles.get("host", ())),
            len(roles.get("co_host", ())),
            len(set().union(*roles.values())),
        )
        for body, roles in items.items()
    )
    return sorted(shares, key=lambda one: (-one.items, -one.hosted, one.body))


def find_partners(own: Iterable[Duty], others: Iterable[Duty]) -> list[Partner]:
    """Find the partners of a body from its duties and those of others; most common items first."""
    mine = _roles_by_item(own)
    theirs: defaultdict[str, list[Duty]] = defaultdict(list)
    for one in others:
        if one.item_id in mine:
            theirs[one.body].append(one)
    found = [_make_partner(body, duties, mine) for body, duties in theirs.items()]
    return sorted(found, key=lambda one: (-one.items, -one.leads, one.body))


def find_ties(partners: Iterable[Partner], others: Iterable[Duty]) -> list[Tie]:
    """Count the items that each two of some partners have in common, most first."""
    known = {one.body for one in partners}
    items: defaultdict[str, set[str]] = defaultdict(set)
    for one in others:
        if one.body in known:
            items[one.body].add(one.item_id)
    pairs = combinations(sorted(items), 2)
    ties = [Tie(one, other, len(items[one] & items[other])) for one, other in pairs]
    return sorted((tie for tie in ties if tie.items), key=lambda tie: (-tie.items, tie[:2]))


def _make_partner(body: str, duties: Sequence[Duty], mine: Mapping[str, set[Role]]) -> Partner:
    sides: dict[Side, int] = {"leads": 0, "helps": 0, "beside": 0}
    for item_id, roles in _roles_by_item(duties).items():
        sides[_find_side(mine[item_id], roles)] += 1
    return Partner(body, duties[0].kind, sum(sides.values()), **sides)


def _roles_by_item(duties: Iterable[Duty]) -> _Roles:
    roles: _Roles = {}
    for one in duties:
        roles.setdefault(one.item_id, set()).add(one.role)
    return roles


def _find_side(mine: set[Role], theirs: set[Role]) -> Side:
    """Return what another one with these roles is to a body with those roles in an item."""
    if mine == {"co_host"} and theirs != {"co_host"}:
        return "leads"
    if "leader" in theirs:
        return "leads"
    if theirs == {"co_host"} and mine != {"co_host"}:
        return "helps"
    return "beside"
