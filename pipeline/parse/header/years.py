"""Find the year or years that a plan is for."""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.parse.header.issue_dates import REPUBLIC_EPOCH
from pipeline.text import fold, parse_numeral

# 2011年 · 2021—2023年 · 2021年至2023年; not 2011 alone.
_YEARS = re.compile(
    r"""
    (?P<first>20\d\d)年?\s?[-—–~至到]{1,2}\s?(?P<last>20\d\d)年?
    | (?P<only>20\d\d)年
    """,
    re.VERBOSE,
)
_CHINESE_YEAR = re.compile(r"二[〇零O0][〇零O0一二三四五六七八九]{2}年")
_REPUBLIC_YEAR = re.compile(r"(?<!\d)(\d{2,3})年度?")
# The titles of plans that are made every year.
_YEARLY = re.compile(r"政府工作报告|年度|工作要点|实事")
# 为全面做好2016年政府工作; not 落实2016年3月的会议精神.
_FOREWORD_YEAR = re.compile(
    r"""
    (?:做好|完成|实现|落实|推进|确保|抓好|明确)[^。;,]{0,12}
    (20\d\d)年(?!\d|\d{1,2}月)[^。]{0,30}?(?:工作|任务|目标|报告)
    """,
    re.VERBOSE,
)


class PlanYears(NamedTuple):
    """The first and the last year that a plan is for; the same year twice for a yearly plan."""

    first: int | None = None
    last: int | None = None


def find_title_years(*titles: str | None) -> PlanYears | None:
    """The years that the first title with a year names: 2011年, 2021—2023年, 二〇〇八年."""
    for title in titles:
        folded = fold(title or "")
        match = _YEARS.search(folded)
        if match and match["only"]:
            return _one_year(int(match["only"]))
        if match:
            return PlanYears(int(match["first"]), int(match["last"]))
        chinese = _CHINESE_YEAR.search(folded)
        if chinese:
            return _one_year(parse_numeral(chinese[0][:4]))
    return None


def find_republic_years(title: str | None) -> PlanYears | None:
    """The year of the Republic's calendar in a title: 105年度 -> 2016."""
    match = _REPUBLIC_YEAR.search(fold(title or ""))
    return _one_year(int(match[1]) + REPUBLIC_EPOCH) if match else None


def find_foreword_years(title: str | None, foreword: str, issued_on: str | None) -> PlanYears:
    """The year in the foreword of a yearly plan: 为全面做好2016年政府工作, or 今年 and the date's year."""
    if not _YEARLY.search(fold(title or "")):
        return PlanYears()
    match = _FOREWORD_YEAR.search(foreword)
    if match:
        return _one_year(int(match[1]))
    if "今年" in foreword and issued_on:
        return _one_year(int(issued_on[:4]))
    return PlanYears()


def _one_year(year: int | None) -> PlanYears:
    return PlanYears(year, year)
