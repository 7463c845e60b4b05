"""Fill the cells that a row leaves out because an earlier row printed them merged."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.parse.tables.cell_fit import SHAPED, WORST_FIT, score_cell
from pipeline.parse.tables.table import TableColumn, TableHead, TableRow

# The roles of units that answer for a task; a merged cell of theirs covers the rows below.
_HOSTING = frozenset(("lead", "main", "resp"))


def fill_merged(folded: str, row: TableRow, above: TableRow | None, head: TableHead) -> TableRow:
    """Copy merged cells from the row above, and mark a row that fits its columns badly as doubtful.

    Merged are groups, tasks left of the last task column, and cells left of the row's first own
    cell; where the row prints no host, its hosts and leaders too. Any other empty leader or co-host
    stays empty. Where the text repeats merged cells, only groups and tasks are copied. An owner
    that is copied for an empty cell makes the row doubtful, and so does a leader without a cell.
    """
    cells = list(row.cells)
    missing = _find_merged(row, head) if above else []
    for index in missing:
        cells[index] = above.cells[index] if above else None
    columns = head.columns
    badly = any(
        own and cell and column.kind in SHAPED and score_cell(folded, cell, column) < WORST_FIT
        for own, cell, column in zip(row.own, row.cells, columns, strict=True)
    )
    doubtful = row.doubtful or badly or _is_unsure(row, missing, columns)
    return row._replace(cells=tuple(cells), doubtful=doubtful)


def _find_merged(row: TableRow, head: TableHead) -> list[int]:
    """The empty columns of a row that a merged cell above covers."""
    columns = head.columns
    first = next((index for index, cell in enumerate(row.cells) if cell), 0)
    # A head of two lines may leave no task column.
    tasks = [index for index, column in enumerate(columns) if column.kind == "task"]
    last_task = max(tasks, default=-1)
    hosted = any(cell and _is_host(column) for cell, column in zip(row.cells, columns, strict=True))
    alone = not any(map(_is_host, columns))
    merged = []
    for index, column in enumerate(columns):
        if row.cells[index] is not None:
            continue
        if column.kind == "group" or (column.kind == "task" and index < last_task):
            covered = True
        elif head.filled:
            covered = False
        elif _is_host(column):
            covered = not hosted
        elif column.say == "leader":
            covered = index < first or not (hosted or alone)
        else:
            covered = index < first and column.kind != "owner"
        if covered:
            merged.append(index)
    return merged


def _is_unsure(row: TableRow, copied: Sequence[int], columns: Sequence[TableColumn]) -> bool:
    """Whether a row's owners may be other ones: a host or a leader that an empty cell may not have."""
    for index, column in enumerate(columns):
        if row.cells[index] is not None:
            continue
        if index in copied:
            if _is_host(column) or (column.say == "leader" and row.complete):
                return True
        elif column.say == "leader" and not row.complete:
            return True
    return False


def _is_host(column: TableColumn) -> bool:
    return column.kind == "owner" and column.say in _HOSTING
