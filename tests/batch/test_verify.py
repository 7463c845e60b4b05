"""Every kind of fault that is planted in a good record is found, and told in one line."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pipeline.batch.verify import find_notice_faults
from pipeline.model import Assignment, Item, Notice, Span
from tests.conftest import parse

PLAN = """盐田区2011年重点工作计划

一、重点任务
1、建设智慧食堂。在各社区建设智慧食堂5家，方便老人就餐。
牵头领导：李明副区长；主办单位：区民政局；协办单位：区财政局、各街道办；完成时限：6月底前。
2、改造老旧小区。改造12个小区的管网和路灯。
牵头领导：李明；主办单位：区住建局；协办单位：区财政局。
"""


@pytest.fixture(name="notice")
def _notice() -> Notice:
    return parse(PLAN)


def with_item(notice: Notice, index: int, /, **values: Any) -> Notice:
    """The notice with some values of an item replaced."""
    items = list(notice.items)
    items[index] = replace(items[index], **values)
    return notice.model_copy(update={"items": tuple(items)})


def with_names(item: Item, role: str, **values: Any) -> dict[str, Any]:
    """The values of an item with the names of a role replaced, in its list and its assignments."""

    def change(one: Assignment) -> Assignment:
        if one.role != role:
            return one
        names = tuple(replace(name, **values) for name in one.names)
        return replace(one, names=names)

    assignments = tuple(map(change, item.assignments))
    field = {"leader": "leaders", "host": "host_units", "co_host": "co_host_units"}[role]
    names = tuple(name for one in assignments if one.role == role for name in one.names)
    return {"assignments": assignments, field: names}


def test_a_good_record_has_no_fault(notice: Notice) -> None:
    assert list(find_notice_faults(notice)) == []
    first, second = notice.items
    assert first.deadline is not None
    assert (first.deadline.due, first.path) == ("2011-06-30", ("重点任务",))
    # The second item names the leader without the post that the first item prints.
    assert [one.post for one in (*first.leaders, *second.leaders)] == ["副区长", "副区长"]


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("post", ["区长助理", "副县长", ""])
def test_posts(notice: Notice, number: int, post: str) -> None:
    item = notice.items[number]
    wrong = with_item(notice, number, **with_names(item, "leader", post=post))
    assert list(find_notice_faults(wrong)) == [
        f"notice#{number + 1}: the post {post!r} is not printed beside '李明'"
    ]


def test_a_post_elsewhere_in_the_text_is_not_enough(notice: Notice) -> None:
    # 各街道办 is in the text, far from the name.
    wrong = with_item(notice, 0, **with_names(notice.items[0], "leader", post="街道办"))
    assert len(list(find_notice_faults(wrong))) == 1


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"path": ("重点任务", "其他任务")}, "'其他任务' of its path is neither a heading"),
        ({"number": 2}, "the number 2 is not that of the label '1、'"),
        ({"label": "3、"}, "the number 1 is not that of the label '3、'"),
        ({"label": None}, "the number 1 is not that of the label None"),
        ({"title": "建设智慧厨房。"}, "the title is not in the content"),
        ({"content": "建设食堂。"}, "the title is not in the content"),
        ({"leaders": ()}, "leaders are not the names of its assignments"),
        ({"host_units": ()}, "host_units are not the names of its assignments"),
        ({"co_host_units": ()}, "co_host_units are not the names of its assignments"),
    ],
)
def test_one_wrong_value(notice: Notice, values: dict[str, Any], fault: str) -> None:
    faults = list(find_notice_faults(with_item(notice, 0, **values)))
    assert len(faults) == 1
    assert faults[0].startswith(f"notice#1: {fault}")


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"due": "2011-06-29"}, "the deadline '6月底前' does not give 2011-06-29, month"),
        ({"due": None}, "the deadline '6月底前' does not give None, month"),
        ({"precision": "day"}, "the deadline '6月底前' does not give 2011-06-30, day"),
        ({"span": Span(start=0, end=5)}, "the deadline '6月底前' does not stand at"),
        ({"text": "6月30日前", "precision": "day"}, "the deadline '6月30日前' does not stand at"),
    ],
)
def test_deadlines(notice: Notice, values: dict[str, Any], fault: str) -> None:
    deadline = notice.items[0].deadline
    assert deadline is not None
    wrong = with_item(notice, 0, deadline=replace(deadline, **values))
    faults = list(find_notice_faults(wrong))
    assert len(faults) == 1
    assert fault in faults[0]


def test_a_deadline_is_of_the_plan_s_year(notice: Notice) -> None:
    faults = list(find_notice_faults(notice.model_copy(update={"year": 2012})))
    assert faults == ["notice#1: the deadline '6月底前' does not give 2011-06-30, month"]


def test_the_order_of_names_counts(notice: Notice) -> None:
    names = notice.items[0].co_host_units
    assert len(names) == 2
    wrong = with_item(notice, 0, co_host_units=names[::-1])
    assert list(find_notice_faults(wrong)) == [
        "notice#1: co_host_units are not the names of its assignments"
    ]


def test_a_host_of_one_clause_is_no_co_host_of_another() -> None:
    notice = parse(PLAN.replace("协办单位：区财政局、", "协办单位：区民政局、"))
    assert [name.name for name in notice.items[0].co_host_units] == ["各街道办"]
    assert list(find_notice_faults(notice)) == []


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"sections": ()}, "characters"),
        ({"bodies": ()}, "stands in names or bodies, not in both"),
    ],
)
def test_faults_of_the_notice(notice: Notice, values: dict[str, Any], fault: str) -> None:
    faults = list(find_notice_faults(notice.model_copy(update=values)))
    assert faults
    assert all(fault in one for one in faults)


def test_faults_of_ids_and_spans(notice: Notice) -> None:
    source = notice.source.model_copy(update={"sha256": "x"})
    assert list(find_notice_faults(notice.model_copy(update={"source": source}))) == [
        "source.sha256 is no SHA-256"
    ]
    for values, fault in (
        ({"item_id": "notice#7"}, "notice#7 is not item 1"),
        ({"parent_id": "notice#9"}, "notice#1: no parent notice#9"),
    ):
        assert list(find_notice_faults(with_item(notice, 0, **values))) == [fault]
    moved = with_names(notice.items[0], "host", span=Span(start=0, end=4))
    told = list(find_notice_faults(with_item(notice, 0, **moved)))
    assert "does not stand at" in told[0]
    assert "is not the folded" in told[1]
