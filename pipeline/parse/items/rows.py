"""A table's rows -> tasks: what is label, path, content and owner in each."""

from __future__ import annotations

import re
from itertools import pairwise

from pipeline.names.lists import NameInList, NameList
from pipeline.parse.clauses.labelled import Clause
from pipeline.parse.clauses.labels import Say
from pipeline.parse.clauses.owners import Share, read_owners
from pipeline.parse.items.tasks import Span, Task
from pipeline.parse.tables import TableRow, TextTable, split_number
from pipeline.text import parse_numeral

_DIGITS = re.compile(r"\d+|[一二三四五六七八九十百]+|[①-⑳]")


class Rows:
    """A table's rows on their way to tasks."""

    def __init__(self, folded: str, table: TextTable, above: list[Span]) -> None:
        self.folded = folded
        self.table = table
        self.above = above
        self.merged = [self._is_merged(i) for i in range(len(table.columns))]
        kinds = [column.kind for column in table.columns]
        tasks = [i for i, kind in enumerate(kinds) if kind == "task"]
        own = [i for i in tasks if not self.merged[i]] or tasks[-1:]
        self.tasks_at = own
        self.groups_at = [
            i
            for i, kind in enumerate(kinds)
            if kind == "group" or (kind == "task" and i not in own and i < own[-1])
        ]
        numbers = [i for i, kind in enumerate(kinds) if kind == "number"]
        self.number_at = next((i for i in numbers if not self.merged[i]), None)

    def _words(self, cell: Span | None) -> str:
        return self.folded[cell[0] : cell[1]] if cell else ""

    def _is_merged(self, index: int) -> bool:
        """Whether a column's cells go over several rows: printed once, or again in each row."""
        rows = self.table.rows
        times = 0
        for before, row in pairwise(rows):
            cell = row.cells[index]
            if cell is None:
                continue
            again = not row.own[index] and cell == before.cells[index]
            times += again or self._words(cell) == self._words(before.cells[index])
        return times > 0 and self.table.columns[index].kind in ("number", "task", "group")

    def tasks(self) -> list[Task]:
        """A task a row; a row that prints no task of its own adds to the one above."""
        found: list[Task] = []
        last: list[str] = []
        for row in self.table.rows:
            words = [self._words(row.cells[i]) for i in self.tasks_at]
            if not any(words):
                self.table.skipped.append((row.start, row.end))
                continue
            if found and words == last and self._same_row(row, found[-1]):
                found[-1].clauses.append(self._clause(row))
                found[-1].end = max(found[-1].end, row.end)
            else:
                found.append(self._task(row))
            last = words
        return found

    def _same_row(self, row: TableRow, before: Task) -> bool:
        number = row.cells[self.number_at] if self.number_at is not None else None
        return (
            number is None
            or before.label is None
            or self._words(number) == self._words(before.label)
        )

    def _task(self, row: TableRow) -> Task:
        cells = [cell for i in self.tasks_at if (cell := row.cells[i])]
        label, pieces = None, []
        for cell in cells:
            number, rest = split_number(self.folded, cell)
            if number and (label is None):
                label = number
                pieces.append(rest)
            else:
                pieces.append(
                    cell if number is None or (label is not None and number != label) else rest
                )
        if self.number_at is not None and row.cells[self.number_at]:
            label = row.cells[self.number_at]
        task = Task(row.start, pieces[0][0], row.end, label=label, pieces=pieces)
        digits = _DIGITS.search(self._words(label)) if label else None
        task.number = parse_numeral(digits[0]) if digits else None
        task.path = [*self.above, *self._path(row)]
        task.clauses = [self._clause(row)]
        if row.doubtful:
            task.weak.add("doubtful-row")
        elif self.table.by_shape:
            task.weak.add("cells-by-shape")
        return task

    def _path(self, row: TableRow) -> list[Span]:
        cells = [row.heading, *(row.cells[i] for i in self.groups_at)]
        path: list[Span] = []
        for cell in cells:
            if cell is None:
                continue
            words = split_number(self.folded, cell)[1]
            if words not in path:
                path.append(words)
        return path

    def _clause(self, row: TableRow) -> Clause:
        shares: list[Share] = []
        for index, column in enumerate(self.table.columns):
            cell = row.cells[index]
            if cell is None or index in self.tasks_at or index in self.groups_at:
                continue
            words = self._words(cell)
            if column.kind == "owner" and column.say is not None:
                if row.units:
                    names = NameList([NameInList(*unit) for unit in row.units], open_ended=False)
                    shares.append(Share(column.say, column.label, names, *cell))
                elif not _NOBODY.fullmatch(words):
                    shares.extend(read_owners(self.folded, cell, column.say, column.label))
            elif column.kind in ("deadline", "field", "ignore") and words.strip("-/—无 "):
                say: Say = "deadline" if column.kind == "deadline" else "field"
                nobody = NameList([], open_ended=False)
                shares.append(Share(say, column.label, nobody, *cell))
        return Clause("column", row.start, row.end, shares)


_NOBODY = re.compile(r"[-—–/\\\s*]*|无")
