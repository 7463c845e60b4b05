"""Lists in rarer styles, which no item rests on and which are flagged, and gaps in the count of numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest

from pipeline.model import Notice, Source
from pipeline.parse.line_numbers import find_candidates, find_runs
from pipeline.parse.notice import parse_notice
from pipeline.parse.outline import find_blocks
from pipeline.text import fold

_CHINESE = "一二三四五六七八九十"
STYLES: dict[str, Callable[[int], str]] = {
    "blank": lambda n: f"{n} ",
    "wide blank": lambda n: f"{n}　",
    "tab": lambda n: f"{n}\t",
    "comma": lambda n: f"{n}，",
    "half comma": lambda n: f"{n},",
    "colon": lambda n: f"{n}：",
    "semicolon": lambda n: f"{n}；",
    "full stop": lambda n: f"{n}。",
    "middle dot": lambda n: f"{n}·",
    "dash": lambda n: f"{n}—",
    "zero": lambda n: f"{n:02} ",
    "lenticular": lambda n: f"【{n}】",
    "square": lambda n: f"[{n}]",
    "angle": lambda n: f"〈{n}〉",
    "full width": lambda n: f"{chr(0xFF10 + n)}　",
    "item": lambda n: f"第{n}项",
    "ordinal": lambda n: f"第{n}，",
    "Chinese ordinal": lambda n: f"第{_CHINESE[n - 1]}，",
    "Chinese item": lambda n: f"第{_CHINESE[n - 1]}项",
    "numero": lambda n: f"№{n} ",
    "No.": lambda n: f"No.{n} ",
    "word and blank": lambda n: f"任务{n}　",
    "word in brackets": lambda n: f"【任务{n}】",
    "longer word": lambda n: f"重点任务{_CHINESE[n - 1]}：",
    "serial": lambda n: f"序号{n}：",
    "hyphen": lambda n: f"1-{n} ",
    "hyphen, glued": lambda n: f"1-{n}",
    "three parts": lambda n: f"1.1.{n} ",
    "three parts, glued": lambda n: f"1.1.{n}",
    "dark ring": lambda n: chr(0x2775 + n),
    "ring": lambda n: chr(0x2789 + n),
    "Chinese ring": lambda n: chr(0x327F + n),
    "Roman sign": lambda n: f"{chr(0x215F + n)}、",
    "Roman": lambda n: f"{['I', 'II', 'III', 'IV', 'V', 'VI'][n - 1]}.",
    "letter": lambda n: f"{chr(0x40 + n)}.",
    "letter in brackets": lambda n: f"（{chr(0x60 + n)}）",
}
CHINESE_STYLES: dict[str, Callable[[int], str]] = {
    "blank before the mark": lambda n: f"{_CHINESE[n - 1]} 、",
    "comma": lambda n: f"{_CHINESE[n - 1]}，",
    "colon": lambda n: f"{_CHINESE[n - 1]}：",
    "blank": lambda n: f"{_CHINESE[n - 1]}　",
    "half bracket": lambda n: f"{_CHINESE[n - 1]}）",
    "lenticular": lambda n: f"【{_CHINESE[n - 1]}】",
}
_TASKS = (
    "推进老旧小区改造",
    "建设口袋公园",
    "修订应急预案",
    "开展技能培训",
    "完善养老",
    "治理扬尘",
)
_UNITS = ("市住建局", "市园林局", "市应急局", "市人社局", "市民政局", "市环保局")


def parse(text: str) -> Notice:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return parse_notice(Source(sha256=digest, text=text))


def write(style: Callable[[int], str], *, sections: tuple[str, str], restart: bool) -> str:
    """A plan of six tasks in two sections, numbered through or anew."""
    lines = ["云岭市2024年重点工作任务分工方案"]
    for n, (task, unit) in enumerate(zip(_TASKS, _UNITS, strict=True)):
        if n in (0, 3):
            lines.append(sections[n // 3])
        number = n % 3 if restart else n
        lines.append(f"{style(number + 1)}{task}。（责任单位：{unit}）")
    return "\n".join(lines) + "\n"


def codes(text: str) -> set[str]:
    return {one.code for one in parse(text).problems}


def unread(text: str) -> list[str]:
    """The words of each warning of text that belongs to no item."""
    return [
        text[one.span.start : one.span.end]
        for one in parse(text).problems
        if one.code == "unread-text" and one.severity == "warning" and one.span
    ]


@pytest.mark.parametrize("style", list(STYLES))
@pytest.mark.parametrize("restart", [False, True])
def test_each_style_is_flagged_inside_items(style: str, *, restart: bool) -> None:
    text = write(STYLES[style], sections=("一、城市更新", "二、民生服务"), restart=restart)
    notice = parse(text)
    holding = [one.item_id for one in notice.problems if one.code == "several-items"]
    assert holding == [item.item_id for item in notice.items]


@pytest.mark.parametrize("style", list(CHINESE_STYLES))
def test_each_chinese_style_is_flagged_inside_items(style: str) -> None:
    text = write(
        CHINESE_STYLES[style], sections=("（一）城市更新", "（二）民生服务"), restart=False
    )
    notice = parse(text)
    holding = [one.item_id for one in notice.problems if one.code == "several-items"]
    assert holding == [item.item_id for item in notice.items]


@pytest.mark.parametrize("style", [*STYLES, *CHINESE_STYLES])
@pytest.mark.parametrize("owner", ["（责任单位：市住建局）", "，压实责任"])
def test_each_style_is_flagged_outside_items(style: str, owner: str) -> None:
    write_number = (STYLES | CHINESE_STYLES)[style]
    lines = [f"{write_number(n)}推进改造{owner}。" for n in (1, 2, 3)]
    text = "\n".join(
        [
            "云岭市2024年重点工作任务分工方案",
            "一、民生服务",
            "1.完善养老。（责任单位：市民政局）",
            "2.治理扬尘。（责任单位：市环保局）",
            "二、城市更新",
            *lines,
            "三、安全生产",
            "1.修订预案。（责任单位：市应急局）",
            "",
        ]
    )
    notice = parse(text)
    found = unread(text)
    inside = [one for one in notice.problems if one.code == "several-items"]
    assert found == ["\n".join(lines)] or len(inside) == 1


_PLAN = (
    "云岭市2024年重点工作任务分工方案\n{before}一、城市更新\n1.推进改造。（责任单位：市住建局）\n"
    "{inside}2.建设公园。{list}（责任单位：市园林局）\n二、民生服务\n{under}3.完善养老。（责任单位：市民政局）\n{behind}"
)
_PLACES = ("before", "inside", "list", "under", "behind")


@pytest.mark.parametrize("place", _PLACES)
@pytest.mark.parametrize(
    "lines",
    [
        ["2021 改造小区20个", "2022 改造小区30个", "2023 改造小区40个"],
        ["1月 制定方案", "2月 全面动员", "3月 检查验收"],
        ["1 亿元用于道路", "2 亿元用于桥梁", "3 亿元用于管网"],
        ["9:00 开幕", "10:00 讲话", "11:00 参观"],
        ["张三 13800000001", "李四 13800000002", "王五 13800000003"],
    ],
)
def test_years_and_figures_are_not_flagged(place: str, lines: list[str]) -> None:
    words = dict.fromkeys(_PLACES, "") | {place: "\n" + "\n".join(lines) + "\n"}
    text = _PLAN.format(**words)
    notice = parse(text)
    assert [item.number for item in notice.items] == [1, 2, 3]
    assert [[one.name for one in item.host_units] for item in notice.items] == [
        ["市住建局"],
        ["市园林局"],
        ["市民政局"],
    ]
    assert not codes(text) & {"several-items"}
    assert not unread(text)


@pytest.mark.parametrize("place", ["before", "inside", "under", "behind"])
@pytest.mark.parametrize(
    "lines",
    [
        ["1 城市更新", "2 民生服务", "3 安全生产"],
        ["1 张三 13800000001", "2 李四 13800000002", "3 王五 13800000003"],
        ["1，甲小区", "2，乙小区", "3，丙小区"],
        ["一：便民", "二：高效", "三：公开"],
        ["A. 优秀", "B. 合格", "C. 不合格"],
    ],
)
def test_lists_without_tasks_change_nothing(place: str, lines: list[str]) -> None:
    words = dict.fromkeys(_PLACES, "") | {place: "\n".join(lines) + "\n"}
    text = _PLAN.format(**words)
    notice, plain = parse(text), parse(_PLAN.format(**dict.fromkeys(_PLACES, "")))
    assert [(one.label, one.path) for one in notice.items] == [
        (one.label, one.path) for one in plain.items
    ]
    assert [item.host_units[0].name for item in notice.items] == [
        "市住建局",
        "市园林局",
        "市民政局",
    ]
    assert "several-items" not in codes(text)
    assert not unread(text)


def test_owners_that_no_item_has_are_flagged() -> None:
    text = (
        "云岭市2024年重点工作任务分工方案\n推进改造。（责任单位：市住建局）\n"
        "一、民生\n1.完善养老。（责任单位：市民政局）\n2.治理扬尘。（责任单位：市环保局）\n"
    )
    assert unread(text) == ["（责任单位：市住建局）"]


def test_an_item_that_may_hold_several_is_told_of_once() -> None:
    text = (
        "云岭市2024年重点工作任务分工方案\n一、城市更新\n15.推进改造。（市住建局负责）\n"
        "8.建设公园。（市园林局负责）\n12.治理扬尘。（市环保局负责）\n二、民生\n1.完善养老。（市民政局负责）\n"
    )
    notice = parse(text)
    told = [one.item_id for one in notice.problems if one.code == "several-items"]
    assert len(told) == len(set(told))


@pytest.mark.parametrize(
    "lines",
    [
        ["2021 年完成", "2022 年完成", "2023 年完成"],
        ["1 月开工", "2 月封顶", "3 月竣工"],
        ["8:30开门", "9:30开会", "10:30散会"],
        ["1,000人", "2,000人", "3,000人"],
        ["1 推进甲", "2 推进乙"],
        ["1 推进甲", "3 推进乙", "7 推进丙"],
        ["1\t推进甲\t甲局", "2\t推进乙\t乙局", "3\t推进丙\t丙局"],
        ["1", "2", "3"],
        ["0571-8765001", "0571-8765002", "0571-8765003"],
        ["2024-1-1", "2024-1-2", "2024-1-3"],
        ["1-3月推进", "1-4月推进", "1-5月推进"],
        ["3.14推进", "2.71推进"],
    ],
)
def test_figures_and_short_runs_are_no_numbers(lines: list[str]) -> None:
    folded = fold("某市方案\n" + "\n".join(lines) + "\n")
    assert find_runs(find_candidates(folded, 0, len(folded))) == []


def test_a_number_may_be_before_a_word_that_is_a_measure() -> None:
    folded = fold("1 建设公园。\n2 项目管理。\n3 个人荣誉。\n4 建设学校。\n")
    runs = find_runs(find_candidates(folded, 0, len(folded)))
    assert [[one.number for one in run] for run in runs] == [[1, 2, 3, 4]]


@pytest.mark.parametrize(
    ("printed", "numbers"),
    [
        (["十九、", "二十、", "廿一、", "廿二、"], [19, 20, 21, 22]),
        (["廿九、", "卅、", "卅一、"], [29, 30, 31]),
        (["⑳", "㉑", "㉒"], [20, 21, 22]),
        (["㉟", "㊱", "㊲"], [35, 36, 37]),
    ],
)
def test_numerals_of_other_forms(printed: list[str], numbers: list[int]) -> None:
    text = fold("".join(f"{one}推进改革。\n" for one in printed))
    assert [block.number for block in find_blocks(text)] == numbers


@pytest.mark.parametrize(
    "sign", ["●", "◆", "- ", "甲、乙、", "一是二是", "1号 2号 ", "1#2#", "1/2/"]
)
def test_a_list_inside_an_item_that_is_not_read_is_flagged(sign: str) -> None:
    half = len(sign) // 2
    first, second = (sign, sign) if half < 1 or sign == "- " else (sign[:half], sign[half:])
    text = (
        "云岭市2024年重点工作任务分工方案\n一、城市更新\n"
        f"{first}推进改造。（责任单位：市住建局）\n{second}建设公园。（责任单位：市园林局）\n"
        "二、民生服务\n1.完善养老。（责任单位：市民政局）\n"
    )
    assert "several-items" in codes(text)


@pytest.mark.parametrize("printed", ["15.推进", "（9）推进", "9、推进"])
def test_a_number_out_of_order_inside_an_item_is_flagged(printed: str) -> None:
    text = (
        "云岭市2024年重点工作任务分工方案\n1.推进改造。（责任单位：市住建局）\n"
        f"2.建设公园。（责任单位：市园林局）\n{printed}养老。（责任单位：市民政局）\n"
    )
    assert "several-items" in codes(text)


def flagged(numbers: list[int | str]) -> list[tuple[int | None, str]]:
    """The numbers of the items with a gap beside them; a text among the numbers is a heading."""
    lines = [
        one if isinstance(one, str) else f"{one}.推进改造。（责任单位：市住建局）"
        for one in numbers
    ]
    notice = parse("\n".join(["云岭市2024年重点工作任务分工方案", *lines, ""]))
    numbered = {item.item_id: item.number for item in notice.items}
    gaps = [one for one in notice.problems if one.code == "number-gap"]
    return [(numbered.get(one.item_id or ""), one.message) for one in gaps]


@pytest.mark.parametrize(
    ("numbers", "gaps"),
    [
        ([1, 2, 3], []),
        (["一、城市", 1, 2, "二、民生", 3, 4], []),
        (["一、城市", 1, 2, "二、民生", 1, 2], []),
        (["一、城市", 1, 2, "二、民生", 4, 5], [(4, "编号从2跳到4"), (2, "编号从2跳到4")]),
        (["一、城市", 1, 2, 3, "二、民生", 2, 3], [(2, "编号从2开始")]),
        ([2, 3, 4], [(2, "编号从2开始")]),
    ],
)
def test_gaps_where_a_section_begins(
    numbers: list[int | str], gaps: list[tuple[int | None, str]]
) -> None:
    assert flagged(numbers) == gaps


def test_a_gap_among_the_rows_of_a_table() -> None:
    text = (
        "云岭市2024年重点工作任务分工方案\n序号\t任务\t责任单位\n1\t推进改造\t市住建局\n"
        "2\t建设公园\t市园林局\n4\t修订预案\t市应急局\n"
    )
    notice = parse(text)
    assert [one.message for one in notice.problems if one.code == "number-gap"] == [
        "编号从2跳到4"
    ] * 2
