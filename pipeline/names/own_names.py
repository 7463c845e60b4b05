"""Resolve names of open classes, of which no table is complete: towns, zones, companies, schools."""

from __future__ import annotations

import re

from pipeline.names.body_tables import body_tables
from pipeline.names.candidate_body import (
    INSTITUTION,
    LEVEL,
    CandidateBody,
    as_body,
    split_division,
)
from pipeline.names.departments import DepartmentReading, split_subjects
from pipeline.names.divisions import (
    Division,
    begins_with_place,
    division_of,
    is_corps,
    split_place_names,
)
from pipeline.names.gazetteer import Home, choose_row, gazetteer, home_of_row

# 桃花潭镇, 沙头角街道办, 金山镇人民政府; not 各乡镇, 有关街道, 县乡.
_TOWN = re.compile(
    r"(?P<own>(?!所在|县乡|各|有关|相关)[\u4e00-\u9fff]{1,7}?(?P<kind>镇|乡|街道|街|苏木))"
    r"(?:人民政府|政府|办事处|街道办事处|办|(?P<party>党委|党工委))?"
)
# 宁乡县政府, 盐田区人民政府.
_STATE = re.compile(r"(?P<own>[\u4e00-\u9fff]{2,14}?[省市区县州盟旗])(?:人民)?政府")
_ZONE_WORDS = (
    r"(?:开发区|新区|园区|工业园|产业园|集聚区|高新区|经开区|度假区|保税区|保税港区|试验区|实验区|"
    r"风景区|旅游区|片区|新城|景区|科创城|示范区|港区|功能区)"
)
# 高新区管委会, 经济开发区; the second form has any name before 管委会.
_ZONE = re.compile(
    rf"(?P<own>[\u4e00-\u9fff()]{{0,18}}?{_ZONE_WORDS})(?:管委会|管理委员会|管委)?"
    r"|(?P<other>[\u4e00-\u9fff()]{0,16})(?:管委会|管理委员会)"
)
# The words of a zone's kind in full and the short ones that mean the same.
_ZONE_KINDS = (
    (re.compile(r"经济技术开发区|经济开发区"), "经开区"),
    (re.compile(r"高新技术产业开发区|高新技术开发区"), "高新区"),
    (re.compile(r"综合保税区"), "综保区"),
    # Without its kind it is the one for the economy: 昆山|开发区.
    (re.compile(r"^开发区"), "经开区"),
)
# 市|一院, 县|二中, 市|第一医院: a numbered hospital or school behind its level.
_NUMBERED = re.compile(
    r"第?(?P<number>[一二三四五六七八九十]{1,2})(?P<kind>人民医院|医院|高级中学|中学|小学|幼儿园|[院中小幼])"
)
_NUMBERED_KINDS = {"院": "人民医院", "中": "中学", "小": "小学", "幼": "幼儿园", "医院": "人民医院"}
# Institutions of which a place has one; each short form counts only behind a level or a place.
_ONLY_ONE = {
    "医院": "人民医院",
    "中医院": "中医医院",
    "实小": "实验小学",
    "实验小": "实验小学",
    "实中": "实验中学",
    "职中": "职业中学",
    "职教中心": "职业教育中心",
    "特校": "特殊教育学校",
}
# 市|委市政府督查室: an office of the Party's committee and the government together.
_OF_BOTH = re.compile(
    r"委[、和与]?(?P<level>[省市区县州旗])?(?:人民)?政府(?P<office>[\u4e00-\u9fff]{2,8}?[室办局组]|[\u4e00-\u9fff]{2,8}中心)"
)
_SHORT_OFFICE = re.compile("办$")
# By these words the tables call such an office where it is the Party's or the government's.
_OFFICE_HEADS = ("", "委", "政府", "人民政府")
# 西安市|城市建设投资|集团有限公司.
_FIRM = re.compile(
    r"(?P<stem>[\u4e00-\u9fff]{2,12}?)(?:\(集团\)|集团)?(?:股份)?(?:有限责任公司|有限公司|公司|集团)"
)
# Words at the end of a firm's name that come and go: 城市建设投资|开发集团 is 城投集团.
_FIRM_EXTRA = re.compile(r"(?<=.{3})(?:投资控股|控股|投资发展|开发|发展|运营|经营|产业)+$")
# 县公安局|城关派出所: a police station has a name of its own.
_STATION = re.compile(r"[\u4e00-\u9fff]{0,8}?公安(?:局|分局)(?P<own>[\u4e00-\u9fff]{1,8}派出所)")
# A character of a name; 责任主体为…公司 is a sentence.
_LETTER = r"(?:(?!责任|为所|的)[\u4e00-\u9fff“”()·\dA-Za-z])"
# Names with the ending of a company, a school, an office: 三十六脚湖水库管理处. The longer endings
# need more characters before them, for 管理处 or 委员会 alone names no body.
_OWN = re.compile(
    rf"""
      {_LETTER}{{2,18}}
      (?:派出所|大学|学院|学校|中学|小学|医院|公司|集团|海关|煤矿|银行|商会|协会|林场|农场|水库)
    | {_LETTER}{{3,20}}
      (?:研究院|研究所|设计院|管理处|管理局|出版社|报社|电视台|支行|分行|保护区|指挥部|领导小组
      |领导小组办公室|委员会|委员会办公室|工作组|专班|中心|合作社|车务段|办事处|组委会|基金会|大队
      |监管局|交易所|执委会|电厂|剧院|总队|支队|馆|园|港)
    | {_LETTER}{{5,20}}(?:局|办公室)
    """,
    re.VERBOSE,
)
# The ends of an institution's own offices: 教务处, 图书馆.
_INSIDE_ENDS = re.compile(r"(?:处|部|科|室|院|办|中心|馆|会|站|组|委)$")
# Words for many bodies, which name none.
_GENERIC = frozenset({"村委会", "居委会", "物业公司", "保险公司", "商业银行", "平台公司"})


def find_own_name(name: str, home: Home) -> tuple[CandidateBody, ...]:
    """Towns, governments, zones and what has a name of its own: 金山街道办, 宁乡县政府, 高新区管委会."""
    town = _TOWN.fullmatch(name)
    in_place = next(split_place_names(name, home, short=False, deep=False), None)
    if town and not LEVEL.match(name) and in_place is None:
        return _name_town(town, division_of(home))
    for place, rest in split_division(name, home, deep=False):
        if not rest:
            return as_body(place, "" if is_corps(place) else "人民政府", "government")
        town = None if rest == name else _TOWN.fullmatch(rest)
        if town:
            return _name_town(town, place)
        zone = _ZONE.fullmatch(rest)
        if zone:
            return _name_zone(zone["own"] or zone["other"] or "", place, name, home)
        lettered = () if rest == name else _name_one_of(rest, place) or _name_office(rest, place)
        if lettered:
            return lettered
    state = _STATE.fullmatch(name)
    if state:
        return as_body(Division(state["own"], ""), "人民政府", "own-name")
    return _name_as_printed(name, home)


def _name_zone(own: str, place: Division, name: str, home: Home) -> tuple[CandidateBody, ...]:
    """A zone's committee: 怀宁经济开发区 in 怀宁县 -> 怀宁县经济开发区管理委员会.

    One that is printed in full behind the short name of its place stays as printed; 经开区 and
    经济技术开发区 of one place are one, and 湖南湘江新区 is 湘江新区.
    """
    if place.short and len(own) > len(place.short) + 2:
        own = own.removeprefix(place.short)
    in_full = name.endswith("管理委员会") and not name.startswith(place.display)
    known = _read_known_zone(own, home)
    if known:
        spelled = name if in_full and not name.startswith(known.display) else ""
        reading = DepartmentReading("管理委员会", ("管理委员会",), "管理委员会")
        return (CandidateBody(known, reading, "zone", own=spelled),)
    kind = _without_upper(own, home)
    for words, short in _ZONE_KINDS:
        kind = words.sub(short, kind)
    reading = DepartmentReading(own + "管理委员会", (kind + "管理委员会",), "管理委员会")
    is_short = bool(place.short) and name.startswith(place.short)
    return (CandidateBody(place, reading, "zone", own=name if in_full and is_short else ""),)


def _without_upper(own: str, home: Home) -> str:
    """A zone's name without the places above it, as far as a name is left: 贵州|湄潭|经济开发区."""
    for upper in home.names:
        rows = gazetteer().whole.get(upper)
        for head in (upper, *(row.short for row in rows)):
            if head and own.startswith(head) and len(own) > len(head) + 2:
                own = own[len(head) :]
                break
    return own


def _read_known_zone(own: str, home: Home) -> Division | None:
    """The zone of the table behind the short name of a place above it: 湖南|湘江新区."""
    for length in range(2, min(5, len(own) - 3)):
        upper, rest = own[:length], own[length:]
        if rest in gazetteer().whole and gazetteer().short.get(upper):
            row = choose_row(gazetteer().whole.get(rest), home)
            zone = home_of_row(row, year=home.year) if row and not row.code else None
            if zone and any(name.startswith(upper) for name in zone.names[:-1]):
                return division_of(zone)
    return None


def _name_one_of(rest: str, place: Division) -> tuple[CandidateBody, ...]:
    """A hospital or school that its number or kind tells: 一院 -> 第一人民医院, 中医院 -> 中医医院."""
    match = _NUMBERED.fullmatch(rest)
    if match:
        kind = _NUMBERED_KINDS.get(match["kind"], match["kind"])
        full = f"第{match['number']}{kind}"
    else:
        full = _ONLY_ONE.get(rest, "")
    if not full:
        return ()
    return as_body(place, full, "full" if full == rest else "abbreviation")


def _name_office(rest: str, place: Division) -> tuple[CandidateBody, ...]:
    """An office of Party and government: 委市政府接待办 -> 委市政府接待办公室.

    It is the place's only office of its name, 市信访局, unless the Party or the government has one
    of its own: 市委督查室 and 市政府督查室.
    """
    match = _OF_BOTH.fullmatch(rest)
    if match is None:
        return ()
    office = _SHORT_OFFICE.sub("办公室", match["office"])
    own = f"委{match['level'] or ''}政府{office}"
    words = body_tables().local
    known = {words[head + office][0][0] for head in _OFFICE_HEADS if head + office in words}
    if known:
        family = known.pop() if len(known) == 1 else own
        department = split_subjects(family) if family in body_tables().departments else None
        one = department or DepartmentReading(family, (family,), "")
    else:
        one = split_subjects(office) or DepartmentReading(office, (office,), "")
    return (CandidateBody(place, one._replace(full=own), "own-name"),)


def _name_firm(name: str, home: Home) -> tuple[CandidateBody, ...]:
    """A firm behind its place, of one family with its short name: 城投集团, 市地铁集团有限公司."""
    splits = sorted(split_division(name, home, deep=False), key=lambda split: split[1] == name)
    for place, rest in splits:
        is_short = not name.startswith(place.display) and name == place.short + rest
        firm = _FIRM.fullmatch(rest)
        if firm is None or not place.level or (is_short and place != division_of(home)):
            continue
        reading = DepartmentReading(rest, (_fold_firm(firm["stem"]),), "")
        return (CandidateBody(place, reading, "own-name", own=name if is_short else ""),)
    return ()


def _fold_firm(stem: str) -> str:
    """The family of a firm: the body of the tables, else its name without the words that come and go."""
    words = body_tables().local
    for one in (stem, _FIRM_EXTRA.sub("", stem), stem.removesuffix("投资")):
        for kind in ("集团", "公司"):
            known = words.get(one + kind)
            if known:
                return known[0][0]
    return _FIRM_EXTRA.sub("", stem) + "公司"


def _name_town(match: re.Match[str], place: Division) -> tuple[CandidateBody, ...]:
    """A town's government, committee or subdistrict's office: 沙头角街道办 -> 沙头角街道办事处."""
    own = match["own"]
    if match["party"]:
        return as_body(place, own + match["party"], "town")
    if match["kind"] in ("街道", "街"):
        return as_body(place, own.removesuffix(match["kind"]) + "街道办事处", "town")
    return as_body(place, own + "人民政府", "town")


def _name_as_printed(name: str, home: Home) -> tuple[CandidateBody, ...]:
    """A company, a school, a reserve's office as printed; in an institution's plan any office."""
    if home.rank == INSTITUTION and _INSIDE_ENDS.search(name):
        return as_body(division_of(home), name, "own-name")
    station = _STATION.fullmatch(name)
    name = station["own"] if station else name
    place, bare = next(split_place_names(name, home, short=False, deep=False), (None, name))
    if name in _GENERIC or not (_OWN.fullmatch(name) or (place and _OWN.fullmatch(bare))):
        return ()
    firm = _name_firm(name, home)
    if firm:
        return firm
    printed = _name_with_place(name, home)
    if printed:
        return printed
    for place, rest in split_division(name, home, deep=False):
        if rest:
            return as_body(place, rest, "own-name")
    return ()


def _name_with_place(name: str, home: Home) -> tuple[CandidateBody, ...]:
    """A name that has its place in it and none before it: 上海市道路运输局, 汕头大学, 某某办公室青浦办事处."""
    place, rest = next(split_place_names(name, home, short=False, deep=False), (None, ""))
    if place is not None and rest:
        return as_body(place, rest, "own-name")
    if begins_with_place(name, home):
        return as_body(Division("", ""), name, "own-name")
    stems = {home.name, division_of(home).short} - {""}
    if not any(stem in name[2:] for stem in stems):
        return ()
    reading = DepartmentReading(name, (name,), "")
    return (CandidateBody(division_of(home), reading, "own-name", own=name),)
