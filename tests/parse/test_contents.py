"""An item's title, content, deadline and fields."""

from __future__ import annotations

import pytest

from pipeline.model import Item
from tests.case_tables import read_cases
from tests.conftest import parse


def first(text: str) -> Item:
    return parse(f"甲区2020年工作要点\n1.{text}\n2.推进试点。\n责任单位:区教育局\n").items[0]


@pytest.mark.parametrize(
    ("text", "title", "content"),
    [
        ("修路。完成三条。\n责任单位:区住建局", "修路。", "修路。完成三条。"),
        ("修路\n完成三条。\n责任单位:区住建局", "修路", "修路\n完成三条。"),
        ("能否修路?能修路!\n责任单位:区住建局", "能否修路?", "能否修路?能修路!"),
        ("修路(区住建局负责)", "修路", "修路"),
        ("修路。(区住建局负责)并验收。", "修路。", "修路。\n并验收。"),
        ("修路。\n责任单位:区住建局\n具体措施:", "修路。", "修路。"),
        ("\n修路。完成三条。\n责任单位:区住建局", "修路。", "修路。完成三条。"),
        ("\n\n修路\n完成三条。\n责任单位:区住建局", "修路", "修路\n完成三条。"),
        (
            "落实“修路。种树。”要求。完成。\n责任单位:区住建局",
            "落实“修路。种树。”要求。",
            "落实“修路。种树。”要求。完成。",
        ),
        ("修订《路。桥》。完成。\n责任单位:区住建局", "修订《路。桥》。", "修订《路。桥》。完成。"),
        ("擦亮“路灯。完成三条。\n责任单位:区住建局", "擦亮“路灯。", "擦亮“路灯。完成三条。"),
        (
            "推进修路:完成三条道路和两座桥的建设。\n责任单位:区住建局",
            "推进修路",
            "推进修路:完成三条道路和两座桥的建设。",
        ),
        ("修路:三条。\n责任单位:区住建局", "修路:三条。", "修路:三条。"),
    ],
)
def test_title_and_content(text: str, title: str, content: str) -> None:
    item = first(text)
    assert (item.title, item.content) == (title, content)


@pytest.mark.parametrize("row", read_cases("item_deadlines"), ids=str)
def test_a_deadline_anywhere_in_an_item(row: dict[str, str]) -> None:
    item = first(row["text"].replace("⏎", "\n"))
    due = item.deadline
    assert (due.text if due else "") == row["deadline"]
    assert ((due.due if due else None) or "", (due.precision if due else None) or "") == (
        row["due"],
        row["precision"],
    )
    assert "、".join(name.name for name in item.host_units) == row["hosts"]
    assert "、".join(name.name for name in item.co_host_units) == row["co_hosts"]
    assert item.content == row["content"].replace("⏎", "\n")


def test_an_event_as_deadline_is_flagged() -> None:
    notice = parse(
        "甲区2020年工作要点\n1.修路。(区住建局负责,汛期前完成)\n2.种树。(区林业局负责)\n"
    )
    assert [one.code for one in notice.problems if one.item_id == notice.items[0].item_id] == [
        "unread-date"
    ]


def test_an_items_content_ends_at_its_first_measure() -> None:
    notice = parse(
        "甲区2020年工作要点\n一、修路。(区住建局负责)\n1.选线。(区规划局负责)\n2.施工。(区住建局负责)\n"
        "二、种树。(区林业局负责)\n"
    )
    parent = notice.items[0]
    assert (parent.content, parent.parent_id) == ("修路。", None)
    assert [item.parent_id for item in notice.items[1:3]] == [parent.item_id] * 2


def test_the_last_deadline_counts() -> None:
    item = first("修路。\n责任单位:区住建局\n完成时限:6月底前。\n完成时限:9月底前。")
    assert item.deadline is not None
    assert (item.deadline.text, item.deadline.due, item.deadline.precision) == (
        "9月底前",
        "2020-09-30",
        "month",
    )


def test_the_first_field_of_a_key_counts_and_an_empty_one_does_not() -> None:
    item = first("修路。\n责任单位:区住建局\n年度目标:\n年度目标:三条。\n年度目标:五条。")
    assert [(one.label, one.text) for one in item.fields.values()] == [("年度目标", "三条")]


def test_guidance_has_a_key_without_a_label() -> None:
    item = first("修路。(区住建局牵头,市住建局指导)")
    assert item.fields["guidance"].label == "指导"
    assert item.fields["guidance"].text.startswith("市住建局")
