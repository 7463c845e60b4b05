"""Classify the columns of a table by the words of their heads (序号, 主要任务, 责任单位)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from pipeline.lexicon import alternation, mapping
from pipeline.parse.clauses.labels import PrintedRole, parse_printed_role
from pipeline.parse.tables.table import ColumnKind, Span, TableColumn
from pipeline.text import without_blanks

_KINDS = mapping("columns", "kind")
# A known word at the end of a longer head: 全年|重点任务.
_ENDING = re.compile(rf"(?:{alternation(_KINDS)})$")
# 2021年工作任务, 1-6月份工作任务: the period is no part of the head's word.
_PERIOD = re.compile(r"^(?:20\d\d年?度?|\d{1,2}[-—]\d{1,2}月份?)")
# 责任单位(排首位者牵头): the remark is no part of the head's word.
_REMARK = re.compile(r"\([^()]*\)$")
# The head of an owner's column; a cheap test before anything is split.
OWNER_HEAD = re.compile(r"(?:单位|部门|处室|科室|领导|责任人)(?:\([^()\n]*\))?[ \t|\n]")
# The longest word that is a head, and the longest cell in a line of heads.
LONGEST_HEAD = 14
_LONGEST_CELL = 2 * LONGEST_HEAD
_FEWEST_COLUMNS, _MOST_COLUMNS = 2, 16


@lru_cache(1 << 10)
def parse_column_head(words: str) -> tuple[ColumnKind, PrintedRole | None] | None:
    """The kind that a head names, and the role if it is an owner's; None for unknown words.

    "责任单位(排首位者牵头)" -> ("owner", "resp"); "2021年工作任务" -> ("task", None)
    """
    bare = without_blanks(words)
    for name in (bare, _REMARK.sub("", bare), _PERIOD.sub("", bare)):
        kind = _KINDS.get(name)
        if kind:
            return kind, None  # type: ignore[return-value]
        say = parse_printed_role(name)
        if say:
            return (say, None) if say in ("field", "deadline") else ("owner", say)
    ending = _ENDING.search(_REMARK.sub("", bare))
    return (_KINDS[ending[0]], None) if ending and len(bare) <= LONGEST_HEAD else None  # type: ignore[return-value]


def is_column_head(folded: str, cell: Span) -> bool:
    """Whether a cell contains a known head."""
    a, b = cell
    return b - a <= _LONGEST_CELL and parse_column_head(folded[a:b]) is not None


def find_columns(folded: str, cells: Sequence[Span]) -> list[TableColumn] | None:
    """The columns that a line of cells names, or None where the line is no head.

    At least three of five cells must be known heads, one of them an owner's; an unknown head makes
    a "field". Only the first number column is "number".
    """
    if not _FEWEST_COLUMNS <= len(cells) <= _MOST_COLUMNS:
        return None
    if any(b - a > _LONGEST_CELL for a, b in cells):
        return None
    heads = [parse_column_head(folded[a:b]) if b > a else None for a, b in cells]
    columns = _make_columns(cells, heads)
    kinds = {column.kind for column in columns}
    known = sum(head is not None for head in heads)
    if "owner" not in kinds or 5 * known < 3 * len(cells):
        return None
    if "task" not in kinds:
        columns = _choose_task(columns)
    return columns if any(column.kind == "task" for column in columns) else None


def _make_columns(
    cells: Sequence[Span], heads: Sequence[tuple[ColumnKind, PrintedRole | None] | None]
) -> list[TableColumn]:
    columns = [
        TableColumn(head[0], cell, head[1]) if head else TableColumn("field", cell)
        for cell, head in zip(cells, heads, strict=True)
    ]
    numbers = [index for index, column in enumerate(columns) if column.kind == "number"]
    for index in numbers[1:]:
        columns[index] = TableColumn("field", columns[index].label)
    return columns


def _choose_task(columns: list[TableColumn]) -> list[TableColumn]:
    """Make a field the task column where no head names a task (预期目标), else a group (类别)."""
    fields = [i for i, c in enumerate(columns) if c.kind == "field" and c.label[1] > c.label[0]]
    groups = [i for i, c in enumerate(columns) if c.kind == "group"]
    index = next(iter((*fields, *groups)), None)
    if index is None:
        return columns
    task = TableColumn("task", columns[index].label)
    return [*columns[:index], task, *columns[index + 1 :]]
