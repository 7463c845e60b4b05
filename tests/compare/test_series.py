"""Which plans are years of one series, and which are left out."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from pipeline.compare.series import describe_left_out, find_series
from pipeline.model import Notice
from tests.compare.cases import read_table
from tests.compare.small_series import plan


def _make_plan(number: int, words: str) -> Notice:
    """A plan by its title and its issuing body: 盐田区2021年工作要点 盐田区教育局."""
    title, _, body = words.partition(" ")
    year = re.search(r"20\d\d", title)
    assert year
    place = re.match(r"(?:(?:南京|福州)市鼓楼区|.+?(?:开发区|高新区|片区|省|市|县|区))", title)
    update = {
        "title": title, "issuing_body": body or None, "region": place and place[0], "place": None,
        "notice_id": str(number), "year_end": int(year[0]),
    }  # fmt: skip
    return plan(int(year[0]), "school", "river").model_copy(update=update)


@pytest.mark.parametrize("row", read_table("series"), ids=lambda row: row["case"])
def test_which_plans_are_of_one_series(row: dict[str, str]) -> None:
    plans = [_make_plan(n, one) for n, one in enumerate(row["plans"].split(";"), 1)]
    found = find_series(plans)
    shown = (" ".join(one.notice_id for one in series.notices) for series in found)
    assert ";".join(sorted(shown)) == row["series"]
    assert not any(series.left_out for series in found)
    assert len({series.name for series in found}) == len(found)


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
    assert list(describe_left_out([series])) == [
        f"{first.notice_id} is left out: corrected is a later version"
    ]


def test_a_draft_counts_less_than_the_plan_whatever_its_day() -> None:
    final = plan(2016, "school", "river").model_copy(update={"issued_on": "2016-02-01"})
    draft = final.model_copy(
        update={
            "notice_id": "draft",
            "title": "清河区2016年重点改革计划（征求意见稿）",
            "issued_on": "2016-03-01",
        }
    )
    (series,) = find_series([draft, final])
    assert [one.notice_id for one in series.notices] == [final.notice_id]
    assert series.left_out[0].reason == f"it is a draft of {final.notice_id}"


def test_versions_without_a_day_are_told_as_such() -> None:
    one = plan(2016, "school", "river").model_copy(update={"notice_id": "a"})
    (series,) = find_series([one, one.model_copy(update={"notice_id": "b"})])
    assert series.left_out[0].reason == "b is another version; which is the later one is not told"


def test_one_title_over_two_texts_is_no_version() -> None:
    one, other = plan(2016, "school", "river"), plan(2016, "park", "bus")
    found = find_series([one, other.model_copy(update={"notice_id": "other"})])
    assert [len(series.notices) for series in found] == [1, 1]


def test_each_annex_is_a_plan_of_its_own() -> None:
    one = plan(2016, "school", "river", "park", "bus")
    titles = ("清河区2016年重点改革计划", "清河区2017年民生实事项目")
    items = tuple(replace(item, plan_title=titles[n > 1]) for n, item in enumerate(one.items))
    found = find_series([one.model_copy(update={"items": items})])
    shown = [
        (series.name, series.notices[0].year, len(series.notices[0].items)) for series in found
    ]
    assert shown == [("清河区-民生实事项目", 2017, 2), ("清河区-重点改革计划", 2016, 2)]


def test_a_person_joins_and_separates_series() -> None:
    one, other = plan(2016, "school", "river"), plan(2017, "school", "river")
    far = plan(2018, "school", "bus", title="民生实事项目", place="东湖区")
    ids = [one.notice_id, other.notice_id, far.notice_id]
    judged = {frozenset(ids[:2]): False, frozenset((ids[1], ids[2])): True}
    found = find_series([one, other, far], judged)
    assert sorted([n.notice_id for n in series.notices] for series in found) == sorted(
        [[ids[0]], ids[1:]]
    )
    assert sorted(len(series.decided) for series in found) == [1, 2]


def test_what_is_left_out_is_told() -> None:
    several = plan(2016, "school", "river").model_copy(update={"year_end": 2020})
    undated = plan(2017, "park", "bus", title="民生项目").model_copy(update={"year": None})
    told = list(describe_left_out(find_series([several, undated])))
    assert len(told) == 2
    assert any("several years" in line for line in told)
    assert any("no year is told" in line for line in told)
