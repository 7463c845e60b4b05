"""Words and figures that changed between two texts."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.compare.figures import find_figures
from pipeline.compare.trifles import is_trifling
from pipeline.compare.wording import compare_words
from pipeline.compare.words import split_words

TEXT = st.text(alphabet="建设公园街道服务，。；10%2年 \n“”", max_size=60)


@given(TEXT, TEXT)
@settings(max_examples=80, deadline=None)
def test_the_words_are_both_texts(before: str, after: str) -> None:
    found = compare_words(before, after)
    assert "".join(one.text for one in found if one.fate != "added") == before
    assert "".join(one.text for one in found if one.fate != "removed") == after
    assert all(one.text for one in found)
    fates = [one.fate for one in found]
    assert all(a != b for a, b in pairwise(fates))


def test_marks_fall_on_words() -> None:
    found = compare_words("推行政务公开，建立示范街2.5公里。", "推行政务服务，建立示范店2.8公里。")
    assert [tuple(one) for one in found if one.fate != "kept"] == [
        ("removed", "政务公开"),
        ("added", "政务服务"),
        ("removed", "示范街2.5"),
        ("added", "示范店2.8"),
    ]


def test_equal_texts_are_kept() -> None:
    assert [tuple(one) for one in compare_words("新建公园。", "新建公园。")] == [
        ("kept", "新建公园。")
    ]
    assert compare_words("", "") == []


@pytest.mark.parametrize(
    ("before", "after", "figures"),
    [
        ("力争增长8%以上", "力争增长10%以上", [("力争增长", "8%", "10%")]),
        ("新建公园3座", "新建公园5座、厕所3座", [("新建公园", "3座", "5座")]),
        ("完成投资1,200万元", "完成投资1,500万元", [("完成投资", "1,200万元", "1,500万元")]),
        ("到2016年底完成", "到2017年底完成", []),
        ("新建公园3座", "整治河道5条", []),
        ("新建公园3座", "新建公园3座", []),
    ],
)
def test_figures(before: str, after: str, figures: list[tuple[str, str, str]]) -> None:
    assert [tuple(one) for one in find_figures(before, after)] == figures


def test_a_year_that_does_not_follow_the_plan_is_no_trifle() -> None:
    assert is_trifling("按2015年办法执行", "按2015年办法执行。", (2016, 2017))
    assert not is_trifling("按2015年办法执行", "按2014年办法执行。", (2016, 2017))


def test_our_own_terms_are_words() -> None:
    text = "推行“明厨亮灶”，完成率90.5%。"
    words = split_words(text)
    assert {"明厨亮灶", "90.5%"} <= set(words)
    assert "".join(words) == text
