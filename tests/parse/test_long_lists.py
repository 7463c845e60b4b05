"""Lists beyond 999 items, and numbers that only look as if they continued one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest

from pipeline.model import Source
from pipeline.parse.notice import parse_notice
from pipeline.parse.outline import find_blocks
from pipeline.text import fold

_DIGITS = "零一二三四五六七八九"
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def chinese(number: int) -> str:
    """A number from 1 to 99,999 as a plan prints it: 1001 -> 一千零一, 10001 -> 一万零一."""
    words = ""
    for unit, name in ((10_000, "万"), (1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            words += _DIGITS[digit] + name
        elif words and number and not words.endswith("零"):
            words += "零"
    return words


STYLES: dict[str, Callable[[int], str]] = {
    "point": lambda n: f"{n}.",
    "pause": lambda n: f"{n}、",
    "full width": lambda n: f"{n}．".translate(_WIDE),
    "round": lambda n: f"({n})",
    "full round": lambda n: f"（{n}）",
    "half round": lambda n: f"{n}）",
    "Chinese": lambda n: f"{chinese(n)}、",
    "Chinese round": lambda n: f"（{chinese(n)}）",
    "article": lambda n: f"第{n}条 ",
    "Chinese article": lambda n: f"第{chinese(n)}条 ",
}


@pytest.mark.parametrize("style", list(STYLES))
@pytest.mark.parametrize("end", ["。\n", "。"])
def test_a_list_goes_on_beyond_999(style: str, end: str) -> None:
    text = fold("".join(f"{STYLES[style](n)}推进改革{end}" for n in range(1, 1013)))
    assert [block.number for block in find_blocks(text)] == list(range(1, 1013))


@pytest.mark.parametrize("style", ["point", "half round", "Chinese", "Chinese round"])
@pytest.mark.parametrize("end", ["。\n", "。"])
def test_a_list_goes_on_beyond_9999(style: str, end: str) -> None:
    text = fold("".join(f"{STYLES[style](n)}推进{end}" for n in range(1, 10_003)))
    assert [block.number for block in find_blocks(text)] == list(range(1, 10_003))


@pytest.mark.parametrize("style", ["point", "full round", "Chinese round"])
def test_each_of_2001_tasks_in_sections_is_an_item(style: str) -> None:
    lines = ["某市2024年重点任务分工"]
    for n in range(1, 2002):
        if n % 400 == 1:
            lines.append(f"{chinese(n // 400 + 1)}、重点工作")
        lines.append(f"{STYLES[style](n)}推进改革。（责任单位：市财政局）")
    text = "\n".join(lines)
    notice = parse_notice(Source(sha256=hashlib.sha256(text.encode()).hexdigest(), text=text))
    assert [item.number for item in notice.items] == list(range(1, 2002))
    assert {item.host_units[0].name for item in notice.items} == {"市财政局"}


@pytest.mark.parametrize("style", list(STYLES)[:6])
def test_numbers_may_be_skipped_beyond_999(style: str) -> None:
    numbers = [*range(1, 1000), 1001, 1002]
    text = fold("".join(f"{STYLES[style](n)}推进改革。\n" for n in numbers))
    assert [block.number for block in find_blocks(text)] == numbers


@pytest.mark.parametrize(
    "words",
    [
        "2011.年度考核",
        "(2011)12号",
        "2023年",
        "（2011）",
        "2011、2012年",
        "一千、",
        "1000人",
        "（一千零一）",
        "请拨打（12345）",
        "12345热线办理",
        "10000、12000人",
    ],
)
@pytest.mark.parametrize("last", [2, 998])
def test_a_year_or_a_figure_continues_no_list(words: str, last: int) -> None:
    text = fold("".join(f"{n}.推进改革。\n" for n in range(1, last)) + f"{words}\n{last}.推进")
    assert [block.number for block in find_blocks(text)] == list(range(1, last + 1))


@pytest.mark.parametrize("words", ["共1000人", "见图(1000)", "达到1000、1001"])
def test_a_figure_in_words_continues_no_long_list(words: str) -> None:
    text = fold("".join(f"({n})推进。\n{n}.推进。\n" for n in range(1, 1000)) + f"推进{words}")
    assert max(block.number for block in find_blocks(text)) == 999
