"""The sheet that a reader sees: the texts of its visible cells, and what of it is not shown."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import NamedTuple

# A merged area by its first row and column and its last, counted from 0.
MergedArea = tuple[int, int, int, int]
ROWS_LIMIT = 1_048_576
COLUMNS_LIMIT = 16_384
# No spreadsheet program keeps a longer text in a cell.
TEXT_LIMIT = 32_767
# A cell repeated over the whole sheet makes millions of a few bytes.
CELLS_LIMIT = 100_000
# Twenty times the longest plan.
CHARACTERS_LIMIT = 10_000_000


class ShownSheet(NamedTuple):
    """The visible rows and columns that hold text, by their numbers from 0, and the texts in them.

    `areas` are merged areas by places in `texts`.
    """

    name: str
    rows: list[int]
    columns: list[int]
    texts: list[list[str]]
    areas: list[MergedArea]


@dataclass(slots=True)
class Budget:
    """The cells and characters that a workbook may still have.

    `take` raises ValueError where they are more than the limits.
    """

    cells: int = CELLS_LIMIT
    characters: int = CHARACTERS_LIMIT

    def take(self, cells: int, characters: int) -> None:
        """Use some of what is left."""
        self.cells -= cells
        self.characters -= characters
        if self.cells < 0:
            fact = f"more than {CELLS_LIMIT:,} cells"
            raise ValueError(fact)
        if self.characters < 0:
            fact = f"more than {CHARACTERS_LIMIT:,} characters"
            raise ValueError(fact)


@dataclass(slots=True)
class SheetCells:
    """The cells of a sheet while it is read.

    `uncounted` counts formulas without a stored value, `masked` values that their format hides.
    """

    name: str
    budget: Budget
    areas: list[MergedArea] = field(default_factory=list)
    uncounted: int = 0
    masked: int = 0
    _texts: dict[int, dict[int, str]] = field(default_factory=dict)
    _hidden_rows: set[int] = field(default_factory=set)
    _hidden_columns: bytearray = field(default_factory=lambda: bytearray(COLUMNS_LIMIT))

    def add(self, row: int, column: int, text: str, *, is_empty: bool = True) -> None:
        """Put a text into a cell; `is_empty` tells whether a cell without text has no value either.

        Raises ValueError for a cell or a text beyond the limits of spreadsheet programs.
        """
        if not (0 <= row < ROWS_LIMIT and 0 <= column < COLUMNS_LIMIT):
            fact = f"a cell in row {row + 1:,} and column {column + 1:,}, where no sheet has one"
            raise ValueError(fact)
        if len(text) > TEXT_LIMIT:
            fact = f"a cell with {len(text):,} characters, more than {TEXT_LIMIT:,}"
            raise ValueError(fact)
        if text:
            self.budget.take(1, len(text))
            self._texts.setdefault(row, {})[column] = text
        elif not is_empty:
            self.masked += 1

    def hide_rows(self, first: int, last: int) -> None:
        """Leave out rows that the file hides, by hand or by a filter; numbers from 0."""
        rows = range(max(0, first), min(last, ROWS_LIMIT - 1) + 1)
        if len(rows) > 1:
            # Ranges may overlap without end.
            self.budget.take(len(rows) // 100, 0)
        self._hidden_rows.update(rows)

    def hide_columns(self, first: int, last: int) -> None:
        """Leave out columns that the file hides; numbers from 0."""
        columns = range(max(0, first), min(last, COLUMNS_LIMIT - 1) + 1)
        self._hidden_columns[columns.start : columns.stop] = b"\1" * len(columns)

    def finish(self) -> ShownSheet:
        """The visible rows and columns between the first and the last that have a text.

        Raises ValueError where merged areas make them too many.
        """
        merged = [area for area in self.areas if self._text(area[0], area[1])]
        shown = self._texts.keys() - self._hidden_rows
        rows = self._with_merged(shown, ((area[0], area[2]) for area in merged))
        rows = [row for row in rows if row not in self._hidden_rows]
        filled = {
            column
            for row in shown
            for column in self._texts[row]
            if not self._hidden_columns[column]
        }
        filled |= self._first_visible(merged, rows)
        columns = self._with_merged(filled, ((area[1], area[3]) for area in merged))
        columns = [column for column in columns if not self._hidden_columns[column]]
        self.budget.take(max(0, len(rows) * len(columns) - sum(map(len, self._texts.values()))), 0)
        texts = [[self._text(row, column) for column in columns] for row in rows]
        areas = list(self._moved(merged, rows, columns, texts))
        return ShownSheet(self.name, rows, columns, texts, areas)

    def _first_visible(self, areas: list[MergedArea], rows: list[int]) -> set[int]:
        """The first visible columns of the areas over some rows, whose first cells may be hidden."""
        found = set()
        for top, left, bottom, right in areas:
            column = self._hidden_columns.find(0, left, right + 1)
            if column >= 0 and bisect_left(rows, top) < bisect_right(rows, bottom):
                found.add(column)
        return found

    def hidden_parts(self) -> tuple[int, int]:
        """How many rows and columns with a text are hidden."""
        columns = {column for line in self._texts.values() for column in line}
        hidden = sum(1 for column in columns if self._hidden_columns[column])
        return len(self._texts.keys() & self._hidden_rows), hidden

    def _text(self, row: int, column: int) -> str:
        return self._texts.get(row, {}).get(column, "")

    def _with_merged(self, used: AbstractSet[int], areas: Iterable[tuple[int, int]]) -> list[int]:
        """The numbers in use and those that merged areas cover between the first and the last."""
        if not used:
            return []
        found = set(used)
        first, last = min(used), max(used)
        done = first
        # From the first on, so that what several areas cover is taken once.
        for start, end in sorted(areas):
            covered = range(max(start, done), min(end, last) + 1)
            if len(covered) > self.budget.cells:
                self.budget.take(len(covered), 0)
            found.update(covered)
            done = max(done, covered.stop)
        return sorted(found)

    def _moved(
        self,
        areas: list[MergedArea],
        rows: list[int],
        columns: list[int],
        texts: list[list[str]],
    ) -> Iterator[MergedArea]:
        """The areas by their places in the texts; the text moves to the first visible cell."""
        for top, left, bottom, right in areas:
            first, last = bisect_left(rows, top), bisect_right(rows, bottom) - 1
            begin, end = bisect_left(columns, left), bisect_right(columns, right) - 1
            if first <= last and begin <= end:
                texts[first][begin] = self._text(top, left)
                yield first, begin, last, end
