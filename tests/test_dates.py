"""Dates and deadline phrases."""

from __future__ import annotations

import pytest

from pipeline.dates import find_date, parse_date, parse_due, parse_unseparated
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
