"""The names in each role of linked items: gained, lost, moved to another role, renamed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, product
from typing import TYPE_CHECKING, NamedTuple, get_args

from pipeline.comparison import Change, Move, Rename, RoleField
from pipeline.names.same_body import is_same_body

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pipeline.compare.trifles import PlanYears
    from pipeline.model import Item, Name

_ROLES: tuple[RoleField, ...] = get_args(RoleField)
# Rules by which two names are spellings of one; by any other rule a name is a rename.
_SPELLINGS = frozenset({"same", "abbreviation", "plate", "suffix", "order"})


@dataclass(frozen=True, slots=True)
class PlanContext:
    """Where and when two plans apply; this decides whether two names are of one body."""

    place: str | None
    years: PlanYears


class RoleName(NamedTuple):
    """A name in a role."""

    role: RoleField
    name: str


class NamePair(NamedTuple):
    """An earlier and a later name of one body or person, with the rule that makes them one."""

    before: RoleName
    after: RoleName
    rule: str


_Names = dict[RoleName, "Name"]


def find_role_changes(
    sides: tuple[Sequence[Item], Sequence[Item]], context: PlanContext
) -> tuple[list[Change], tuple[Rename, ...]]:
    """The changes role by role, and the bodies renamed; a move is part of the role it leads to."""
    before, after = (_collect_names(side) for side in sides)
    pairs = _pair_names(before, after, context)
    partner: dict[RoleName, RoleName] = {}
    for pair in pairs:
        partner.setdefault(pair.before, pair.after)
    found = {pair.after for pair in pairs}
    gone = [one for one in before if one not in partner]
    new = [one for one in after if one not in found]
    changes = []
    for role in _ROLES:
        lost, gained = (tuple(one.name for one in side if one.role == role) for side in (gone, new))
        moved = tuple(_find_moves(partner, role))
        if lost or gained or moved:
            names = [
                tuple(one.name for one in side if one.role == role) for side in (before, after)
            ]
            change = Change(
                field=role, before=names[0], after=names[1], gained=gained, lost=lost, moved=moved
            )
            changes.append(change)
    return changes, tuple(_find_renames(pairs))


def _collect_names(items: Sequence[Item]) -> _Names:
    """The names of all roles, role by role, without repeats, in order."""
    names: _Names = {}
    for role in _ROLES:
        for name in chain.from_iterable(getattr(item, role) for item in items):
            names.setdefault(RoleName(role, name.name), name)
    return names


def _find_moves(partner: Mapping[RoleName, RoleName], role: RoleField) -> Iterator[Move]:
    """The names that came to a role from another one."""
    for old, new in partner.items():
        if new.role == role and old.role != role:
            yield Move(name=new.name, before=old.role, after=role)


def _find_renames(pairs: Sequence[NamePair]) -> Iterator[Rename]:
    for old, new, rule in pairs:
        if rule not in _SPELLINGS:
            yield Rename(field=new.role, before=old.name, after=new.name, how=rule)


def _pair_names(before: _Names, after: _Names, context: PlanContext) -> list[NamePair]:
    """Each earlier name with the later one that it became, in whatever role.

    Names in one role are paired before those in two roles, equal names before other names of one
    body.
    """

    def find_rule(old: RoleName, new: RoleName) -> str | None:
        return _find_rule(before[old], after[new], context)

    candidates = list(product(before, after))
    pairs: list[NamePair] = []
    for same_role, same_name in product((True, False), repeat=2):
        allowed = [
            (old, new)
            for old, new in candidates
            if (old.role == new.role or not same_role) and (old.name == new.name or not same_name)
        ]
        pairs += _pair_free(allowed, pairs, find_rule)
    return pairs + _pair_merged_and_divided(candidates, pairs, find_rule)


def _pair_free(
    candidates: Iterable[tuple[RoleName, RoleName]],
    pairs: Sequence[NamePair],
    find_rule: Callable[[RoleName, RoleName], str | None],
) -> list[NamePair]:
    """More pairs of names that are in no pair so far."""
    olds, news = {pair.before for pair in pairs}, {pair.after for pair in pairs}
    more = []
    for old, new in candidates:
        if old in olds or new in news:
            continue
        rule = find_rule(old, new)
        if rule is not None:
            more.append(NamePair(old, new, rule))
            olds.add(old)
            news.add(new)
    return more


def _pair_merged_and_divided(
    candidates: Iterable[tuple[RoleName, RoleName]],
    pairs: Sequence[NamePair],
    find_rule: Callable[[RoleName, RoleName], str | None],
) -> list[NamePair]:
    """Pairs of a name that is left over and one that has a partner, if one became the other.

    Two bodies that became one both go on as it; one body that became two goes on as both.
    """
    olds, news = {pair.before for pair in pairs}, {pair.after for pair in pairs}
    more = []
    for old, new in candidates:
        if (old in olds) == (new in news):
            continue
        rule = find_rule(old, new)
        if rule is not None and rule not in _SPELLINGS:
            more.append(NamePair(old, new, rule))
            olds.add(old)
            news.add(new)
    return more


def _find_rule(old: Name, new: Name, context: PlanContext) -> str | None:
    """The rule by which two names are of one body or person, or None; persons have one name."""
    if old.name == new.name:
        return "same"
    if "person" in (old.kind, new.kind):
        return None
    if old.canonical and old.canonical == new.canonical:
        return "abbreviation"
    return is_same_body(old.name, new.name, context.place, *context.years)
