"""Words and figures that changed between two texts."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.compare.wording import compare_words
from tests.compare.cases import read_table

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


MARKS = {"kept": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}


@pytest.mark.parametrize("row", read_table("wording"), ids=str)
def test_wordings(row: dict[str, str]) -> None:
    stretches = compare_words(row["before"], row["after"])
    assert "".join(MARKS[one.fate].format(one.text) for one in stretches) == row["marked"]
