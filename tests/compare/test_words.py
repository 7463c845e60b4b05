"""Sentences split into words."""

from __future__ import annotations

import pytest

from pipeline.compare.words import split_words
from tests.compare.cases import read_table


@pytest.mark.parametrize("row", read_table("words"), ids=str)
def test_words(row: dict[str, str]) -> None:
    words = split_words(row["text"])
    assert "|".join(words) == row["words"]
    assert "".join(words) == row["text"]
