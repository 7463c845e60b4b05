"""Cells assigned to columns by the least cost: the cases of tests/cases/parse/fit.csv."""

from __future__ import annotations

import pytest

from pipeline.parse.tables import TableColumn
from pipeline.parse.tables.fit import align_cells
from pipeline.parse.tables.table import Span
from tests.case_files import read_rows


def column_of(words: str) -> TableColumn:
    kind, _, role = words.partition(":")
    return TableColumn(kind, (0, 0), role or None)  # type: ignore[arg-type]


def spans_of(cells: list[str]) -> list[Span]:
    """The spans of cells in a text of a cell a line."""
    spans, at = [], 0
    for cell in cells:
        spans.append((at, at + len(cell)))
        at += len(cell) + 1
    return spans


def rows_of(columns: str, cells: str, *, one_row: bool = False) -> str:
    """The rows of cells, joined by " / ", their cells by |; a cell in two pieces has ⏎ between."""
    text = "\n".join(cells.split("|"))
    rows = align_cells(
        text, spans_of(cells.split("|")), [*map(column_of, columns.split("/"))], one_row=one_row
    )
    return " / ".join(
        "|".join(text[slice(*cell)].replace("\n", "⏎") if cell else "" for cell in row.cells)
        for row in rows
    )


@pytest.mark.parametrize("row", read_rows("parse/fit.csv"), ids=str)
def test_rows(row: dict[str, str]) -> None:
    rows = rows_of(row["columns"], row["cells"], one_row=row["one_row"] == "yes")
    assert rows == row["rows"]


def test_no_cells() -> None:
    assert align_cells("", [], [column_of("task"), column_of("owner:resp")]) == []
