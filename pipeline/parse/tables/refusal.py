"""Decide whether a table can be read: a table that fits its columns badly is refused as a whole."""

from __future__ import annotations

import re
from typing import Literal

from pipeline.parse.tables.cell_fit import is_nobody, is_pure_unit_list, is_unit_list
from pipeline.parse.tables.table import TableRow, TextTable

# A table is refused if more than this share of its rows do not fit its columns.
_MOST_DOUBTFUL = 0.34
# Without marks between cells it is refused if so many rows have no units where units should be.
_MOST_STRANGE = 1 / 3
# A row's number on a line of its own inside a cell: two rows were taken for one.
_SWALLOWED = re.compile(r"\n\d{1,3}(?:\n|$)")

Refusal = Literal["glued", "misfit", "strange"]


def find_refusal(folded: str, table: TextTable) -> Refusal | None:
    """Why a table is not read: cells run together, rows that do not fit, owners that are no units.

    None for a table that is read. The last reason is only for tables without marks between cells.
    """
    if not table.rows:
        return "glued"
    doubtful = sum(row.doubtful for row in table.rows)
    if doubtful > max(1, _MOST_DOUBTFUL * len(table.rows)):
        return "misfit"
    if table.flattened:
        strange = sum(_is_strange(folded, table, row) for row in table.rows)
        if strange >= _MOST_STRANGE * len(table.rows):
            return "strange"
    return None


def _is_strange(folded: str, table: TextTable, row: TableRow) -> bool:
    """Whether a row prints words for units, units for a task, or the number of another row."""
    for column, cell, own in zip(table.columns, row.cells, row.own, strict=True):
        if not own or cell is None:
            continue
        words = folded[slice(*cell)]
        if _SWALLOWED.search(words):
            return True
        if column.kind == "task" and is_unit_list(words):
            return True
        is_owner = column.kind == "owner" and column.say != "leader" and column.persons is None
        if is_owner and not row.units and not (is_nobody(words) or is_pure_unit_list(words)):
            return True
    return False
