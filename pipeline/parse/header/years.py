"""Find the year or years that a plan is for."""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.parse.header.issue_dates import REPUBLIC_EPOCH
from pipeline.text import fold, parse_numeral

# 2011年 · 2021—2023年 · 2021年至2023年 · 2023版; not 2011 alone.
_YEARS = re.compile(
    r"""
    (?P<first>20\d\d)年?\s?[-—–~至到]{1,2}\s?(?P<last>20\d\d)年?
    | (?P<only>20\d\d)年(?!以来|以后|以前|底?前)
    | (?P<edition>20\d\d)(?=年?度?版)
    """,
    re.VERBOSE,
)
# “十四五”: a five-year plan of the nation, the eleventh began in 2006; not 十五条, not 第十五届.
_FIVE_YEARS = re.compile(
    r"(?<![\d一二三四五六七八九十第])十(?P<plan>[一二三四五六七])五(?![条项届次个年大章节号件日月])"
)
_ELEVENTH_BEGAN, _FIVE = 2006, 5
# The title of another document inside a title: 落实《…规划(2021—2025年)》2022年工作要点.
_INNER_TITLE = re.compile(r"(?<=[^《〈])[《〈][^《》〈〉]*[》〉]|(?<=[\u4e00-\u9fff])《[^《》]*》")
_CHINESE_YEAR = re.compile(r"二[〇零O0][〇零O0一二三四五六七八九]{2}年")
_REPUBLIC_YEAR = re.compile(r"(?<!\d)(\d{2,3})年度?")
# The titles of plans that are made every year.
_YEARLY = re.compile(r"政府工作报告|年度|工作要点|实事|重点工作|重点任务|工作计划|目标任务")
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
    """The years that the first title with a year names: 2011年, 2021—2023年, 二〇〇八年, "十四五".

    The years of another document that a title cites in 《》 count only where it has none itself.
    """
    for title in titles:
        folded = fold(title or "")
        own = _INNER_TITLE.sub("", folded)
        years = _find_years(own) or (_find_years(folded) if own != folded else None)
        if years:
            return years
    return None


def _find_years(folded: str) -> PlanYears | None:
    """The years in a title; a year beside a span is the year of the span that is planned."""
    found = list(_YEARS.finditer(folded))
    single = next((m for m in found if not m["first"]), None)
    if single:
        return _one_year(int(single["only"] or single["edition"]))
    if found:
        return PlanYears(int(found[0]["first"]), int(found[0]["last"]))
    chinese = _CHINESE_YEAR.search(folded)
    if chinese:
        return _one_year(parse_numeral(chinese[0][:4]))
    five = _FIVE_YEARS.search(folded)
    number = parse_numeral(five["plan"]) if five else None
    if number is None:
        return None
    first = _ELEVENTH_BEGAN + _FIVE * (number - 1)
    return PlanYears(first, first + _FIVE - 1)


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
