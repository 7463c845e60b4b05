"""Changes in words, as every view of a comparison prints them."""

from __future__ import annotations

import pytest

from pipeline.compare.views.phrases import describe_change, join_value, name_field, name_kind
from pipeline.comparison import Change, FigureChange, Link, Move


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
