"""The tables of a comparison."""

from __future__ import annotations

import pytest

from pipeline.compare.diff import diff_notices
from pipeline.compare.views.cards import make_cards
from pipeline.compare.views.overview_tables import Cell, make_overview_tables, show_cell
from pipeline.model import Notice


def test_only_tables_with_rows_are_made(years: tuple[Notice, Notice]) -> None:
    comparison = diff_notices(*years)
    tables = make_overview_tables(comparison, make_cards(comparison, *years))
    assert [one.title for one in tables] == ["单位分工变动", "指标对照"]
    assert tables[1].rows == (((4,), "加快社会组织培育", "增长", "8%", "10%"),)
    assert tables[1].heads == ("组号", "事项", "指标", "2016年", "2017年")


@pytest.mark.parametrize(
    ("cell", "counted", "text"),
    [
        ("区教育局", True, "区教育局"),
        ((), True, "—"),
        ((3,), False, "3"),
        ((1, 4, 5, 6, 7, 9, 10), True, "7\n1, 4—7, 9, 10"),
    ],
)
def test_cells_as_text(cell: Cell, *, counted: bool, text: str) -> None:
    assert show_cell(cell, counted=counted) == text
