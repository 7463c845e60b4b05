"""Decide whether two printed names mean one body, in one year or over the years."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from pipeline.lexicon import folder
from pipeline.names.candidate_body import CandidateBody
from pipeline.names.candidates import JOINT, find_candidates
from pipeline.names.departments import DepartmentReading
from pipeline.names.gazetteer import Home, is_renamed
from pipeline.names.groups import is_group, resolve_group
from pipeline.names.in_year import choose_in_year
from pipeline.names.places import home_of
from pipeline.names.plates import fold_name, split_plate
from pipeline.names.renames import Years, all_renames, classify_succession
from pipeline.names.short_forms import is_short_firm, is_short_for

# Comparing two years asks for the same pairs again and again, so they are cached: this many.
_REMEMBERED = 1 << 16
# Rules by which two names in one year are one body.
_SAME = ("same", "abbreviation")
# Offices that a department may have in turn (局, then 委员会); a 中心 or 站 is another body.
_OFFICES = frozenset({"局", "委员会", "厅", "办公室", ""})
# The duties that a short name leaves out, and how many others it has at least: 文旅局 for
# 文化广电旅游局, but 文化局 is none; 房管局 for 住房保障和房产管理局.
_LEFT_OUT = {"广播电视": 2, "住房保障": 1, "版权": 2, "文物": 2, "综合行政执法": 1}


class Lineage(NamedTuple):
    """The subjects that a body had before and has after, in the words of the table of renames."""

    before: tuple[str, ...]
    after: tuple[str, ...]


def is_same_body(
    a: str, b: str, place: str | None, year_a: int | None, year_b: int | None
) -> str | None:
    """The rule by which two names in notices of one place mean one body, or None.

    same | abbreviation | plate | suffix | order | branch; over the years renamed | merged | split |
    reshaped | variant: the body of the earlier year is continued by that of the later.
    "区卫人局", "区卫健局" in 盐田区, 2011, 2022 -> renamed
    """
    return _is_same(a, b, place, (year_a, year_b), folder())


@lru_cache(_REMEMBERED)
def _is_same(a: str, b: str, place: str | None, years: Years, over: object) -> str | None:
    one, other = fold_name(a), fold_name(b)
    if one == other:
        return "same"
    if years[0] is not None and years[1] is not None and years[0] > years[1]:
        return _is_same(b, a, place, (years[1], years[0]), over)
    home = home_of(place)
    if is_group(one) or is_group(other):
        both = is_group(one) and is_group(other)
        alike = both and resolve_group(one, home)[0] == resolve_group(other, home)[0]
        return "abbreviation" if alike else None
    (one, plate), (other, second) = split_plate(one), split_plate(other)
    if one == other:
        return "plate"
    rule = _compare_names(one, other, home, years)
    if rule:
        return rule
    is_plate = any(
        mine and theirs and _compare_names(mine, theirs, home, (None, None)) in _SAME
        for mine, theirs in ((plate, other), (one, second))
    )
    return "plate" if is_plate else None


def _compare_names(a: str, b: str, home: Home, years: Years) -> str | None:
    """The rule for two folded names without plates; None where one of them fits two bodies."""
    if a == b:
        return "same"
    first = choose_in_year(find_candidates(a, home), a, years[0])
    second = choose_in_year(find_candidates(b, home), b, years[1])
    if len(first) != 1 or len(second) != 1:
        is_short = years[0] == years[1] and is_short_for(a, b, (first, second), home)
        return "abbreviation" if is_short or _are_same_pair(first, second) else None
    return _compare(first[0], second[0], home, years)


def _are_same_pair(first: tuple[CandidateBody, ...], second: tuple[CandidateBody, ...]) -> bool:
    """Whether both names join the same bodies: 市委市政府, 市委、市政府."""
    joint = all(body.rule == JOINT for body in (*first, *second))
    return joint and {one.canonical for one in first} == {one.canonical for one in second} != set()


def _compare(a: CandidateBody, b: CandidateBody, home: Home, years: Years) -> str | None:
    """The rule for two bodies: same place, same part, then their duties and offices."""
    if a.canonical == b.canonical:
        return "abbreviation"
    if a.part != b.part or not _is_one_place(a.division.display, b.division.display, years):
        return None
    if (a.division.level == "national") != (b.division.level == "national"):
        return None
    mine, theirs = a.reading, b.reading
    if set(mine.family) == set(theirs.family):
        if a.division.display != b.division.display:
            return "renamed" if mine.office == theirs.office else None
        if mine.office == theirs.office:
            return "order" if mine.branch == theirs.branch else "branch"
        return "suffix" if {mine.office, theirs.office} <= _OFFICES else None
    if years[0] == years[1] and mine.office == theirs.office and _leaves_out(mine, theirs):
        return "abbreviation"
    if is_short_firm(mine.family[0], theirs.family[0]):
        return "abbreviation"
    national = a.division.level == "national"
    onward = classify_succession(mine, theirs, years, home.names, national=national)
    # In one year either of the two names may be the old one.
    if onward is None and years[0] == years[1]:
        return classify_succession(theirs, mine, years, home.names, national=national)
    return onward


def _is_one_place(before: str, after: str, years: Years) -> bool:
    """Whether two places are one, also over a change of its name between the years."""
    first, last = years
    if before == after:
        return True
    return first is not None and last is not None and is_renamed(before, after, first, last)


def _leaves_out(mine: DepartmentReading, theirs: DepartmentReading) -> bool:
    """Whether one name leaves out a duty that short names leave out: 文旅局 for 文化广电旅游局."""
    short, full = sorted((set(mine.family), set(theirs.family)), key=len)
    left_out = full - short
    return short < full and all(len(short) >= _LEFT_OUT.get(duty, len(full)) for duty in left_out)


def lineage(name: str, place: str | None) -> Lineage:
    """The subjects of a name's body before and after the renames of the table.

    "区卫计局" in 盐田区 -> before 卫生, 人口和计划生育, 卫生和人口计划生育; after 卫生健康
    """
    home = home_of(place)
    found = find_candidates(split_plate(fold_name(name))[0], home)
    if len(found) != 1:
        return Lineage((), ())
    family, national = found[0].reading.family, found[0].division.level == "national"
    steps = [
        step
        for step in all_renames()
        if step.kind != "variant" and step.applies_to(home.names, national=national)
    ]
    before = dict.fromkeys(step.before for step in steps if step.after in family)
    after = dict.fromkeys(step.after for step in steps if step.before in family)
    return Lineage(tuple(before), tuple(after))
