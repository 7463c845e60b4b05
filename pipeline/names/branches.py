"""Resolve the names of branches, with a place inside: 市公安局盐田分局, 共青团盐田区委."""

from __future__ import annotations

import re

from pipeline.names.body_tables import body_tables
from pipeline.names.candidate_body import (
    LEAGUE,
    LEVEL,
    CandidateBody,
    as_body,
    split_any_place,
)
from pipeline.names.departments import split_subjects
from pipeline.names.divisions import Division, resolve_level, split_place_names
from pipeline.names.gazetteer import Home

# The head of a branch's full name, before its place: 国家税务总局|临沂市税务局.
_IN_FULL = re.compile(r"国家|中国|中华人民共和国")
_LONGEST_HEAD = 16
# An organ and its branch: 公安局盐田分局, 生态环境局宁远分局.
_BRANCH = re.compile(
    r"(?P<organ>[\u4e00-\u9fff]{2,14}?[局委厅])(?P<place>[\u4e00-\u9fff]{2,9}?)"
    r"(?:分局|管理局|支局|监管组)"
)
# The place between subject and 分局: 公安雁塔分局.
_INSIDE = re.compile(
    r"(?P<stem>公安|国土资源|国土|规划|工商|税务|质监|生态环境|环保)(?P<place>[\u4e00-\u9fff]{2,4})分局"
)
_LEAGUE_PLACE = re.compile(
    r"(?:共青)?团(?:(?P<level>[省市区县州盟旗镇乡])|(?P<place>.{2,7}))委(?:员会)?"
)


def find_league(name: str, home: Home) -> tuple[CandidateBody, ...]:
    """Committees of the Youth League, with the level or place inside: 团区委, 洛阳团市委."""
    league = _LEAGUE_PLACE.fullmatch(name)
    if league:
        level = league["level"]
        place = resolve_level(level, home) if level else _whole_place(league["place"], home)
        return as_body(place, LEAGUE, "abbreviation") if place else ()
    if "团" not in name[1:-2]:
        return ()
    for place, rest in split_place_names(name, home, short=True):
        league = _LEAGUE_PLACE.fullmatch(rest)
        if league and league["level"] and place.display.endswith(league["level"]):
            return as_body(place, LEAGUE, "abbreviation")
    return ()


def find_branch(name: str, home: Home) -> tuple[CandidateBody, ...]:
    """Branches with a place inside: 市公安局盐田分局, 公安雁塔分局, 人行湖州市中心支行.

    One that is printed with its nation's head stays as printed: 国家税务总局临沂市税务局.
    """
    own = name if _IN_FULL.match(name) else ""
    for start in range(2, min(_LONGEST_HEAD, len(name) - 1)):
        for place, rest in split_any_place(name[start:], home):
            bodies = body_tables().local.get(name[:start] + rest, ()) if rest else ()
            if bodies:
                return tuple(
                    one._replace(own=own) for one in as_body(place, bodies[0][0], "branch")
                )
    inner = name[1:] if LEVEL.match(name) else name
    for rest in (inner, *(rest for _, rest in split_place_names(name, home, short=False))):
        match = _BRANCH.fullmatch(rest) or _INSIDE.fullmatch(rest)
        found = _read_branch(match, home) if match else ()
        if found:
            return found
    return ()


def _whole_place(name: str, home: Home) -> Division | None:
    """The division of a name that is a place, whole or short: 盐田区, 盐田."""
    return next((place for place, rest in split_any_place(name, home) if not rest), None)


def _read_branch(match: re.Match[str], home: Home) -> tuple[CandidateBody, ...]:
    """The branch of a match: 公安局盐田分局 -> 盐田区公安分局."""
    groups = match.groupdict()
    where = _whole_place(match["place"], home)
    reading = split_subjects(groups.get("organ") or match["stem"] + "局")
    if where is None or reading is None:
        return ()
    full = reading.full.removesuffix(reading.office) + "分局"
    return (CandidateBody(where, reading._replace(full=full, office="局", branch=True), "branch"),)
