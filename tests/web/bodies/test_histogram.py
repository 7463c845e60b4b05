"""How many bodies have how many items, in columns of one width."""

from __future__ import annotations

from pipeline.web.bodies.histogram import Column, make_histogram


def test_a_column_for_each_number_where_they_are_few() -> None:
    assert make_histogram([3, 2, 1, 1], own=3) == [
        Column(1, 1, 2, is_own=False),
        Column(2, 2, 1, is_own=False),
        Column(3, 3, 1, is_own=True),
    ]


def test_wider_columns_for_great_numbers_and_every_body_once() -> None:
    columns = make_histogram([1, 20, 21, 45], own=20)
    # 45 in at most 20 columns: each of 3.
    assert [one.most - one.least + 1 for one in columns] == [3] * 15
    assert sum(one.bodies for one in columns) == 4
    assert [(one.least, one.most) for one in columns if one.is_own] == [(19, 21)]


def test_nothing_to_count() -> None:
    assert make_histogram([], own=0) == []
