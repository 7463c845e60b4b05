"""A printed name -> the one body that it names, over place and time.

A name is read as place or level, what the body deals with, and what kind of office it is:
区发改局 in 盐田区 is 盐田区 + 发展和改革 + 局. Short forms, subjects, renames and places are tables;
the code knows only how they go together. What fits two bodies is none, with its candidates.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any, NamedTuple

from pipeline.lexicon import folder, rows
from pipeline.names.candidates import Body, find_bodies
from pipeline.names.departments import find_departments, lexicon, reach
from pipeline.names.lists import is_collective
from pipeline.names.places import NO_HOME, Home, at, home_of, relative

# A plan names the same bodies again and again, and so do a region's plans.
_REMEMBERED = 1 << 16
_Years = tuple[int | None, int | None]


class Resolution(NamedTuple):
    """A canonical name or None, the rule that found it, and what else it could be.

    For a collective the candidates are its members where they are known.
    """

    canonical: str | None
    rule: str
    candidates: tuple[str, ...] = ()


class Lineage(NamedTuple):
    """What a body was before and became after, as the table of renames words it."""

    before: tuple[str, ...]
    after: tuple[str, ...]


def resolve(name: str, place: str | None, year: int | None) -> Resolution:
    """The canonical name of a unit or a group as a notice of this place and year prints it.

    `place` is the notice's own (盐田区, 深圳市盐田区, 全国), from which 区 and 市 are told; the year
    chooses between bodies of one short name where only one was there. Rules: full, abbreviation,
    stem (公安部门), branch, part, town, zone, government, own-name, plate, containment, group;
    canonical is None for ambiguous and unknown.
    "区发改局(区统计局)" in 盐田区 -> 盐田区发展和改革局, abbreviation
    """
    return _resolve(name, place, year, folder())


@lru_cache(_REMEMBERED)
def _resolve(name: str, place: str | None, year: int | None, over: object) -> Resolution:
    del over
    folded = _fold(name)
    home = home_of(place)
    if _is_group(folded):
        return _group(folded, home)
    bare, plate = _plates(folded)
    found, rule = find_bodies(bare, home) if bare else (), ""
    if not found and plate:
        found, rule = find_bodies(plate, home), "plate"
    if not found:
        return Resolution(None, "unknown")
    alive = [body for body in found if len(found) == 1 or _is_alive(body, year)]
    names = tuple(dict.fromkeys(body.canonical for body in alive or found))
    if len(names) > 1:
        return Resolution(None, "ambiguous", names)
    return Resolution(names[0], rule or found[0].rule)


def _is_alive(body: Body, year: int | None) -> bool:
    """Whether the table of renames leaves a body standing in a year."""
    if year is None:
        return True
    family = body.reading.family
    steps = [step for step in lexicon().renames if step.kind != "variant" and not step.place]
    gone = any(step.before in family and step.last < year for step in steps)
    begun = [step.first for step in steps if step.after in family]
    return not gone and (not begun or min(begun) <= year)


_LEVEL = re.compile(r"[省市区县州盟旗](?![场区县])")


def resolve_list(
    names: tuple[str, ...], place: str | None, year: int | None
) -> tuple[Resolution, ...]:
    """Each name of a list; one without a level takes that of the name before: 市发改委、财政局."""
    return _resolve_list(names, place, year, folder())


@lru_cache(_REMEMBERED)
def _resolve_list(
    names: tuple[str, ...], place: str | None, year: int | None, over: object
) -> tuple[Resolution, ...]:
    del over
    found: list[Resolution] = []
    level = ""
    for name in names:
        own = _LEVEL.match(name)
        taken = None
        if own:
            level = own[0]
        elif level and home_of(place).rank != 0 and find_departments(name):
            taken = resolve(level + name, place, year)
        if taken is None or taken.rule not in ("full", "abbreviation"):
            taken = resolve(name, place, year)
        found.append(taken)
    return tuple(found)


def resolve_notice(
    lists: list[tuple[str, ...]], place: str | None, year: int | None
) -> list[tuple[Resolution, ...]]:
    """The lists of one notice; a short name of two bodies is the one that the notice also spells.

    区农发局 beside 区农村发展局 is that, rule context.
    """
    found = [resolve_list(names, place, year) for names in lists]
    if all(one.canonical for resolved in found for one in resolved):
        return found
    spelled = {one.canonical for resolved in found for one in resolved}
    return [tuple(_in_context(one, spelled) for one in resolved) for resolved in found]


def _in_context(one: Resolution, spelled: set[str | None]) -> Resolution:
    near = [name for name in one.candidates if name in spelled]
    if one.canonical is None and len(near) == 1:
        return Resolution(near[0], "context", one.candidates)
    return one


# --- Two names, one body -----------------------------------------------------------------------

_SAME = ("same", "abbreviation")
# Offices that a department may have one after the other; not its centre or station.
_OFFICES = frozenset({"局", "委员会", "厅", "办公室", ""})


def is_same_body(
    a: str, b: str, place: str | None, year_a: int | None, year_b: int | None
) -> str | None:
    """The rule by which two names of one place stand for one body, or None.

    same | abbreviation | plate | suffix | order | branch, and over the years renamed | merged |
    split | reshaped | variant: the body of the earlier year went on as that of the later.
    "区卫人局", "区卫健局" in 盐田区, 2011, 2022 -> renamed
    """
    return _is_same(a, b, place, (year_a, year_b), folder())


@lru_cache(_REMEMBERED)
def _is_same(a: str, b: str, place: str | None, years: _Years, over: object) -> str | None:
    one, other = _fold(a), _fold(b)
    if one == other:
        return "same"
    if years[0] is not None and years[1] is not None and years[0] > years[1]:
        return _is_same(b, a, place, (years[1], years[0]), over)
    home = home_of(place)
    if _is_group(one) or _is_group(other):
        both = _is_group(one) and _is_group(other)
        one, other = _group(one, home).canonical or "", _group(other, home).canonical or ""
        return "abbreviation" if both and one == other else None
    (one, plate), (other, second) = _plates(one), _plates(other)
    if one == other:
        return "plate"
    return _compare_names(one, other, home, years) or (
        "plate"
        if any(
            mine and theirs and _compare_names(mine, theirs, home, (None, None)) in _SAME
            for mine, theirs in ((plate, other), (one, second))
        )
        else None
    )


def _compare_names(a: str, b: str, home: Home, years: _Years) -> str | None:
    if a == b:
        return "same"
    first, second = find_bodies(a, home), find_bodies(b, home)
    if len(first) != 1 or len(second) != 1:
        return None
    return _compare(first[0], second[0], home, years)


def _compare(a: Body, b: Body, home: Home, years: _Years) -> str | None:
    if a.canonical == b.canonical:
        return "abbreviation"
    if a.part != b.part or a.place.display != b.place.display:
        return None
    if (a.place.level == "national") != (b.place.level == "national"):
        return None
    mine, theirs = a.reading, b.reading
    if set(mine.family) == set(theirs.family):
        if mine.office == theirs.office:
            return "order" if mine.branch == theirs.branch else "branch"
        return "suffix" if {mine.office, theirs.office} <= _OFFICES else None
    national = a.place.level == "national"
    onward = reach(mine, theirs, years, home.names, national=national)
    # In one year the old name may stand on either side.
    if onward is None and years[0] == years[1]:
        return reach(theirs, mine, years, home.names, national=national)
    return onward


def lineage(name: str, place: str | None) -> Lineage:
    """What a name's body was before and became after, in words of the table of renames.

    "区卫计局" in 盐田区 -> before 卫生, 人口和计划生育, 卫生和人口计划生育; after 卫生健康
    """
    home = home_of(place)
    found = find_bodies(_plates(_fold(name))[0], home)
    if len(found) != 1:
        return Lineage((), ())
    family, national = found[0].reading.family, found[0].place.level == "national"
    steps = [
        step
        for step in lexicon().renames
        if step.kind != "variant" and step.holds(home.names, national=national)
    ]
    before = dict.fromkeys(step.before for step in steps if step.after in family)
    after = dict.fromkeys(step.after for step in steps if step.before in family)
    return Lineage(tuple(before), tuple(after))


def describe(name: str, place: str | None, one: Resolution) -> dict[str, Any]:
    """The body that a name was resolved to, as a record tells it; what is not known is None.

    For a group the members are those of the table.
    """
    level, where = level_of(name, place)
    members = one.candidates if one.rule == "group" else ()
    return {
        "canonical": one.canonical,
        "level": level or None,
        "place": where or None,
        "members": members,
    }


def level_of(name: str, place: str | None) -> tuple[str, str]:
    """The level and the place of the body that a name stands for, empty where not known."""
    return _level_of(name, place, folder())


@lru_cache(_REMEMBERED)
def _level_of(name: str, place: str | None, over: object) -> tuple[str, str]:
    del over
    folded, home = _fold(name), home_of(place)
    if _is_group(folded):
        return at(home).level, at(home).display
    found = find_bodies(_plates(folded)[0], home)
    return (found[0].place.level, found[0].place.display) if len(found) == 1 else ("", "")


_NEAR = 3


def find_near(name: str, place: str | None) -> tuple[str, ...]:
    """Full names of the tables that come nearest to one that is not known, the best first.

    Nearness is the share of the name's letters that stand in the full name in their order.
    """
    bare = _plates(_fold(name))[0].lstrip("省市区县州盟旗")
    scored: list[tuple[float, str]] = []
    for full in (one for names in lexicon().full_names.values() for one in names):
        common = _common(bare, full)
        if 2 * common > len(bare) and full[0] in bare:
            scored.append((-common / len(bare) + len(full) / 1000, full))
    head = at(home_of(place)).display
    return tuple(head + full for _, full in sorted(scored)[:_NEAR])


def _common(short: str, full: str) -> int:
    """How many letters of the short name are met in order, each as early as may be."""
    at_letter = found = 0
    for letter in short:
        where = full.find(letter, at_letter)
        if where >= 0:
            at_letter, found = where + 1, found + 1
    return found


# --- What is folded and cut off ----------------------------------------------------------------

_HALF = str.maketrans("（）〔〕［］【】；，：　\n\t", "()()()();,:   ")


def _fold(name: str) -> str:
    return name.translate(_HALF).replace(" ", "").strip('。、;,:"')


def _plates(folded: str) -> tuple[str, str]:
    """The name and its second plate: 区发改局(区统计局) -> 区发改局, 区统计局."""
    plate = ""
    opening = folded.rfind("(")
    if folded.endswith(")") and opening > 1:
        folded, plate = folded[:opening], folded[opening + 1 : -1]
    return folded.replace("“", "").replace("”", ""), plate


# --- Groups ------------------------------------------------------------------------------------

_GROUP_WORDS = (
    (re.compile(r"\((?:含|包括)[^()]*\)$"), ""),
    (re.compile(r"街道办(?!事处)|街办$"), "街道办事处"),
    (re.compile(r"(?<!人民)政府"), "人民政府"),
    (re.compile(r"管委会"), "管理委员会"),
    (re.compile(r"各有关|各相关|相关"), "有关"),
)
_GROUP_LEVEL = re.compile(
    r"(?:全体|全)?(?P<level>[省市区县州])(?=级|直|有关|各|政府|委|[^、(市区县][^、(])"
)


def _is_group(folded: str) -> bool:
    """Whether a name is a group's; 县直机关工委 only begins as one."""
    if folded in lexicon().local:
        return False
    return is_collective(folded) or "各" in folded


def _group(name: str, home: Home) -> Resolution:
    """A group under its place: 各街道办 in 盐田区 -> 盐田区各街道办事处, its members if known."""
    full = name
    for pattern, words in _GROUP_WORDS:
        full = pattern.sub(words, full)
    place = at(home).display
    if home.rank <= 0 or full.startswith(("国务院", "各省", "全国")):
        return Resolution(full, "group")
    level = _GROUP_LEVEL.match(full)
    if level:
        place = relative(level["level"], home).display
        full = full[level.end() :]
        full = level["level"] + full if full[0] in "级直" else full
    members = _members(folder()).get((home.name, full), ()) if place == at(home).display else ()
    return Resolution(place + full, "group", tuple(place + member for member in members))


@cache
def _members(over: object) -> dict[tuple[str, str], tuple[str, ...]]:
    del over
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows("collectives"):
        found.setdefault((row["place"], row["collective"]), []).append(row["member"])
    return {key: tuple(names) for key, names in found.items()}


# --- Where a notice stands ---------------------------------------------------------------------

_TITLE_OPENING = re.compile(r"(?:关于)?(?:印发|下达|公布|转发|批转)?[《〈]?(?:20\d\d年(?:度)?)?")
_INSTITUTION = re.compile(
    r"[\u4e00-\u9fff]{2,16}?(?:大学|学院|医院|研究院|集团有限公司|集团公司|集团|有限公司)"
)
_NATIONWIDE = re.compile(r"全国|国务院|国家|中共中央|国办|国发|中华人民共和国")


def find_place(region: str | None, *texts: str | None) -> str | None:
    """A notice's own place: the lowest that its titles or issuing body name under its region.

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
    for text in filter(None, texts):
        institution = _INSTITUTION.match(text)
        if institution:
            return institution[0]
    return "全国" if any(text and _NATIONWIDE.search(text) for text in texts) else None
