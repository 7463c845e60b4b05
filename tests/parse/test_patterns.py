"""Patterns cost little: none is compiled while a text is parsed, and whole texts are skipped through fast.

To compile one costs more than to parse a short text. How long each takes: `python -m benchmarks.patterns`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from re import _compiler, _constants, _parser  # type: ignore[attr-defined]

import pytest

from benchmarks.patterns import find_whole_text_patterns
from benchmarks.speed import source
from tests.conftest import RAW, parse
from tests.plans import CELLS, write_plan

_HEADED = """甲市人民政府办公室文件

关于印发甲市2021年重点工作分工的通知

1.推进道路改造。责任单位:国家粮食局、市委市政府接待办、区公安局
2.推进学校改造。责任单位:甲局、乙局负责推进改造工作
牵头领导:张 三 副市长 李 四

甲市人民政府办公室
2021年3月2日
"""


@pytest.fixture(scope="module", autouse=True)
def _tables_are_loaded() -> None:
    """Tables and patterns that are made once in a process are made before the tests."""
    parse(RAW.read_text("utf-8"))
    for cell in CELLS:
        parse(write_plan(0, *cell).text)


def compiled_by(call: Callable[[], object]) -> list[object]:
    """The patterns that a call gives to `re` as strings, which compiles them or looks them up."""
    found: list[object] = []
    compile_one: Callable[[object, int], object] = vars(re)["_compile"]

    def note(pattern: object, flags: int) -> object:
        if not isinstance(pattern, re.Pattern):
            found.append(pattern)
        return compile_one(pattern, flags)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(re, "_compile", note)
        call()
    return found


def test_a_pattern_that_is_compiled_is_seen() -> None:
    assert compiled_by(lambda: re.search("a+", "a")) == ["a+"]


@pytest.mark.parametrize("cell", CELLS, ids="-".join)
def test_plans_compile_no_pattern(cell: tuple[str, str]) -> None:
    text = write_plan(1, *cell).text
    assert compiled_by(lambda: parse(text)) == []


def test_signatures_and_odd_names_compile_no_pattern() -> None:
    assert compiled_by(lambda: parse(_HEADED)) == []


def is_found_fast(pattern: re.Pattern[str]) -> bool:
    r"""Whether the engine looks for a literal or for characters of a set before it tries the pattern.

    Otherwise it tries the whole pattern at each character, which costs ten times as much. One that takes
    whatever is no line break ([^\n]+) matches at nearly each character, so that there is nothing to skip.
    """
    flags = pattern.flags & ~re.UNICODE
    parsed = _parser.parse(pattern.pattern, flags)
    opcode, _, kind, *_ = _compiler._code(parsed, flags)
    assert opcode == _constants.INFO
    fast = kind & (_constants.SRE_INFO_PREFIX | _constants.SRE_INFO_CHARSET)
    return bool(fast) or pattern.pattern == r"[^\n]+"


@pytest.mark.parametrize(
    ("pattern", "fast"),
    [
        ("任务[一二三]", True),
        ("[一二三]、", True),
        (r"\n(?=[任项])", True),
        ("第|附件", True),
        (r"(?<=\n)任务", False),
        (r"\s*任务", False),
        ("(?:甲|[乙丙])*丁", False),
    ],
)
def test_a_slow_beginning_is_seen(pattern: str, *, fast: bool) -> None:
    assert is_found_fast(re.compile(pattern)) is fast


def test_patterns_over_whole_texts_begin_with_a_literal_or_a_set() -> None:
    plans = [write_plan(0, *cell).text for cell in CELLS[::3]]
    found = find_whole_text_patterns([source(text) for text in [*plans, RAW.read_text("utf-8")]])
    assert "pipeline.parse.printed_numbers._FIRST" in found
    slow = [place for place, watched in found.items() if not is_found_fast(watched.pattern)]
    assert slow == []
