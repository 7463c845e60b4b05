"""Find the place whose plan a document is, among the places that its titles and bodies begin with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.lexicon import mapping
from pipeline.names.divisions import Divided, divide, division_code
from pipeline.names.gazetteer import NO_HOME, Home, PlaceRow, gazetteer, home_of_row
from pipeline.names.initials import initials_of
from pipeline.names.places import find_wider, split_chain

# What comes before the place in a title: 关于印发《2020年…, 二〇一一年度…, 中共….
_OPENING = re.compile(
    r"(?:关于)?(?:印发|下达|公布|转发|批转|发布)?[《〈“\"]?(?:关于)?"
    r"(?:(?:20\d\d|二[〇零○O0]..)(?:年?[-—–~至到](?:20\d\d|二[〇零○O0]..))?年?(?:度)?)?(?:中国共产党|中共)?"
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
    r"|(?:贫困|农业|强|大|郡|各|区|市|人口|示范|先进|试点)县$|^(?:经济技术)?(?:开发区|高新区|新区|特区|片区)$|^老旧片区$"
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
) -> NoticePlace:
    """The place whose plan a document is, from its titles and the body that issues it.

    The plan's own title comes first, unless its place only lies above that of the issuing body.
    `hints` tell namesakes apart (鼓楼区 of 南京市): the address, the site's name; so does `number`,
    the document's, which also marks a document of the nation (国办发).
    """
    issuing = _widest(read_head(issuing_body), read_head(notice_title))
    target = read_head(plan_title)
    wrapped = _WRAPPED.search(notice_title or "")
    if target is NO_HOME and wrapped:
        target = read_head(wrapped["inner"])
    sent_on = bool(_SENT_ON.search(notice_title or ""))
    texts = (plan_title, notice_title, issuing_body)
    if not target.known and target.name and issuing.known:
        target = _as_part(target, issuing, texts)
    home = _choose(target, issuing, sent_on=sent_on)
    home = _near_short(home, texts) if home is NO_HOME else home
    home = _tell_apart(home, (*texts, number, *hints)) if is_shared(home) else home
    if home is NO_HOME:
        return NoticePlace(home=find_wider(*texts, number))
    return _as_place(home)


def read_head(text: str | None) -> Home:
    """The place at the head of a title or of a body's name, also one that the table lacks."""
    if not text:
        return NO_HOME
    opening = _OPENING.match(text)
    rest = text[opening.end() :] if opening else text
    home, behind = split_chain(rest)
    if home is None:
        return _read_unknown(rest)
    county = _read_unknown(behind) if home.rank in (1, 2) else NO_HOME
    if county.rank == 3 and _SURE_BEHIND.match(behind[len(county.name) :]):
        return Home(county.name, 3, (*home.names, county.name), home.name)
    part = _PART.match(behind)
    if part and home.rank == 3:
        return Home(part["part"], 4, (*home.names, part["part"]), home.name)
    return home


def is_shared(home: Home) -> bool:
    """Whether a name of the table is that of several places, of which none is told."""
    return home.known and not home.parent and home.rank > 1


def _read_unknown(text: str) -> Home:
    match = _UNKNOWN.match(text)
    if match is None:
        return NO_HOME
    stem, name, behind = match["stem"], match["stem"] + match["level"], match["behind"]
    short = _read_short(stem, match["level"])
    if short:
        return short
    unlikely = _NO_STEM.search(stem) or _NO_PLACE.search(name) or _NO_BEHIND.match(behind)
    if unlikely or (len(stem) > _SURE_STEM and not _SURE_BEHIND.match(behind)):
        return NO_HOME
    rank = 1 if name.endswith(("省", "自治区")) else 2 if name.endswith(("市", "州", "盟")) else 3
    return Home(name, rank, (name,))


def _read_short(stem: str, level: str) -> Home | None:
    """The place of the table that a short name with its level means: 阿坝州, 扬州."""
    table = gazetteer().short
    rows = [row for row in table.get(stem, ()) if row.name.endswith(f"自治{level}")]
    rows = rows or [row for row in table.get(stem + level, ()) if level == "州"]
    return home_of_row(rows[0]) if len(rows) == 1 else None


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
    """The part of a place that a text names behind it: 平潭综合实验区|君山片区; else no place."""
    if any(text and issuing.name + target.name in text for text in texts):
        return Home(target.name, 4, (*issuing.names, target.name), issuing.name)
    return NO_HOME


def _within(target: Home, issuing: Home) -> Home:
    """The namesake that lies in the place of the issuing body: 鼓楼区 in a plan of 南京市."""
    if not is_shared(target):
        return target
    rows = gazetteer().whole.get(target.name, ())
    inside = [row for row in rows if row.parent in (issuing.name, *issuing.names)]
    return home_of_row(inside[0]) if len(inside) == 1 else target


def _near_short(home: Home, texts: Sequence[str | None]) -> Home:
    """The place whose short name a title begins with, where a text has its whole name too."""
    table = gazetteer().short
    joined = "".join(filter(None, texts))
    for text in filter(None, texts):
        opening = _OPENING.match(text)
        rest = text[opening.end() :] if opening else text
        for length in range(min(5, len(rest)), 1, -1):
            rows = [row for row in table.get(rest[:length], ()) if row.name in joined]
            sure = rows or [row for row in table.get(rest[:length], ()) if row.rank == 1]
            if len(sure) == 1:
                return home_of_row(sure[0])
    return home


def _tell_apart(home: Home, hints: Sequence[str | None]) -> Home:
    """The namesake whose city a hint names: by its name, by the number's code, by the address."""
    rows = [row for row in gazetteer().whole.get(home.name, ()) if row.rank == home.rank]
    for is_told in (_is_named, _is_coded, _is_addressed):
        told = {row for hint in hints if hint for row in rows if is_told(row, hint)}
        if len(told) == 1:
            return home_of_row(told.pop())
    return home


def _is_named(row: PlaceRow, hint: str) -> bool:
    return row.parent in hint


def _is_coded(row: PlaceRow, hint: str) -> bool:
    """Whether a number begins with the letters of a city and a county: 宁鼓政发〔2021〕5号."""
    code = re.match(r"[\u4e00-\u9fff]+(?=〔)", hint)
    special = mapping("place_abbreviations", "abbreviation").get(row.parent)
    letters = {special, row.parent[0]} - {None}
    return bool(code) and code[0][0] in letters and row.short[:1] in code[0][1:3] if code else False


def _is_addressed(row: PlaceRow, hint: str) -> bool:
    """Whether a host is named by the initials of a city and a county: www.njgl.gov.cn."""
    host = _HOST.match(hint)
    city = next((one.short for one in gazetteer().whole.get(row.parent, ())), "")
    letters = initials_of(city) + initials_of(row.short)
    if not host or len(letters) != len(city) + len(row.short):
        return False
    return any(re.fullmatch(rf"{letters}[qxs]?", label) for label in host[1].lower().split("."))


def _as_place(home: Home) -> NoticePlace:
    known = len(home.names) > 1 or (home.known and not is_shared(home))
    if not known:
        return NoticePlace(home.name, home.name)
    path = "".join(home.names)
    return NoticePlace(home.name, path, path, division_code(home), divide(home))
