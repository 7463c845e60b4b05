"""The numbers of a table's rows: "12", "(三)", "4." alone in a cell or before a cell's words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.parse.tables.table import Span, TableRow
from pipeline.text import CIRCLED, NUMERAL, parse_numeral, trim

# 12 · 12. · 三、 · (三) as a whole cell; not 2021年, not 1234.
_ROW_NUMBER = re.compile(r"\(?(\d{1,3}|[一二三四五六七八九十]{1,4})\)?[、.]?")
# 2023-001 · A1 · GG-JT-01 · 改-1 · 1001 · 一千零一; not 2021年, nor 县教育局.
_ROW_CODE = re.compile(
    rf"""\(?(?:
        (?=\D*\d) (?:[\u4e00-\u9fff]{{1,4}}[-—–_.·]?)? [A-Za-z\d]+ (?:[-—–_./·][A-Za-z\d]+)*
      | [A-Z] | [IVX]{{2,5}} | [Ⅰ-Ⅻ{CIRCLED}]
      | [{NUMERAL}]{{2,9}}
    )\)?[、.]?""",
    re.VERBOSE,
)
_LONGEST_CODE = 24
_NUMERAL = re.compile(rf"\d+|[{NUMERAL}]+|[{CIRCLED}]")
# The numbers and words of a code: GG-01 -> GG, 01.
_PART = re.compile(r"\d+|[A-Za-z]+|[\u4e00-\u9fff]+")
# 1001 · (1001) · 一千零一、
_LONG_NUMBER = re.compile(rf"\(?(\d{{4,5}}|[{NUMERAL}]{{2,9}})\)?[、.]?")
_OWN_NUMBER = re.compile(
    rf"""(?:
        \d{{1,3}}[.、](?!\d)                    # 14.改扩建… but not 1.5万亩
        | \(\d{{1,3}}\)                         # (3)完善…
        | \([一二三四五六七八九十]{{1,4}}\)     # (三)完善…
        | [一二三四五六七八九十]{{1,4}}、       # 三、完善…
        | [{CIRCLED}]                           # ③完善…
    )\s?""",
    re.VERBOSE,
)
# A number may skip so many of the count and still continue it.
_MOST_SKIPPED = 2
# A table that begins with a smaller number may rather begin with a figure.
_SHORTEST_EXCERPT = 100


def is_row_number(folded: str, cell: Span) -> bool:
    """Whether a cell contains a number and nothing else: 12, (三), 4."""
    return _ROW_NUMBER.fullmatch(folded, *cell) is not None


def parse_row_number(folded: str, cell: Span) -> int | None:
    """The value of a cell that is only a number: "(三)" -> 3; other cells -> None."""
    match = _ROW_NUMBER.fullmatch(folded, *cell)
    return parse_numeral(match[1]) if match else None


def is_row_code(folded: str, cell: Span) -> bool:
    """Whether a cell contains nothing but a row's code or a long number: 2023-001, A1, 1001."""
    return cell[1] - cell[0] <= _LONGEST_CODE and _ROW_CODE.fullmatch(folded, *cell) is not None


def find_code_values(labels: Sequence[str]) -> list[int | None]:
    """The numbers of a column's labels: a plain number's value, a code's last number or None.

    A code has a number only where all codes differ in nothing but their last number, which rises:
    GG-01, GG-02 -> 1, 2, but A1, A2, B1 -> None for each.
    """
    parts = [_split_code(label) for label in labels]
    values = [value for _, value in parts if value is not None]
    runs = len({before for before, _ in parts}) == 1 and all(a < b for a, b in pairwise(values))
    return [value if runs or not before else None for before, value in parts]


def _split_code(label: str) -> tuple[str, int | None]:
    """What a label has before its last numeral, and the value of that: GG-01 -> GG-, 1."""
    numerals = list(_NUMERAL.finditer(label))
    if not numerals:
        return label, None
    return label[: numerals[-1].start()].strip("( "), parse_numeral(numerals[-1][0])


def _parse_long_number(folded: str, cell: Span) -> int | None:
    match = _LONG_NUMBER.fullmatch(folded, *cell)
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


def find_counted(folded: str, cells: Sequence[Span], first: int) -> dict[int, bool]:
    """Mark the cells that are numbers: whether each continues the count that begins at `first`.

    The keys are indices of cells. 1, 2, 40, 3 -> True, True, False, True. Where the first cell is
    a code, codes that continue it are numbers too: 2023-001, 2023-002.
    """
    counted: dict[int, bool] = {}
    expected = _find_first_number(folded, cells) if first == 1 else first
    code: list[str] | None = None
    for index, cell in enumerate(cells):
        value = parse_row_number(folded, cell)
        if value is None:
            value = _parse_long_number(folded, cell)
            if value is None or not expected <= value <= expected + _MOST_SKIPPED:
                parts = _PART.findall(folded, *cell) if is_row_code(folded, cell) else []
                if parts and (index == 0 or (code and _continues_code(code, parts))):
                    code, counted[index] = parts, True
                continue
        counted[index] = expected <= value <= expected + _MOST_SKIPPED or value == 1
        if counted[index]:
            expected = value + 1
    return counted


def _find_first_number(folded: str, cells: Sequence[Span]) -> int:
    """The number of the first cell if a later one continues it (998, 999); else 1."""
    value = parse_row_number(folded, cells[0]) if cells else None
    numbers = (parse_row_number(folded, c) or _parse_long_number(folded, c) for c in cells[1:])
    continued = value is not None and value >= _SHORTEST_EXCERPT and value + 1 in numbers
    return value if value and continued else 1


def _continues_code(code: Sequence[str], after: Sequence[str]) -> bool:
    """Whether a code follows another: its last part counts on, or begins anew below a later one."""
    if len(code) != len(after) or any(
        a.isdecimal() != b.isdecimal() for a, b in zip(code, after, strict=True)
    ):
        return False
    if len(code) == 1 and not code[0].isdecimal():
        return len(after[0]) <= len(code[0]) + 2 and after != code
    if not code[-1].isdecimal():
        return after[:-1] == code[:-1] and after[-1] > code[-1]
    step = int(after[-1]) - int(code[-1])
    if after[:-1] == code[:-1]:
        return 1 <= step <= _MOST_SKIPPED + 1 and len(after[-1]) >= len(code[-1])
    first = next((a, b) for a, b in zip(code, after, strict=True) if a != b)
    counts_on = not first[0].isdecimal() or 1 <= int(first[1]) - int(first[0]) <= _MOST_SKIPPED + 1
    return int(after[-1]) == 1 and counts_on


def next_number(folded: str, rows: Sequence[TableRow]) -> int:
    """The number that follows the last numbered row; 1 where no row has a number."""
    for row in reversed(rows):
        cell = row.cells[0]
        number = parse_row_number(folded, cell) if cell else None
        if cell and number is None:
            number = _parse_long_number(folded, cell)
        if number is not None:
            return number + 1
    return 1
