"""Decide whether a name that no table has is short for another: 市文创办, 市文化创意产业领导小组办公室."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.names.body_tables import holds_letters
from pipeline.names.candidate_body import CandidateBody, split_division

if TYPE_CHECKING:
    from pipeline.names.gazetteer import Home

# The last character of a short name -> the end of the full name.
_ENDS = {
    "局": "局",
    "委": "委员会",
    "办": "办公室",
    "心": "中心",
    "队": "队",
    "会": "会",
    "站": "站",
    "厅": "厅",
    "院": "院",
    "校": "校",
}
_SHORTEST = 3
# A full name has at most so many characters for each of the short one.
_MOST = 4
# The forms at the end of a firm's name.
_FIRM_END = "公司"


def holds_short_form(full: str, short: str) -> bool:
    """Whether a full name has a short one's characters in order, with the same end."""
    end = _ENDS.get(short[-1])
    if len(short) < _SHORTEST or end is None or not full.endswith(end):
        return False
    return len(full) <= _MOST * len(short) and holds_letters(full, short)


def is_short_for(a: str, b: str, found: tuple[tuple[CandidateBody, ...], ...], home: Home) -> bool:
    """Whether one of two names of a place, of which the tables lack one, is short for the other.

    `found` are the bodies of both names; one that the tables have is short for none.
    """
    known = [body for bodies in found for body in bodies]
    if all(found) or any(body.rule not in ("own-name", "containment") for body in known):
        return False
    one, other = _rests(a, found[0], home), _rests(b, found[1], home)
    return any(
        place == where and _is_short_or_back(mine, theirs)
        for place, mine in one
        for where, theirs in other
    )


def _rests(name: str, found: tuple[CandidateBody, ...], home: Home) -> list[tuple[str, str]]:
    """The place of a name with the rest of it, each way that its place may end."""
    if found:
        return [(body.division.display, body.reading.full) for body in found]
    splits = split_division(name, home, deep=False)
    return [(place.display, rest) for place, rest in splits if place.level and rest]


def _is_short_or_back(a: str, b: str) -> bool:
    short, full = sorted((a, b), key=len)
    return short[0] == full[0] and holds_short_form(full, short)


def is_short_firm(a: str, b: str) -> bool:
    """Whether one of two firms without their places has the initials of the other: 建投, 建设投资."""
    if not (a.endswith(_FIRM_END) and b.endswith(_FIRM_END)):
        return False
    short, full = sorted((a.removesuffix(_FIRM_END), b.removesuffix(_FIRM_END)), key=len)
    words = [full[at : at + 2] for at in range(0, len(full), 2)]
    return len(short) > 1 and short[0] == words[0][0] and _are_initials(short, words)


def _are_initials(short: str, words: list[str]) -> bool:
    """Whether a short name consists of words and first characters of words, in order: 轨道, 建投."""
    if not short:
        return True
    return any(
        short.startswith(piece) and _are_initials(short[len(piece) :], words[number + 1 :])
        for number, word in enumerate(words)
        for piece in {word, word[0]}
    )
