"""Wrapped lines joined, page marks and pinyin left out, characters folded, offsets back to the source."""

from __future__ import annotations

import pytest

from pipeline.parse.normalize import normalize_text
from tests.parse.case_files import Case, one_line, read_cases


@pytest.mark.parametrize("case", read_cases("normalize.md", "texts"), ids=lambda case: case.title)
def test_normalized(case: Case) -> None:
    text = case.text.replace("□", "\u200b")
    normalized = normalize_text(text)
    repairs = [
        f"{one.kind}: {one_line(text[one.start : one.end])}".replace("\u200b", "□")
        for one in normalized.repairs
    ]
    assert [one_line(normalized.folded), *repairs] == case.lines
    assert len(normalized.text) == len(normalized.folded) == len(normalized.plain)
    for offset, character in enumerate(normalized.text):
        place = normalized.source_offset(offset)
        assert text[place] == character
        assert normalized.source_span(offset, offset + 1) == (place, place + 1)
    whole = len(normalized.text)
    first, last = normalized.source_span(0, whole)
    assert normalized.plain_between(first, last) == normalized.plain
    assert normalized.source_offset(whole) == len(text)


def test_a_span_across_a_break_has_both_ends() -> None:
    text = "甲\u200b乙\u200b丙"
    normalized = normalize_text(text)
    assert normalized.text == "甲乙丙"
    assert normalized.source_span(0, 2) == (0, 3)
    assert normalized.source_span(1, 1) == (2, 2)
    assert normalized.source_span(1, 3) == (2, 5)
    assert normalized.plain_between(0, 3) == "甲乙"
    assert normalized.plain_between(1, 4) == "乙"
    assert normalize_text("\u200b甲").plain_between(0, 2) == "甲"


def test_traditional_characters_stay_in_names() -> None:
    normalized = normalize_text("責任單位:縣財政局")
    assert (normalized.folded, normalized.plain) == ("责任单位:县财政局", "責任單位:縣財政局")
    simplified = normalize_text("责任单位:县财政局")
    assert simplified.folded is simplified.plain
