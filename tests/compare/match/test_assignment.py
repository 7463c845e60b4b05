"""Small matrices of scores and their assignments."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.compare.match.assignment import assign, find_strong, group_connected
from tests.compare.cases import read_table


def parse_pairs(text: str) -> list[tuple[int, int]]:
    return [(int(p), int(q)) for p, q in (pair.split("-") for pair in text.split())]


@pytest.mark.parametrize("row", read_table("assignments"), ids=str)
def test_assignments(row: dict[str, str]) -> None:
    scores = [[float(cell) for cell in line.split()] for line in row["scores"].split(";")]
    assert sorted(assign(np.array(scores, np.float32))) == parse_pairs(row["pairs"])


@pytest.mark.parametrize("row", read_table("groups"), ids=str)
def test_groups(row: dict[str, str]) -> None:
    expected = [parse_pairs(group) for group in row["groups"].split(";") if group]
    assert group_connected(parse_pairs(row["pairs"])) == expected


def test_of_few_pairs_all_above_the_score_are_strong() -> None:
    score = np.array([[0.5, 0.1], [0.2, 0.6]], np.float32)
    assert find_strong(score, 0.15) == [(0, 0), (1, 0), (1, 1)]


def test_of_very_many_equal_pairs_the_nearest_are_strong() -> None:
    strong = find_strong(np.ones((60, 60), np.float32), 0.5)
    assert {(n, n) for n in range(60)} <= set(strong)
    assert len(strong) < 60 * 25
    assert max(abs(p - q) for p, q in strong) <= 10


@pytest.mark.parametrize("shape", [(30, 40), (40, 30)])
def test_of_very_many_pairs_each_keeps_its_ten_nearest(shape: tuple[int, int]) -> None:
    """Of equal scores: a row's ten best are kept, and with them a column's."""
    strong = find_strong(np.ones(shape, np.float32), 0.5)
    rows = [sum(p == row for p, _ in strong) for row in range(shape[0])]
    columns = [sum(q == column for _, q in strong) for column in range(shape[1])]
    assert min(rows) >= 10
    assert min(columns) >= 10
