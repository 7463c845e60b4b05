"""The rows of a table as tasks: label, path, content and owners of each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from pipeline.names.lists import NameInList, NameList
from pipeline.parse.clauses.clause import Clause, Share, make_field
from pipeline.parse.clauses.labels import PrintedRole
from pipeline.parse.items.owner_cells import is_read_for_certain, read_owners
from pipeline.parse.items.tasks import Span, Task
from pipeline.parse.tables.row_numbers import find_code_values, split_number
from pipeline.parse.tables.table import TableColumn, TableRow, TextTable

# The cell of a row that has no owner: —, /, 无.
_NOBODY = re.compile(r"[-—–/\\\s*]*|无")
_NO_VALUE = "-/—无 "


class RowTasks(NamedTuple):
    """The tasks of a table, and its rows that name no task."""

    tasks: list[Task]
    skipped: list[Span]


class _Layout(NamedTuple):
    """Which columns of a table give a row's task, its groups and its number.

    `shared` is true where two rows have one number: a measure's own number is its label before it.
    """

    tasks: tuple[int, ...]
    groups: tuple[int, ...]
    number: int | None
    shared: bool


def make_row_tasks(
    folded: str, table: TextTable, above: tuple[Span, ...], parent: int = -1
) -> RowTasks:
    """A task for each row of a table; a row that repeats the task above adds its owners to it.

    `above` is the path of the table, `parent` the index of the task that it is inside, or -1.
    """
    layout = _find_layout(folded, table)
    tasks: list[Task] = []
    skipped: list[Span] = []
    last: list[str] = []
    for row in table.rows:
        words = [_words(folded, row.cells[i]) for i in layout.tasks]
        if not any(words):
            skipped.append((row.start, row.end))
            continue
        clause = _read_clause(folded, table, layout, row)
        if tasks and words == last and _has_number_of(folded, row, layout.number, tasks[-1]):
            tasks[-1] = _add_row(tasks[-1], row, clause)
        else:
            task = _make_task(folded, table, layout, row)
            path = (*above, *_find_row_path(folded, layout, row))
            tasks.append(task._replace(path=path, clauses=(clause,), parent=parent))
        last = words
    return RowTasks(_number_tasks(folded, tasks), skipped)


def _number_tasks(folded: str, tasks: list[Task]) -> list[Task]:
    """The tasks with the numbers that their labels print."""
    values = find_code_values([_words(folded, task.label) for task in tasks if task.label])
    following = iter(values)
    return [task._replace(number=next(following)) if task.label else task for task in tasks]


def _words(folded: str, cell: Span | None) -> str:
    return folded[cell[0] : cell[1]] if cell else ""


def _find_layout(folded: str, table: TextTable) -> _Layout:
    """Task columns without merged cells give the task; merged ones before them are groups.

    A group's column is one only where its cells are merged; a value in each row is a field.
    """
    kinds = [column.kind for column in table.columns]
    merged = [_is_merged(folded, table, index) for index in range(len(kinds))]
    tasks = [i for i, kind in enumerate(kinds) if kind == "task"]
    own = [i for i in tasks if not merged[i]] or tasks[-1:]
    groups = [
        i
        for i, kind in enumerate(kinds)
        if (kind == "group" and merged[i]) or (kind == "task" and i not in own and i < own[-1])
    ]
    number = kinds.index("number") if "number" in kinds else None
    shared = number is not None and any(
        _spans_both(folded, number, *pair) for pair in pairwise(table.rows)
    )
    return _Layout(tuple(own), tuple(groups), number, shared)


def _is_merged(folded: str, table: TextTable, index: int) -> bool:
    """Whether a column's cells go over several rows: printed once, or again in each row."""
    kind = table.columns[index].kind
    if kind not in ("task", "group"):
        return False
    if not any(_spans_both(folded, index, *pair) for pair in pairwise(table.rows)):
        return False
    return kind == "task" or _is_in_runs(folded, table, index)


def _spans_both(folded: str, index: int, before: TableRow, row: TableRow) -> bool:
    """Whether one cell of a column is in two rows, or both print the same words."""
    cell, above = row.cells[index], before.cells[index]
    if cell is None:
        return False
    return (not row.own[index] and cell == above) or _words(folded, cell) == _words(folded, above)


def _is_in_runs(folded: str, table: TextTable, index: int) -> bool:
    """Whether no value of a column comes back below another one, as 新建 does in 新建, 续建, 新建.

    Headings between the rows begin the values anew.
    """
    runs = [
        (row.heading, _words(folded, row.cells[index])) for row in table.rows if row.cells[index]
    ]
    return sum(a != b for a, b in pairwise(runs)) + 1 == len(set(runs))


def _has_number_of(folded: str, row: TableRow, number: int | None, task: Task) -> bool:
    """Whether a row has the number of the task above, or one of them has none."""
    cell = row.cells[number] if number is not None else None
    if cell is None or task.label is None:
        return True
    return _words(folded, cell) == _words(folded, task.label)


def _add_row(task: Task, row: TableRow, clause: Clause) -> Task:
    return task._replace(clauses=(*task.clauses, clause), end=max(task.end, row.end))


def _make_task(folded: str, table: TextTable, layout: _Layout, row: TableRow) -> Task:
    label, pieces = _split_labels(folded, [cell for i in layout.tasks if (cell := row.cells[i])])
    if layout.number is not None and row.cells[layout.number] and not (label and layout.shared):
        label = row.cells[layout.number]
    weak: frozenset[str] = frozenset()
    if row.doubtful or not _are_owners_certain(folded, table, row):
        weak = frozenset(("doubtful-row",))
    elif table.by_shape:
        weak = frozenset(("cells-by-shape",))
    return Task(
        row.start,
        pieces[0][0],
        row.end,
        label=label,
        pieces=tuple(pieces),
        weak=weak,
    )


def _are_owners_certain(folded: str, table: TextTable, row: TableRow) -> bool:
    """Whether the persons of a row are read for certain, apart from their posts and units."""
    return all(
        is_read_for_certain(folded, column, cell)
        for column, cell in zip(table.columns, row.cells, strict=True)
        if cell and column.kind == "owner" and not _NOBODY.fullmatch(_words(folded, cell))
    )


def _split_labels(folded: str, cells: list[Span]) -> tuple[Span | None, list[Span]]:
    """The first number that a cell begins with, and the cells without it: 1.推进…."""
    label: Span | None = None
    pieces: list[Span] = []
    for cell in cells:
        number, words = split_number(folded, cell)
        if label is None:
            label = number
        # One cell over two task columns is in both.
        pieces.append(words if number == label else cell)
    return label, pieces


def _find_row_path(folded: str, layout: _Layout, row: TableRow) -> list[Span]:
    """The group cells of a row without their numbers, below the heading above the row."""
    path: list[Span] = []
    for cell in (row.heading, *(row.cells[i] for i in layout.groups)):
        words = split_number(folded, cell)[1] if cell else None
        if words and words not in path:
            path.append(words)
    return path


def _read_clause(folded: str, table: TextTable, layout: _Layout, row: TableRow) -> Clause:
    """The owners, deadline and fields of a row as one clause."""
    shares: list[Share] = []
    for index, column in enumerate(table.columns):
        cell = row.cells[index]
        if cell is not None and index not in layout.tasks and index not in layout.groups:
            shares.extend(_read_cell(folded, column, cell, row.units))
    return Clause("column", row.start, row.end, tuple(shares))


def _read_cell(
    folded: str, column: TableColumn, cell: Span, units: Sequence[Span]
) -> Iterator[Share]:
    words = _words(folded, cell)
    if column.kind == "owner" and column.say is not None:
        if units:
            names = NameList([NameInList(*unit) for unit in units], open_ended=False)
            yield Share(column.say, column.label, names, *cell)
        elif not _NOBODY.fullmatch(words):
            yield from read_owners(folded, column, cell)
    elif column.kind in ("deadline", "field", "ignore", "group") and words.strip(_NO_VALUE):
        role: PrintedRole = "deadline" if column.kind == "deadline" else "field"
        yield make_field(role, column.label, *cell)
