"""Which plans are years of one series: the same body and family of title, whatever the file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.names.same_body import is_same_body
from pipeline.text import fold

if TYPE_CHECKING:
    from pipeline.model import Notice

# What differs between two years' titles of one plan, or between a plan's and its notice's.
_TRIMMED = re.compile(
    r"20\d\d年?(?:度)?|[一二][〇零一二三四五六七八九]{3}年(?:度)?|关于|印发|下达|公布|的通知|通知$"
    r"|\((?:修订|更正|试行|征求意见稿)[^)]*\)|第[一二三四五六七八九十\d]+[批号]"
)
_MARKS = re.compile(r"[\W_]+")
_PLACE = re.compile(
    r"^.{0,12}?(?:自治区|自治州|实验区|开发区|新区|省|市|州|县|区|镇|乡|街道)(?!域)"
)
_ALIKE = 0.6


def title_family(notice: Notice) -> str:
    """A title without year, place, marks and the words of a notice.

    关于印发盐田区2011年重点改革计划的通知 -> 重点改革计划
    """
    title = fold(notice.title or notice.notice_title or "")
    for place in filter(None, (notice.place, notice.region, notice.issuing_body)):
        title = title.replace(fold(place), "")
    bare = _MARKS.sub("", _TRIMMED.sub("", title))
    return _PLACE.sub("", bare) or bare


def is_same_series(previous: Notice, current: Notice) -> bool:
    """Whether two plans are years, or versions, of one series."""
    return is_same_issuer(previous, current) is not False and is_same_family(previous, current)


def is_same_family(previous: Notice, current: Notice) -> bool:
    """Whether two titles differ in no more than a plan's title does from year to year."""
    one, other = title_family(previous), title_family(current)
    if not one or not other:
        return False
    return one == other or _likeness(one, other) >= _ALIKE


def _likeness(one: str, other: str) -> float:
    """The share of pairs of neighbouring characters that two titles have in common."""
    pairs = [{text[n : n + 2] for n in range(len(text) - 1)} for text in (one, other)]
    return 2 * len(pairs[0] & pairs[1]) / max(1, len(pairs[0]) + len(pairs[1]))


def is_same_issuer(previous: Notice, current: Notice) -> bool | None:
    """Whether one body issued both; None where either does not tell. Its office stands for it."""
    places = [notice.place or notice.region for notice in (previous, current)]
    if places[0] and places[1] and not _is_within(places[0], places[1]):
        return False
    one, other = (_government(notice.issuing_body) for notice in (previous, current))
    if not one or not other:
        return True if all(places) else None
    if one == other or one in other or other in one:
        return True
    if is_same_body(one, other, places[1], previous.year, current.year):
        return True
    return None if all(places) else False


def _is_within(one: str, other: str) -> bool:
    """Whether two names are one place: 盐田区 and 广东省深圳市盐田区."""
    return one.endswith(other) or other.endswith(one)


def _government(body: str | None) -> str:
    """The body that an office writes for: 盐田区人民政府办公室 -> 盐田区人民政府."""
    return re.sub(r"(?:综合)?办公[室厅]$|办$", "", fold(body or ""))
