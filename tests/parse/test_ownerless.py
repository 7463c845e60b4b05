"""The items of plans that name no owner: the smallest numbered units of their task sections."""

from __future__ import annotations

import pytest

from pipeline.compare.diff import diff_notices
from pipeline.compare.series import find_series
from pipeline.parse.items.section_kinds import classify_section, is_all_generic, is_verb_led
from tests.case_tables import read_cases
from tests.conftest import parse

_PLAN = "甲区{}年消防工作要点\n一、排查隐患\n1.排查高层建筑{}栋。\n2.检查商场,建立台账。\n"
_OWNED = "甲区2024年消防工作要点\n一、排查隐患\n1.排查建筑。(区住建局负责)\n2.检查商场。\n二、宣传\n1.讲课。\n"


@pytest.mark.parametrize("row", read_cases("ownerless_items"), ids=lambda row: row["case"])
def test_items(row: dict[str, str]) -> None:
    notice = parse(row["text"])
    lines = [
        "|".join([one.label or "", " / ".join(one.path), one.content.replace("\n", "⏎")])
        for one in notice.items
    ]
    assert lines == row["items"].split("\n")
    assert not any(one.leaders or one.host_units or one.co_host_units for one in notice.items)
    codes = [one.code for one in notice.problems]
    assert codes.count("no-owners") == 1
    assert "not-a-plan" not in codes


@pytest.mark.parametrize("row", read_cases("section_kinds"), ids=lambda row: row["heading"])
def test_section_kinds(row: dict[str, str]) -> None:
    assert classify_section(row["heading"]) == row["kind"]
    assert is_verb_led(row["heading"]) == bool(row["verb_led"])


def test_units_of_a_requirement_section() -> None:
    assert is_all_generic(["加强组织领导", "强化督导考核"])
    assert not is_all_generic(["加强组织领导", "落实强制报告"])
    assert not is_all_generic(
        ["要将关爱工作纳入学校的重要议事日程,加强组织领导,落实各项责任,确保见效"]
    )


def test_values_of_an_item() -> None:
    notice = parse(
        "甲局2024年信息化工作计划\n一、建设任务\n"
        "1.升级网站。完善检索功能。(完成时限:2024年6月底)\n2.建设中心。(完成时限:2024年12月底)\n"
    )
    first = notice.items[0]
    assert (first.label, first.number, first.path) == ("1.", 1, ("建设任务",))
    assert (first.title, first.content) == ("升级网站。", "升级网站。完善检索功能。")
    assert first.deadline is not None
    assert first.deadline.due == "2024-06-30"
    assert [section.heading for section in notice.sections] == ["建设任务"]


def test_a_sentence_about_a_unit_is_no_owner_but_is_marked() -> None:
    units = "".join(f"{n}.开展第{n}类场所检查,发现问题整改。\n" for n in range(2, 6))
    notice = parse("甲镇2024年禁毒工作要点\n1.派出所负责牵头协调,督促各村开展宣传。\n" + units)
    assert [one.number for one in notice.items] == [1, 2, 3, 4, 5]
    marked = [one.item_id for one in notice.problems if one.code == "named-in-sentence"]
    assert marked == [notice.items[0].item_id]


def test_sentences_that_assign_most_units_make_owners() -> None:
    notice = parse(
        "甲区2020年工作要点\n一、推进改革。由区财政局牵头,区教育局配合。\n"
        "二、推进试点。由区民政局牵头,区教育局配合。\n"
    )
    assert [[name.name for name in one.host_units] for one in notice.items] == [
        ["区财政局"],
        ["区民政局"],
    ]


def test_a_plan_with_an_owner_is_read_by_its_owners() -> None:
    notice = parse(_OWNED)
    assert [one.content for one in notice.items] == ["排查建筑。", "检查商场。"]
    assert "no-owners" not in [one.code for one in notice.problems]


def test_labels_of_owners_that_were_not_read_make_a_warning() -> None:
    text = _PLAN.format(2024, 3)
    severities = [
        [one.severity for one in parse(words).problems if one.code == "no-owners"]
        for words in (text, text + "责任单位:\n")
    ]
    assert severities == [["info"], ["warning"]]


def test_a_text_printed_twice_is_read_once() -> None:
    notice = parse(_PLAN.format(2024, 3) * 2)
    assert len(notice.items) == 2
    assert "printed-twice" in [one.code for one in notice.problems]


def test_plans_without_owners_are_compared_and_followed() -> None:
    before, after = (parse(_PLAN.format(year, count)) for year, count in ((2023, 3), (2024, 8)))
    comparison = diff_notices(before, after)
    assert [link.kind for link in comparison.links] == ["reworded", "same"]
    assert [len(one.notices) for one in find_series([before, after])] == [2]
