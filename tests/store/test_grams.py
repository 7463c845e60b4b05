"""Pairs of characters: texts and words as both indexes take them."""

from __future__ import annotations

import pytest

from pipeline.store import grams
from tests.case_tables import read_cases


@pytest.mark.parametrize("case", read_cases("search_bigrams"), ids=lambda case: case["text"])
def test_pairs_of_a_text(case: dict[str, str]) -> None:
    normalized, offsets = grams.normalize_with_offsets(case["text"])
    assert normalized == grams.normalize(case["text"]) == case["normalized"]
    assert offsets == [int(one) for one in case["offsets"].split()]
    assert grams.pair_terms(normalized).replace("\x02", "␂") == case["terms"]
    assert grams.match_phrase(normalized) == case["phrase"]


def test_pairs_as_numbers() -> None:
    """Each pair once, sorted, its order told apart; within PostgreSQL's integer."""
    one = ord("财") * 1_000_003 + ord("政")
    assert grams.pair_numbers("财政") == [one % (2**31 - 1)]
    assert grams.pair_numbers("财政", "财政") == grams.pair_numbers("财政")
    assert grams.pair_numbers("财政") != grams.pair_numbers("政财")
    assert grams.pair_numbers("财政局") == sorted(
        grams.pair_numbers("财政") + grams.pair_numbers("政局")
    )
    assert grams.pair_numbers("局", "") == []
    assert max(grams.pair_numbers("\U0010ffff\U0010ffff")) < 2**31


def test_no_text_is_no_word() -> None:
    assert grams.normalize(None) == grams.normalize(" \n\x00") == ""
