"""Lists that are no plans, with the reason; plans in tables and texts with the same words."""

from __future__ import annotations

import pytest

from tests.case_tables import read_cases
from tests.conftest import parse

ROWS = read_cases("registers")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["text"].split("\n")[0])
def test_lists(row: dict[str, str]) -> None:
    notice = parse(row["text"])
    told = [one.message for one in notice.problems if one.code == "not-a-plan"]
    assert told == ([f"不是任务分工:{row['reason']}"] if row["reason"] else [])
    assert bool(notice.items) == (not row["reason"])


def test_there_are_lists_and_plans() -> None:
    assert sum(bool(row["reason"]) for row in ROWS) >= 20
    assert sum(not row["reason"] for row in ROWS) >= 6
