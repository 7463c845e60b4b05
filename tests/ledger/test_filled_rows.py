"""The heads of a filled sheet, the unit it is for, and texts under no head."""

from __future__ import annotations

import pytest

from pipeline.ledger.read.filled_book import Sheet
from pipeline.ledger.read.filled_rows import find_table
from tests.case_tables import read_cases, split_cells


@pytest.mark.parametrize(
    "case", read_cases("ledger_heads"), ids=lambda case: case["sheet"] + case["rows"][:20]
)
def test_heads_of_a_sheet(case: dict[str, str]) -> None:
    rows = split_cells(case["rows"])
    width = max(map(len, rows))
    texts = [row + [""] * (width - len(row)) for row in rows]
    table = find_table(Sheet(case["sheet"], 0, 0, texts), case["parties"].split())
    if table is None:
        assert not case["head_row"]
        return
    at = int(case["head_row"])
    assert [row.number for row in table.rows] == list(range(at + 1, len(rows) + 1))
    assert table.unit == case["unit"]
    assert " ".join(table.fields) == case["fields"]
    assert " ".join(one.replace(" ", "_") for one in table.columns) == case["columns"]
    assert table.is_lost == (case["is_lost"] == "lost")
    assert [one[: len(case["remarks"])] for one in table.remarks] == [
        *filter(None, [case["remarks"]])
    ]


def test_texts_of_a_row() -> None:
    """Numbers and letters as programs show them, where the used cells begin further down."""
    rows = [["事项", "进展", "备注", ""], ["甲", " 已办 ", "", "无头"], ["", " ", "", ""]]
    rows += [["事项", "进展", "备注", "又"], ["", "", "只有", ""]]
    table = find_table(Sheet("表", 4, 25, rows), ())
    assert table is not None
    assert [(row.number, row.data, row.filled) for row in table.rows] == [
        (6, {"title": "甲"}, {"进展": " 已办 ", "备注": ""}),
        (9, {}, {"进展": "", "备注": "只有"}),
    ]
    assert [one.partition(":")[0] for one in table.remarks] == ["表 column AC"]
