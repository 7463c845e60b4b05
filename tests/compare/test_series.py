"""Which plans are years of one series, and which are left out."""

from __future__ import annotations

from pipeline.compare.series import describe_left_out, find_series
from tests.compare.small_series import plan


def test_series_are_told_by_body_and_family_of_title() -> None:
    found = find_series(
        [
            plan(2016, "school", "river"),
            plan(2017, "school", "river"),
            plan(2017, "school", "river", place="东湖区"),
            plan(2017, "park", "bus", title="民生实事项目"),
        ]
    )
    assert sorted(len(series.notices) for series in found) == [1, 1, 2]


def test_of_two_versions_the_later_counts() -> None:
    first = plan(2016, "school", "river").model_copy(update={"issued_on": "2016-02-01"})
    again = plan(2016, "school", "park").model_copy(
        update={"issued_on": "2016-05-01", "notice_id": "corrected"}
    )
    (series,) = find_series([again, first])
    assert [one.notice_id for one in series.notices] == ["corrected"]
    assert series.left_out == ((first.notice_id, "corrected is a later version"),)


def test_what_is_left_out_is_told() -> None:
    several = plan(2016, "school", "river").model_copy(update={"year_end": 2020})
    undated = plan(2017, "park", "bus", title="民生项目").model_copy(update={"year": None})
    told = list(describe_left_out(find_series([several, undated])))
    assert len(told) == 2
    assert any("several years" in line for line in told)
    assert any("no year is told" in line for line in told)
