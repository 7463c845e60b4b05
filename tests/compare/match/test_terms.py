"""Texts as weighted terms."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.compare.match.terms import comparable_text, count_terms, share_of_best
from tests.compare.cases import read_table


@pytest.mark.parametrize("row", read_table("comparable_texts"), ids=str)
def test_comparable_texts(row: dict[str, str]) -> None:
    assert comparable_text(row["text"]) == row["comparable"]


def test_terms_are_pairs_of_characters_and_single_characters_between_blanks() -> None:
    counts = count_terms(["公园公园", "公园 路", "路", ""]).toarray()
    assert sorted(counts.sum(axis=0).tolist()) == [1, 2, 3]
    assert counts.sum(axis=1).tolist() == [3, 2, 1, 0]


def test_shares_of_the_best() -> None:
    rows, columns = share_of_best(np.array([[0.4, 0.2], [0.1, 0.8]], np.float32))
    assert rows == pytest.approx(np.array([[1, 0.5], [0.125, 1]]))
    assert columns == pytest.approx(np.array([[1, 0.25], [0.25, 1]]))
