"""What holds for every text whatever: it parses, spans hold, characters are accounted for."""

from __future__ import annotations

import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.batch.verify import find_notice_faults
from tests.conftest import RAW, parse

REAL = RAW.read_text("utf-8")
_WORDS = "一二三四、。，；：()（）[]〔〕①1234567890.．\n \t　局部委办各等和及牵头配合负责责任单位主办协办领导区市县《》〈〉“”的年月日由会同下同第"
SETTINGS = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])


def hold(text: str) -> None:
    notice = parse(text)
    assert list(find_notice_faults(notice)) == []
    assert parse(text) == notice


@SETTINGS
@given(st.text())
def test_any_text(text: str) -> None:
    hold(text)


@SETTINGS
@given(st.text(alphabet=_WORDS, max_size=300))
def test_texts_of_the_telling_characters(text: str) -> None:
    hold(text)


@SETTINGS
@given(st.integers(0, len(REAL)), st.integers(0, len(REAL)))
def test_truncations(start: int, end: int) -> None:
    hold(REAL[min(start, end) : max(start, end)])


@SETTINGS
@given(st.randoms(use_true_random=False))
def test_shuffled_lines(chance: random.Random) -> None:
    lines = REAL.split("\n")
    chance.shuffle(lines)
    hold("\n".join(lines))


def test_hostile_texts() -> None:
    for text in (
        "(" * 100_000,
        "(" * 50_000 + ")" * 50_000,
        "责任单位:" + "甲局、" * 10_000,
        "1." * 10_000,
        "、" * 10_000,
    ):
        hold(text)
