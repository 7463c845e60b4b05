"""Where the plans of a notice begin."""

from __future__ import annotations

import pytest

from pipeline.parse.annexes import find_annexes

NOTICE = "关于印发甲县2021年重点工作任务分工方案的通知\n各单位:请认真落实。\n"


@pytest.mark.parametrize(
    "printed",
    [
        "甲县2021年重点工作任务分工方案",
        "甲县2021年重点工作\n任务分工方案",
        "甲 县 2021 年 重 点 工 作 任 务 分 工 方 案",
    ],
)
def test_a_named_title_begins_its_plan(printed: str) -> None:
    text = f"{NOTICE}{printed}\n一、建设道路\n二、修建学校\n"
    annexes = find_annexes(text, [])
    assert [text[slice(*one.title)] for one in annexes if one.title] == [printed]
    assert annexes[-1].start == len(NOTICE)


def test_a_title_is_found_behind_one_with_blanks() -> None:
    first, second = "甲县2021年 重点工作任务分工方案", "甲县2021年重点工作任务分工方案"
    plan = "\n一、建设道路\n二、修建学校\n"
    text = f"{NOTICE}{first}{plan}{second}{plan}"
    titles = [text[slice(*one.title)] for one in find_annexes(text, []) if one.title]
    assert titles == [first, second]
