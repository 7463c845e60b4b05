"""Find the place of a notice: its region as printed, its titles, its issuing body."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.lexicon import folder
from pipeline.names.gazetteer import (
    NATION,
    NO_HOME,
    Home,
    choose_row,
    find_longest,
    find_today,
    gazetteer,
    home_of_row,
)

# How many places are cached.
_REMEMBERED = 1 << 14
_NATION_WORDS = frozenset({"全国", "国家", "中国", "中央", "国务院"})
# The rank that the end of a name tells, where the table lacks the place.
_ENDS = (
    (re.compile(r"(?:省|自治区|特别行政区)$"), 1),
    (re.compile(r"(?:市|州|盟|地区)$"), 2),
    (re.compile(r"(?:区|县|旗|新城|片区)$"), 3),
    (re.compile(r"(?:镇|乡|街道|村|苏木)$"), 4),
)
# The head of a text that looks like a place, also one that the table lacks: 梅沙新区, 某某区.
# It must not match 国网达州供电公司, 国家市场监管总局 or 县区.
ANY_PLACE = re.compile(
    r"""
    (?!国网|国家|中国|中央|全国|所在|有关|[省市区县州盟旗])
    (?:(?![局厅署])[\u4e00-\u9fff]){2,6}?
    (?:自治区|自治州|自治县|综合实验区|开发区|高新区|新区|特区|省|市|区|县|州|旗|盟)
    """,
    re.VERBOSE,
)
# What may come before the place in a title: 关于印发《2020年….
_TITLE_OPENING = re.compile(r"(?:关于)?(?:印发|下达|公布|转发|批转)?[《〈]?(?:20\d\d年(?:度)?)?")
_PARTY_OR_BLANKS = re.compile(r"^(?:中共|中国共产党)|[\s]")
_INSTITUTION = re.compile(
    r"(?!推进|加强|关于|促进|支持|印发|深化|加快|优化|建设|全面)(?:(?!级)[\u4e00-\u9fff]){2,16}?(?:大学|学院|医院|研究院|集团有限公司|集团公司|集团|有限公司)"
)
_NATIONWIDE = re.compile(r"全国|国务院|国家|中共中央|国办|国发|中华人民共和国")


def home_of(place: str | None, *, partial: bool = False, year: int | None = None) -> Home:
    """The place of a notice as it is printed: 盐田区, 深圳市盐田区, 中共恩施州, 湖州, 全国.

    With `partial` only the head of the text has to be a place, as in a title. The `year` is the
    notice's, by which places of several times are told apart.
    """
    return _home_of(place, partial, year or 0, folder()) if place else NO_HOME


@lru_cache(_REMEMBERED)
def _home_of(place: str, partial: bool, year: int, over: object) -> Home:  # noqa: FBT001
    del over
    text = _PARTY_OR_BLANKS.sub("", place)
    if text in _NATION_WORDS:
        return NATION
    found, rest = split_chain(text, year)
    if found and (partial or not rest):
        return found
    if partial:
        match = ANY_PLACE.match(text)
        if match is None or text.startswith(("全", "本", "各", "关于")):
            return NO_HOME
        text, found, rest = match[0], None, match[0]
    if found is None:
        short = choose_row(gazetteer().short.get(text), NO_HOME, year)
        if short:
            return home_of_row(short, year=year)
        found = NO_HOME
    own = rest or text
    rank = next((rank for pattern, rank in _ENDS if pattern.search(own)), 5)
    names = (*found.names, own)
    rank = max(rank, found.rank + 1 if found.rank > 0 else 0)
    return Home(own, rank, names, found.name, year=year)


def place_today(place: str) -> str:
    """The path of a printed place today: 湖北省襄樊市枣阳市 -> 湖北省襄阳市枣阳市; others as printed."""
    home = home_of(place)
    return "".join(find_today(home).names) if home.known and home.parent else place


def split_chain(text: str, year: int = 0) -> tuple[Home | None, str]:
    """The lowest place at the head of a text, and the rest: 深圳市盐田区财政局 -> 盐田区, 财政局."""
    home: Home | None = None
    while text:
        row = find_longest(text, home or NO_HOME, year)
        if row is None:
            break
        inner = home_of_row(row, year=year)
        if home is not None and home.name not in inner.names and row.parent not in home.names:
            break
        home = home_of_row(row, home, year)
        text = text[len(row.name) :]
    return home, text


def find_place(region: str | None, *texts: str | None) -> str | None:
    """The place of a notice: the lowest that its texts (titles, issuing body) name in its region.

    "湖州", "2020年区政府工作报告…" -> 浙江省湖州市; None, "国务院关于…" -> 全国
    """
    best = home_of(region)
    for text in filter(None, texts):
        opening = _TITLE_OPENING.match(text)
        found = home_of(text[opening.end() :] if opening else text, partial=True)
        inside = best is NO_HOME or best.name in found.names
        if found.rank > best.rank and inside:
            best = found
    if best is not NO_HOME:
        return "".join(best.names) if best.known else best.name
    return find_wider(*texts)


def find_wider(*texts: str | None) -> str | None:
    """What stands for the place of a notice of no division: an institution, 全国 for the nation's."""
    for text in filter(None, texts):
        institution = _INSTITUTION.match(text)
        if institution:
            return institution[0]
    return "全国" if any(text and _NATIONWIDE.search(text) for text in texts) else None
