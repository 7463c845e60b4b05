"""Resolve a printed name to the one body that it means, by the place and year of the notice.

A name is read as place or level, subjects and office: 区发改局 in 盐田区 is 盐田区 + 发展和改革 + 局.
Short forms, subjects, renames and places are tables; the code only combines them. A name that
fits two bodies is resolved to none, with both as candidates.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple, TypedDict

from pipeline.lexicon import folder
from pipeline.names.body_tables import body_tables
from pipeline.names.candidates import JOINT, find_candidates
from pipeline.names.departments import find_departments
from pipeline.names.divisions import division_of
from pipeline.names.groups import is_group, resolve_group
from pipeline.names.in_year import choose_in_year
from pipeline.names.places import home_of
from pipeline.names.plates import fold_name, split_plate

# The plans of a region name the same bodies again and again, so names are cached: this many.
_REMEMBERED = 1 << 16
# A level word at the head of a name: 市发改委; not 市场监管局, 区县财政局.
_LEVEL = re.compile(r"[省市区县州盟旗](?![场区县])")
# How many full names are proposed for one that is not known.
_NEAR = 3


class Resolution(NamedTuple):
    """A canonical name or None, the rule that found it, and the other candidates.

    The candidates of a group are its members, as far as they are known.
    """

    canonical: str | None
    rule: str
    candidates: tuple[str, ...] = ()


def resolve(name: str, place: str | None, year: int | None) -> Resolution:
    """Resolve a unit or a group that a notice of this place and year prints to its canonical name.

    `place` is that of the notice (盐田区, 深圳市盐田区, 全国): it says which 区 or 市 is meant. The year
    chooses between bodies with one short name. Rules: full, abbreviation, stem (公安部门), branch,
    part, town, zone, government, own-name, plate, containment, group; canonical is None for
    ambiguous and unknown.
    "区发改局(区统计局)" in 盐田区 -> 盐田区发展和改革局, abbreviation
    """
    return _resolve(name, place, year, folder())


@lru_cache(_REMEMBERED)
def _resolve(name: str, place: str | None, year: int | None, over: object) -> Resolution:
    del over
    folded = fold_name(name)
    home = home_of(place, year=year)
    if is_group(folded):
        canonical, members = resolve_group(folded, home)
        return Resolution(canonical, "group", members)
    bare, plate = split_plate(folded)
    found, rule = find_candidates(bare, home) if bare else (), ""
    if not found and plate:
        found, rule = find_candidates(plate, home), "plate"
    if not found:
        return Resolution(None, "unknown")
    if found[0].rule == JOINT:
        members = tuple(body.canonical for body in found)
        return Resolution("和".join(members), "group", members)
    found = choose_in_year(found, bare, year)
    names = tuple(dict.fromkeys(body.canonical for body in found))
    if len(names) > 1:
        return Resolution(None, "ambiguous", names)
    return Resolution(names[0], rule or found[0].rule)


def resolve_list(
    names: tuple[str, ...], place: str | None, year: int | None
) -> tuple[Resolution, ...]:
    """Resolve each name of a list; one without a level takes that of the name before: 市发改委、财政局."""
    return _resolve_list(names, place, year, folder())


@lru_cache(_REMEMBERED)
def _resolve_list(
    names: tuple[str, ...], place: str | None, year: int | None, over: object
) -> tuple[Resolution, ...]:
    del over
    found: list[Resolution] = []
    level = ""
    for name in names:
        own = _LEVEL.match(name)
        taken = None
        if own:
            level = own[0]
        elif level and home_of(place).rank != 0 and find_departments(name):
            taken = resolve(level + name, place, year)
        if taken is None or taken.rule not in ("full", "abbreviation"):
            taken = resolve(name, place, year)
        found.append(taken)
    return tuple(found)


def resolve_notice(
    lists: list[tuple[str, ...]], place: str | None, year: int | None
) -> list[tuple[Resolution, ...]]:
    """Resolve the lists of one notice; a name of two bodies is the one that the notice also names.

    区农发局 in a notice that has 区农村发展局 is that body, by the rule context.
    """
    over = folder()
    found = [_resolve_list(names, place, year, over) for names in lists]
    spelled = {one.canonical for resolved in found for one in resolved}
    if None not in spelled:
        return found
    return [tuple(_in_context(one, spelled) for one in resolved) for resolved in found]


def _in_context(one: Resolution, spelled: set[str | None]) -> Resolution:
    """An ambiguous name as its only candidate among the bodies that the notice names."""
    near = [name for name in one.candidates if name in spelled]
    if one.canonical is None and len(near) == 1:
        return Resolution(near[0], "context", one.candidates)
    return one


class BodyFacts(TypedDict):
    """The fields of a body's record that follow from its name; None where not known."""

    canonical: str | None
    level: str | None
    place: str | None
    members: tuple[str, ...]


def describe(name: str, place: str | None, one: Resolution) -> BodyFacts:
    """The facts of a body that a name was resolved to; of a group also the members."""
    level, where = level_of(name, place)
    members = one.candidates if one.rule == "group" else ()
    return {
        "canonical": one.canonical,
        "level": level or None,
        "place": where or None,
        "members": members,
    }


def level_of(name: str, place: str | None) -> tuple[str, str]:
    """The level and the place of the body that a name means, empty where not known."""
    return _level_of(name, place, folder())


@lru_cache(_REMEMBERED)
def _level_of(name: str, place: str | None, over: object) -> tuple[str, str]:
    del over
    folded, home = fold_name(name), home_of(place)
    if is_group(folded):
        return division_of(home).level, division_of(home).display
    found = {body.division for body in find_candidates(split_plate(folded)[0], home)}
    if len(found) != 1:
        return "", ""
    division = found.pop()
    return division.level, division.display


def find_near(name: str, place: str | None) -> tuple[str, ...]:
    """The full names of the tables most similar to an unknown name, the best first.

    Similarity is the share of the name's characters that the full name has in the same order.
    """
    bare = split_plate(fold_name(name))[0].lstrip("省市区县州盟旗")
    scored: list[tuple[float, str]] = []
    for full in (one for names in body_tables().full_names.values() for one in names):
        common = _common(bare, full)
        if 2 * common > len(bare) and full[0] in bare:
            scored.append((-common / len(bare) + len(full) / 1000, full))
    head = division_of(home_of(place)).display
    return tuple(head + full for _, full in sorted(scored)[:_NEAR])


def _common(short: str, full: str) -> int:
    """How many characters of the short name the full one has in order, each taken at its first place."""
    position = found = 0
    for letter in short:
        where = full.find(letter, position)
        if where >= 0:
            position, found = where + 1, found + 1
    return found
