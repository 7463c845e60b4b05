"""Cut units that were run together: 区经发局区环土局 -> 区经发局, 区环土局."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.lexicon import alternation, words
from pipeline.names.units import is_unit
from pipeline.parse.tables.table import Span

_UNIT_END = re.compile(rf"(?:{alternation(words('unit_words', 'ending'))})$")
# A unit begins with its level or its group: 区|环土局, 各|乡镇, 相关|单位; not 区级|….
_SEAM = re.compile(
    r"(?<=[\u4e00-\u9fff)])(?=(?:[省市县区](?!级|域)|各|相关|有关|所在地)[\u4e00-\u9fff])"
)
# The words of another column: neither a number 12、 or 3推进, nor a blank.
_OTHER_WORDS = re.compile(r"(?!\d{1,3}[、.]|\d{1,2}[\u4e00-\u9fff])[^\s]")
_TAIL = re.compile(r"[\u4e00-\u9fff、]+(?:\([\u4e00-\u9fff]{2,14}\)[\u4e00-\u9fff、]*)*$")
_SHORTEST_UNIT, _LONGEST_UNIT = 3, 14


def split_units(folded: str, start: int, end: int) -> list[Span]:
    """A run of units cut at 、 and where a level word behind a unit's ending opens the next one."""
    pieces: list[Span] = []
    at = start
    for index in range(start + 1, end + 1):
        stop = index == end or folded[index] == "、"
        if stop or (_SEAM.match(folded, index) and _UNIT_END.search(folded[at:index])):
            if index > at:
                pieces.append((at, index))
            at = index + (index < end and folded[index] == "、")
    return pieces


def split_groups(folded: str, start: int, end: int, count: int) -> list[Span] | None:
    """The units at a stretch's end as `count` lists, cut where no 、 is between two units.

    改造农村厕所县农业农村局县卫健局、各乡镇 -> 县农业农村局 | 县卫健局、各乡镇
    """
    run = _TAIL.search(folded, start, end)
    for seam in _SEAM.finditer(folded, run.start(), end) if run else ():
        pieces = split_units(folded, seam.start(), end)
        if not all(_is_plain_unit(folded, piece) for piece in pieces):
            continue
        groups: list[Span] = []
        for a, b in pieces:
            if groups and folded[a - 1] == "、":
                groups[-1] = (groups[-1][0], b)
            else:
                groups.append((a, b))
        return groups if len(groups) == count else None
    return None


def find_known_units(folded: str, runs: Iterable[Span]) -> set[str]:
    """The names in runs of units that are certainly one unit; they help to cut the others."""
    return {
        folded[slice(*piece)]
        for run in runs
        for piece in split_units(folded, *run)
        if _is_plain_unit(folded, piece)
    }


def cut_units(folded: str, run: Span, known: set[str]) -> list[Span]:
    """The units at the head of a run; the words behind the last one are the next column's."""
    units: list[Span] = []
    for a, b in split_units(folded, *run):
        shorter = [name for name in known if len(name) < b - a and folded.startswith(name, a, b)]
        if shorter:
            seam = a + max(map(len, shorter))
            units.append((a, seam))
            if not _is_unit(folded, (seam, b)) or _runs_into_words(folded, (seam, b), run[1]):
                break
            units.append((seam, b))
            continue
        if not _is_plain_unit(folded, (a, b)) or _runs_into_words(folded, (a, b), run[1]):
            break
        units.append((a, b))
    return units


def _is_unit(folded: str, piece: Span) -> bool:
    return piece[1] - piece[0] >= _SHORTEST_UNIT and is_unit(folded[slice(*piece)])


def _is_plain_unit(folded: str, piece: Span) -> bool:
    return piece[1] - piece[0] <= _LONGEST_UNIT and _is_unit(folded, piece)


def _runs_into_words(folded: str, piece: Span, last: int) -> bool:
    """Whether a run's last piece goes on in the next column's words: no number or blank behind."""
    a, b = piece
    return b == last and not _SEAM.match(folded, a) and _OTHER_WORDS.match(folded, b) is not None
