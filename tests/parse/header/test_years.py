"""The years of a plan: the cases of tests/cases/parse/years.csv."""

from __future__ import annotations

import pytest

from pipeline.parse.header.years import (
    PlanYears,
    find_foreword_years,
    find_republic_years,
    find_title_years,
)
from tests.case_files import read_rows


@pytest.mark.parametrize("row", read_rows("parse/years.csv"), ids=str)
def test_years(row: dict[str, str]) -> None:
    title = row["title"]
    years = find_title_years(title, row["notice_title"]) or find_foreword_years(
        title, row["foreword"], row["issued_on"] or None
    )
    assert [str(year or "") for year in years] == [row["first"], row["last"]]


@pytest.mark.parametrize(
    ("title", "year"), [("105年度工作計畫", 2016), ("99年工作計畫", 2010), ("1105年工作計畫", None)]
)
def test_republic(title: str, year: int | None) -> None:
    assert (find_republic_years(title) or PlanYears()).first == year
