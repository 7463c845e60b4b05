"""Rows of a sheet matched to items, or why they are not."""

from __future__ import annotations

import pytest

from pipeline.ledger.read.filled_rows import FilledRow
from pipeline.ledger.read.matching import ItemIndex, match_held, match_rows
from tests.case_tables import read_cases, split_cells


def cells(row: list[str]) -> dict[str, str]:
    named = zip(("item_id", "title", "content"), row, strict=True)
    return {key: text for key, text in named if text}


def filled(lines: str) -> list[FilledRow]:
    return [FilledRow(n, cells(row), {}) for n, row in enumerate(split_cells(lines), 1)]


def index(lines: str) -> ItemIndex:
    return ItemIndex((row[0], cells(row)) for row in split_cells(lines))


@pytest.mark.parametrize(
    "case", read_cases("ledger_matches"), ids=lambda case: f"{case['rows']} {case['own']}"
)
def test_rows_and_items(case: dict[str, str]) -> None:
    """Each row's item, counted from 1, and how it was found; or the reason."""
    rows = filled(case["rows"])
    matching = match_rows(rows, index(case["items"]), case["own"].split())
    told = [
        f"{matching.found[n][0] + 1} {matching.found[n][1]}"
        if n in matching.found
        else matching.reasons[n]
        for n in range(len(rows))
    ]
    assert "; ".join(told) == case["matches"]


def test_items_that_are_known_already() -> None:
    items = index("n#1|甲事|完善甲制度\nn#2|乙事|推进乙改革")
    rows = filled("n#1|甲事|完善甲制度\n|丙事|\n|丁事|")
    matching = match_rows(rows, items, known={0: (None, "id"), 1: (0, "like")})
    assert matching.found == {1: (0, "like")}
    assert matching.reasons == {0: "its item is there no more", 2: "no item is like it"}


def test_words_of_another_item_now() -> None:
    """A row that only resembles an earlier item, but is a present one, was not that one's."""
    held = index("n#1||完成甲区投资五亿元的任务")
    rows = filled("||完成甲区投资八亿元的任务")
    now = index("n#1||完成甲区投资八亿元的任务")
    assert match_held(rows, held, index("n#1||编制财政预算")) == {0: (0, "like")}
    assert match_held(rows, held, now) == {}
    assert match_held(filled("||完成甲区投资五亿元的任务"), held, now) == {0: (0, "words")}
