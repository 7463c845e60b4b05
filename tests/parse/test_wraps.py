"""Line breaks in mid-sentence: which page is one of wrapped lines, and where its table of cells begins."""

from __future__ import annotations

import pytest

from pipeline.parse.wraps import find_wraps
from pipeline.text import fold

FULL = "推进行政审批制度改革并且精简各类审批事项以及优化"
HEADS = ("序号", "工作任务", "责任单位")


def wraps(lines: list[str]) -> int:
    """How many line breaks of a page are in mid-sentence."""
    text = "\n".join(lines)
    return len(list(find_wraps(text, fold(text), set())))


def stopped(width: int) -> str:
    return "完" * (width - 1) + "。"


def test_enough_of_the_longer_lines_break_off() -> None:
    """At least one in six: the longer lines of a list of sentences end with their sentences."""
    broken = [FULL * 2] * 5
    ended = [stopped(29 + n % 14) for n in range(30)]
    assert wraps([*broken, *ended[:25]]) == 5
    assert wraps([*broken, *ended[:26]]) == 0
    assert wraps([*broken, *ended[:25], *[stopped(20)] * 3]) == 5


@pytest.mark.parametrize(("heads", "joined"), [(HEADS, 0), (HEADS[:2], 8), (HEADS[1:], 8)])
def test_lines_behind_three_heads_are_cells(heads: tuple[str, ...], joined: int) -> None:
    assert wraps([*heads, *[FULL] * 8, stopped(10)]) == joined


@pytest.mark.parametrize("before", [5, 6, 7])
def test_a_page_ends_where_its_table_of_cells_begins(before: int) -> None:
    page = [*[FULL] * (before - 1), stopped(10)]
    table = [*HEADS, *["1", FULL, "区教育局"] * 3]
    assert wraps([*page, *table]) == (before - 1 if before > 5 else 0)


def test_heads_that_do_not_follow_each_other_are_lines() -> None:
    lines = [HEADS[0], FULL, HEADS[1], FULL, HEADS[2], *[FULL] * 6, stopped(10)]
    assert wraps(lines) == 8


@pytest.mark.parametrize(
    ("after", "joined"),
    [("、推进甲", True), (";推进甲", True), ("(一)推进甲", False), ("责任单位:区教育局", False),
     ("附件:任务分工表", False), ("推进甲", True), ("1.推进甲", False), ("2020年推进甲", True)],
)  # fmt: skip
def test_what_a_broken_sentence_goes_on_with(after: str, joined: bool) -> None:  # noqa: FBT001
    assert wraps([*[FULL] * 6, after]) == (6 if joined else 5)


@pytest.mark.parametrize(
    ("ended", "joined"),
    [("完。", False), ("完;", False), ("完:", False), ("完", True), ("完,", True)],
)
def test_how_a_full_line_ends(ended: str, joined: bool) -> None:  # noqa: FBT001
    line = FULL[: len(FULL) - len(ended)] + ended
    assert wraps([*[FULL] * 5, line, "推进甲"]) == 5 + joined


@pytest.mark.parametrize("width", [13, 14, 64, 65])
def test_no_page_is_narrower_or_wider(width: int) -> None:
    line = ("推进行政审批制度改革" * 7)[:width]
    assert (wraps([*[line] * 8, "完。"]) > 0) == (14 <= width <= 64)


@pytest.mark.parametrize("lines", [5, 6, 7])
def test_no_page_has_fewer_than_six_lines(lines: int) -> None:
    assert (wraps([FULL] * lines) > 0) == (lines > 5)


@pytest.mark.parametrize(
    ("ended", "after", "kept"),
    [
        ("big", "data技术", 1),
        ("big", "X", 1),
        ("big", "技术", 0),
        ("化", "data技术", 0),
        ("A", "data技术", 1),
        ("5", "G", 0),
    ],
)
def test_a_break_between_latin_words_stays_a_blank(ended: str, after: str, kept: int) -> None:
    lines = [*[FULL] * 6, FULL[: len(FULL) - len(ended)] + ended, after]
    text = "\n".join(lines)
    start, end = list(find_wraps(text, fold(text), set()))[-1]
    assert (text[:start].endswith(ended), end - start) == (True, 1 - kept)


@pytest.mark.parametrize("gap", [" ", "  ", "     ", "\u3000"])
@pytest.mark.parametrize("number", ["{}", "({})"])
@pytest.mark.parametrize("rows", [8, 120])
def test_rows_with_blanks_between_their_cells_stay_lines(gap: str, number: str, rows: int) -> None:
    """However alike in width: 12 推进… 区教育局."""
    head = gap.join(("序号", "重点任务", "主办单位", "协办单位"))
    below = [(number.format(n), "推进项目建设", "区教育局", "区财政局") for n in range(1, rows + 1)]
    assert wraps([head, *(gap.join(row) for row in below)]) == 0


def test_a_gap_behind_a_number_makes_no_row() -> None:
    numbered = f"三、  加快  {FULL[:18]}"
    assert wraps([*[FULL] * 4, numbered, *[FULL] * 4, stopped(10)]) == 8
    assert wraps([*[FULL] * 4, numbered.replace("、", ""), *[FULL] * 4, stopped(10)]) == 7
