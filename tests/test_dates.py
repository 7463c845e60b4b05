"""Dates and deadline phrases."""

from __future__ import annotations

import pytest

from pipeline.dates import (
    find_date,
    find_date_blanks,
    find_due,
    parse_date,
    parse_due,
    parse_unseparated,
)
from tests.case_tables import read_cases


@pytest.mark.parametrize("row", read_cases("deadlines"), ids=str)
def test_deadline(row: dict[str, str]) -> None:
    due = parse_due(row["phrase"], int(row["year"]) if row["year"] else None)
    assert (due.day or "", due.precision or "") == (row["due"], row["precision"])


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("印发于2011年7月22日。", "2011-07-22"),
        ("二〇一一年七月二十二日", "2011-07-22"),
        ("二O一一年十二月三十一日", "2011-12-31"),
        ("1999-1-2", "1999-01-02"),
        ("2020.02.29", "2020-02-29"),
        ("2019/2/29", None),
        ("2019年13月1日", None),
        ("2019年4月31日", None),
    ],
)
def test_date(text: str, day: str | None) -> None:
    match = find_date(text)
    assert match is not None
    assert parse_date(match) == day


def test_a_date_is_found_between_two_positions() -> None:
    text = "2011年7月22日"
    assert find_date(text, 1) is None
    assert find_date(text, 0, 7) is None
    assert find_date("7月22日") is None


@pytest.mark.parametrize(
    ("text", "year", "days"),
    [
        ("20221215日", None, ["2022-12-15"]),
        ("2026115日", None, ["2026-01-15", "2026-11-05"]),
        ("615日", 2020, ["2020-06-15"]),
        ("615日", None, []),
        ("6月15日", 2020, []),
        ("230日", 2020, []),
        ("105日", 2020, ["2020-10-05"]),
    ],
)
def test_a_date_without_separators(text: str, year: int | None, days: list[str]) -> None:
    assert parse_unseparated(text, 0, len(text), year) == days


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("2023年6月底前完成", "2023年6月底前"),
        ("市教育局2023年6月底前完成", "2023年6月底前"),
        ("6月底前由市教育局负责", "6月底前"),
        ("自2023年3月起至6月底之前", "自2023年3月起至6月底之前"),
        ("3-6月", "3-6月"),
        ("第三季度末前完成", "第三季度末前"),
        ("国庆节前完成", "国庆节前"),
        ("2023年汛期前", "2023年汛期前"),
        ("市医保局高考结束后", "高考结束后"),
        ("持续推进", "持续推进"),
        ("立行立改", "立行立改"),
        ("甲县2021年度工作办公室", "2021年度"),
        ("市教育局前期办", None),
        ("前海管理局", None),
        ("月坛街道", None),
        ("市教育局", None),
    ],
)
def test_the_deadline_in_some_words(words: str, due: str | None) -> None:
    span = find_due(words)
    assert (words[slice(*span)] if span else None) == due


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("2.2023 年2 月底前完成", "2.2023年2月底前完成"),
        ("2023年 6 月 30 日 前", "2023年6月30日前"),
        ("2 0 2 3 年 第 三 季 度", "2023年第三季度"),
        ("二 〇 二 三 年 六 月", "二〇二三年六月"),
        ("2023 年 下 半 年", "2023年下半年"),
        ("5 6 月底前", "5 6月底前"),
        ("3 月嫂培训", "3 月嫂培训"),
        ("2022年 1 推进改革", "2022年 1 推进改革"),
        ("15 日常监管", "15 日常监管"),
        ("60 个工作日", "60 个工作日"),
    ],
)
def test_blanks_within_dates(text: str, joined: str) -> None:
    for start, end in reversed(list(find_date_blanks(text))):
        text = text[:start] + text[end:]
    assert text == joined
