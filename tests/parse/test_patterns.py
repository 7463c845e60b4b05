"""No pattern is compiled while a text is parsed: that would cost more than the parsing of a short one."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

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
