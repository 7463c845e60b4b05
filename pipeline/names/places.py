"""Places and levels: which 区 or 市 a notice of 盐田区 means, and place names at a name's head."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from pipeline.lexicon import folder, rows

if TYPE_CHECKING:
    from collections.abc import Iterator

_REMEMBERED = 1 << 14
_RANKS = {"province": 1, "city": 2, "county": 3}
_LEVELS = ("national", "province", "city", "county", "town", "unit")


class Place(NamedTuple):
    """A place as a canonical name begins with it, its level (province, city …), its short name."""

    display: str
    level: str
    short: str = ""


class Home(NamedTuple):
    """A notice's own place: rank 0 nation, 1 province, 2 city, 3 county, 4 town, 5 institution.

    `names` lead from the province down to it; `known` tells whether the table has it.
    """

    name: str
    rank: int
    names: tuple[str, ...] = ()
    parent: str = ""
    known: bool = False


NATION = Home("全国", 0)
NO_HOME = Home("", -1)
_NATION_WORDS = frozenset({"全国", "国家", "中国", "中央", "国务院"})
_ENDS = (
    (re.compile(r"(?:省|自治区|特别行政区)$"), 1),
    (re.compile(r"(?:市|州|盟|地区)$"), 2),
    (re.compile(r"(?:区|县|旗|新城|片区)$"), 3),
    (re.compile(r"(?:镇|乡|街道|村|苏木)$"), 4),
)
_ANY = re.compile(
    r"(?!国网|国家|中国|中央|全国|所在|有关|[省市区县])[\u4e00-\u9fff]{2,6}?(?:自治区|自治州|自治县|综合实验区|开发区|高新区|新区|特区|省|市|区|县|州|旗|盟)"
)
_LIMIT = 14


class _Row(NamedTuple):
    name: str
    parent: str
    rank: int
    short: str


class _Gazetteer(NamedTuple):
    whole: dict[str, tuple[_Row, ...]]
    short: dict[str, tuple[_Row, ...]]


def _gazetteer() -> _Gazetteer:
    return _make_gazetteer(folder())


@cache
def _make_gazetteer(over: object) -> _Gazetteer:
    del over
    whole: dict[str, list[_Row]] = {}
    short: dict[str, list[_Row]] = {}
    for row in rows("places"):
        one = _Row(row["place"], row["parent"], _RANKS[row["level"]], row["short"])
        whole.setdefault(one.name, []).append(one)
        if one.short:
            short.setdefault(one.short, []).append(one)
    return _Gazetteer(
        {key: tuple(found) for key, found in whole.items()},
        {key: tuple(found) for key, found in short.items()},
    )


def home_of(place: str | None, *, partial: bool = False) -> Home:
    """The place of a notice from how it is printed: 盐田区, 深圳市盐田区, 中共恩施州, 湖州, 全国.

    `partial`: only the text's beginning need be a place, as in a title.
    """
    return _home_of(place, partial, folder()) if place else NO_HOME


@lru_cache(_REMEMBERED)
def _home_of(place: str, partial: bool, over: object) -> Home:  # noqa: FBT001
    del over
    text = re.sub(r"^(?:中共|中国共产党)|[\s]", "", place)
    if text in _NATION_WORDS:
        return NATION
    found, rest = _chain(text)
    if found and (partial or not rest):
        return found
    if partial:
        match = _ANY.match(text)
        if match is None or text.startswith(("全", "本", "各", "关于")):
            return NO_HOME
        text, found, rest = match[0], None, match[0]
    if found is None:
        short = _choose(_gazetteer().short.get(text, ()), NO_HOME)
        if short:
            return _home(short)
        found = NO_HOME
    own = rest or text
    rank = next((rank for pattern, rank in _ENDS if pattern.search(own)), 5)
    names = (*found.names, own)
    return Home(own, max(rank, found.rank + 1 if found.rank > 0 else 0), names, found.name)


def _chain(text: str) -> tuple[Home | None, str]:
    """The lowest place that a text begins with, read down from province or city, and the rest."""
    home: Home | None = None
    while text:
        row = _longest(text, home or NO_HOME)
        if row is None or (home is not None and row.parent not in home.names):
            break
        home = _home(row, home)
        text = text[len(row.name) :]
    return home, text


def _longest(text: str, near: Home) -> _Row | None:
    whole = _gazetteer().whole
    for length in range(min(_LIMIT, len(text)), 1, -1):
        found = whole.get(text[:length])
        if found and not (length == 2 and text[1] == "区" and near is NO_HOME):
            return _choose(found, near) or _Row(found[0].name, "", found[0].rank, found[0].short)
    return None


def _home(row: _Row, above: Home | None = None) -> Home:
    names = [row.name]
    parent = row.parent
    while parent:
        names.append(parent)
        uppers = _gazetteer().whole.get(parent, ())
        parent = uppers[0].parent if uppers else ""
    if above is not None and above.name not in names:
        names.extend(reversed(above.names))
    return Home(row.name, row.rank, tuple(reversed(names)), row.parent, known=True)


def _choose(found: tuple[_Row, ...], home: Home) -> _Row | None:
    """The one of several places of a name that the notice can mean, or None."""
    if len(found) == 1:
        return found[0]
    upper = {name for name in home.names if name}
    for near in (
        [row for row in found if row.name == home.name],
        [row for row in found if row.name in upper or row.parent == home.name],
        [row for row in found if row.parent in upper],
    ):
        if len(near) == 1:
            return near[0]
    if found and len({row.rank for row in found}) == len(found):
        return min(found, key=lambda row: row.rank)
    return None


def at(home: Home) -> Place:
    """The notice's own place as a canonical name begins."""
    if home.rank <= 0:
        return Place("", "national" if home.rank == 0 else "")
    return Place(_display(home), _LEVELS[home.rank], _short_of(home))


def _display(home: Home) -> str:
    """The name alone where it is the only one of its kind, else behind its city: 沈阳市和平区."""
    shared = len(_gazetteer().whole.get(home.name, ())) > 1
    above = home.parent if (shared and home.parent) or (home.rank == 4 and home.parent) else ""
    return above + home.name


def _short_of(home: Home) -> str:
    """湖州 of 湖州市: customs and supervisors are called by it."""
    found = _gazetteer().whole.get(home.name, ())
    return next((row.short for row in found if row.short), "") or _stem(home) or home.name


def _display_row(row: _Row) -> Place:
    return at(_home(row))


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


def relative(word: str, home: Home) -> Place:
    """The place that a level word means in a notice: 市 in one of 盐田区 -> 深圳市.

    A level that the notice's place does not tell is said as such: 宝龙区所属市, 深圳市所辖区.
    """
    if home is NO_HOME or home.rank == 0:
        return Place(word, "")
    if word in ("区县", "县区", "区、县"):
        return at(home) if home.rank == 3 else Place(f"{_display(home)}所辖区县", "")
    rank = _WORD_RANKS[word]
    if home.rank == 5 or (home.name.endswith(word) and rank <= home.rank + (word == "市")):
        return at(home)
    if word in ("区", "新区", "开发区") and home.rank == 3 and home.name.endswith(("区", "新城")):
        return at(home)
    for number, name in enumerate(reversed(home.names[:-1])):
        if name.endswith(word) or (word == "区" and name.endswith("自治区") and rank == 1):
            upper = home_of("".join(home.names[: len(home.names) - 1 - number]))
            return at(upper)
    sibling = _sibling(word, home) if rank == home.rank == 3 else None
    if sibling:
        return sibling
    below = rank > home.rank or (rank == home.rank and not home.name.endswith(word))
    return Place(f"{_display(home)}{'所辖' if below else '所属'}{word}", "")


def _sibling(word: str, home: Home) -> Place | None:
    """平潭县 in a notice of 平潭综合实验区: a place of the same short name."""
    stem = next((row.short for row in _gazetteer().whole.get(home.name, ())), home.name[:-1])
    found = [row for row in _gazetteer().whole.get(stem + word, ()) if row.rank == home.rank]
    return _display_row(found[0]) if len(found) == 1 else None


def explicit(name: str, home: Home, *, short: bool) -> Iterator[tuple[Place, str]]:
    """Place names at a name's head with what follows: whole names, or short ones (盐田公安分局)."""
    if not short:
        found, rest = _chain_near(name, home)
        if found is not None:
            own = _stem(home)
            near = home if own and rest.startswith(own) else found
            deeper = next(_short(rest, near), None)
            if deeper:
                yield deeper
            yield at(found), rest
        if home.name and not home.known and name.startswith(home.name):
            yield at(home), name[len(home.name) :]
        return
    yield from _short(name, home)
    match = _ANY.match(name)
    if match and match[0] not in _gazetteer().whole and match.end() < len(name):
        yield Place(match[0], ""), name[match.end() :]


def _chain_near(name: str, home: Home) -> tuple[Home | None, str]:
    row = _longest(name, home)
    if row is None:
        return None, name
    own, rest = _home(row), name[len(row.name) :]
    inner, left = _chain(rest)
    if inner is not None and row.name in inner.names:
        return inner, left
    return own, rest


def begins_with_place(name: str, home: Home) -> bool:
    """Whether a known place's whole or short name stands at a name's head: 汕头大学."""
    return _longest(name, home) is not None or next(_short(name, home), None) is not None


def _short(name: str, home: Home) -> Iterator[tuple[Place, str]]:
    """Short place names at the head, longest first; that of the notice's own place before others.

    长春 in a notice of 长春新区 is the city.
    """
    stem = _stem(home)
    if stem and name.startswith(stem) and not (home.parent.startswith(stem) and home.rank > 1):
        yield at(home), name[len(stem) :]
    gazetteer = _gazetteer()
    for length in range(min(6, len(name)), 1, -1):
        head = name[:length]
        if home.rank in (1, 2) and home.name.startswith(head):
            yield at(home), name[length:]
            continue
        found = gazetteer.whole.get(head) or gazetteer.short.get(head)
        row = _choose(found, home) if found else None
        if row is not None:
            yield _display_row(row), name[length:]


def _stem(home: Home) -> str:
    """宝龙 of 宝龙区, also where the table does not know the place."""
    match = re.match(
        r"(.{2,}?)(?:综合实验区|经济技术开发区|开发区|高新区|新区|省|市|区|县|州|盟|旗|镇|乡|街道)$",
        home.name,
    )
    return match[1] if match else ""
