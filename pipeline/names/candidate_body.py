"""A body that a printed name can mean, and the division at the head of a name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pipeline.names.departments import DepartmentReading
from pipeline.names.divisions import Division, division_of, resolve_level, split_place_names
from pipeline.names.gazetteer import Home

if TYPE_CHECKING:
    from collections.abc import Iterator


# The rank of an institution; names in its plan are its own offices: 某某大学教务处.
INSTITUTION = 5
# The Communist Youth League, with its place inside the name: 共青团盐田区委员会.
LEAGUE = "团委员会"
# Bodies of the nation that are named after the short name of a place: 湖州海关.
_BY_SHORT = frozenset(
    {"海关", "海事局", "出入境检验检疫局", "出入境边防检查站", "银行业监督管理分局"}
    | {"保险监督管理分局", "银行保险监督管理分局", "证券监督管理局"}
)
_LEVEL_WORD = re.compile(
    r"(?P<level>区、县|区县|县区|自治区|自治州|自治县|新区|开发区|街道|[省市区县州盟旗镇乡校])"
    r"(?:级|直)?(?=.)"
)
# A level word at the head of a name.
LEVEL = re.compile(r"[省市区县州盟]")


class CandidateBody(NamedTuple):
    """A body that a name can mean: its division, department, rule, and a part of it.

    `own` is the canonical name where the place is inside the name that is printed in full:
    国家税务总局临沂市税务局.
    """

    division: Division
    reading: DepartmentReading
    rule: str
    part: str = ""
    own: str = ""

    @property
    def canonical(self) -> str:
        """The canonical name: 盐田区发展和改革局."""
        full, division = self.reading.full, self.division
        if self.own:
            return self.own + self.part
        if full == LEAGUE:
            return f"共青团{division.display}委员会{self.part}"
        if full in _BY_SHORT and division.short:
            return division.short + full + self.part
        of_party = division.level == "unit" or division.display.endswith("自治区")
        if of_party and full.startswith("委"):
            full = "党" + full
        return division.display + full + self.part


def as_body(division: Division, full: str, rule: str) -> tuple[CandidateBody, ...]:
    """The one candidate of a full name without subjects."""
    return (CandidateBody(division, DepartmentReading(full, (full,), ""), rule),)


def split_division(name: str, home: Home) -> Iterator[tuple[Division, str]]:
    """Split a division off the head of a name, each way with the rest, the most reliable first.

    A whole place name, a level word (区财政局), the notice's own place, a short place name.
    """
    yield from split_place_names(name, home, short=False)
    level = _LEVEL_WORD.match(name)
    if level:
        yield resolve_level(level["level"], home), name[level.end() :]
    yield division_of(home), name
    yield from split_place_names(name, home, short=True)


def split_any_place(text: str, home: Home) -> Iterator[tuple[Division, str]]:
    """Split whole, then short place names off the head of a text."""
    yield from split_place_names(text, home, short=False)
    yield from split_place_names(text, home, short=True)
