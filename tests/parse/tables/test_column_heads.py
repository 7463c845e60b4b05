"""The kinds of columns by the words of their heads: the cases of tests/cases/parse/column_heads.csv."""

from __future__ import annotations

import pytest

from pipeline.parse.tables.column_heads import is_column_head, parse_column_head
from tests.case_files import read_rows


@pytest.mark.parametrize("row", read_rows("parse/column_heads.csv"), ids=str)
def test_head(row: dict[str, str]) -> None:
    head = parse_column_head(row["head"])
    found = (head.kind, head.say or "", head.persons or "") if head else ("", "", "")
    assert found == (row["kind"], row["role"], row["persons"])


@pytest.mark.parametrize(("padding", "known"), [(24, True), (25, False)])
def test_longest_head(padding: int, known: bool) -> None:  # noqa: FBT001
    cell = f"责任单位{' ' * padding}"
    assert is_column_head(cell, (0, len(cell))) is known
