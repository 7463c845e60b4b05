"""How two plans are related, and what a comparison warns of."""

from __future__ import annotations

import pytest

from pipeline.compare.diff import diff_notices
from pipeline.compare.relation import find_warnings
from pipeline.compare.same_issuer import is_same_issuer
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
    assert not made.warnings


def test_the_wrong_order_is_told(years: tuple[Notice, Notice]) -> None:
    assert any("wrong order" in one for one in diff_notices(years[1], years[0]).warnings)


@pytest.mark.parametrize("row", read_table("issuers"), ids=str)
def test_issuers(row: dict[str, str]) -> None:
    one = bare_plan(region=row["place"] or None, issuing_body=row["issuing_body"] or None)
    other = bare_plan(region=row["other_place"] or None, issuing_body=row["other_body"] or None)
    answers = {True: "yes", False: "no", None: "unknown"}
    assert answers[is_same_issuer(one, other)] == row["same"]


@pytest.mark.parametrize(
    ("titles", "places", "years", "warnings"),
    [
        (
            ("工作要点", "工作要点"), ("甲区", "乙区"), (2016, 2017),
            ["different bodies: 甲区 and 乙区; compared all the same"],
        ),
        (
            ("工作要点", "民生实事"), ("甲区", "甲区"), (2016, 2017),
            ["different kinds of plan: 工作要点 and 民生实事; compared all the same"],
        ),
        (
            ("工作要点", ""), ("甲区", "甲区"), (2016, 2017),
            ["different kinds of plan: 工作要点 and (no title); compared all the same"],
        ),
        (
            ("工作要点", "工作要点"), ("甲区", "甲区"), (2017, 2016),
            ["the first plan is the later one (2017 and 2016): wrong order?"],
        ),
        (("工作要点", "工作要点"), ("甲区", "甲区"), (2017, 2017), []),
        (("工作要点", "工作要点"), ("甲区", "甲区"), (None, 2017), []),
    ],
)  # fmt: skip
def test_the_words_of_warnings(
    titles: tuple[str, str],
    places: tuple[str, str],
    years: tuple[int | None, int],
    warnings: list[str],
) -> None:
    plans: list[Notice] = []
    for title, place, year in zip(titles, places, years, strict=True):
        one = bare_plan(title=title, region=place)
        origin = one.source.model_copy(update={"sha256": f"{len(plans):064}"})
        update = {"year": year, "source": origin, "notice_title": None}
        plans.append(one.model_copy(update=update))
    assert list(find_warnings(*plans)) == warnings


def test_one_file_twice_is_told(years: tuple[Notice, Notice]) -> None:
    told = ["both are the same file: nothing can differ"]
    assert list(find_warnings(years[0], years[0])) == told
