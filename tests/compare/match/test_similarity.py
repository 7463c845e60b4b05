"""Pairs of identical demands."""

from __future__ import annotations

from pipeline.compare.match import Demand
from pipeline.compare.match.similarity import find_identical


def test_identical_demands_with_the_same_place_come_first() -> None:
    here = Demand("", "加强监管。", ("民生",), ("区民政局",))
    there = Demand("", "加强监管", ("环境",), ("区水务局",))
    assert list(find_identical([here, there], [there, here])) == [(0, 1), (1, 0)]
    assert list(find_identical([here, here], [there, here])) == [(0, 1), (1, 0)]
    assert list(find_identical([here, here], [here])) == [(0, 0)]


def test_demands_without_content_are_not_identical() -> None:
    empty = Demand("监管", "。", ("民生",))
    assert list(find_identical([empty], [empty])) == []


def test_another_title_is_another_demand() -> None:
    one, other = Demand("监管", "加强。"), Demand("服务", "加强。")
    assert list(find_identical([one], [other])) == []
