"""Resolve the names of branches, with a place inside: 市公安局盐田分局, 共青团盐田区委, 政协合肥市委员会."""

from __future__ import annotations

import re

from pipeline.names.body_tables import body_tables
from pipeline.names.candidate_body import (
    LEAGUE,
    LEVEL,
    CandidateBody,
    as_body,
    bodies_with_place_inside,
    split_any_place,
)
from pipeline.names.departments import split_subjects
from pipeline.names.divisions import Division, resolve_level, split_place_names
from pipeline.names.gazetteer import Home

# The head of a branch's full name, before its place: 国家税务总局|临沂市税务局.
_IN_FULL = re.compile(r"国家|中国|中华人民共和国|国网|民航")
# The short name of a body of the nation that is a branch's head: 人民银行, 证监会; not 气象局.
_HEAD = re.compile(r"(?:总局|总署|会|行|部|公司|集团)$")
# What follows the place in a branch's name.
_TAIL = re.compile(
    r"[\u4e00-\u9fff]{0,4}?(?:监管分?局|监管支局|监管组|监管办公室|管理局|分局|税务局|中心支行|营业管理部|支行|分行"
    r"|分公司|公司|委员会|调查总?队|专员办|办事处|分署|海关|海事局|集团)"
)
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
# A committee with the place inside: 团|区|委, 共青团|盐田区|委员会, 政协|合肥市|委员会, 民盟|市|委.
_COMMITTEE = re.compile(
    r"(?P<head>(?:共青)?团|中国共产主义青年团|政协|民[盟建进革]|农工党|致公党|九三学社|台盟)"
    r"(?:(?P<level>[省市区县州盟旗镇乡])|(?P<place>.{2,7}))委(?:员会)?"
)


def find_committee(name: str, home: Home) -> tuple[CandidateBody, ...]:
    """Committees of the Youth League and the like, with the level or place inside: 团区委, 洛阳团市委."""
    found = _COMMITTEE.fullmatch(name)
    if found:
        level = found["level"]
        place = resolve_level(level, home) if level else _whole_place(found["place"], home)
        return as_body(place, _body_of(found["head"]), "abbreviation") if place else ()
    if "团" not in name[1:-2]:
        return ()
    for place, rest in split_place_names(name, home, short=True):
        found = _COMMITTEE.fullmatch(rest)
        if found and found["level"] and place.display.endswith(found["level"]):
            return as_body(place, _body_of(found["head"]), "abbreviation")
    return ()


def _body_of(head: str) -> str:
    """The body of the tables whose committee begins so: 团 -> 团委员会."""
    found = body_tables().local.get(head + "委员会")
    return found[0][0] if found else LEAGUE


def find_branch(name: str, home: Home) -> tuple[CandidateBody, ...]:
    """Branches with a place inside: 市公安局盐田分局, 公安雁塔分局, 人行湖州市中心支行.

    One that is printed with its nation's head stays as printed: 国家税务总局临沂市税务局.
    """
    found = _find_of_nation(name, home)
    if found:
        return found
    inner = name[1:] if LEVEL.match(name) else name
    for rest in (inner, *(rest for _, rest in split_place_names(name, home, short=False))):
        match = _BRANCH.fullmatch(rest) or _INSIDE.fullmatch(rest)
        found = _read_branch(match, home) if match else ()
        if found:
            return found
    return ()


def _find_of_nation(name: str, home: Home) -> tuple[CandidateBody, ...]:
    """A branch of a body of the nation, 银保监会|三亚|监管分局: of the tables, else by its head."""
    others: tuple[CandidateBody, ...] = ()
    for start in range(2, min(_LONGEST_HEAD, len(name) - 1)):
        head = name[:start]
        for place, rest in split_any_place(name[start:], home):
            tail = "中心支行" if rest == "中支" else rest
            own = _spell_branch(head, name[start : len(name) - len(rest)], tail)
            body = _find_local(head, tail) if rest else None
            if body:
                return tuple(one._replace(own=own) for one in as_body(place, body, "branch"))
            if own and place.level and _TAIL.fullmatch(tail) and not others:
                full = own.replace(name[start : len(name) - len(rest)], "", 1)
                others = tuple(one._replace(own=own) for one in as_body(place, full, "branch"))
    return others


def _find_local(head: str, tail: str) -> str | None:
    """The body of the tables that a branch's name without its place means, its head short or whole."""
    for one in (head, *body_tables().national.get(head, ())):
        bodies = body_tables().local.get(one + tail)
        found = bodies[0][0] if bodies else bodies_with_place_inside().get(one + tail)
        if found:
            return found
    return None


def _spell_branch(head: str, place: str, tail: str) -> str:
    """The name of a branch as it is printed in full, its head spelled out; "" without such a head."""
    whole = body_tables().national.get(head, ())
    if len(whole) == 1 and _HEAD.search(head):
        head = whole[0]
    return head + place + tail if _IN_FULL.match(head) else ""


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
