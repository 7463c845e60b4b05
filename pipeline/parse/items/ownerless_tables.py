"""Find tables that list tasks and have no owner's column: 序号, 工作任务, 完成时限."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.parse.tables.by_line import has_cells, split_cells
from pipeline.parse.tables.column_heads import parse_column_head
from pipeline.parse.tables.flattened import walk_tables
from pipeline.parse.tables.table import Span, TableColumn, TableHead, TextTable

# A head with such a column is that of a progress report, a score sheet or a form, not of a plan.
_SCORES = re.compile(r"进展|完成情况|落实情况|分值|得分|评分|扣分|标准分|签名|签字|盖章|意见栏")
# A table has at least this many rows, and a head at least this many known columns.
_FEWEST_ROWS, _FEWEST_KNOWN = 2, 2


def find_ownerless_tables(folded: str) -> list[TextTable]:
    """The tables of a folded text that have a task's column, a row a line with marks between cells."""
    found = walk_tables(folded, _find_head)
    return [table for table in found if len(table.rows) >= _FEWEST_ROWS]


def _find_head(folded: str, lines: Sequence[Span], at: int) -> TableHead | None:
    """The head on a line: most of its cells are known heads, one of them a task's."""
    if not has_cells(folded[slice(*lines[at])]) or _SCORES.search(folded, *lines[at]):
        return None
    cells = split_cells(folded, *lines[at])
    heads = [parse_column_head(folded[a:b]) if b > a else None for a, b in cells]
    kinds = [head[0] if head else None for head in heads]
    known = sum(head is not None for head in heads)
    if "task" not in kinds or "owner" in kinds or known < max(_FEWEST_KNOWN, len(cells) / 2):
        return None
    columns = [TableColumn(kind or "field", cell) for kind, cell in zip(kinds, cells, strict=True)]
    return TableHead(columns, at + 1, "rows")
