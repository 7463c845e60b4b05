"""Expand the spans of a table's cells: the text of a merged cell in every field it covers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# HTML's own bounds for spans.
_WIDEST, _LONGEST = 1000, 65534


class PageCell(NamedTuple):
    """A cell: its text without tabs and line breaks, its colspan and rowspan, its count of lines."""

    text: str
    columns: int = 1
    rows: int = 1
    lines: int = 1


class GridRow(NamedTuple):
    """A row of the grid: its number in the table from 1, and a text for every column.

    `whole`: one cell covers the whole width of the table.
    """

    number: int
    slots: tuple[str, ...]
    whole: bool

    def line(self) -> str:
        """The row as a line: cells joined by tabs, one cell over the whole width as it is."""
        return self.slots[0] if self.whole else "\t".join(self.slots)


class _PlacedCell(NamedTuple):
    text: str
    start: int
    end: int
    until: int


def expand_spans(rows: Sequence[Sequence[PageCell]], budget: int) -> Iterator[GridRow]:
    """The rows that have a text of their own, with merged cells repeated in all they cover.

    A column in which no cell of any row begins is left out. Raises ValueError where merged cells
    would repeat more than `budget` characters.
    """
    # Computed twice rather than kept: a long table is in memory once.
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
            yield GridRow(number, tuple(slots), whole)


def _place(rows: Sequence[Sequence[PageCell]], budget: int) -> Iterator[list[_PlacedCell]]:
    """The cells of each row by column, including those that reach down from rows above."""
    above: list[_PlacedCell] = []
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
            here.append(_PlacedCell(cell.text, at, end, number + down))
            at = end
        above = here
        yield sorted(here, key=lambda cell: cell.start)
