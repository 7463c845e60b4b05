"""Versions of one plan in one year: which notices are versions, and which of them counts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.compare.title_family import split_title
from pipeline.text import fold

if TYPE_CHECKING:
    from pipeline.model import Notice

_MARKS = re.compile(r"[\W_\d]+")
# The least share of the pairs of characters of the shorter text that a version has as well.
_SHARED = 0.5


def is_version(one: Notice, other: Notice) -> bool:
    """Answer whether two plans of one body and year are one plan: same title, and much the same text.

    第一批 and 第二批 are two plans; so are two annexes that are both called 任务分工表.
    """
    titles = split_title(one), split_title(other)
    if titles[0].family != titles[1].family or titles[0].part != titles[1].part:
        return False
    short, long = sorted((_list_pairs(one), _list_pairs(other)), key=len)
    return len(short & long) >= _SHARED * len(short)


def _list_pairs(notice: Notice) -> set[str]:
    """Return the pairs of neighbouring characters of all items of a plan."""
    pairs = set()
    for item in notice.items:
        text = _MARKS.sub("", fold(item.content))
        pairs |= {text[n : n + 2] for n in range(len(text) - 1)}
    return pairs


def version_order(notice: Notice) -> tuple[bool, str, str]:
    """Return a sort key of versions, that which counts last: a draft before what was issued, by day."""
    return not split_title(notice).is_draft, _day_of(notice), notice.notice_id


def explain_choice(older: Notice, newer: Notice) -> str:
    """Say why of two versions of a year the first is left out."""
    if split_title(older).is_draft and not split_title(newer).is_draft:
        return f"it is a draft of {newer.notice_id}"
    if _day_of(older) == _day_of(newer):
        return f"{newer.notice_id} is another version; which is the later one is not told"
    return f"{newer.notice_id} is a later version"


def _day_of(notice: Notice) -> str:
    return notice.issued_on or notice.published_on or ""
