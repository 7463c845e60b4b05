"""A table's cells with their spans -> a full grid, as the eye reads merged cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

# HTML's own bounds for spans.
_WIDEST, _LONGEST = 1000, 65534


class Cell(NamedTuple):
    """A cell as written: its text without tabs and line breaks, and what it covers."""

    text: str
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the grid: a text for every column, and the texts of the cells that begin in it."""

    number: int
    slots: tuple[str, ...]
    own: tuple[str, ...]
    whole: bool

    def line(self) -> str:
        """The row as a line: cells joined by tabs, one cell over the whole width as it is."""
        return self.slots[0] if self.whole else "\t".join(self.slots)


class _Placed(NamedTuple):
    text: str
    start: int
    end: int
    until: int


def expand(rows: Sequence[Sequence[Cell]], budget: int) -> list[Row]:
    """The rows that say something, a merged cell's text in every row and column it covers.

    A column in which no cell of any row begins is no column. Raises ValueError where merged cells
    would repeat more than `budget` characters.
    """
    placed = _place(rows)
    starts = sorted({cell.start for row in placed for cell in row})
    column = {start: index for index, start in enumerate(starts)}
    found = []
    for number, row in enumerate(placed, 1):
        slots = [""] * len(starts)
        for cell in row:
            first = column[cell.start]
            for at in range(first, len(starts)):
                if starts[at] >= cell.end:
                    break
                slots[at] = cell.text
                budget -= len(cell.text) + 1
        if budget < 0:
            raise ValueError
        own = tuple(cell.text for cell in rows[number - 1])
        if any(own):
            whole = len(row) == 1 and len(starts) > 1 and row[0].end > starts[-1]
            found.append(Row(number, tuple(slots), own, whole))
    return found


def _place(rows: Sequence[Sequence[Cell]]) -> list[list[_Placed]]:
    """Every row's cells by column, those that reach down from above among them."""
    placed = []
    above: list[_Placed] = []
    for number, row in enumerate(rows):
        here = [cell for cell in above if cell.until > number]
        taken = sorted((cell.start, cell.end) for cell in here)
        at = index = 0
        for cell in row:
            while index < len(taken) and taken[index][0] <= at:
                at = max(at, taken[index][1])
                index += 1
            limit = taken[index][0] if index < len(taken) else at + _WIDEST
            end = min(at + max(1, min(cell.columns, _WIDEST)), max(limit, at + 1))
            rows_down = _LONGEST if cell.rows == 0 else max(1, min(cell.rows, _LONGEST))
            here.append(_Placed(cell.text, at, end, number + rows_down))
            at = end
        above = here
        placed.append(sorted(here, key=lambda cell: cell.start))
    return placed
