"""A body that a printed name can mean, and the division at the head of a name."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from pipeline.names.departments import DepartmentReading
from pipeline.names.divisions import Division, division_of, resolve_level, split_place_names
from pipeline.names.gazetteer import Home

if TYPE_CHECKING:
    from collections.abc import Iterator


# The rank of an institution; names in its plan are its own offices: 某某大学教务处.
INSTITUTION = 5
# The Communist Youth League, with its place inside the name: 共青团盐田区委员会.
LEAGUE = "团委员会"
# Bodies of the nation that are named after the short name of a place: 湖州海关.
_BY_SHORT = frozenset({"海关", "海事局", "出入境检验检疫局", "出入境边防检查站"})
# Bodies with their place inside the name; `{place}` is its whole name, `{short}` that without level.
_PLACE_INSIDE = {
    LEAGUE: "共青团{place}委员会",
    "委员会": "中共{place}委员会",
    "政治协商会议委员会": "中国人民政治协商会议{place}委员会",
    "民盟委员会": "中国民主同盟{place}委员会",
    "民建委员会": "中国民主建国会{place}委员会",
    "民进委员会": "中国民主促进会{place}委员会",
    "民革委员会": "中国国民党革命委员会{place}委员会",
    "农工党委员会": "中国农工民主党{place}委员会",
    "致公党委员会": "中国致公党{place}委员会",
    "九三学社委员会": "九三学社{place}委员会",
    "台盟委员会": "台湾民主自治同盟{place}委员会",
    "贸易促进委员会": "中国国际贸易促进委员会{place}委员会",
    "中国人民银行分支行": "中国人民银行{place}分支行",
    "银行业监督管理分局": "中国银行业监督管理委员会{short}监管分局",
    "保险监督管理分局": "中国保险监督管理委员会{short}监管分局",
    "银行保险监督管理分局": "中国银行保险监督管理委员会{short}监管分局",
    "国家金融监督管理总局监管分局": "国家金融监督管理总局{short}监管分局",
    "证券监督管理局": "中国证券监督管理委员会{short}监管局",
    "国家统计局调查队": "国家统计局{short}调查队",
    "国家外汇管理局分局": "国家外汇管理局{place}分局",
}
# In a province the same bodies are called otherwise.
_IN_PROVINCE = (("监管分局", "监管局"), ("调查队", "调查总队"))
# 市|财政局; not 市场监管厅, 市政公用集团, 区域发展中心.
_LEVEL_WORD = re.compile(
    r"(?P<level>区、县|区县|县区|自治区|自治州|自治县|新区|开发区|街道|兵团|[省州盟旗镇乡]"
    r"|市(?!场|容|值|属|政(?![府协法务研策数治工])|民(?=中心|之家|服务|热线))|区(?![域块间位划])|县(?!域)"
    r"|校(?![园外区友]))"
    r"(?:级|直(?!属))?(?=[^(])"
)
# A level word at the head of a name.
LEVEL = re.compile(r"[省市区县州盟]")


class CandidateBody(NamedTuple):
    """A body that a name can mean: its division, department, rule, and a part of it.

    `own` is the canonical name where the place is inside the name that is printed in full:
    国家税务总局临沂市税务局.
    """

    division: Division
    reading: DepartmentReading
    rule: str
    part: str = ""
    own: str = ""

    @property
    def canonical(self) -> str:
        """The canonical name: 盐田区发展和改革局."""
        full, division = self.reading.full, self.division
        if self.own:
            return self.own + self.part
        inside = _PLACE_INSIDE.get(full)
        if inside and division.display:
            return _set_place_inside(inside, division) + self.part
        if full in _BY_SHORT and division.short:
            return division.short + full + self.part
        of_party = division.level == "unit" or division.display.endswith("自治区")
        if of_party and full.startswith("委"):
            full = "党" + full
        return division.display + full + self.part


def _set_place_inside(inside: str, division: Division) -> str:
    """A name with its place inside: 临沂 -> 国家统计局临沂调查队, 山东 -> 国家统计局山东调查总队."""
    if division.level == "province":
        for word, higher in _IN_PROVINCE:
            inside = inside.replace(word, higher)
    return inside.format(place=division.display, short=division.short or division.display)


@cache
def bodies_with_place_inside() -> dict[str, str]:
    """The names with their place left out, to the bodies of the tables: 中国人民银行分支行."""
    found = {}
    for body, inside in _PLACE_INSIDE.items():
        bare = inside.format(place="", short="")
        found[bare] = body
        for word, higher in _IN_PROVINCE:
            found[bare.replace(word, higher)] = body
    return found


def as_body(division: Division, full: str, rule: str) -> tuple[CandidateBody, ...]:
    """The one candidate of a full name without subjects."""
    return (CandidateBody(division, DepartmentReading(full, (full,), ""), rule),)


def split_division(name: str, home: Home, *, deep: bool = True) -> Iterator[tuple[Division, str]]:
    """Split a division off the head of a name, each way with the rest, the most reliable first.

    A whole place name, a level word (区财政局), the notice's own place, a short place name. Without
    `deep` no short name is split off behind a whole one: 广安市|华蓥山景区 is not 华蓥市|山景区.
    """
    yield from split_place_names(name, home, short=False, deep=deep)
    level = _LEVEL_WORD.match(name)
    if level:
        yield resolve_level(level["level"], home), name[level.end() :]
    yield division_of(home), name
    yield from split_place_names(name, home, short=True)


def split_any_place(text: str, home: Home) -> Iterator[tuple[Division, str]]:
    """Split whole, then short place names off the head of a text."""
    yield from split_place_names(text, home, short=False)
    yield from split_place_names(text, home, short=True)
