"""Find the bodies that a printed name can mean: its place or level, its subjects, its office.

The ways are tried in order of reliability: the Youth League and the nation's bodies; a place or
level and a body of the tables; branches; names of open classes (towns, zones, companies); a body
and a part of it; and last, full names that contain the characters of the short one in order.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.lexicon import folder
from pipeline.names.body_tables import body_tables
from pipeline.names.branches import find_branch, find_committee
from pipeline.names.candidate_body import CandidateBody, split_division
from pipeline.names.departments import (
    DepartmentReading,
    ends_in_full,
    find_departments,
    is_short,
    split_subjects,
)
from pipeline.names.divisions import Division, division_of
from pipeline.names.gazetteer import Home
from pipeline.names.national import find_national
from pipeline.names.own_names import find_own_name
from pipeline.names.places import home_of
from pipeline.names.short_forms import holds_short_form

# The rule of two bodies that are printed as one name.
JOINT = "joint"
# How many names are cached, each in the notices of one place.
_REMEMBERED = 1 << 16
# What may follow a stem: 公安部门, 环保主管部门.
_SUFFIXED = re.compile(r"(?:行政|主管|行业)*(?:部门|机关)$")
# An organ before its own office: 政府办公室, 党委组织部.
_GOVERNMENT = re.compile(r"(?:人民政府|政府|党委|党工委)(?=.{2})(?!(?:人民)?政府$)")
_LEAGUE_ALONE = re.compile(r"(?:共青)?团委(?:员会)?")
_COURTS = {"province": "高级人民法院", "city": "中级人民法院"}
# 区经济发展局农业处: a body, then a part of it.
_PART = re.compile(
    r"(?P<body>.{2,20}?(?:局|委员会|委(?!会|员|[\u4e00-\u9fff]{2,10}[部局室办校].{2})|部|厅|办公室|政府|管委会|公司|院))"
    r"(?P<part>[\u4e00-\u9fff]{1,10}?(?:处|科|室|站|所|队|支队|大队|总队|中心|股|办|组|局|指挥部|农场))"
)
# 中共|临沂市纪律检查委员会 · 中华人民共和国|昆山海关; not 中共中央, 中华人民共和国财政部.
_PARTY_OR_STATE = re.compile(
    r"(?:中共|中国共产党)(?!中央|全国)|中华人民共和国(?=[\u4e00-\u9fff]{2,8}(?:海关|海事局|边防检查站)$)"
)
# 市委|市政府, 区政府|和|市政府, 党委|政府: two bodies that are printed as one name.
_JOINT = re.compile(
    r"(?P<one>[\u4e00-\u9fff]{0,10}?(?:委|委员会|政府))"
    r"(?:[、和与及](?P<other>[\u4e00-\u9fff]{0,10}?(?:委|委员会|政府|人大|政协))"
    r"|(?P<next>[省市区县州盟旗](?:委|人民政府|政府|人大|政协))|(?<=党委)(?P<of_place>政府))"
)


def find_candidates(name: str, home: Home) -> tuple[CandidateBody, ...]:
    """Every body that a folded name without plates can mean in a notice of this place."""
    return _find(name, home, folder())


@lru_cache(_REMEMBERED)
def _find(name: str, home: Home, over: object) -> tuple[CandidateBody, ...]:
    del over
    for way in _WAYS:
        found = way(name, home)
        if found:
            return found
    return ()


def _by_party_or_state(name: str, home: Home) -> tuple[CandidateBody, ...]:
    """A body behind the word of its party or state: 中共临沂市委宣传部, 中华人民共和国昆山海关."""
    head = _PARTY_OR_STATE.match(name)
    if head is None:
        return ()
    rest = name[head.end() :]
    found = find_candidates(rest, home)
    return tuple(
        body._replace(own=name) if _is_whole(rest, body) else body
        for body in found
        if body.rule not in ("own-name", "containment")
    )


def _is_whole(rest: str, body: CandidateBody) -> bool:
    """Whether a name is printed in full with its place: 临沂市|委宣传部, 泾县县|委统战部."""
    if body.rule == JOINT:
        return False
    in_full = rest.startswith(body.division.display) and rest.endswith(body.reading.full)
    return in_full or body.canonical == rest


def _by_place(name: str, home: Home) -> tuple[CandidateBody, ...]:
    """A body of the tables under the first place or level that leaves one when it is cut off."""
    for place, rest in split_division(name, home):
        found = _named(rest, home)
        if found:
            of_province = rest == name and found[0][0].office == "厅"
            owner = (of_province and _province_of(home)) or place
            return tuple(CandidateBody(owner, _at_level(one, owner), rule) for one, rule in found)
    return ()


def _at_level(reading: DepartmentReading, place: Division) -> DepartmentReading:
    """The court that a place of this level has: the 市法院 of a city is its 中级人民法院."""
    court = _COURTS.get(place.level) if reading.full == "人民法院" else None
    return DepartmentReading(court, (court,), "") if court else reading


def _province_of(home: Home) -> Division | None:
    """The province of a lower place: in a notice of 广州市 only 广东省 has a 财政厅."""
    return division_of(home_of(home.names[0])) if home.rank > 1 and len(home.names) > 1 else None


def _named(rest: str, home: Home) -> list[tuple[DepartmentReading, str]]:
    """The readings of a name without its place, each with its rule: 发改局, 委组织部, 公安部门, 财政."""
    found = _known(rest, home)
    if found:
        return found
    opening = _GOVERNMENT.match(rest)
    if opening:
        inner = rest[opening.end() :]
        of_party = opening[0].startswith("党") and _known("委" + inner, home)
        return of_party or _known(inner, home)
    if _LEAGUE_ALONE.fullmatch(rest):
        return _known("团委", home)
    stem = _SUFFIXED.sub("", rest)
    if len(stem) < 2 or (home.rank == 0 and stem == rest):
        return []
    for office in ("", "厅", "局", "部", "办") if home.rank == 1 else ("", "局", "部", "办"):
        found = _known(stem + office, home)
        if found and (office or stem != rest):
            return [(reading, "stem") for reading, _ in found]
    return []


def _known(rest: str, home: Home) -> list[tuple[DepartmentReading, str]]:
    """Bodies of the table, those of this place before those of any; else departments by subjects."""
    words = body_tables()
    rows = words.local.get(rest, ())
    here = [body for body, place in rows if place and place in home.names]
    found = []
    for body in here or [body for body, place in rows if not place]:
        reading = split_subjects(body) if body in words.departments else None
        reading = reading or DepartmentReading(body, (body,), "")
        reading = reading._replace(full=_spell(rest, body))
        found.append((reading, "full" if reading.full == rest else "abbreviation"))
    if found:
        return found
    departments = find_departments(rest)
    if len(departments) == 1 and departments[0].full != rest and departments[0].full in words.local:
        return [(one, "abbreviation") for one, _ in _known(departments[0].full, home)]
    return [(one, "full" if one.full == rest else "abbreviation") for one in departments]


def _spell(rest: str, body: str) -> str:
    """The full name of a printed one that the table gives to a body: its own where it is in full.

    行政服务中心 stays beside 政务服务中心, 政府办公厅 is 人民政府办公厅; 社保局 is spelled out by its subjects.
    """
    if rest == body or not ends_in_full(rest) or is_short(rest, body):
        return body
    departments = find_departments(rest)
    if len(departments) == 1 and is_short(rest, departments[0].full):
        return departments[0].full
    return "人民" + rest if rest == "政府办公厅" else rest


def _by_joint(name: str, home: Home) -> tuple[CandidateBody, ...]:
    """Both bodies of a name that joins two of the tables: 市委市政府."""
    match = _JOINT.fullmatch(name)
    if match is None:
        return ()
    one = _by_place(match["one"], home)
    other = _by_place(match["other"] or match["next"] or match["of_place"], home)
    if len(one) != 1 or len(other) != 1:
        return ()
    return one[0]._replace(rule=JOINT), other[0]._replace(rule=JOINT)


def _by_part(name: str, home: Home) -> tuple[CandidateBody, ...]:
    """A body and a part of it as printed: 区经济发展局农业处."""
    match = _PART.fullmatch(name)
    if match is None:
        return ()
    found = find_candidates(match["body"], home)
    return tuple(
        body._replace(part=match["part"], rule="part")
        for body in found
        if not body.part and body.rule not in ("own-name", "containment")
    )


def _by_containment(name: str, home: Home) -> tuple[CandidateBody, ...]:
    """Full names that contain a short one's characters in order: 城运中心 in 城市运行管理中心."""
    for place, rest in split_division(name, home):
        names = body_tables().full_names.get(rest[:1], ())
        found = [full for full in names if holds_short_form(full, rest)]
        if found:
            return tuple(CandidateBody(place, _reading_of(full), "containment") for full in found)
    return ()


def _reading_of(full: str) -> DepartmentReading:
    """A full name as a department, or as a body without subjects."""
    return split_subjects(full) or DepartmentReading(full, (full,), "")


_WAYS = (
    _by_party_or_state,
    find_committee,
    find_national,
    _by_place,
    _by_joint,
    find_branch,
    find_own_name,
    _by_part,
    _by_containment,
)
