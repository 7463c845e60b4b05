"""How two plans are related, and what a comparison warns of."""

from __future__ import annotations

import pytest

from pipeline.compare.diff import diff_notices
from pipeline.compare.relation import is_same_issuer
from pipeline.model import Notice
from tests.compare.cases import read_table
from tests.compare.small_series import bare_plan
from tests.compare.small_years import HEAD, NEW, OLD, notice


def test_a_year_without_items_is_told(years: tuple[Notice, Notice]) -> None:
    empty = notice("清河区2017年工作简报\n一切顺利。\n", "empty")
    made = diff_notices(years[0], empty)
    assert len(made.dropped) == 3
    assert any("holds no items" in warning for warning in made.warnings)
    assert len(diff_notices(empty, years[1]).added) == 3


def test_plans_of_different_bodies_are_compared_with_a_warning(
    years: tuple[Notice, Notice],
) -> None:
    text = (HEAD.format(y=2017) + NEW).replace("清河区", "东湖区")
    made = diff_notices(years[0], notice(text, "b"))
    assert made.relation == "other"
    assert any("different bodies" in warning for warning in made.warnings)
    assert len(made.links) == 2


def test_plans_of_different_families_are_compared_with_a_warning(
    years: tuple[Notice, Notice],
) -> None:
    text = (HEAD.format(y=2017) + NEW).replace("重点改革计划", "民生实事项目")
    made = diff_notices(years[0], notice(text, "b"))
    assert any("different kinds of plan" in warning for warning in made.warnings)


def test_two_versions_of_one_plan(years: tuple[Notice, Notice]) -> None:
    text = (HEAD.format(y=2016) + OLD).replace("新增社会组织8个", "新增社会组织18个")
    made = diff_notices(years[0], notice(text, "c"))
    assert made.relation == "same plan"
    assert [link.kind for link in made.links].count("reworded") == 1
    assert "两个版本" in made.summary.zh


def test_the_wrong_order_is_told(years: tuple[Notice, Notice]) -> None:
    assert any("wrong order" in one for one in diff_notices(years[1], years[0]).warnings)


@pytest.mark.parametrize("row", read_table("issuers"), ids=str)
def test_issuers(row: dict[str, str]) -> None:
    one = bare_plan(region=row["place"] or None, issuing_body=row["issuing_body"] or None)
    other = bare_plan(region=row["other_place"] or None, issuing_body=row["other_body"] or None)
    answers = {True: "yes", False: "no", None: "unknown"}
    assert answers[is_same_issuer(one, other)] == row["same"]
