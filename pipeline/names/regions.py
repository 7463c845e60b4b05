"""Find the place whose plan a document is, among the places that its titles and bodies begin with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.lexicon import mapping
from pipeline.names.divisions import Divided, divide, division_code
from pipeline.names.gazetteer import (
    NO_HOME,
    Home,
    PlaceRow,
    choose_row,
    fitting,
    gazetteer,
    home_of_row,
)
from pipeline.names.initials import initials_of
from pipeline.names.places import find_wider, split_chain

# What comes before the place in a title: 关于印发《2020年…, 二〇一一年度…, 中共….
_OPENING = re.compile(
    r"(?:关于)?(?:印发|下达|公布|转发|批转|发布)?[《〈“\"]?(?:关于)?"
    r"(?:(?:20\d\d|二[〇零○O0]..)(?:年?[-—–~至到](?:20\d\d|二[〇零○O0]..))?年?(?:度)?)?(?:中国共产党|中共)?"
    # A division of 兵团 and the city that it keeps: 第八师|石河子市.
    r"(?:第[一二三四五六七八九十]{1,3}师(?=[\u4e00-\u9fff]{2,5}市))?"
)
_SENT_ON = re.compile(r"转发|批转")
_WRAPPED = re.compile(r"(?:关于)?(?:印发|下达|公布|转发|批转|发布)[《〈]?(?P<inner>.+)")
# A place that the table lacks: 甲县|2021年, 宝龙区|财政局; the word behind it shows that it is one.
_UNKNOWN = re.compile(
    r"""
    (?P<stem>[\u4e00-\u9fff]{1,6}?)
    (?P<level>自治区|自治州|自治县|综合实验区|开发区|高新区|新区|特区|片区|省|市|区|县|州|旗|盟)
    (?P<behind>.{0,3})
    """,
    re.VERBOSE,
)
# No name of a place has these: 国务院关于在|市, 优化|市场, 全市, 城|市, 社|区.
_NO_STEM = re.compile(
    r"[的在于及与和等对为年月日第各全本我该将把被使其有所以了一二三四五六七八九十]|关于|国|中央"
)
_NO_PLACE = re.compile(
    r"(?:城|都|超|股|楼|上|入|城乡|省|县|市|州)市$|(?:社|小|山|灾|景|老|校|库|辖|地|城|林|牧|园|疫|郊|市|县|省|战|军|禁|"
    r"服务|示范|试验|实验|保护|保税|工业|旅游|度假|功能|中心|居住|商业|开发|产业|聚集|集聚|老旧|城市)区$"
    r"|^(?:推进|加强|加快|促进|支持|深化|优化|建设|全面|创建|打造)|(?:贫困|农业|强|大|郡|各|区|市|人口|示范|先进|试点)县$|^(?:经济技术)?(?:开发区|高新区|新区|特区|片区)$|^老旧片区$"
)
_NO_BEHIND = re.compile(
    r"[场民容值属域级情城乡直际间块化内外位县区市州]|政(?!府|协|务|法|公|数|策)|政(?:务公开|策)|长"
)
# With a longer stem, only what surely follows a place: 年度, the words of a body.
_SURE_BEHIND = re.compile(r"20|二[〇零]|人民|政府|委|党|关于|纪|公|教|财|卫|民政|发|统|管理")
_SURE_STEM = 3
# A part of a county that has plans of its own, behind the county's name: 盐田区|梅沙街道.
_PART = re.compile(
    r"(?P<part>(?!各|全)[\u4e00-\u9fff]{1,6}?(?:街道|镇|乡|苏木|片区))(?=20|二[〇零]|人民|办事处|党|关于|管|$)"
)
# A zone that is no division but has plans of its own: 广安|经开区, 川渝高竹|新区.
_ZONE = re.compile(
    r"""
    (?!推进|加强|加快|促进|支持|深化|优化|建设|全面|创建|打造|创新|全|各)(?P<stem>[\u4e00-\u9fff]{0,8}?)
    (?P<kind>(?:综合实验|(?:经济技术|经济|高新技术产业|高新技术|高新)?开发|经开|高新|新|(?:综合)?保税|综保|示范|试验|合作
    |先行|管理|旅游度假|度假|风景名胜|工业园|产业园)区)
    (?=20|二[〇零]|管[委理]|党[工委]|人民|$)
    """,
    re.VERBOSE,
)
# Behind the initials of a county its host may have one of these: q for 区, x for 县, s for 市.
_LEVEL_LETTERS = ("", "q", "x", "s")
_NUMBER_HEAD = re.compile(r"[\u4e00-\u9fff]+(?=〔)")
_HOST = re.compile(r"^\w+://([^/:?#]+)")


class NoticePlace(NamedTuple):
    """The place whose plan a document is.

    `region` is its own name, `home` (an institution or 全国 where there is no region) what `home_of` reads to resolve names in the document, `path`
    the full path where the table has it and only one place has that name; `code` its code of six
    digits, and the parts of the path, each None where not known.
    """

    region: str | None = None
    home: str | None = None
    path: str | None = None
    code: str | None = None
    parts: Divided = Divided()


def find_notice_place(
    plan_title: str | None,
    notice_title: str | None,
    issuing_body: str | None,
    hints: Sequence[str | None],
    *,
    number: str | None = None,
    year: int = 0,
) -> NoticePlace:
    """The place whose plan a document of a year is, from its titles and the body that issues it.

    The plan's own title comes first, unless its place only lies above that of the issuing body.
    `hints` tell namesakes apart (鼓楼区 of 南京市): the address, the site's name; so does `number`,
    the document's, which also marks a document of the nation (国办发).
    The year is 0 where it is not known.
    """
    issuing = _widest(read_head(issuing_body, year), read_head(notice_title, year))
    target = read_head(plan_title, year)
    wrapped = _WRAPPED.search(notice_title or "")
    if target is NO_HOME and wrapped:
        target = read_head(wrapped["inner"], year)
    sent_on = bool(_SENT_ON.search(notice_title or ""))
    texts = (plan_title, notice_title, issuing_body)
    if not target.known and len(target.names) == 1 and issuing.known:
        target = _as_part(target, issuing, texts)
    home = _choose(target, issuing, sent_on=sent_on)
    home = _near_short(texts, year) if home is NO_HOME else home
    home = _tell_apart(home, (*texts, number, *hints), year) if is_shared(home) else home
    if home is NO_HOME:
        return NoticePlace(home=find_wider(*texts, number))
    return _as_place(home._replace(year=year))


def read_head(text: str | None, year: int = 0) -> Home:
    """The place at the head of a title or of a body's name, also one that the table lacks."""
    if not text:
        return NO_HOME
    opening = _OPENING.match(text)
    rest = text[opening.end() :] if opening else text
    home, behind = split_chain(rest, year)
    if home is None:
        return _read_unknown(rest, year)
    zone = _ZONE.match(behind)
    if zone and _is_city(home) and not home.name.endswith(zone["kind"]):
        return _as_zone(zone, home)
    county = _read_unknown(behind, year) if home.rank in (1, 2) else NO_HOME
    if county.rank == 3 and _SURE_BEHIND.match(behind[len(county.name) :]):
        return Home(county.name, 3, (*home.names, county.name), home.name)
    part = _PART.match(behind)
    if part and home.rank == 3:
        return Home(part["part"], 4, (*home.names, part["part"]), home.name)
    return home


def is_shared(home: Home) -> bool:
    """Whether a name of the table is that of several places, of which none is told."""
    return home.known and not home.parent and home.rank > 1


def _as_zone(zone: re.Match[str], home: Home) -> Home:
    """A zone as a part of the place that it is named after or printed behind."""
    return Home(zone[0], max(3, home.rank + 1), (*home.names, zone[0]), home.name, year=home.year)


def _read_named_zone(text: str, year: int) -> Home | None:
    """A zone whose name begins with a place's short one: 广安经开区 in 广安市."""
    zone = _ZONE.match(text)
    stem = zone["stem"] if zone else ""
    for length in range(len(stem), 1, -1):
        row = choose_row(gazetteer().short.get(stem[:length]), NO_HOME, year)
        if zone is None or row is None or not _is_city(home_of_row(row)):
            continue
        own = gazetteer().whole.get(zone[0][length:])
        known = next((one for one in own if one.parent == row.name), None)
        inner = home_of_row(known or row, year=year)
        return inner if known else _as_zone(zone, inner)
    return None


def _is_city(home: Home) -> bool:
    """Whether a place may have zones of its own: a city or county, no province but 重庆市."""
    return home.rank > 1 or (home.rank == 1 and home.name.endswith("市"))


def _read_unknown(text: str, year: int) -> Home:
    zone = _read_named_zone(text, year)
    if zone:
        return zone
    match = _UNKNOWN.match(text)
    if match is None:
        return NO_HOME
    stem, name, behind = match["stem"], match["stem"] + match["level"], match["behind"]
    short = _read_short(stem, match["level"], year)
    if short:
        return short
    unlikely = _NO_STEM.search(stem) or _NO_PLACE.search(name) or _NO_BEHIND.match(behind)
    if unlikely or (len(stem) > _SURE_STEM and not _SURE_BEHIND.match(behind)):
        return NO_HOME
    rank = 1 if name.endswith(("省", "自治区")) else 2 if name.endswith(("市", "州", "盟")) else 3
    return Home(name, rank, (name,))


def _read_short(stem: str, level: str, year: int) -> Home | None:
    """The place of the table that a short name with its level means: 阿坝州, 扬州."""
    table = gazetteer().short
    rows = [row for row in table.get(stem) if row.name.endswith(f"自治{level}")]
    rows = rows or [row for row in table.get(stem + level) if level == "州"]
    fit = fitting(tuple(rows), year)
    return home_of_row(fit[0], year=year) if len(fit) == 1 else None


def _widest(*homes: Home) -> Home:
    """The first place with the most names above it: 南京市鼓楼区 before 鼓楼区."""
    return max(homes, key=lambda home: (home.known, len(home.names)))


def _choose(target: Home, issuing: Home, *, sent_on: bool) -> Home:
    """The place of the plan's title, or of the body where that is the lower or the fuller one."""
    if target is NO_HOME:
        return issuing
    if issuing is NO_HOME or target.name == issuing.name:
        return _widest(target, issuing)
    if target.name in issuing.names and not sent_on:
        return issuing
    return _within(target, issuing)


def _as_part(target: Home, issuing: Home, texts: Sequence[str | None]) -> Home:
    """The part of a place that a text names behind it: 平潭综合实验区|君山片区; else no place.

    A zone is in the place whose body issues its plan: 川渝高竹新区 in 广安市.
    """
    if _ZONE.fullmatch(target.name):
        return Home(target.name, 3, (*issuing.names, target.name), issuing.name)
    if any(text and issuing.name + target.name in text for text in texts):
        return Home(target.name, 4, (*issuing.names, target.name), issuing.name)
    return NO_HOME


def _within(target: Home, issuing: Home) -> Home:
    """The namesake that lies in the place of the issuing body: 鼓楼区 in a plan of 南京市."""
    if not is_shared(target):
        return target
    rows = gazetteer().whole.get(target.name)
    inside = tuple(row for row in rows if row.parent in (issuing.name, *issuing.names))
    fit = fitting(inside, issuing.year)
    return home_of_row(fit[0], year=issuing.year) if len(fit) == 1 else target


def _near_short(texts: Sequence[str | None], year: int) -> Home:
    """The place whose short name a title begins with, where a text has its whole name too."""
    table = gazetteer().short
    joined = "".join(filter(None, texts))
    for text in filter(None, texts):
        opening = _OPENING.match(text)
        rest = text[opening.end() :] if opening else text
        for length in range(min(5, len(rest)), 1, -1):
            found = fitting(table.get(rest[:length]), year)
            rows = [row for row in found if row.name in joined]
            sure = rows or [row for row in found if row.rank == 1]
            if len(sure) == 1:
                return home_of_row(sure[0], year=year)
    return NO_HOME


def _tell_apart(home: Home, hints: Sequence[str | None], year: int) -> Home:
    """The namesake whose city a hint names: by its name, by the number's code, by the address."""
    found = fitting(gazetteer().whole.get(home.name), year)
    rows = [row for row in found if row.rank == home.rank]
    for is_told in (_is_named, _is_coded, _is_addressed):
        told = {row for hint in hints if hint for row in rows if is_told(row, hint)}
        if len(told) == 1:
            return home_of_row(told.pop(), year=year)
    return home


def _is_named(row: PlaceRow, hint: str) -> bool:
    return row.parent in hint


def _is_coded(row: PlaceRow, hint: str) -> bool:
    """Whether a number begins with the letters of a city and a county: 宁鼓政发〔2021〕5号."""
    code = _NUMBER_HEAD.match(hint)
    special = mapping("place_abbreviations", "abbreviation").get(row.parent)
    letters = {special, row.parent[0]} - {None}
    return bool(code) and code[0][0] in letters and row.short[:1] in code[0][1:3] if code else False


def _is_addressed(row: PlaceRow, hint: str) -> bool:
    """Whether a host is named by the initials of a city and a county: www.njgl.gov.cn."""
    host = _HOST.match(hint)
    city = next((one.short for one in gazetteer().whole.get(row.parent)), "")
    letters = initials_of(city) + initials_of(row.short)
    if not host or len(letters) != len(city) + len(row.short):
        return False
    own = {letters + level for level in _LEVEL_LETTERS}
    return not own.isdisjoint(host[1].lower().split("."))


def _as_place(home: Home) -> NoticePlace:
    known = len(home.names) > 1 or (home.known and not is_shared(home))
    if not known:
        return NoticePlace(home.name, home.name)
    path = "".join(home.names)
    return NoticePlace(home.name, path, path, division_code(home), divide(home))
