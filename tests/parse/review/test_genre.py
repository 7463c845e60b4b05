"""What is a plan, and the reason why a document is none."""

from __future__ import annotations

import pytest

from tests.case_tables import read_cases
from tests.conftest import parse


@pytest.mark.parametrize("row", read_cases("genre"), ids=lambda row: row["text"][:16])
def test_reason(row: dict[str, str]) -> None:
    notice = parse(row["text"])
    messages = [one.message for one in notice.problems if one.code == "not-a-plan"]
    assert messages == ([f"不是任务分工:{row['reason']}"] if row["reason"] else [])
    assert bool(notice.items) == (not row["reason"])
    assert bool(notice.sections) <= (not row["reason"])
