"""Tables of a text: the cases of tables.md and table_ends.md in tests/cases/parse."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pipeline.parse.tables import TableRow, TextTable, find_glued, find_tables
from tests.case_files import TextCase, read_cases

CASES = [*read_cases("parse/tables.md"), *read_cases("parse/table_ends.md")]


def shown_cell(folded: str, row: TableRow, index: int) -> str:
    cell = row.cells[index]
    if cell is None:
        return ""
    words = folded[slice(*cell)].replace("\n", "⏎").replace("\t", "⇥")
    return words if row.own[index] else f"^{words}"


def shown(folded: str, table: TextTable) -> Iterator[str]:
    """The lines that a case expects of a table."""
    kinds = [f"{c.kind}:{c.say}" if c.say else c.kind for c in table.columns]
    yield "/".join(kinds) + (" by shape" if table.by_shape else "")
    for row in table.rows:
        if row.heading:
            yield f"> {folded[slice(*row.heading)]}"
        cells = [shown_cell(folded, row, index) for index in range(len(table.columns))]
        units = [folded[slice(*unit)] for unit in row.units]
        yield "|".join(cells) + (" ?" if row.doubtful else "") + "".join(f" +{u}" for u in units)
    yield f"{len(table.heads)} heads, then: {folded[table.end :][:6].strip() or 'end'}"


@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_table(case: TextCase) -> None:
    tables = [*find_tables(case.text), *find_glued(case.text)]
    lines = [line for table in tables for line in shown(case.text, table)]
    assert "\n".join(lines or ["none"]) == case.expected


def test_there_are_cases() -> None:
    assert len(CASES) >= 40
