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


@pytest.mark.parametrize(
    ("filled", "expected"),
    [(False, "2|改造老旧小区|^张三|^县交通局 ?"), (True, "2|改造老旧小区||")],
)
def test_empty_owners_of_a_file_are_empty(filled: bool, expected: str) -> None:  # noqa: FBT001
    text = (
        "序号\t重点任务\t牵头领导\t责任单位\n1\t修建农村道路\t张三\t县交通局\n2\t改造老旧小区\t\t\n"
    )
    [table] = find_tables(text, filled=filled)
    assert list(shown(text, table))[2] == expected


def test_long_run_of_glued_rows() -> None:
    rows = "".join(f"{number}修建农村道路县交通局、县财政局6月底" for number in range(1, 1201))
    [table] = find_glued(f"序号工作任务责任单位完成时限{rows}")
    assert len(table.rows) == 1200
