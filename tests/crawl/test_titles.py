"""Which titles on a list are those of plans: tests/cases/list_titles.csv, a row a title."""

from __future__ import annotations

import pytest

from pipeline.crawl.titles import is_plan_title
from tests.case_tables import read_cases

CASES = read_cases("list_titles")


@pytest.mark.parametrize("case", CASES, ids=[one["title"] for one in CASES])
def test_a_title_is_that_of_a_plan(case: dict[str, str]) -> None:
    assert is_plan_title(case["title"]) == (case["is_plan"] == "yes"), case["why"]
