"""Resolve the names of groups of bodies: 各街道办 in 盐田区 -> 盐田区各街道办事处, with its members."""

from __future__ import annotations

import re
from functools import cache

from pipeline.lexicon import folder, rows
from pipeline.names.body_tables import body_tables
from pipeline.names.divisions import division_of, resolve_level
from pipeline.names.gazetteer import Home
from pipeline.names.units import is_collective

# Short forms in a group's name and their full forms.
_GROUP_WORDS = (
    (re.compile(r"\((?:含|包括)[^()]*\)$"), ""),
    (re.compile(r"街道办(?!事处)|街办$"), "街道办事处"),
    (re.compile(r"(?<!人民)政府"), "人民政府"),
    (re.compile(r"管委会"), "管理委员会"),
    (re.compile(r"各有关|各相关|相关"), "有关"),
)
_LEVELS = frozenset("省市区县州盟旗")
# A level word at the head of a group's name: 市直各部门, 区有关单位; not 市、县人民政府.
_GROUP_LEVEL = re.compile(
    r"(?:全体|全)?(?P<level>[省市区县州])(?=级|直|有关|各|政府|委|[^、(市区县][^、(])"
)


def is_group(folded: str) -> bool:
    """Whether a folded name means a group; 县直机关工委 only begins like one."""
    words = body_tables().local
    if folded in words or (folded[:1] in _LEVELS and folded[1:] in words):
        return False
    return is_collective(folded) or "各" in folded


def resolve_group(name: str, home: Home) -> tuple[str, tuple[str, ...]]:
    """The canonical name of a group, and its members as far as the table has them.

    各街道办 in 盐田区 -> 盐田区各街道办事处, 盐田区梅沙街道办事处 …
    """
    full = name
    for pattern, words in _GROUP_WORDS:
        full = pattern.sub(words, full)
    place = division_of(home).display
    if home.rank <= 0 or full.startswith(("国务院", "各省", "全国")):
        return full, ()
    level = _GROUP_LEVEL.match(full)
    if level:
        place = resolve_level(level["level"], home).display
        full = full[level.end() :]
        full = level["level"] + full if full[0] in "级直" else full
    members = (
        _members(folder()).get((home.name, full), ()) if place == division_of(home).display else ()
    )
    return place + full, tuple(place + member for member in members)


@cache
def _members(over: object) -> dict[tuple[str, str], tuple[str, ...]]:
    """The members of each group, by place and full name."""
    del over
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows("collectives"):
        found.setdefault((row["place"], row["collective"]), []).append(row["member"])
    return {key: tuple(names) for key, names in found.items()}
