"""The plans of a notice with several annexes: split, chosen, united."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.compare.diff import diff_notices
from pipeline.compare.plans import choose_plan, split_plans, unite_plans
from pipeline.errors import SourceError
from pipeline.model import Notice
from tests.compare.small_series import plan

TITLES = ("清河区2016年普法工作要点", "清河区2017年“谁执法谁普法”责任清单")


@pytest.fixture
def notice() -> Notice:
    one = plan(2016, "school", "river", "park")
    items = tuple(replace(item, plan_title=TITLES[n > 1]) for n, item in enumerate(one.items))
    return one.model_copy(update={"title": TITLES[0], "items": items})


def test_each_plan_has_its_items_title_and_year(notice: Notice) -> None:
    shown = [(one.title, one.year, len(one.items)) for one in split_plans(notice)]
    assert shown == [(TITLES[0], 2016, 2), (TITLES[1], 2017, 1)]


def test_a_notice_of_one_plan_is_itself() -> None:
    one = plan(2016, "school")
    assert split_plans(one) == (one,)


def test_a_plan_is_chosen_by_words_of_its_title(notice: Notice) -> None:
    assert choose_plan(notice, "谁执法谁普法责任").title == TITLES[1]


@pytest.mark.parametrize("words", ["普法", "民生实事"])
def test_words_of_no_plan_or_of_several_are_refused(notice: Notice, words: str) -> None:
    with pytest.raises(SourceError, match="of its plans") as caught:
        choose_plan(notice, words)
    assert TITLES[1] in str(caught.value)


def test_two_plans_against_one() -> None:
    before = [plan(2016, "school", place="清河区"), plan(2016, "river", place="东湖区")]
    made = diff_notices(unite_plans(before), plan(2017, "school", "river"))
    assert sorted(link.previous[0] for link in made.links) == sorted(
        one.items[0].item_id for one in before
    )
    assert not made.dropped
    assert made.plans[0].title == "清河区2016年重点改革计划 + 东湖区2016年重点改革计划"
    assert unite_plans(before[:1]) is before[0]
