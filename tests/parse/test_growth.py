"""Work grows with the length of the text, whatever it holds: calls are counted, not seconds.

What a single call costs (a pattern that backtracks) is measured by benchmarks/adversarial.py.
"""

from __future__ import annotations

import sys
from types import FrameType

import pytest

from benchmarks.adversarial import LIMIT, SHAPES, written
from tests.conftest import parse

MANY = 200


def calls(text: str) -> int:
    """How many Python and C functions one parse calls."""
    count = 0

    def watch(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        parse(text)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("name", SHAPES)
def test_work_grows_with_the_length(name: str) -> None:
    parse(written(name, 2 * MANY))  # what is cached once is cached now
    once, twice = calls(written(name, MANY)), calls(written(name, 2 * MANY))
    assert twice <= LIMIT * once, f"{once} calls, {twice} for twice the length"
