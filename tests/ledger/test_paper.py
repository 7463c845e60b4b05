"""How a text fits into a cell: its lines, and the place of those that no row can show."""

from __future__ import annotations

import pytest

from pipeline.ledger.columns import LedgerColumn
from pipeline.ledger.write.paper import fit_cell, link
from pipeline.ledger.write.styles import height_of
from tests.case_tables import read_cases


@pytest.mark.parametrize(
    "case", read_cases("ledger_lines"), ids=lambda case: f"{case['text']}-{case['indent']}"
)
def test_lines_of_a_text(case: dict[str, str]) -> None:
    """字×140 is a text of 140 characters; fits: style, lines."""
    char, _, count = case["text"].partition("×")
    text = char * int(count) if count else case["text"]
    column = LedgerColumn("content", "内容", float(case["width"]), case["style"])
    fitted = fit_cell(text, column, int(case["indent"]))
    assert " ".join(map(str, fitted)) == case["fits"]


def test_height_of_a_row() -> None:
    assert [height_of(lines) for lines in (1, 2, 28, 29)] == [20.0, 34.0, 398.0, 409.0]


def test_a_link_to_a_cell() -> None:
    made = link("甲'乙", 4, 27, "进\n展" + "长" * 300)
    assert made.location == "'甲''乙'!AB5"
    assert made.text == "进 展" + "长" * 252
