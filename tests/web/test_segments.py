"""Marks over each other are cut into segments that have all characters once."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from pipeline.web.review.segments import Mark, cut_segments, cut_stretch

LAYERS = ("item", "value", "doubt", "grey")
MARKS = st.lists(
    st.builds(
        lambda start, length, layer, n: Mark(start, start + length, layer, str(n)),
        st.integers(0, 30),
        st.integers(0, 12),
        st.sampled_from(LAYERS),
        st.integers(0, 5),
    ),
    max_size=12,
)


@given(MARKS)
def test_segments_follow_each_other_and_say_what_lies_over_them(marks: list[Mark]) -> None:
    segments = cut_segments(marks, 40)
    assert [one.start for one in segments] == [0, *(one.end for one in segments[:-1])]
    assert segments[-1].end == 40
    for one in segments:
        for layer in LAYERS:
            over = [
                mark.means
                for mark in marks
                if mark.layer == layer and mark.start <= one.start and one.end <= mark.end <= 40
            ]
            said = getattr(one, layer)
            assert said in over if over else said == ""


def test_the_inner_mark_counts() -> None:
    marks = [Mark(0, 10, "item", "outer"), Mark(3, 6, "item", "inner")]
    said = [(one.start, one.end, one.item) for one in cut_segments(marks, 12)]
    assert said == [(0, 3, "outer"), (3, 6, "inner"), (6, 10, "outer"), (10, 12, "")]


def test_a_stretch_is_cut_out_of_segments() -> None:
    segments = cut_segments([Mark(2, 5, "value", "a")], 10)
    cut = [(one.start, one.end, one.value) for one in cut_stretch(segments, 0, 3, 8)]
    assert cut == [(3, 5, "a"), (5, 8, "")]


def test_many_marks_take_the_time_of_sorting() -> None:
    marks = [Mark(n * 3, n * 3 + 2, "value", str(n)) for n in range(60_000)]
    marks += [Mark(0, 180_000, "item", "0")] * 50
    began = time.process_time()
    cut_segments(marks, 180_000)
    assert time.process_time() - began < 5
