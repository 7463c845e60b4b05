"""The family of a plan's title: what stays of it from year to year."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.text import fold

if TYPE_CHECKING:
    from pipeline.model import Notice

# Words that differ between two years' titles of one plan, or between a plan's title and its
# notice's. Goes: 2016年度, 二〇一六年, 关于印发…的通知, (征求意见稿), 第三批. Stays: 重点改革计划.
_VARYING = re.compile(
    r"""
    20\d\d年?(?:度)?
  | [一二][〇零一二三四五六七八九]{3}年(?:度)?
  | 关于 | 印发 | 下达 | 公布 | 的通知 | 通知$
  | \((?:修订|更正|试行|征求意见稿)[^)]*\)
  | 第[一二三四五六七八九十\d]+[批号]
    """,
    re.VERBOSE,
)
_MARKS = re.compile(r"[\W_]+")
# A place at the beginning: 盐田区 in 盐田区重点改革计划; not the 区 of 区域合作要点.
_PLACE = re.compile(
    r"""
    ^.{0,12}?
    (?:自治区|自治州|实验区|开发区|新区|省|市|州|县|区|镇|乡|街道)
    (?!域)
    """,
    re.VERBOSE,
)
# The least share of pairs of characters that two titles of one family have in common.
_SIMILAR = 0.6


def title_family(notice: Notice) -> str:
    """A title without year, place, marks and the words of a covering notice.

    关于印发盐田区2011年重点改革计划的通知 -> 重点改革计划
    """
    title = fold(notice.title or notice.notice_title or "")
    for place in filter(None, (notice.place, notice.region, notice.issuing_body)):
        title = title.replace(fold(place), "")
    bare = _MARKS.sub("", _VARYING.sub("", title))
    return _PLACE.sub("", bare) or bare


def is_same_family(previous: Notice, current: Notice) -> bool:
    """Whether two titles differ no more than the titles of one plan do from year to year."""
    one, other = title_family(previous), title_family(current)
    if not one or not other:
        return False
    return one == other or _compare_titles(one, other) >= _SIMILAR


def _compare_titles(one: str, other: str) -> float:
    """The share of pairs of neighbouring characters that two titles have in common."""
    pairs = [{text[n : n + 2] for n in range(len(text) - 1)} for text in (one, other)]
    return 2 * len(pairs[0] & pairs[1]) / max(1, len(pairs[0]) + len(pairs[1]))
