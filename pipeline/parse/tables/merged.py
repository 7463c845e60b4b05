"""Fill the cells that a row leaves out because an earlier row printed them merged."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.parse.tables.cell_fit import SHAPED, WORST_FIT, score_cell
from pipeline.parse.tables.table import TableColumn, TableRow

# The roles of units that answer for a task; a merged cell of theirs covers the rows below.
_HOSTING = frozenset(("lead", "main", "resp"))


def fill_merged(
    folded: str, row: TableRow, above: TableRow | None, columns: Sequence[TableColumn]
) -> TableRow:
    """Copy merged cells from the row above, and mark a row that fits its columns badly as doubtful.

    Merged are groups, cells left of the row's first own cell, tasks left of the last task column,
    leaders, and hosts where the row prints no host. An empty co-host stays empty.
    """
    cells = list(row.cells)
    missing = _find_merged(row, columns) if above else []
    for index in missing:
        cells[index] = above.cells[index] if above else None
    copied_host = any(_is_host(columns[index]) for index in missing)
    badly = any(
        own and cell and column.kind in SHAPED and score_cell(folded, cell, column) < WORST_FIT
        for own, cell, column in zip(row.own, row.cells, columns, strict=True)
    )
    doubtful = row.doubtful or copied_host or badly
    return TableRow(tuple(cells), row.own, row.heading, doubtful, row.units)


def _find_merged(row: TableRow, columns: Sequence[TableColumn]) -> list[int]:
    """The empty columns of a row that a merged cell above covers."""
    first = next((index for index, cell in enumerate(row.cells) if cell), 0)
    # A head of two lines may leave no task column.
    tasks = [index for index, column in enumerate(columns) if column.kind == "task"]
    last_task = max(tasks, default=-1)
    hosted = any(cell and _is_host(column) for cell, column in zip(row.cells, columns, strict=True))
    merged = []
    for index, column in enumerate(columns):
        if row.cells[index] is not None:
            continue
        if column.kind == "owner":
            covered = column.say == "leader" or (not hosted and _is_host(column))
        elif column.kind == "group" or (column.kind == "task" and index < last_task):
            covered = True
        else:
            covered = index < first
        if covered:
            merged.append(index)
    return merged


def _is_host(column: TableColumn) -> bool:
    return column.kind == "owner" and column.say in _HOSTING
