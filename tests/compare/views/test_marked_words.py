"""Whole sentences are marked where little of them stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.compare.views.marked_words import mark_sentences
from pipeline.compare.wording import compare_words
from pipeline.comparison import Words

FATES = {" ": "kept", "-": "removed", "+": "added"}


def words(text: str) -> list[Words]:
    """Words as lines of a mark and a text: "-8%" is removed."""
    return [
        Words.model_validate({"fate": FATES[one[0]], "text": one[1:]}) for one in text.split("|")
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (" 增长|-8%|+10%| 。", " 增长|-8%|+10%| 。"),
        (
            " 不变。强化|-甲乙丙丁戊己庚辛|+子丑寅卯辰巳午未| 工作|-天地玄黄|+宇宙洪荒| 。末句。",
            " 不变。|-强化甲乙丙丁戊己庚辛工作天地玄黄。|+强化子丑寅卯辰巳午未工作宇宙洪荒。| 末句。",
        ),
        (
            " 开展小作坊|-整顿。集中检查|+治理整顿。健全机制",
            " 开展小作坊|-整顿。|+治理整顿。|-集中检查|+健全机制",
        ),
        (" 强化|-甲乙丙丁戊己庚辛壬癸", " 强化|-甲乙丙丁戊己庚辛壬癸"),
    ],
)
def test_sentences(before: str, after: str) -> None:
    assert mark_sentences(words(before)) == tuple(words(after))


@given(st.text("甲乙丙丁。；\n"), st.text("甲乙丙丁。；\n"))
def test_both_texts_stay(before: str, after: str) -> None:
    compared = [Words(fate=one.fate, text=one.text) for one in compare_words(before, after)]
    marked = mark_sentences(compared)
    assert "".join(one.text for one in marked if one.fate != "added") == before
    assert "".join(one.text for one in marked if one.fate != "removed") == after
