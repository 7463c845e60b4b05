"""The roles of names by what is printed beside what."""

from __future__ import annotations

import pytest

from pipeline.model import Name
from tests.case_tables import read_cases
from tests.conftest import parse


def joined(names: tuple[Name, ...]) -> str:
    return "、".join(name.name for name in names)


@pytest.mark.parametrize("row", read_cases("roles"), ids=lambda row: row["clause"])
def test_roles(row: dict[str, str]) -> None:
    clause = row["clause"]
    gap = "" if clause.startswith("(") else "\n"
    text = f"甲区2020年工作要点\n1.推进改革。{gap}{clause}\n2.推进试点。\n责任单位:区教育局\n"
    item = parse(text).items[0]
    assert (joined(item.leaders), joined(item.host_units), joined(item.co_host_units)) == (
        row["leaders"],
        row["hosts"],
        row["co_hosts"],
    )
    assert " ".join(dict.fromkeys(a.reading for a in item.assignments)) == row["reading"]


def test_each_clause_governs_the_words_before_it() -> None:
    notice = parse(
        "甲区2020年工作要点\n1.修路。(区住建局负责)种树。(区林业局负责)\n2.推进试点。(区教育局负责)\n"
    )
    first, second = notice.items[0].assignments
    assert notice.source.text[first.scope.start : first.scope.end] == "修路。"
    assert notice.source.text[second.scope.start : second.scope.end] == "种树。"


def test_a_closing_sentence_only_fills_what_is_open() -> None:
    text = "甲区2020年工作要点\n1.修路。(区住建局负责)\n2.种树。\n以上任务由区政府办负责。\n"
    hosts = [joined(item.host_units) for item in parse(text).items]
    assert hosts == ["区住建局", "区政府办"]


def test_a_heading_gives_a_role_that_an_item_leaves_open() -> None:
    text = (
        "甲区2020年工作要点\n一、改革(牵头领导:张三)\n1.修路。(区住建局负责)\n"
        "2.种树。\n牵头领导:李四\n责任单位:区林业局\n"
    )
    leaders = [joined(item.leaders) for item in parse(text).items]
    assert leaders == ["张三", "李四"]


def test_a_standing_sentence_adds_to_every_item_after_it() -> None:
    text = (
        "甲区2020年工作要点\n以下任务均需由各街道办落实,不再列出。\n"
        "1.修路。(区住建局牵头)\n2.种树。(区林业局负责)\n"
    )
    items = parse(text).items
    assert [joined(item.host_units) for item in items] == ["区住建局", "区林业局、各街道办"]
    assert [joined(item.co_host_units) for item in items] == ["各街道办", ""]
