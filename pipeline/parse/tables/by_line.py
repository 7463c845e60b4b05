"""Find the rows of a table that has a row on each line, its cells separated by tabs or bars."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from pipeline.lexicon import alternation, words
from pipeline.parse.tables.column_heads import (
    find_columns,
    is_column_head,
    is_column_head_line,
    parse_column_head,
)
from pipeline.parse.tables.fit import place_cells
from pipeline.parse.tables.merged import fill_merged
from pipeline.parse.tables.table import Span, TableColumn, TableHead, TableRow, TextTable
from pipeline.text import trim, without_blanks

# |---|:--:| is the rule below the head of a Markdown table; |-|- is a row of empty cells.
_RULE = re.compile(r"\s*\|?(?:\s*:?-{2,}:?\s*\|)*\s*:?-{2,}:?\s*\|?\s*")
_CELL = re.compile(r"[^\t|]*")
# What ends a table: 附件2, 注:带*的为牵头单位, 抄送:各镇.
AFTER_TABLE = re.compile(
    rf" *(?:附件|附:|注:|备注:|说明:|抄送|\(此件|{alternation(words('boilerplate', 'furniture'))})"
)
_TOTALS = frozenset(("合计", "总计", "小计", "共计"))
# A line between rows that names a group is no longer than this.
_LONGEST_HEADING = 40

_Kind = Literal["rule", "heading", "end", "head", "subhead", "group", "row", "other"]


class _Line(NamedTuple):
    """A line in a table: its kind, and its cells where it has any."""

    kind: _Kind
    cells: Sequence[Span] = ()


def has_cells(line: str) -> bool:
    """Whether a line contains a mark that separates cells."""
    return "\t" in line or "|" in line


def split_cells(folded: str, start: int, end: int) -> list[Span]:
    """The cells of a line with tabs or bars, empty ones too; bars at both ends enclose the row.

    "|1|修路|县交通局|" has three cells.
    """
    while start > 0 and folded[start - 1] in "\t ":
        start -= 1
    while end < len(folded) and folded[end] in "\t ":
        end += 1
    a, b = trim(folded, start, end, " ")
    if folded[a] == "|":
        start, end = a + 1, b
    if b > a and folded[b - 1] == "|":
        end = b - 1
    cells = []
    at = start
    while at <= end:
        match = _CELL.match(folded, at, end)
        stop = match.end() if match else end
        cells.append(trim(folded, at, stop))
        at = stop + 1
    return cells


def find_line_head(folded: str, lines: Sequence[Span], at: int) -> TableHead | None:
    """The head of a table on a line with tabs or bars, or on that line and the next."""
    cells = split_cells(folded, *lines[at])
    columns = find_columns(folded, cells)
    below = lines[at + 1] if at + 1 < len(lines) else None
    if columns is None:
        refined = _join_head_lines(folded, cells, below) if below else None
        return TableHead(refined, at + 2, "rows") if refined else None
    merged = _merge_subheads(folded, below, columns) if below else None
    return TableHead(merged, at + 2, "rows") if merged else TableHead(columns, at + 1, "rows")


def _join_head_lines(folded: str, cells: Sequence[Span], below: Span) -> list[TableColumn] | None:
    """The columns of a head whose second line has owners: 分工⇥分工 over 牵头单位⇥配合单位.

    None unless each cell of the second line is a known head or repeats the cell above it.
    """
    under = split_cells(folded, *below)
    if len(under) != len(cells) or not is_column_head_line(folded, cells):
        return None
    joined: list[Span] = []
    for cell, (a, b) in zip(cells, under, strict=True):
        repeats = a == b or folded[a:b] == folded[slice(*cell)]
        if not repeats and not is_column_head(folded, (a, b)):
            return None
        joined.append(cell if repeats else (a, b))
    return find_columns(folded, joined) if joined != list(cells) else None


def _merge_subheads(
    folded: str, line: Span, columns: Sequence[TableColumn]
) -> list[TableColumn] | None:
    """The columns of a head over two lines, where the second one refines merged heads.

    责任单位⇥责任单位 over 牵头单位⇥配合单位; None where the second line is no line of heads.
    """
    cells = split_cells(folded, *line)
    heads = [parse_column_head(folded[a:b]) if b > a else None for a, b in cells]
    if len(cells) != len(columns) or not any(heads):
        return None
    if any(head is None and b > a for head, (a, b) in zip(heads, cells, strict=True)):
        return None
    return [
        TableColumn(head.kind, cell, head.say, head.persons) if head else column
        for head, cell, column in zip(heads, cells, columns, strict=True)
    ]


def find_table_by_line(
    folded: str, lines: Sequence[Span], at: int, head: TableHead
) -> tuple[TextTable, int]:
    """The table whose head is on line `at`, and the index of the line after it."""
    rows: list[TableRow] = []
    heads = [*lines[at : head.begin]]
    heading: Span | None = None
    end = lines[at][0]
    index = head.begin
    while index < len(lines):
        line = _classify(folded, lines, index, head.columns)
        if line.kind == "end":
            break
        if line.kind in ("head", "subhead"):
            heads.append(lines[index])
        elif line.kind == "heading":
            heading = lines[index]
        elif line.kind == "group":
            heading = next(cell for cell in line.cells if cell[1] > cell[0])
        elif line.kind == "row":
            row = place_cells(folded, line.cells, head.columns)
            row = fill_merged(folded, row, rows[-1] if rows else None, head)
            rows.append(row._replace(heading=heading))
        if line.kind not in ("rule", "heading", "head"):
            end = lines[index][1]
        index += 1
    return TextTable(lines[at][0], end, head.columns, rows, heads), index


def _classify(
    folded: str, lines: Sequence[Span], index: int, columns: Sequence[TableColumn]
) -> _Line:
    """Classify a line below a table's head.

    "group" is a row of one cell repeated over its columns; "subhead" has heads and nothing else;
    "other" is a sum or a row without words.
    """
    a, b = lines[index]
    if _RULE.fullmatch(folded, a, b):
        return _Line("rule")
    if without_blanks(folded[a:b]) in _TOTALS:
        return _Line("other")
    if not has_cells(folded[a:b]):
        return _Line("heading" if _is_heading(folded, lines, index) else "end")
    cells = split_cells(folded, a, b)
    again = find_columns(folded, cells)
    if again is not None:
        same = [column.kind for column in again] == [column.kind for column in columns]
        return _Line("head" if same else "end")
    filled = [cell for cell in cells if cell[1] > cell[0]]
    if len(filled) > 1 and all(is_column_head(folded, cell) for cell in filled):
        return _Line("subhead")
    # 合计 may be in the second column too, behind an empty cell or a number.
    sums = any(without_blanks(folded[x:y]) in _TOTALS for x, y in filled[:2])
    if not filled or sums:
        return _Line("other")
    if len(cells) > 1 and len({folded[x:y] for x, y in filled}) == 1:
        return _Line("group", cells)
    return _Line("row", cells)


def _is_heading(folded: str, lines: Sequence[Span], index: int) -> bool:
    """Whether a line without cells is inside a table: the heading of a group, a page's number."""
    a, b = lines[index]
    if b - a > _LONGEST_HEADING or AFTER_TABLE.match(folded, a, b) or folded[b - 1] in "。:":
        return False
    if index + 1 >= len(lines):
        return False
    x, y = lines[index + 1]
    # A head below the line begins another table, and the line is a heading of the text.
    return has_cells(folded[x:y]) and find_columns(folded, split_cells(folded, x, y)) is None
