"""Parse dates (2011年7月22日) and deadline phrases (6月底前完成) into days and their precision."""

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
_NUMERAL = "[一二三四五六七八九十]"
# One time expression of a deadline phrase; its groups tell which:
#   [2020年|明年]6月[15日|上旬|底]; 2020.6[.30]; [2020年]第三季度; [2020年]上半年; 2020年底, 明年内.
_TOKEN = re.compile(
    rf"""
      (?:(?P<y>20\d\d)\s?[年./-]\s?|(?P<next>明年|次年|翌年|下一年))?
      (?P<m>\d{{1,2}}|{_NUMERAL}{{1,2}})月
      (?:(?P<d>\d{{1,2}}|{_NUMERAL}{{1,3}})[日号]|(?P<third>上旬|中旬|下旬|初|中|底|末))?
    | (?P<y2>20\d\d)[./-](?P<m2>\d{{1,2}})(?:[./-](?P<d2>\d{{1,2}}))?(?![\d月])
    | (?P<yq>20\d\d)?年?第?(?P<q>[一二三四1234])季度
    | (?P<yh>20\d\d)?年?(?P<h>上半年|下半年)
    | (?:(?P<y3>20\d\d)(?:年度?)?|(?P<next3>明年|次年|翌年))(?:(?:年)?[底末内前]|$|(?=[^\d月]))
    """,
    re.VERBOSE,
)
# 6.30前: month and day with a point, only as the whole phrase; not 3.5亿元.
_POINTED = re.compile(r"(\d{1,2})\.(\d{1,2})(?:日?[前底]|)(?:完成)?")
# 6月底前完成,并于2021年3月验收: the day is that of the completion, not of a later step.
_COMPLETED = re.compile(r"完成|建成|竣工|出台|办结")
_THIRDS = {"上旬": 10, "初": 10, "中旬": 20, "中": 20}
_ONGOING = re.compile(alternation(words("due_phrases", "ongoing")))
_YEARLY = re.compile(alternation(words("due_phrases", "year")))
# 20221215日, 615日: 年 and 月 were lost.
_UNSEPARATED = re.compile(r"(?<![\d月])(?P<year>20\d\d)?(?P<rest>\d{2,4})日")


class Due(NamedTuple):
    """The last permitted day as ISO date, and its precision.

    No day: there is none (ongoing), its year is not known, or the phrase was not understood, in
    which case there is no precision either.
    """

    day: str | None
    precision: str | None


def find_date(folded: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
    """Find the first full date between two positions: 2011年7月22日, 二〇一一年七月二十二日."""
    return _DATE.search(folded, start, len(folded) if end is None else end)


def parse_date(match: re.Match[str]) -> str | None:
    """Parse a match of `find_date` into an ISO day, None where no such day exists."""
    year, month, day = (parse_numeral(match[part]) for part in "ymd")
    if year is None or month is None or day is None or not 1 <= month <= 12:
        return None
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    return f"{year:04d}-{month:02d}-{day:02d}"


def parse_unseparated(folded: str, start: int, end: int, year: int | None = None) -> list[str]:
    """The ISO days that a date without separators may mean: none, one or several.

    "20221215日" -> 2022-12-15; "2026115日" -> 2026-01-15 or 2026-11-05
    """
    match = _UNSEPARATED.search(folded, start, end)
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
    """Parse a deadline phrase; `year` is that of the plan, used where the phrase names none.

    "6月底前完成" of 2020 -> 2020-06-30, month; "2020年3月-2021年6月" -> 2021-06-30, month;
    "长期坚持" -> no day, ongoing
    """
    pointed = _POINTED.fullmatch(phrase.strip())
    if pointed and year is not None:
        return _day(year, int(pointed[1]), int(pointed[2]))
    days = parse_unseparated(phrase, 0, len(phrase), year)
    if days and "月" not in phrase:
        return Due(days[0], "day") if len(days) == 1 else Due(None, None)
    found: Due | None = None
    at = year
    done = _COMPLETED.search(phrase)
    for match in _TOKEN.finditer(phrase):
        at = _year_of(match, at, year)
        due = _parse_token(match, at)
        if found is not None and found.day and done and done.end() <= match.start():
            break
        found = due
    if found is not None:
        return found
    if _YEARLY.search(phrase):
        return Due(f"{year:04d}-12-31" if year else None, "year")
    return Due(None, "ongoing") if _ONGOING.search(phrase) else Due(None, None)


def _year_of(match: re.Match[str], before: int | None, plan: int | None) -> int | None:
    """The year that a time expression names, else that of the expression before it."""
    if match["next"] or match["next3"]:
        return plan + 1 if plan else None
    named = match["y"] or match["y2"] or match["yq"] or match["yh"] or match["y3"]
    return int(named) if named else before


def _parse_token(match: re.Match[str], year: int | None) -> Due:
    """Parse one time expression in a year: its day, or the last day of its month, quarter, half."""
    if match["m"]:
        month = parse_numeral(match["m"]) or 0
        if match["d"]:
            return _day(year, month, parse_numeral(match["d"]) or 0)
        return _month(year, month, _THIRDS.get(match["third"] or ""))
    if match["m2"]:
        month = int(match["m2"])
        return _day(year, month, int(match["d2"])) if match["d2"] else _month(year, month, None)
    if match["q"]:
        month = 3 * (parse_numeral(match["q"]) or 0)
        day = f"{year:04d}-{month:02d}-{30 if month in (6, 9) else 31}" if year else None
        return Due(day, "quarter")
    if match["h"]:
        half = "06-30" if match["h"] == "上半年" else "12-31"
        return Due(f"{year:04d}-{half}" if year else None, "half")
    return Due(f"{year:04d}-12-31" if year else None, "year")


def _day(year: int | None, month: int, day: int) -> Due:
    """A day, without precision where the calendar lacks it."""
    if not 1 <= month <= 12 or year is None:
        return Due(None, "day")
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return Due(None, None)
    return Due(f"{year:04d}-{month:02d}-{day:02d}", "day")


def _month(year: int | None, month: int, day: int | None) -> Due:
    """A day in a month (上旬: the 10th), or its last day."""
    if not 1 <= month <= 12 or year is None:
        return Due(None, "month")
    last = day or calendar.monthrange(year, month)[1]
    return Due(f"{year:04d}-{month:02d}-{last:02d}", "month")
