"""A printed name -> the bodies that it can be: its place or level, its subjects, its office.

The ways are tried in order of trust: the nation's own bodies; a place or level and a body of the
tables; branches, whose place stands inside; names of open classes (towns, zones, companies); a
body and a part of it; and last, full names that hold the short one's letters in order.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from pipeline.lexicon import folder
from pipeline.names.departments import Reading, find_departments, lexicon, split_subjects
from pipeline.names.places import NO_HOME, Home, Place, at, begins_with_place, explicit, relative

if TYPE_CHECKING:
    from collections.abc import Iterator

_REMEMBERED = 1 << 16
_INSTITUTION = 5
_LEAGUE = "团委员会"
# Bodies of the nation that are called by the short name of the place: 湖州海关.
_BY_SHORT = frozenset(
    {"海关", "海事局", "出入境检验检疫局", "出入境边防检查站", "银行业监督管理分局"}
    | {"保险监督管理分局", "银行保险监督管理分局", "证券监督管理局"}
)


class Body(NamedTuple):
    """A name that was read: where the body stands, what it is, by which rule, and its part."""

    place: Place
    reading: Reading
    rule: str
    part: str = ""

    @property
    def canonical(self) -> str:
        """The readable name: 盐田区发展和改革局."""
        full, place = self.reading.full, self.place
        if full == _LEAGUE:
            return f"共青团{place.display}委员会{self.part}"
        if full in _BY_SHORT and place.short:
            return place.short + full + self.part
        if place.level == "unit" and full.startswith("委"):
            full = "党" + full
        return place.display + full + self.part


def find_bodies(name: str, home: Home) -> tuple[Body, ...]:
    """Every body that a folded name without plates can be in a notice of this place."""
    return _find(name, home, folder())


@lru_cache(_REMEMBERED)
def _find(name: str, home: Home, over: object) -> tuple[Body, ...]:
    del over
    for way in _WAYS:
        found = way(name, home)
        if found:
            return found
    return ()


def _as(place: Place, full: str, rule: str) -> tuple[Body, ...]:
    return (Body(place, Reading(full, (full,), ""), rule),)


# --- The nation's own bodies -------------------------------------------------------------------

_NATIONAL = re.compile(r"(?:中央|国务院|全国|国家|中国|中华全国|最高)")
_NATIONAL_OFFICE = re.compile(r"(?:部|总局|总署)$")
_LOCAL_PART = re.compile(r"(?:组织|宣传|统战|统一战线工作|武装|社会工作|工作|干|支|俱乐)部$")
_NATION = Place("", "national")


def _by_nation(name: str, home: Home) -> tuple[Body, ...]:
    """财政部, 市场监管总局, 国家发展改革委; in the nation's own notices also 发展改革委."""
    words = lexicon().national
    marked = _NATIONAL.match(name) is not None
    office = _NATIONAL_OFFICE.search(name) is not None and not _LOCAL_PART.search(name)
    own = home.rank == 0
    if marked or own or office or (home is NO_HOME and name.endswith(("会", "行"))):
        known = words.get(name) or (words.get("国家" + name) if own else None)
        inner = home.rank == _INSTITUTION and any(body in _ended(folder()) for body in known or ())
        if known and not inner:
            rule = "full" if known == (name,) else "abbreviation"
            return tuple(body for one in known for body in _as(_NATION, one, rule))
    if home.rank == _INSTITUTION or not (marked or office or own):
        return ()
    return _composed_nation(name, office=office)


@cache
def _ended(over: object) -> frozenset[str]:
    """Ministries that ended before 2013: 人事部 in a firm's plan is the firm's own."""
    del over
    return frozenset(one.before for one in lexicon().renames if one.national and one.last < 2013)


def _composed_nation(name: str, *, office: bool) -> tuple[Body, ...]:
    """A national body that the table lacks, from its subjects: 国家粮食局."""
    stem = re.sub(r"^(?:国家|国务院|全国)", "", name)
    if stem == name and not office and not stem.endswith(("委", "局", "委员会")):
        return ()
    reading = split_subjects(stem)
    if reading is None:
        return ()
    full = reading.full if reading.office == "部" else "国家" + reading.full
    known = lexicon().national.get(full, (full,))
    return tuple(body for one in known for body in _as(_NATION, one, "abbreviation"))


# --- Place or level, then the body -------------------------------------------------------------

_LEVEL_WORD = re.compile(
    r"(?P<level>区、县|区县|县区|自治区|自治州|自治县|新区|开发区|街道|[省市区县州盟旗镇乡校])"
    r"(?:级|直)?(?=.)"
)
_LEVELLED = re.compile(r"[省市区县州盟]")
_SUFFIXED = re.compile(r"(?:行政|主管|行业)*(?:部门|机关)$")
_GOVERNMENT = re.compile(r"(?:人民政府|政府|党委|党工委)(?=.{2})")
_LEAGUE_ALONE = re.compile(r"(?:共青)?团委(?:员会)?")


def _by_place(name: str, home: Home) -> tuple[Body, ...]:
    """The first way to take a place or level off that leaves a body we know."""
    for place, rest in _openings(name, home):
        found = _named(rest, home)
        if found:
            return tuple(Body(place, reading, rule) for reading, rule in found)
    return ()


def _openings(name: str, home: Home) -> Iterator[tuple[Place, str]]:
    """(place, rest) in order of trust: a whole place name, a level word, none, a short place."""
    yield from explicit(name, home, short=False)
    level = _LEVEL_WORD.match(name)
    if level:
        yield relative(level["level"], home), name[level.end() :]
    yield at(home), name
    yield from explicit(name, home, short=True)


def _named(rest: str, home: Home) -> list[tuple[Reading, str]]:
    """What a name without its place says: 发改局, 委组织部, 公安部门, 财政."""
    found = _known(rest, home)
    if found:
        return found
    opening = _GOVERNMENT.match(rest)
    if opening:
        return _known(rest[opening.end() :], home)
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


def _known(rest: str, home: Home) -> list[tuple[Reading, str]]:
    """A body of the table, of this place before those of any; else a department of subjects."""
    words = lexicon()
    rows = words.local.get(rest, ())
    here = [body for body, place in rows if place and place in home.names]
    found = []
    for body in here or [body for body, place in rows if not place]:
        reading = split_subjects(body) if body in words.departments else None
        rule = "full" if body == rest else "abbreviation"
        found.append((reading or Reading(body, (body,), ""), rule))
    if found:
        return found
    departments = find_departments(rest)
    return [(one, "full" if one.full == rest else "abbreviation") for one in departments]


# --- Branches: the place stands behind or inside -----------------------------------------------

_BRANCH = re.compile(
    r"(?P<organ>[\u4e00-\u9fff]{2,14}?[局委厅])(?P<place>[\u4e00-\u9fff]{2,9}?)"
    r"(?:分局|管理局|支局|监管组)"
)
_INSIDE = re.compile(
    r"(?P<stem>公安|国土资源|国土|规划|工商|税务|质监|生态环境|环保)(?P<place>[\u4e00-\u9fff]{2,4})分局"
)
_LEAGUE_PLACE = re.compile(
    r"(?:共青)?团(?:(?P<level>[省市区县州盟旗镇乡])|(?P<place>.{2,7}))委(?:员会)?"
)


def _by_league(name: str, home: Home) -> tuple[Body, ...]:
    """团区委, 共青团盐田区委, 洛阳团市委: the level or place stands inside."""
    league = _LEAGUE_PLACE.fullmatch(name)
    if league:
        level = league["level"]
        place = relative(level, home) if level else _whole_place(league["place"], home)
        return _as(place, _LEAGUE, "abbreviation") if place else ()
    if "团" not in name[1:-2]:
        return ()
    for place, rest in explicit(name, home, short=True):
        league = _LEAGUE_PLACE.fullmatch(rest)
        if league and league["level"] and place.display.endswith(league["level"]):
            return _as(place, _LEAGUE, "abbreviation")
    return ()


def _by_branch(name: str, home: Home) -> tuple[Body, ...]:
    """市公安局盐田分局, 公安雁塔分局, 人行湖州市中心支行, 国网达州供电公司."""
    for start in range(2, min(8, len(name) - 1)):
        for place, rest in _places(name[start:], home):
            bodies = lexicon().local.get(name[:start] + rest, ()) if rest else ()
            if bodies:
                return _as(place, bodies[0][0], "branch")
    inner = name[1:] if _LEVELLED.match(name) else name
    for rest in (inner, *(rest for _, rest in explicit(name, home, short=False))):
        match = _BRANCH.fullmatch(rest) or _INSIDE.fullmatch(rest)
        found = _branch(match, home) if match else ()
        if found:
            return found
    return ()


def _places(text: str, home: Home) -> Iterator[tuple[Place, str]]:
    yield from explicit(text, home, short=False)
    yield from explicit(text, home, short=True)


def _whole_place(name: str, home: Home) -> Place | None:
    """The place that a name is, whole or short."""
    return next((place for place, rest in _places(name, home) if not rest), None)


def _branch(match: re.Match[str], home: Home) -> tuple[Body, ...]:
    groups = match.groupdict()
    where = _whole_place(match["place"], home)
    reading = split_subjects(groups.get("organ") or match["stem"] + "局")
    if where is None or reading is None:
        return ()
    full = reading.full.removesuffix(reading.office) + "分局"
    return (Body(where, reading._replace(full=full, office="局", branch=True), "branch"),)


# --- Names that bear their own: towns, governments, zones, companies ----------------------------

_TOWN = re.compile(
    r"(?P<own>(?!所在|县乡|各|有关|相关)[\u4e00-\u9fff]{1,7}?(?P<kind>镇|乡|街道|街|苏木))"
    r"(?:人民政府|政府|办事处|街道办事处|办|党委|党工委)?"
)
_STATE = re.compile(r"(?P<own>[\u4e00-\u9fff]{2,14}?[省市区县州盟旗])(?:人民)?政府")
_ZONE_WORDS = (
    r"(?:开发区|新区|园区|工业园|产业园|集聚区|高新区|经开区|度假区|保税区|保税港区|试验区|实验区|"
    r"风景区|旅游区|片区|新城|景区|科创城|示范区|港区|功能区)"
)
_ZONE = re.compile(
    rf"(?P<own>[\u4e00-\u9fff()]{{0,18}}?{_ZONE_WORDS})(?:管委会|管理委员会|管委)?"
    r"|(?P<other>[\u4e00-\u9fff()]{0,16})(?:管委会|管理委员会)"
)
# A sentence is no name: 责任主体为…公司.
_LETTER = r"(?:(?!责任|为所|的)[\u4e00-\u9fff“”()·\dA-Za-z])"
_OWN = re.compile(
    rf"{_LETTER}{{2,18}}"
    r"(?:大学|学院|学校|中学|小学|医院|公司|集团|海关|煤矿|银行|商会|协会|林场|农场|水库)"
    rf"|{_LETTER}{{3,20}}(?:研究院|研究所|设计院|管理处|管理局|出版社|报社|电视台|支行|分行|保护区|指挥部|领导小组|"
    r"领导小组办公室|委员会|委员会办公室|工作组|专班|中心|合作社|车务段|办事处|组委会|基金会|大队|监管局|交易所|电厂|剧院|"
    r"总队|支队|馆|园|港|派出所)"
    rf"|{_LETTER}{{5,20}}(?:局|办公室)"
)
_INSIDE_ENDS = re.compile(r"(?:处|部|科|室|院|办|中心|馆|会|站|组|委)$")
_GENERIC = frozenset({"村委会", "居委会", "物业公司", "保险公司", "商业银行", "平台公司"})


def _by_open_class(name: str, home: Home) -> tuple[Body, ...]:
    """金山街道办, 宁乡县政府, 高新区管委会, 三十六脚湖水库管理处: kinds of which no table has all."""
    town = _TOWN.fullmatch(name)
    if town and not _LEVELLED.match(name):
        return _town(town, at(home))
    for place, rest in _openings(name, home):
        if not rest:
            return _as(place, "人民政府", "government")
        town = None if rest == name else _TOWN.fullmatch(rest)
        if town:
            return _town(town, place)
        zone = _ZONE.fullmatch(rest)
        if zone:
            return _zone(zone["own"] or zone["other"] or "", place)
    state = _STATE.fullmatch(name)
    if state:
        return _as(Place(state["own"], ""), "人民政府", "own-name")
    return _own(name, home)


def _zone(own: str, place: Place) -> tuple[Body, ...]:
    """怀宁经济开发区 in 怀宁县 -> 怀宁县经济开发区管理委员会."""
    if place.short and len(own) > len(place.short) + 2:
        own = own.removeprefix(place.short)
    return _as(place, own + "管理委员会", "zone")


def _town(match: re.Match[str], place: Place) -> tuple[Body, ...]:
    own = match["own"]
    if match["kind"] in ("街道", "街"):
        return _as(place, own.removesuffix(match["kind"]) + "街道办事处", "town")
    return _as(place, own + "人民政府", "town")


def _own(name: str, home: Home) -> tuple[Body, ...]:
    """A name that is its own: a company, a school, a reserve's office; in an institution, any."""
    if home.rank == _INSTITUTION and _INSIDE_ENDS.search(name):
        return _as(at(home), name, "own-name")
    if name in _GENERIC or not _OWN.fullmatch(name):
        return ()
    if begins_with_place(name, home):
        return _as(Place("", ""), name, "own-name")
    for place, rest in _openings(name, home):
        if rest:
            return _as(place, rest, "own-name")
    return ()


# --- A body and a part of it -------------------------------------------------------------------

_PART = re.compile(
    r"(?P<body>.{2,20}?(?:局|委员会|委(?!会|员)|厅|办公室|政府|管委会|公司|院))"
    r"(?P<part>[\u4e00-\u9fff]{1,10}?(?:处|科|室|站|所|队|支队|大队|总队|中心|股|办|组|局|指挥部|农场))"
)


def _by_part(name: str, home: Home) -> tuple[Body, ...]:
    """区经济发展局农业处: the body, then its part as printed."""
    match = _PART.fullmatch(name)
    if match is None:
        return ()
    found = find_bodies(match["body"], home)
    return tuple(
        body._replace(part=match["part"], rule="part")
        for body in found
        if not body.part and body.rule not in ("own-name", "containment")
    )


# --- Ordered containment: the last resort ------------------------------------------------------

# A short name's last character, and that of the full one.
_ENDS = {
    "局": "局",
    "委": "会",
    "办": "室",
    "心": "心",
    "队": "队",
    "会": "会",
    "站": "站",
    "厅": "厅",
}


def _by_containment(name: str, home: Home) -> tuple[Body, ...]:
    """Full names that hold the letters of a short one in order: 城运中心 in 城市运行管理中心."""
    for place, rest in _openings(name, home):
        if len(rest) < 3 or rest[-1] not in _ENDS:
            continue
        names = lexicon().full_names.get(rest[0], ())
        found = [full for full in names if _holds(full, rest)]
        if found:
            return tuple(Body(place, _reading_of(full), "containment") for full in found)
    return ()


def _reading_of(full: str) -> Reading:
    return split_subjects(full) or Reading(full, (full,), "")


def _holds(full: str, short: str) -> bool:
    """Whether the short name's letters stand in the full one in order, ending where it ends."""
    if full[-1] != _ENDS[short[-1]] or len(full) > 4 * len(short):
        return False
    letters = iter(full)
    return all(letter in letters for letter in short)


_WAYS = (_by_league, _by_nation, _by_place, _by_branch, _by_open_class, _by_part, _by_containment)
