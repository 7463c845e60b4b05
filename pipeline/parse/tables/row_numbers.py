"""The numbers of a table's rows: "12", "(三)", "4." alone in a cell or before a cell's words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pipeline.parse.tables.table import Span, TableRow
from pipeline.text import parse_numeral, trim

# 12 · 12. · 三、 · (三) as a whole cell; not 2021年, not 1234.
_ROW_NUMBER = re.compile(r"\(?(\d{1,3}|[一二三四五六七八九十]{1,4})\)?[、.]?")
_OWN_NUMBER = re.compile(
    r"""(?:
        \d{1,3}[.、](?!\d)                      # 14.改扩建… but not 1.5万亩
        | \(\d{1,3}\)                           # (3)完善…
        | \([一二三四五六七八九十]{1,4}\)       # (三)完善…
        | [一二三四五六七八九十]{1,4}、         # 三、完善…
        | [①-⑳]                                 # ③完善…
    )\s?""",
    re.VERBOSE,
)
# A number may skip so many of the count and still continue it.
_MOST_SKIPPED = 2


def is_row_number(folded: str, cell: Span) -> bool:
    """Whether a cell contains a number and nothing else: 12, (三), 4."""
    return _ROW_NUMBER.fullmatch(folded, *cell) is not None


def parse_row_number(folded: str, cell: Span) -> int | None:
    """The value of a cell that is only a number: "(三)" -> 3; other cells -> None."""
    match = _ROW_NUMBER.fullmatch(folded, *cell)
    return parse_numeral(match[1]) if match else None


def has_own_number(words: str) -> bool:
    """Whether words begin with a number of their own: 14.改扩建…, (3)完善…."""
    return _OWN_NUMBER.match(words) is not None


def split_number(folded: str, cell: Span) -> tuple[Span | None, Span]:
    """A cell's own number and its words: "14.改扩建…" -> (14., 改扩建…)."""
    match = _OWN_NUMBER.match(folded, *cell)
    if match is None or match.end() >= cell[1]:
        return None, cell
    return trim(folded, *match.span()), (match.end(), cell[1])


def find_counted(folded: str, cells: Iterable[Span], first: int) -> dict[int, bool]:
    """Mark the cells that are numbers: whether each continues the count that begins at `first`.

    The keys are indices of cells. 1, 2, 40, 3 -> True, True, False, True.
    """
    counted: dict[int, bool] = {}
    expected = first
    for index, cell in enumerate(cells):
        value = parse_row_number(folded, cell)
        if value is None:
            continue
        counted[index] = expected <= value <= expected + _MOST_SKIPPED or value == 1
        if counted[index]:
            expected = value + 1
    return counted


def next_number(folded: str, rows: Sequence[TableRow]) -> int:
    """The number that follows the last numbered row; 1 where no row has a number."""
    for row in reversed(rows):
        cell = row.cells[0]
        if cell and is_row_number(folded, cell):
            return (parse_row_number(folded, cell) or 0) + 1
    return 1
