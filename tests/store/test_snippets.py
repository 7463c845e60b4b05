"""The sentence of a hit with its words marked."""

from __future__ import annotations

import pytest

from pipeline.store.snippets import Snippet, find_snippet
from tests.case_tables import read_cases


def marked(found: Snippet | None) -> str:
    """The sentence with its words in brackets, as the cases write it."""
    if found is None:
        return ""
    made, at = "", 0
    for start, end in found.marks:
        made += f"{found.sentence[at:start]}【{found.sentence[start:end]}】"
        at = end
    return made + found.sentence[at:]


@pytest.mark.parametrize("case", read_cases("search_snippets"), ids=lambda case: case["text"])
def test_sentence_and_marks(case: dict[str, str]) -> None:
    assert marked(find_snippet(case["text"], case["words"].split())) == case["sentence"]


def test_a_long_sentence_is_cut_on_both_sides() -> None:
    found = find_snippet("甲" * 100 + "财政" + "乙" * 100, ["财政"])
    assert found == Snippet("甲" * 60 + "财政" + "乙" * 60, ((60, 62),))
    found = find_snippet("甲" * 60 + "财政" + "乙" * 59 + "。丙", ["财政"])
    assert found == Snippet("甲" * 60 + "财政" + "乙" * 59 + "。", ((60, 62),))
