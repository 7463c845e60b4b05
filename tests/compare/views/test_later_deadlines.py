"""Deadlines that were put off."""

from __future__ import annotations

import pytest

from pipeline.compare.views.later_deadlines import Years, count_days_later


@pytest.mark.parametrize(
    ("before", "after", "years", "days"),
    [
        ("2016-06-30", "2017-09-30", (2016, 2017), 92),
        ("2016-06-30", "2017-06-30", (2016, 2017), 0),
        ("2016-12-31", "2017-06-30", (2016, 2017), -184),
        ("2017-12-31", "2018-12-31", (2016, 2017), 0),
        ("2016-06-30", "2017-06-30", (None, 2017), 365),
        ("2016-02-29", "2017-02-28", (2016, 2017), 0),
    ],
)
def test_days_later(before: str, after: str, years: Years, days: int) -> None:
    assert count_days_later(before, after, years) == days
