"""The numbers of rows: the cases of tests/cases/parse/row_numbers.csv, and counts."""

from __future__ import annotations

import re

import pytest

from pipeline.parse.tables import TableRow, split_number
from pipeline.parse.tables.row_numbers import (
    find_code_values,
    find_counted,
    has_own_number,
    is_row_code,
    is_row_number,
    next_number,
    parse_row_number,
)
from tests.case_files import read_rows
from tests.conftest import parse


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
        ("998 x 999 1000 y 1001", 998, [True, None, True, True, None, True]),
        ("998 x 999 1000", 1, [True, None, True, True]),
        ("20 x 21 1", 1, [False, None, False, True]),
        ("999 2011 x 1000", 999, [True, None, None, True]),
        ("A1 x A2 5 B1", 1, [True, None, True, False, True]),
        ("2023-001 x 2023-12 2023-002", 1, [True, None, None, True]),
        ("1001 x 1002", 1, [True, None, True]),
        ("1-1 x 2024-1 1-2 2-1", 1, [True, None, None, True, True]),
        ("A x B C", 1, [True, None, True, True]),
        ("x A1 A2", 1, [None, None, None]),
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


@pytest.mark.parametrize("row", read_rows("parse/row_codes.csv"), ids=str)
def test_numbers_of_codes(row: dict[str, str]) -> None:
    expected = [None if value == "-" else int(value) for value in row["numbers"].split()]
    assert find_code_values(row["codes"].split()) == expected


@pytest.mark.parametrize(
    "words", ["2021年", "县教育局", "修路3公里", "投资1.5亿元", "按期", "x" * 30, "IT"]
)
def test_words_are_no_code(words: str) -> None:
    assert not is_row_code(words, (0, len(words)))


@pytest.mark.parametrize(
    "codes", [row["codes"].split() for row in read_rows("parse/row_codes.csv")]
)
@pytest.mark.parametrize("mark", ["\t", "|", "\n"])
@pytest.mark.parametrize("head", ["序号", "编号"])
def test_a_table_with_codes_is_read(codes: list[str], mark: str, head: str) -> None:
    works = [
        ("修建农村道路", "县交通局"),
        ("改造老旧小区", "县住建局"),
        ("推进学校建设", "县教育局"),
    ]
    rows = [(head, "重点任务", "责任单位")]
    rows += [(code, *work) for code, work in zip(codes, works, strict=False)]
    items = parse("\n".join(mark.join(row) for row in rows) + "\n").items
    if codes in (["A2", "A1"], ["1", "2-1", "3"]) and mark == "\n":
        return  # without marks between cells only a code that counts on shows that it is one
    found = [(one.label, one.title, one.host_units[0].name) for one in items]
    assert found == [(code, *work) for code, work in zip(codes, works, strict=False)]


@pytest.mark.parametrize(
    ("codes", "counted"),
    [
        ("A-1 A-2 A-3", 3),
        ("A-1 A-4 A-5", 3),
        ("A-1 A-9 A-2", 2),
        ("A-01 A-02 A-3", 2),
        ("A-01 A-2 A-02", 2),
        ("1-A 1-B 1-C", 3),
        ("1-A 1-A 1-B", 2),
        ("1-B 1-A 1-C", 2),
        ("1-A 2-B 1-B", 2),
        ("1-1 1-2 2-1", 3),
        ("1-1 1-2 2-2", 2),
        ("1-1 1-2 9-1", 2),
    ],
)
def test_codes_count_on_by_their_last_part(codes: str, counted: int) -> None:
    spans = [(match.start(), match.end()) for match in re.finditer(r"\S+", codes)]
    assert len(find_counted(codes, spans, 1)) == counted
