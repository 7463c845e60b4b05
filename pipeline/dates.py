"""A date or deadline phrase -> a day and its precision."""

from __future__ import annotations

import calendar
import re
from typing import NamedTuple

from pipeline.lexicon import alternation, words
from pipeline.text import parse_numeral

_CHINESE_DIGIT = "〇零O0一二三四五六七八九"
_DATE = re.compile(
    rf"(?P<y>(?:19|20)\d\d|[一二][{_CHINESE_DIGIT}]{{3}})\s?(?:年|[-/.])\s?"
    r"(?P<m>\d{1,2}|[一二三四五六七八九十]{1,2})\s?(?:月|[-/.])\s?"
    r"(?P<d>\d{1,2}|[一二三四五六七八九十]{1,3})\s?日?"
)
_YEAR = re.compile(r"(20\d\d)年?")
_MONTH = re.compile(r"(\d{1,2}|[一二三四五六七八九十]{1,2})月")
_DAY = re.compile(r"月(\d{1,2}|[一二三四五六七八九十]{1,3})日")
_QUARTER = re.compile(r"第?([一二三四1234])季度")
_ONGOING = re.compile(alternation(words("due_phrases", "ongoing")))
_YEARLY = re.compile(alternation(words("due_phrases", "year")))


class Due(NamedTuple):
    """The last permitted day as ISO date (None: no last day or none told), and its precision."""

    day: str | None
    precision: str | None


def find_date(folded: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
    """The first full date in a stretch of folded text: 2011年7月22日, 二〇一一年七月二十二日."""
    return _DATE.search(folded, start, len(folded) if end is None else end)


def parse_date(match: re.Match[str]) -> str | None:
    """The ISO day of a date found by `find_date`, or None where no such day exists."""
    year, month, day = (parse_numeral(match[part]) for part in "ymd")
    if year is None or month is None or day is None or not 1 <= month <= 12:
        return None
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    return f"{year:04d}-{month:02d}-{day:02d}"


# 20221215日, 615日: the marks between year, month and day were lost.
_EATEN = re.compile(r"(?<![\d月])(?P<year>20\d\d)?(?P<rest>\d{2,4})日")


def read_eaten(folded: str, start: int, end: int, year: int | None = None) -> list[str]:
    """The days that a date without its separators may mean: one, several, or none at all.

    "20221215日" -> 2022-12-15; "2026115日" -> 2026-01-15 or 2026-11-05
    """
    match = _EATEN.search(folded, start, end)
    at = int(match["year"]) if match and match["year"] else year
    if match is None or at is None:
        return []
    rest = match["rest"]
    days = []
    for cut in range(1, min(3, len(rest))):
        month, day = int(rest[:cut]), int(rest[cut:])
        if rest[cut] != "0" and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(at, month)[1]:
            days.append(f"{at:04d}-{month:02d}-{day:02d}")
    return days


def parse_due(phrase: str, year: int | None) -> Due:
    """The day and precision of a deadline phrase, its year that of the plan where none is named.

    "6月底前完成" of 2020 -> 2020-06-30, month; "长期坚持" -> no day, ongoing
    """
    named = _YEAR.search(phrase)
    at = int(named[1]) if named else year
    eaten = read_eaten(phrase, 0, len(phrase), year)
    if eaten and "月" not in phrase:
        return Due(eaten[0], "day") if len(eaten) == 1 else Due(None, None)
    month_found, day_found = _MONTH.findall(phrase), _DAY.search(phrase)
    if month_found:
        month = parse_numeral(month_found[-1])
        if not month or not 1 <= month <= 12 or at is None:
            return Due(None, "day" if day_found else "month")
        last = calendar.monthrange(at, month)[1]
        day = parse_numeral(day_found[1]) if day_found else last
        if day is None or not 1 <= day <= last:
            return Due(None, None)
        return Due(f"{at:04d}-{month:02d}-{day:02d}", "day" if day_found else "month")
    quarter = _QUARTER.search(phrase)
    if quarter:
        month = 3 * (parse_numeral(quarter[1]) or 0)
        day_text = f"{at:04d}-{month:02d}-{30 if month in (6, 9) else 31}" if at else None
        return Due(day_text, "quarter")
    if "半年" in phrase:
        half = "06-30" if "上半年" in phrase else "12-31"
        return Due(f"{at:04d}-{half}" if at else None, "half")
    if _YEARLY.search(phrase) or named:
        return Due(f"{at:04d}-12-31" if at else None, "year")
    if _ONGOING.search(phrase):
        return Due(None, "ongoing")
    return Due(None, None)
