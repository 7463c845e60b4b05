"""Find the day a document was signed (成文日期) and the day it was published (发布日期)."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from pipeline.dates import find_date, parse_date, parse_unseparated
from pipeline.lexicon import alternation
from pipeline.parse.header.page_keys import KeyedValues, Span
from pipeline.parse.header.printed import FORMS, TITLE_LINE
from pipeline.parse.header.signature import Signature
from pipeline.text import fold, trim

_DIGIT = re.compile(r"[\d一二三四五六七八九]")
# On one long line: …,请认真落实。 2015年3月18日 2015年重点工作….
_DATE_ALONE = re.compile(r"。[ ]+(?:19|20)\d\d年\d{1,2}月\d{1,2}日(?= )")
# 2021-03-08 10:15 · 2021/3/8 来源:县府办: the stamp of a page; a document signs with 2021年3月8日.
_STAMP = re.compile(
    r"""
    (?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}
    (?:\s{1,4}\d{1,2}:\d\d(?::\d\d)?)?
    (?:\s{1,8}(?:来源|信息来源|作者|字体|浏览).{0,60})?$
    """,
    re.VERBOSE,
)
# …的通知(2023年3月9日): collections of documents print the day behind the title.
_BEHIND_TITLE = re.compile(
    rf"的\s?(?:{alternation(FORMS)})\s*\((?P<day>20\d\d\s?年[^()]{{3,12}})\)"
)
# 20200306 · 20200306113200
_TOGETHER = re.compile(r"\s*((?:19|20)\d\d)(\d\d)(\d\d)(?:\d{4}|\d{6})?\s*$")
# The calendar of the Republic counts from 1911; only texts in traditional characters use it.
REPUBLIC_EPOCH = 1911
# 中华民国105年12月30日 · (105年12月30日; not within a line.
_REPUBLIC_DATE = re.compile(r"(?:^|[\n(])[ ]*(?:中华民国)?(\d{2,3})年(\d{1,2})月(\d{1,2})日")


# What a line that is only a date begins with.
_FIRST = ("1", "2", "一", "二")


class IssueDates(NamedTuple):
    """ISO days of signing and publication; the spans of dates that were not read, or were mended."""

    issued_on: str | None
    published_on: str | None
    unread: tuple[Span, ...]
    mended: tuple[Span, ...]


class _KeyedDate(NamedTuple):
    """The day beside a page's key, and whether it was read, mended or could not be read."""

    day: str | None
    state: Literal["read", "mended", "unread"]


class _DateLine(NamedTuple):
    """The day of a line that is only a date; whether it is the stamp of a page."""

    day: str
    is_stamp: bool


def find_issue_dates(
    folded: str, end: int, keyed: KeyedValues, signature: Signature | None
) -> IssueDates:
    """The days of a document from the page's own keys, the signature, or a line that is only a date.

    A line in the form of a page's stamp (2021-03-08 10:15) is the day of publication.
    """
    found = {
        name: _read_keyed_date(folded, keyed[name])
        for name in ("published_on", "issued_on")
        if name in keyed
    }
    days = {name: one.day for name, one in found.items()}
    lines = _find_date_lines(folded, end, keyed)
    return IssueDates(
        days.get("issued_on")
        or _find_signed_day(folded, signature)
        or _find_day_in_line(folded, end)
        or next((line.day for line in lines if not line.is_stamp), None),
        days.get("published_on") or next((line.day for line in lines if line.is_stamp), None),
        tuple(keyed[name] for name, one in found.items() if one.state == "unread"),
        tuple(keyed[name] for name, one in found.items() if one.state == "mended"),
    )


def find_day_behind_title(folded: str, titles_end: int) -> str | None:
    """The day in brackets behind the title of a notice before `titles_end`: …的通知(2023年3月9日)."""
    behind = _BEHIND_TITLE.search(folded, 0, titles_end)
    date = find_date(folded, *behind.span("day")) if behind else None
    return parse_date(date) if date else None


def read_page_day(value: str | None) -> str | None:
    """The ISO day in a value of a page's meta: 2020-03-06 11:32 -> 2020-03-06, 20200306 -> 2020-03-06."""
    folded = fold(value or "")
    together = _TOGETHER.match(folded)
    date = find_date("-".join(together.groups()) if together else folded)
    return parse_date(date) if date else None


def find_republic_day(folded: str, end: int) -> str | None:
    """The first day of the Republic's calendar at a line's start: 105年12月30日 -> 2016-12-30."""
    match = _REPUBLIC_DATE.search(folded, 0, end)
    if match is None:
        return None
    western = find_date(f"{int(match[1]) + REPUBLIC_EPOCH}年{match[2]}月{match[3]}日")
    return parse_date(western) if western else None


def _read_keyed_date(folded: str, value: Span) -> _KeyedDate:
    """The day of a key's value; 20221215日, without its separators, is mended if it means one day."""
    date = find_date(folded, *value)
    day = parse_date(date) if date else None
    if day is not None or not _DIGIT.search(folded, *value):
        return _KeyedDate(day, "read")
    possible = parse_unseparated(folded, *value)
    return _KeyedDate(possible[0], "mended") if len(possible) == 1 else _KeyedDate(None, "unread")


def _find_signed_day(folded: str, signature: Signature | None) -> str | None:
    date = find_date(folded, signature.date, signature.end) if signature else None
    return parse_date(date) if date else None


def _find_day_in_line(folded: str, end: int) -> str | None:
    """The day of a date behind a stop on one long line."""
    alone = _DATE_ALONE.search(folded, 0, end)
    date = find_date(folded, *alone.span()) if alone else None
    return parse_date(date) if date else None


def _find_date_lines(folded: str, end: int, keyed: KeyedValues) -> list[_DateLine]:
    """The days of the lines that are only a date, those left out that are the value of a key."""
    values = set(keyed.values())
    found = []
    for line in TITLE_LINE.finditer(folded, 0, end):
        if trim(folded, *line.span()) in values:
            continue
        said = line[0].strip().strip("()")
        if said[:1] not in _FIRST:
            continue
        stamp = _STAMP.match(said)
        date = find_date(said)
        whole = date is not None and date.span() == (0, len(said))
        day = parse_date(date) if date and (whole or stamp) else None
        if day is not None:
            found.append(_DateLine(day, stamp is not None))
    return found
