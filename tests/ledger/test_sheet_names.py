"""Names that Excel allows for sheets, each once in a workbook."""

from __future__ import annotations

import json

import pytest

from pipeline.ledger.write.sheet_names import SheetNames
from tests.case_tables import read_cases


@pytest.mark.parametrize("case", read_cases("ledger_sheet_names"), ids=lambda case: case["wanted"])
def test_names_of_sheets(case: dict[str, str]) -> None:
    r"""Names of one workbook are joined by +; \t and \n are written so."""
    names = SheetNames()
    wanted = json.loads(f'"{case["wanted"]}"').split("+")
    given = [names.take(one) for one in wanted]
    assert "+".join(given) == case["given"]
    assert all(len(name.encode("utf-16-le")) // 2 <= 31 for name in given)
