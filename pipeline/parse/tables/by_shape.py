"""Find the rows of a table without marks between its cells: a cell a line, or one run of cells.

Numbers and words show which cell is in which column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.parse.tables.by_line import AFTER_TABLE
from pipeline.parse.tables.cell_fit import is_unit_list
from pipeline.parse.tables.column_heads import (
    LONGEST_HEAD,
    OWNER_HEAD,
    find_columns,
    is_column_head,
    parse_column_head,
)
from pipeline.parse.tables.fit import align_cells
from pipeline.parse.tables.merged import fill_merged
from pipeline.parse.tables.row_numbers import is_row_code, is_row_number, next_number
from pipeline.parse.tables.table import Span, TableColumn, TableHead, TableRow, TextTable
from pipeline.text import trim, without_blanks

_TOKEN = re.compile(r"[^\s|]+")
_MARGINS = " |\t"
# A head on a long line is no longer than this on either side of an owner's column.
_HEAD_REACH = 120
_FEWEST_COLUMNS, _MOST_COLUMNS = 3, 16
# Each head on two lines.
_MOST_HEAD_LINES = 2 * _MOST_COLUMNS
# The second line of a head that its cell breaks: 责任|单位, 完成|时限.
_HEAD_TAILS = frozenset(
    ("单位", "部门", "领导", "处室", "科室", "时限", "时间", "位", "门", "导", "限", "间")
)
# 一、夯实基础 · (二)改善民生; not 一、夯实基础。建立…
_GROUP_HEAD = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\)) ?[^。\n]{2,36}"
)


def find_blank_head(folded: str, lines: Sequence[Span], at: int) -> TableHead | None:
    """A head with blanks between its words: a line of its own, or inside one long line."""
    a, b = lines[at]
    for owner in OWNER_HEAD.finditer(folded, a, b):
        near = max(a, owner.start() - _HEAD_REACH), min(b, owner.end() + _HEAD_REACH)
        columns = _find_head_words(folded, near)
        if columns:
            span = (columns[0].label[0], columns[-1].label[1])
            if len(columns) < _FEWEST_COLUMNS and not _heads_pairs(folded, lines, at, span):
                continue
            if span == (a, b):
                return TableHead(columns, at + 1, "cells", spaced=True)
            return TableHead(columns, span[1], "run")
    return None


def _find_head_words(folded: str, near: Span) -> list[TableColumn] | None:
    """The columns that a run of known heads within a stretch names."""
    tokens = [match.span() for match in _TOKEN.finditer(folded, *near)]
    for first, token in enumerate(tokens):
        if not _opens_head(folded, token):
            continue
        last = first
        while last < len(tokens) and is_column_head(folded, tokens[last]):
            last += 1
        columns = find_columns(folded, tokens[first:last])
        if columns is not None:
            return columns
    return None


def _heads_pairs(folded: str, lines: Sequence[Span], at: int, head: Span) -> bool:
    """Whether a head of two words is a line of its own above a task and its units."""
    if head != lines[at] or at + 1 >= len(lines):
        return False
    below = [match.span() for match in _TOKEN.finditer(folded, *lines[at + 1])]
    return len(below) == 2 and is_unit_list(folded[slice(*below[1])])


def _opens_head(folded: str, token: Span) -> bool:
    """Whether a word may be the first of a head: 序号, 类别 or 主要任务, not 责任单位."""
    a, b = token
    head = parse_column_head(folded[a:b]) if b - a <= LONGEST_HEAD else None
    return head is not None and head.kind in ("number", "group", "task")


def find_stacked_head(folded: str, lines: Sequence[Span], at: int) -> TableHead | None:
    """A head with a cell on each line: 序号⏎主要任务⏎责任单位; one unknown head may be among them."""
    if not _has_short_lines(folded, lines, at):
        return None
    if not is_column_head(folded, trim(folded, *lines[at], _MARGINS)):
        return None
    cells: list[Span] = []
    known = last = at
    width = 0
    while last < len(lines) and last - at < _MOST_COLUMNS and last - known <= 1:
        cell = trim(folded, *lines[last], _MARGINS)
        if cell[1] - cell[0] > LONGEST_HEAD or is_row_number(folded, cell):
            break
        whole = _join_broken_head(folded, cells[-1] if cells else None, cell)
        if whole is not None:
            cells[-1] = whole
        else:
            cells.append(cell)
        last += 1
        if is_column_head(folded, cells[-1]):
            known, width = last, len(cells)
    cells = cells[:width]
    if len(cells) < _FEWEST_COLUMNS:
        return None
    columns = find_columns(folded, cells)
    return TableHead(columns, known, "cells") if columns else None


def _has_short_lines(folded: str, lines: Sequence[Span], at: int) -> bool:
    """Whether the lines from one on are as short as the fewest heads of a table, one on each."""
    if at + _FEWEST_COLUMNS > len(lines):
        return False
    for line in lines[at : at + _FEWEST_COLUMNS]:
        start, end = line if line[1] - line[0] <= LONGEST_HEAD else trim(folded, *line, _MARGINS)
        if end - start > LONGEST_HEAD:
            return False
    return True


def _join_broken_head(folded: str, above: Span | None, below: Span) -> Span | None:
    """The head that a cell breaks over two lines (责任⏎单位), or None where they are two heads."""
    if above is None or folded[slice(*below)] not in _HEAD_TAILS:
        return None
    return (above[0], below[1]) if is_column_head(folded, (above[0], below[1])) else None


def find_table_of_cells(
    folded: str, lines: Sequence[Span], at: int, head: TableHead
) -> tuple[TextTable, int]:
    """The table with a cell a line whose head begins on line `at`, and the line after it."""
    columns = head.columns
    names = _head_names(folded, columns)
    heads = list(lines[at : head.begin])
    rows: list[TableRow] = []
    cells: list[Span] = []
    heading: Span | None = None
    index = head.begin
    while index < len(lines):
        a, b = trim(folded, *lines[index], _MARGINS)
        if AFTER_TABLE.match(folded, a, b):
            break
        if index > head.begin and _is_other_head(folded, lines, index, names):
            break
        again = _count_head_lines(folded, lines, index, names)
        if again:
            heads += lines[index : index + again]
            index += again
            continue
        if b > a and _is_heading(folded, lines, index, columns):
            rows += _align_rows(folded, cells, head, rows, heading=heading)
            cells, heading = [], (a, b)
        elif b > a:
            cells.extend(_split_blanks(folded, a, b, head))
        index += 1
    rows += _align_rows(folded, cells, head, rows, heading=heading)
    start = lines[at][0]
    end = rows[-1].end if rows else start
    return TextTable(start, end, columns, rows, heads, flattened=True), index


def find_table_in_run(
    folded: str, lines: Sequence[Span], at: int, head: TableHead
) -> tuple[TextTable, int]:
    """The table with only blanks between its cells whose head is inside line `at`, and the next line."""
    columns = head.columns
    names = _head_names(folded, columns)
    tokens = [match.span() for match in _TOKEN.finditer(folded, head.begin, lines[at][1])]
    cells: list[Span] = []
    index = 0
    while index < len(tokens):
        if AFTER_TABLE.match(folded, *tokens[index]):
            break
        if [folded[a:b] for a, b in tokens[index : index + len(names)]] == names:
            index += len(names)
            continue
        cells.append(tokens[index])
        index += 1
    rows = _align_rows(folded, cells, head, [])
    start = columns[0].label[0]
    end = rows[-1].end if rows else start
    heads = [lines[at]]
    return TextTable(start, end, columns, rows, heads, by_shape=True, flattened=True), at + 1


def _head_names(folded: str, columns: Sequence[TableColumn]) -> list[str]:
    return [without_blanks(folded[slice(*column.label)]) for column in columns]


def _count_head_lines(folded: str, lines: Sequence[Span], at: int, names: Sequence[str]) -> int:
    """How many lines from one on print the table's own head again; 0 where they do not."""
    whole = "".join(names)
    found = ""
    for count, (a, b) in enumerate(lines[at : at + _MOST_HEAD_LINES], 1):
        found += without_blanks(folded[a:b].strip(_MARGINS))
        if found == whole:
            return count
        if not whole.startswith(found):
            return 0
    return 0


def _is_other_head(folded: str, lines: Sequence[Span], at: int, names: Sequence[str]) -> bool:
    """Whether another table's head begins on a line."""
    head = find_stacked_head(folded, lines, at)
    return head is not None and not _count_head_lines(folded, lines, at, names)


def _is_heading(
    folded: str, lines: Sequence[Span], at: int, columns: Sequence[TableColumn]
) -> bool:
    """Whether a line between rows is the heading of a group (一、夯实基础): a row's number follows."""
    if columns[0].kind != "number" or at + 1 >= len(lines):
        return False
    below = trim(folded, *lines[at + 1], _MARGINS)
    if not is_row_number(folded, below) and not is_row_code(folded, below):
        return False
    return _GROUP_HEAD.fullmatch(folded, *trim(folded, *lines[at], _MARGINS)) is not None


def _split_blanks(folded: str, a: int, b: int, head: TableHead) -> Iterator[Span]:
    """A line of the table: one cell, or several with blanks or bars between (1 修路  县交通局).

    Below a head with blanks a line of as many words is a row of cells.
    """
    tokens = [match.span() for match in _TOKEN.finditer(folded, a, b)]
    width = len(head.columns)
    if 1 < len(tokens) <= 3 * width and (
        is_row_number(folded, tokens[0])
        or "|" in folded[a:b]
        or "  " in folded[a:b]
        or (head.spaced and len(tokens) == width)
    ):
        yield from tokens
    else:
        yield (a, b)


def _align_rows(
    folded: str,
    cells: Sequence[Span],
    head: TableHead,
    above: Sequence[TableRow],
    *,
    heading: Span | None = None,
) -> list[TableRow]:
    """The rows that cells make, below the rows `above` and under a group's heading.

    A row that prints neither a task nor an owner is doubtful.
    """
    rows: list[TableRow] = []
    before = above[-1] if above else None
    for row in align_cells(folded, cells, head.columns, first=next_number(folded, above)):
        doubtful = row.doubtful or not _has_substance(row, head.columns)
        placed = TableRow(row.cells, row.own, heading, doubtful)
        before = fill_merged(folded, placed, before, head)
        rows.append(before)
    return rows


def _has_substance(row: TableRow, columns: Sequence[TableColumn]) -> bool:
    """Whether a row prints a task or an owner of its own."""
    return any(
        cell and own and column.kind in ("task", "owner")
        for cell, own, column in zip(row.cells, row.own, columns, strict=True)
    )
