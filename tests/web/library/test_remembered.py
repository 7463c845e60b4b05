"""A value that many threads ask for at once is made once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from pipeline.web.library.remembered import Remembered

_PEOPLE = 8


def test_value_that_many_ask_for_at_once_is_made_once() -> None:
    remembered: Remembered[int] = Remembered(2)
    made: list[int] = []
    start, is_asked = Barrier(_PEOPLE), Event()

    def make() -> int:
        is_asked.wait(1)
        made.append(len(made))
        return made[-1]

    def ask(number: int) -> int:
        start.wait()
        if number == 0:
            is_asked.set()
        return remembered.find("key", make)

    with ThreadPoolExecutor(_PEOPLE) as people:
        assert set(people.map(ask, range(_PEOPLE))) == {0}
    assert made == [0]


def test_where_one_fails_another_makes_the_value() -> None:
    remembered: Remembered[str] = Remembered(2)
    start = Barrier(_PEOPLE)
    tried: list[int] = []

    def make() -> str:
        tried.append(len(tried))
        if len(tried) == 1:
            raise ValueError
        return "made"

    def ask(_: int) -> str:
        start.wait()
        try:
            return remembered.find("key", make)
        except ValueError:
            return "failed"

    with ThreadPoolExecutor(_PEOPLE) as people:
        told = sorted(people.map(ask, range(_PEOPLE)))
    assert told == ["failed"] + ["made"] * (_PEOPLE - 1)
    assert len(tried) == 2


def test_the_latest_keys_are_kept() -> None:
    remembered: Remembered[str] = Remembered(2)
    for key in ("a", "b", "a", "c"):
        remembered.find(key, key.upper)
    assert [remembered.get(key) for key in "abc"] == ["A", None, "C"]
    remembered.forget("a")
    assert remembered.get("a") is None
    with pytest.raises(ZeroDivisionError):
        remembered.find("d", lambda: str(1 / 0))
