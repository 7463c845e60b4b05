"""Numbered blocks, their levels and extents; where headings end; annexes."""

from __future__ import annotations

import pytest

from pipeline.parse.annexes import find_annexes, find_attachment_numbers
from pipeline.parse.outline import Block, find_blocks, find_heading_end
from pipeline.text import fold
from tests.parse.case_files import Case, one_line, read_cases


def shown(folded: str, block: Block) -> str:
    """A block as the cases write it: depth, kind, number, parent | own text | text with children."""
    lost = " lost" if block.lost else ""
    head = f"{block.depth} {block.kind} {block.number} ^{block.parent}{lost}"
    own = one_line(folded[block.body : block.own_end])
    return f"{head} | {own} | {one_line(folded[block.start : block.end])[-8:]}"


@pytest.mark.parametrize("case", read_cases("outline.md", "blocks"), ids=lambda case: case.title)
def test_blocks(case: Case) -> None:
    folded = fold(case.text)
    assert [shown(folded, block) for block in find_blocks(folded)] == case.lines


@pytest.mark.parametrize("case", read_cases("outline.md", "headings"), ids=lambda case: case.title)
def test_heading_end(case: Case) -> None:
    folded = fold(case.text)
    assert [folded[: find_heading_end(folded, 0, len(folded))]] == case.lines


@pytest.mark.parametrize("case", read_cases("outline.md", "annexes"), ids=lambda case: case.title)
def test_annexes(case: Case) -> None:
    folded = fold(case.text)
    found = [
        f"{one_line(folded[annex.start : annex.start + 6])} | "
        f"{one_line(folded[slice(*annex.title)]) if annex.title else '-'}"
        for annex in find_annexes(folded, [])
    ]
    assert found == case.lines


@pytest.mark.parametrize(
    "case", read_cases("outline.md", "attachments"), ids=lambda case: case.title
)
def test_attachment_numbers(case: Case) -> None:
    folded = fold(case.text)
    blocks = find_blocks(folded)
    found = find_attachment_numbers(folded, [(block.start, block.number) for block in blocks])
    assert [one_line(folded[blocks[i].start : blocks[i].end]) for i in found] == case.lines


def test_a_span_begins_anywhere() -> None:
    folded = "某方案一、甲。二、乙。三、丙。"
    blocks = find_blocks(folded, 3, 11)
    assert [(block.number, block.start, block.end) for block in blocks] == [(1, 3, 7), (2, 7, 11)]
