"""Folding keeps every offset; numerals."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text import (
    find_cuts,
    find_nth_character,
    fold,
    parse_numeral,
    squeeze,
    trim,
    without_blanks,
)


@given(st.text())
def test_folding_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text())
def test_blanks_are_those_of_patterns(text: str) -> None:
    assert without_blanks(text) == re.sub(r"\s", "", text)


@given(st.text(alphabet="ab \n\u3000"), st.integers(0, 9), st.integers(0, 9))
def test_the_nth_character(text: str, count: int, start: int) -> None:
    places = [at for at in range(start, len(text)) if not text[at].isspace()]
    expected = places[count] if count < len(places) else len(text)
    assert find_nth_character(text, count, start) == expected


def test_folding() -> None:
    assert fold("（一）１．〔２０１１〕Ａ：；，　①⻓⽉") == "(一)1.[2011]A:;, ①长月"


@pytest.mark.parametrize(
    ("digits", "value"),
    [
        ("一", 1),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("七十二", 72),
        ("一〇八", 108),
        ("一百零五", 105),
        ("12", 12),
        ("③", 3),
        ("〇", 0),
        ("两百", 200),
        ("百二", 102),
        ("一千零一", 1001),
        ("九千九百九十九", 9999),
        ("㊿", 50),
        ("廿一", 21),
        ("卅", 30),
        ("一万", 10_000),
        ("一万零一", 10_001),
        ("十二万三千", 123_000),
        ("万", None),
        ("一万甲", None),
        ("½", 0),
        ("123456789", 123456789),
        ("1" * 10, None),
        ("1" * 5000, None),
        ("九" * 5000, None),
        ("甲", None),
        ("1甲", None),
        ("", None),
    ],
)
def test_numeral(digits: str, value: int | None) -> None:
    assert parse_numeral(digits) == value


def test_blanks_and_marks() -> None:
    assert without_blanks("张\u3000超\n 局") == "张超局"
    assert squeeze("（区 发改局）") == "(区发改局)"
    assert trim(" 甲局 \n", 0, 5) == (1, 3)
    assert trim("、甲局;", 0, 4, "、;") == (1, 3)
    assert trim("   ", 0, 3) == (3, 3)


@pytest.mark.parametrize(
    ("text", "cuts"),
    [
        ("甲、乙、丙", [1, 3]),
        ("甲(乙、丙)、丁", [6]),
        ("甲[乙、丙]、丁", [6]),
        ("甲)、乙", [2]),
        ("甲((乙、丙)、丁)、戊", [10]),
        ("甲(乙、丙", []),
    ],
)
def test_cuts_are_outside_brackets(text: str, cuts: list[int]) -> None:
    assert list(find_cuts(re.compile(r"[、()\[\]]"), text, 0, len(text))) == cuts


def test_numerals_of_long_texts_are_not_all_remembered() -> None:
    assert parse_numeral.cache_info().maxsize
