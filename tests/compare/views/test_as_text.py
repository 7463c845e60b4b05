"""A comparison as text for a terminal."""

from __future__ import annotations

from pipeline.compare.diff import diff_notices
from pipeline.compare.views.as_text import to_text
from pipeline.model import Notice


def test_text_marks_words_and_colours_only_on_demand(years: tuple[Notice, Notice]) -> None:
    made = diff_notices(*years)
    plain, painted = to_text(made, *years), to_text(made, *years, colour=True)
    assert "增长[-8%-]{+10%+}" in plain
    assert "区财政局由协办改任主办" in plain
    assert "区卫生局 → 区卫计局" in plain
    assert "\033[" not in plain
    assert "\033[" in painted


def test_the_summary_is_in_one_language(years: tuple[Notice, Notice]) -> None:
    made = diff_notices(*years)
    chinese, english = to_text(made, *years), to_text(made, *years, language="en")
    assert chinese.splitlines()[0] == made.summary.zh
    assert made.summary.en not in chinese
    assert english.splitlines()[0] == made.summary.en
    assert made.summary.zh not in english
