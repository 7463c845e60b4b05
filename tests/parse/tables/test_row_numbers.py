"""The numbers of rows: the cases of tests/cases/parse/row_numbers.csv, and counts."""

from __future__ import annotations

import pytest

from pipeline.parse.tables import TableRow, split_number
from pipeline.parse.tables.row_numbers import (
    find_counted,
    has_own_number,
    is_row_number,
    next_number,
    parse_row_number,
)
from tests.case_files import read_rows


@pytest.mark.parametrize("row", read_rows("parse/row_numbers.csv"), ids=str)
def test_number(row: dict[str, str]) -> None:
    text = row["cell"]
    cell = (0, len(text))
    number, words = split_number(text, cell)
    assert parse_row_number(text, cell) == (int(row["value"]) if row["value"] else None)
    assert is_row_number(text, cell) is bool(row["value"])
    assert (text[slice(*number)] if number else "") == row["number"]
    assert text[slice(*words)] == row["words"]
    assert has_own_number(text) or not row["number"]


@pytest.mark.parametrize(
    ("text", "first", "expected"),
    [
        ("1 2 3", 1, [True, True, True]),
        ("1 40 2", 1, [True, False, True]),
        ("1 4 8", 1, [True, True, False]),
        ("5 6 1 2", 5, [True, True, True, True]),
        ("4 5", 5, [False, True]),
        ("1 x 2", 1, [True, None, True]),
    ],
)
def test_counted(text: str, first: int, expected: list[bool | None]) -> None:
    cells, at = [], 0
    for word in text.split():
        at = text.index(word, at)
        cells.append((at, at + len(word)))
    counted = find_counted(text, cells, first)
    assert [counted.get(index) for index in range(len(cells))] == expected


@pytest.mark.parametrize(("text", "expected"), [("1 2", 3), ("7 x", 8), ("x y", 1)])
def test_next(text: str, expected: int) -> None:
    rows = [TableRow((span,), (True,)) for span in ((0, 1), (2, 3))]
    assert next_number(text, rows) == expected
    assert next_number(text, []) == 1
