"""Read a small table of an OUTPUT, its cells with the types of their columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.dataset.csv_rows import read_rows
from pipeline.dataset.table_columns import COLUMNS, OTHER_COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.web.library.rows import Cell

Rows = tuple[dict[str, "Cell"], ...]


def read_table(output: Path, table: str) -> Rows:
    """Read a table of an OUTPUT; without rows where it has no such table. Raises OutputError.

    Empty cells are None, counts and years are numbers, answers are "true" or "false" as they are.
    """
    path = output / f"{table}.csv"
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        return ()
    columns = COLUMNS.get(table) or OTHER_COLUMNS[table]
    integers = {one.name for one in columns if one.kind == "integer"}
    return tuple(
        {name: _parse(cell, is_integer=name in integers) for name, cell in row.items()}
        for _, row in read_rows(path, text)
    )


def _parse(cell: str, *, is_integer: bool) -> Cell:
    if not cell:
        return None
    return int(cell) if is_integer and cell.removeprefix("-").isdecimal() else cell
