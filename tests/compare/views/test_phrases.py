"""Changes in words, as every view of a comparison prints them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.compare.views.phrases import (
    describe_change,
    join_value,
    name_field,
    name_item,
    name_kind,
    name_plan,
    quote,
)
from pipeline.comparison import Change, FigureChange, Link, Move
from tests.compare.small_items import item


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Change(field="deadline", before="6月底", after="9月底"), "6月底 → 9月底"),
        (Change(field="deadline", before=None, after="9月底"), "无 → 9月底"),
        (Change(field="deadline", before="6月底", after=None), "6月底 → 无"),
        (Change(field="number", before=1, after=2), "1 → 2"),
        (Change(field="path", before=("甲", "乙"), after=("丙",)), "甲、乙 → 丙"),
        (
            Change(field="host_units", before=(), after=(), gained=("甲局", "乙局")),
            "增 甲局、乙局",
        ),
        (
            Change(
                field="host_units",
                before=(),
                after=(),
                gained=("甲局",),
                lost=("乙局", "丙局"),
                moved=(Move(name="丁局", before="co_host_units", after="host_units"),),
            ),
            "丁局由协办改任主办，增 甲局，减 乙局、丙局",
        ),
        (
            Change(
                field="content",
                before="甲",
                after="乙",
                figures=(
                    FigureChange(about="增长", before="8%", after="10%"),
                    FigureChange(about="", before="3所", after="5所"),
                ),
            ),
            "增长 8% → 10%；数字 3所 → 5所",
        ),
        (Change(field="content", before="甲", after="乙"), ""),
    ],
)
def test_a_change_in_words(change: Change, words: str) -> None:
    assert describe_change(change) == words


def test_values_as_one_text() -> None:
    assert [join_value(one) for one in (None, "甲", 3, ("甲", "乙"), ())] == [
        "",
        "甲",
        "3",
        "甲、乙",
        "",
    ]


@pytest.mark.parametrize(
    ("link", "name"),
    [
        (Link(previous=("a",), current=("b",), kind="same", score=1), "不变"),
        (
            Link(previous=("a",), current=("b",), kind="same", score=1, responsibility="changed"),
            "不变（分工有变）",
        ),
        (Link(previous=("a",), current=("b",), kind="reworded", score=0.8), "改写"),
        (Link(previous=("a",), current=("b",), kind="reworded", score=0.79), "改写（请核对）"),
    ],
)
def test_names_of_kinds(link: Link, name: str) -> None:
    assert name_kind(link) == name


@pytest.mark.parametrize(
    ("field", "name"),
    [("deadline", "完成时限"), ("fields.target", "目标"), ("fields.新标签", "新标签")],
)
def test_names_of_fields(field: str, name: str) -> None:
    assert name_field(field) == name


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("加快社会组织培育。", "加快社会组织培育"),
        (
            "深入开展“4，15”全民国家安全教育日法治宣传教育，积极组织干部群众参加竞赛",
            "深入开展“4，15”全民国家安全教育日法治宣传教育",
        ),
        (
            "认真学习宣传贯彻落实总书记在福建考察时重要讲话和指示批示精神",
            "认真学习宣传贯彻落实总书记在福建考察时重要讲话和指示批示……",
        ),
        ("", "无标题事项"),
    ],
)
def test_a_short_name_of_an_item(content: str, name: str) -> None:
    assert name_item(item(content)) == name


def test_an_item_without_words_is_named_by_its_number() -> None:
    assert name_item(replace(item(""), label="3．")) == "第3项"


def test_marks_inside_of_marks() -> None:
    assert quote("推进“明厨亮灶”建设") == "“推进‘明厨亮灶’建设”"
    assert name_plan("落实《意见》分工方案") == "《落实〈意见〉分工方案》"
    assert name_plan("《分工方案》") == "《分工方案》"
