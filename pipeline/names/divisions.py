"""Find the administrative division of a body: what 区 or 市 means in a notice, or a place name.

In a notice of 盐田区, 市财政局 is the bureau of 深圳市, and 盐田公安分局 that of 盐田区.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from pipeline.lexicon import folder
from pipeline.names.gazetteer import (
    NO_HOME,
    Home,
    choose_row,
    find_code,
    find_longest,
    fitting,
    gazetteer,
    home_of_row,
    is_shared_name,
    rank_of,
)
from pipeline.names.places import ANY_PLACE, home_of, split_chain

if TYPE_CHECKING:
    from collections.abc import Iterator


_LEVELS = ("national", "province", "city", "county", "town", "unit")
_WORD_RANKS = {
    "省": 1,
    "自治区": 1,
    "州": 2,
    "盟": 2,
    "自治州": 2,
    "市": 2,
    "区": 3,
    "县": 3,
    "旗": 3,
}
_WORD_RANKS |= {"自治县": 3, "新区": 3, "开发区": 3, "镇": 4, "乡": 4, "街道": 4, "校": 5}


class Division(NamedTuple):
    """An administrative division: its name at the head of a canonical name, level and short name."""

    display: str
    level: str
    short: str = ""


# The corps of Xinjiang has departments as a province has, and its divisions those of a city.
_CORPS = Division("新疆生产建设兵团", "province", "兵团")
_CORPS_DIVISION = re.compile(
    r"(?:新疆生产建设兵团|兵团)?第?(?P<number>[一二三四五六七八九十]{1,2})师(?:[\u4e00-\u9fff]{2,4}?市(?!场))?"
)
# A zone that is not in the table: 高新区|税务局; what stands before it is the name of its city.
_ZONE = re.compile(
    r"(?:(?![省市区县州])[\u4e00-\u9fff]){0,4}?(?:高新技术产业开发区|高新区|经济技术开发区|经济开发区|经开区|开发区|(?:综合)?保税区"
    r"|综保区|度假区|产业园区|工业园区|新区)(?=.{2})"
)
_NAME_WITH_LEVEL = re.compile(
    r"(.{2,}?)(?:综合实验区|经济技术开发区|开发区|高新区|新区|省|市|区|县|州|盟|旗|镇|乡|街道)$"
)
# How many places of notices are remembered, each with what it is as a division.
_REMEMBERED = 1 << 10


class Divided(NamedTuple):
    """The names of the province, the city and the county in a path, None where it has none."""

    province: str | None = None
    city: str | None = None
    county: str | None = None


def divide(home: Home) -> Divided:
    """The province, city and county of a place: 万宁市 is a county that lies in no city."""
    parts: dict[int, str] = {}
    for above, name in zip(("", *home.names), home.names, strict=False):
        rank = rank_of(name, above)
        if rank is not None:
            parts[rank] = name
    return Divided(parts.get(1), parts.get(2), parts.get(3))


def division_code(home: Home) -> str | None:
    """The code of six digits of a place in the notice's year, None where the table has none.

    This is the only place that looks codes up.
    """
    return find_code(home.name, home.parent, home.year) if home.known else None


def division_of(home: Home) -> Division:
    """The division that a notice's own place is."""
    return _division_of(home, folder())


@lru_cache(_REMEMBERED)
def _division_of(home: Home, over: object) -> Division:
    del over
    if home.name == _CORPS.display:
        return _CORPS
    if home.rank <= 0:
        return Division("", "national" if home.rank == 0 else "")
    return Division(_display(home), _LEVELS[home.rank], _short_of(home))


def is_corps(division: Division) -> bool:
    """Whether a division is the corps of Xinjiang or one of its own, which have no government."""
    return division.display.startswith(_CORPS.display)


def _display(home: Home) -> str:
    """The name of a place; after that of its city where other places share it: 沈阳市和平区."""
    shared = is_shared_name(home.name)
    above = home.parent if (shared and home.parent) or (home.rank == 4 and home.parent) else ""
    return above + home.name


def _short_of(home: Home) -> str:
    """The short name of a place, by which customs are called: 湖州 of 湖州市."""
    found = gazetteer().whole.get(home.name)
    return next((row.short for row in found if row.short), "") or _stem(home) or home.name


def resolve_level(word: str, home: Home) -> Division:
    """The division that a level word means in a notice: 市 in a notice of 盐田区 -> 深圳市.

    Where the notice's place does not tell, the name says so: 宝龙区所属市, 深圳市所辖区.
    """
    if word == _CORPS.short:
        return _CORPS
    if home is NO_HOME or home.rank == 0:
        return Division(word, "")
    if word in ("区县", "县区", "区、县"):
        return division_of(home) if home.rank == 3 else Division(f"{_display(home)}所辖区县", "")
    rank = _WORD_RANKS[word]
    if home.rank == 5 or (home.name.endswith(word) and rank <= home.rank + (word == "市")):
        return division_of(home)
    if word in ("区", "新区", "开发区") and home.rank == 3 and home.name.endswith(("区", "新城")):
        return division_of(home)
    for number, name in enumerate(reversed(home.names[:-1])):
        if name.endswith(word) or (word == "区" and name.endswith("自治区") and rank == 1):
            upper = home_of("".join(home.names[: len(home.names) - 1 - number]), year=home.year)
            return division_of(upper)
    sibling = _sibling(word, home) if rank == home.rank == 3 else None
    if sibling:
        return sibling
    below = rank > home.rank or (rank == home.rank and not home.name.endswith(word))
    return Division(f"{_display(home)}{'所辖' if below else '所属'}{word}", "")


def _sibling(word: str, home: Home) -> Division | None:
    """The place of the same rank and short name: 平潭县 in a notice of 平潭综合实验区."""
    stem = next((row.short for row in gazetteer().whole.get(home.name)), home.name[:-1])
    found = fitting(gazetteer().whole.get(stem + word), home.year)
    near = [row for row in found if row.rank == home.rank]
    return division_of(home_of_row(near[0])) if len(near) == 1 else None


def split_place_names(
    name: str, home: Home, *, short: bool, deep: bool = True
) -> Iterator[tuple[Division, str]]:
    """Split place names off the head of a name, the best first, each with the rest of the name.

    Whole names (盐田区财政局); with `short`, short ones (盐田公安分局). With `deep` a short name within
    the whole one is split off too: 成都市|武侯公安分局.
    """
    if short:
        yield from _split_short(name, home)
        yield from _split_zone(name, home)
        match = ANY_PLACE.match(name)
        if match and match[0] not in gazetteer().whole and match.end() < len(name):
            yield Division(match[0], ""), name[match.end() :]
        return
    yield from _split_corps(name, home)
    if home.rank > 3 and name.startswith(_display(home)):
        yield division_of(home), name[len(_display(home)) :]
    found, rest = _split_nearest(name, home)
    if found is not None:
        own = _stem(home)
        near = home if own and rest.startswith(own) else found
        deeper = next(_split_short(rest, near, within=found), None) if deep else None
        if deeper:
            yield deeper
        yield division_of(found), rest
        if rest.startswith(found.name[-1] + "委"):
            yield division_of(found), rest[1:]
    if home.name and not home.known and name.startswith(home.name):
        yield division_of(home), name[len(home.name) :]


def _split_corps(name: str, home: Home) -> Iterator[tuple[Division, str]]:
    """Split a division of the corps off, 第八师|财政局, where a name or the notice's place tells it."""
    match = _CORPS_DIVISION.match(name)
    if match and ("兵团" in match[0] or {"新疆维吾尔自治区", _CORPS.display} & set(home.names)):
        yield Division(f"{_CORPS.display}第{match['number']}师", "city"), name[match.end() :]
    elif name.startswith(_CORPS.short):
        yield _CORPS, name[len(_CORPS.short) :]


def _split_zone(name: str, home: Home) -> Iterator[tuple[Division, str]]:
    """Split a zone of the notice's city off, with or without the city's name: 临沂|高新区|税务局."""
    if home.rank not in (2, 3):
        return
    stem = _stem(home)
    heads = home.name, stem, home.name[-1]
    head = next((one for one in heads if one and name.startswith(one)), "")
    zone = _ZONE.match(name[len(head) :])
    if zone:
        rest = name[len(head) + zone.end() :]
        yield Division(_display(home) + zone[0], "county"), rest


def _split_nearest(name: str, home: Home) -> tuple[Home | None, str]:
    """The lowest place at the head of a name, its first part near `home`, and the rest."""
    row = find_longest(name, home)
    if row is None:
        return None, name
    own, rest = home_of_row(row, year=home.year), name[len(row.name) :]
    inner, left = split_chain(rest, home.year)
    if inner is not None and row.name in inner.names:
        return inner, left
    return own, rest


def begins_with_place(name: str, home: Home) -> bool:
    """Whether a name begins with the whole or short name of a known place: 汕头大学."""
    return find_longest(name, home) is not None or next(_split_short(name, home), None) is not None


def _split_short(
    name: str, home: Home, within: Home | None = None
) -> Iterator[tuple[Division, str]]:
    """Split short place names off the head: that of the notice's place, then the longest first.

    In a notice of 长春新区, 长春 is the city. With `within` the others lie in that place: no 港口区
    in 盐田区港口航运局.
    """
    stem = _stem(home)
    if stem and name.startswith(stem) and not (home.parent.startswith(stem) and home.rank > 1):
        yield division_of(home), name[len(stem) :]
    table = gazetteer()
    pair = name[:2]
    if not (pair in table.whole.heads or pair in table.short.heads or home.name.startswith(pair)):
        return
    for length in range(min(6, len(name)), 1, -1):
        head = name[:length]
        if home.rank in (1, 2) and home.name.startswith(head):
            yield division_of(home), name[length:]
            continue
        found = table.whole.get(head) or table.short.get(head)
        row = choose_row(found, home) if found else None
        if row is None or name[length:] == "委员会":
            continue
        place = home_of_row(row, year=home.year)
        if within is None or within.name in place.names:
            yield division_of(place), name[length:]


def _stem(home: Home) -> str:
    """The name of a place without its level, also where the table lacks the place: 宝龙 of 宝龙区."""
    match = _NAME_WITH_LEVEL.match(home.name)
    return match[1] if match else ""
