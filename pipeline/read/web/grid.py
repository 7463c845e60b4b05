"""A table's cells with their spans -> a full grid, as the eye reads merged cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# HTML's own bounds for spans.
_WIDEST, _LONGEST = 1000, 65534


class Cell(NamedTuple):
    """A cell as written: its text without tabs and line breaks, what it covers, its lines."""

    text: str
    columns: int = 1
    rows: int = 1
    lines: int = 1


class Row(NamedTuple):
    """A row of the grid: its number in the table, a text for every column.

    `whole` is a row that one cell fills from end to end.
    """

    number: int
    slots: tuple[str, ...]
    whole: bool

    def line(self) -> str:
        """The row as a line: cells joined by tabs, one cell over the whole width as it is."""
        return self.slots[0] if self.whole else "\t".join(self.slots)


class _Placed(NamedTuple):
    text: str
    start: int
    end: int
    until: int


def expand(rows: Sequence[Sequence[Cell]], budget: int) -> Iterator[Row]:
    """The rows that say something, a merged cell's text in every row and column it covers.

    A column in which no cell of any row begins is no column. Raises ValueError where merged cells
    would repeat more than `budget` characters.
    """
    # Placed twice rather than kept: a long table is held once.
    starts = sorted({cell.start for row in _place(rows, budget) for cell in row})
    column = {start: index for index, start in enumerate(starts)}
    for number, (own, row) in enumerate(zip(rows, _place(rows, budget), strict=True), 1):
        slots = [""] * len(starts)
        for cell in row:
            for at in range(column[cell.start], len(starts)):
                if starts[at] >= cell.end:
                    break
                slots[at] = cell.text
                budget -= len(cell.text) + 1
        budget -= len(slots)
        if budget < 0:
            raise ValueError
        if any(cell.text for cell in own):
            whole = len(row) == 1 and len(starts) > 1 and row[0].end > starts[-1]
            yield Row(number, tuple(slots), whole)


def _place(rows: Sequence[Sequence[Cell]], budget: int) -> Iterator[list[_Placed]]:
    """Every row's cells by column, those that reach down from above among them."""
    above: list[_Placed] = []
    for number, row in enumerate(rows):
        here = [cell for cell in above if cell.until > number]
        budget -= len(here)
        if budget < 0:
            raise ValueError
        taken = sorted((cell.start, cell.end) for cell in here)
        at = index = 0
        for cell in row:
            while index < len(taken) and taken[index][0] <= at:
                at = max(at, taken[index][1])
                index += 1
            limit = taken[index][0] if index < len(taken) else at + _WIDEST
            end = min(at + max(1, min(cell.columns, _WIDEST)), max(limit, at + 1))
            down = _LONGEST if cell.rows == 0 else max(1, min(cell.rows, _LONGEST))
            here.append(_Placed(cell.text, at, end, number + down))
            at = end
        above = here
        yield sorted(here, key=lambda cell: cell.start)
