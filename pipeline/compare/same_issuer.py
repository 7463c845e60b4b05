"""Decide whether one body issued two plans, itself or by the office that signs for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from pipeline.names.gazetteer import find_today
from pipeline.names.places import ANY_PLACE, home_of, split_chain
from pipeline.names.same_body import is_same_body
from pipeline.names.units import is_unit
from pipeline.text import fold

if TYPE_CHECKING:
    from pipeline.model import Notice

# The office that signs for a body: 盐田区人民政府|办公室, 君山片区管理局|党政办公室, 清河区委|办.
_OFFICE = re.compile(r"(?:党政综合|党政|综合)?办公[室厅]$|(?<=[委府局会])办$")
# A zone in full, which other years name in short: 合肥高新技术产业开发区 is 合肥高新区.
_ZONES = (
    (re.compile(r"(?:国家级?)?高新技术(?:产业)?开发区"), "高新区"),
    (re.compile(r"(?:国家级?)?(?:经济技术|经济)开发区"), "经开区"),
)
# The Party's committee of a place, and its government: 盐田区委, 中共盐田区委员会 · 盐田区人民政府.
_PARTY = re.compile(r"^中共.{2,12}委(?:员会)?$|[省市区县州旗盟镇乡]委$|党工委$")
# Also the committee that governs a zone: 合肥高新区管委会; not 市国有资产监督管理委员会.
_GOVERNMENT = re.compile(r"政府$|国务院$|[区城岛港园](?:管委会|管理委员会)$")
# What comes before the year in a title: 盐田区教育局|2021年工作要点.
_BEFORE_YEAR = re.compile(r"^(?P<head>.{3,30}?)(?:关于|20\d\d)")
# A body's name that begins with the level of its place alone: 省粮食局, 区教育局.
_LEVEL = re.compile(r"^[省市区县州旗盟]")


def is_same_issuer(previous: Notice, current: Notice) -> bool | None:
    """Answer whether one body issued both plans; None where the two do not tell it.

    Two departments of one place are two bodies. It is not told where one plan names no body, and
    for the Party's committee and the government of one place, who issue plans in turn.
    """
    places = [find_place_today(notice) for notice in (previous, current)]
    if places[0] and places[1] and not _is_same_place(places[0], places[1]):
        return False
    one, other = (find_issuer(notice) for notice in (previous, current))
    if not one and not other:
        return True if all(places) else None
    if not one or not other:
        return None
    years = previous.year, current.year
    if _is_one_name(one, other) or is_same_body(one, other, places[1], *years):
        return True
    ranks = _find_rank(one), _find_rank(other)
    if not all(places) or not all(ranks):
        return False
    # 京山县人民政府, 京山市人民政府: the place was renamed.
    return True if ranks[0] == ranks[1] else None


def find_place_today(notice: Notice) -> str:
    """Return the path of a notice's place as it is called today; empty where it has none.

    静海县 -> 天津市静海区; 绵阳高新技术产业开发区 -> 绵阳高新区
    """
    if notice.home is None:
        return ""
    home = home_of(notice.home, year=notice.year or 0)
    known = home.known and home.parent
    return shorten_zones("".join(find_today(home).names) if known else notice.home)


def find_issuer(notice: Notice) -> str:
    """Return the body that a plan is of: that of its title, else the one that issued it.

    An office that signs for a body is left out: 盐田区人民政府办公室 -> 盐田区人民政府. In
    盐田区人民政府办公室2021年工作要点 the office is the body itself.
    """
    issuer = shorten_zones(fold(notice.issuing_body or ""))
    title = shorten_zones(fold(notice.title or ""))
    own = find_title_body(title, issuer, notice.home)
    return own or _OFFICE.sub("", issuer)


def find_title_body(title: str, issuer: str, place: str | None) -> str:
    """Return the body that a folded title names before its year, if that is the issuer.

    A title without 关于 names the body as the plan's own, in any of its names: 盐田区教育局2021年工作要点,
    市卫健委2020年工作要点 of 南京市卫生健康委员会.
    """
    found = _BEFORE_YEAR.match(title)
    if found is None or found[0].endswith("关于") or not is_unit(found["head"]):
        return ""
    head = found["head"]
    if _is_place(head):
        return ""
    if not issuer or _is_one_name(head, issuer):
        return head
    return head if is_same_body(head, issuer, place, None, None) else ""


def shorten_zones(name: str) -> str:
    """Write zones in short: 合肥高新技术产业开发区管委会 -> 合肥高新区管委会."""
    for pattern, short in _ZONES:
        name = pattern.sub(short, name)
    return name


def without_office(body: str) -> str:
    """Return the body that an office signs for: 君山片区管理局党政办公室 -> 君山片区管理局."""
    return _OFFICE.sub("", body)


def is_leading(body: str) -> bool:
    """Answer whether a body is the government or the Party's committee of a place, not a department."""
    return _find_rank(without_office(body)) is not None


def _is_same_place(one: str, other: str) -> bool:
    """Answer whether two paths are of one place: 盐田区 and 广东省深圳市盐田区."""
    return one.endswith(other) or other.endswith(one)


def _is_one_name(one: str, other: str) -> bool:
    """Answer whether one name is the other with its place: 君山片区管理局, 平潭综合实验区君山片区管理局.

    A level alone begins the shorter one too: 省粮食局, 江西省粮食局. Not 管理局 and 市场监督管理局.
    """
    short, long = sorted((one, other), key=len)
    if short == long:
        return True
    if not long.endswith(short):
        return False
    head = long.removesuffix(short)
    if _LEVEL.match(short):
        head += short[0]
    return _is_place(head)


def _is_place(text: str) -> bool:
    """Answer whether a text is nothing but places: 深圳市盐田区, 绵阳高新区."""
    return not split_chain(text)[1] or ANY_PLACE.fullmatch(text) is not None


def _find_rank(body: str) -> Literal["party", "government"] | None:
    """Return which of the two bodies that lead a place this is; None for a department."""
    if _PARTY.search(body):
        return "party"
    return "government" if _GOVERNMENT.search(body) else None
