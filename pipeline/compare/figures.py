"""Numbers that changed between two wordings of one demand, with their units."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pipeline.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_NOT_IDEOGRAPH = re.compile(r"[^\u4e00-\u9fff]")
# Must match 8%, 5.5个百分点, 1,200万元, 2.5公里, 3座, 300. The unit of 30平方米以上 is 平方米, that of 3座公园
# is 座. Must not match 2016 of 2016年: years are blanked before.
_FIGURE = re.compile(
    r"""
    ( \d+(?:,\d{3})+(?:\.\d+)? | \d+(?:\.\d+)? )    # 1,200  1,200.5  8  2.5
    \s*
    (
        [%‰]
      | 个百分点
      | [万亿千百]* (?:平方公里|平方米|立方米|公里|人次|户次|[\u4e00-\u9fff])?
    )
    """,
    re.VERBOSE,
)
# A number before these is part of a date or the number of a document: 6月, 15日, 37号.
_DATE_UNITS = ("年", "号", "月", "日")
# How many characters before a number say what it counts.
_ABOUT = 6
# The least similarity of the words before two numbers that count the same.
_LEAST = 2


class ChangedFigure(NamedTuple):
    """A number that changed, with its unit, and the words before it."""

    about: str
    before: str
    after: str


class _Figure(NamedTuple):
    about: str
    value: str
    unit: str


def find_figures(before: str, after: str) -> list[ChangedFigure]:
    """Numbers that changed while the thing that they count stayed: 增长8% -> 增长10%.

    A number is recognized by its unit and the words before it. Years, dates and numbers of
    documents are no figures.
    """
    ours, theirs = list(_find_each_figure(before)), list(_find_each_figure(after))
    changed = []
    for old in ours:
        if old in theirs:
            continue
        same_unit = [new for new in theirs if new.unit == old.unit and new not in ours]
        best = max(same_unit, key=lambda new: _compare_ends(old.about, new.about), default=None)
        if best and _compare_ends(old.about, best.about) >= _LEAST:
            theirs.remove(best)
            one = ChangedFigure(best.about, old.value + old.unit, best.value + best.unit)
            changed.append(one)
    return changed


def _find_each_figure(text: str) -> Iterator[_Figure]:
    """Each number of a text with the ideographs right before it (six at most) and its unit."""
    folded = _YEAR.sub(lambda year: " " * len(year[0]), fold(text))
    for match in _FIGURE.finditer(folded):
        behind = folded[max(0, match.start() - _ABOUT) : match.start()]
        about = _NOT_IDEOGRAPH.split(behind)[-1]
        if match[2] not in _DATE_UNITS and (match[2] or about):
            yield _Figure(about, match[1], match[2])


def _compare_ends(a: str, b: str) -> int:
    """How many characters two texts have in common at their ends, or half of those anywhere.

    Words such as 约 and 不少于 may come between a figure and the thing that it counts.
    """
    n = 0
    while n < min(len(a), len(b)) and a[-1 - n] == b[-1 - n]:
        n += 1
    return max(n, len(set(a) & set(b)) // 2)
