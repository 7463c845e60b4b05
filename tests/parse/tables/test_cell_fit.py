"""How well words fit a kind of column: the cases of tests/cases/parse/cell_fit.csv."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.parse.tables.cell_fit import is_unit_list, score_words
from tests.case_files import read_rows


@pytest.mark.parametrize("row", read_rows("parse/cell_fit.csv"), ids=str)
def test_score(row: dict[str, Any]) -> None:
    assert score_words(row["words"], row["kind"], row["role"] or None) == float(row["score"])


@pytest.mark.parametrize(("count", "is_list"), [(60, True), (61, False)])
def test_longest_list(count: int, is_list: bool) -> None:  # noqa: FBT001
    assert is_unit_list("县教育局、" * count) is is_list


@pytest.mark.parametrize(("length", "is_list"), [(24, True), (25, False)])
def test_longest_unit(length: int, is_list: bool) -> None:  # noqa: FBT001
    assert is_unit_list("县教育局".rjust(length, "县")) is is_list
