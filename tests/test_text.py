"""Folding keeps every offset; numerals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text import fold, parse_numeral


@given(st.text())
def test_folding_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


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
        ("甲", None),
        ("", None),
    ],
)
def test_numeral(digits: str, value: int | None) -> None:
    assert parse_numeral(digits) == value
