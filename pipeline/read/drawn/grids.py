"""Make the rows of a ruled table, and join tables that go on over a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.read.drawn.glyphs import Glyph
from pipeline.read.drawn.lines import DrawnLine, find_lines, is_full, wrap_joint
from pipeline.read.drawn.row_splits import split_rows
from pipeline.read.drawn.ruled import Ruled

# Lines of the same column on two pages differ by less, in points.
_SAME_COLUMN = 8
_HEADER_ROWS = 4
# A column is one of running numbers if this share of its cells are numbers.
_MOSTLY = 0.6
# The widest padding of a cell, in characters: wider free space is that of short texts.
_WIDEST_PADDING = 0.75

Sides = dict[int, tuple[float, float]]


@dataclass(slots=True)
class Grid:
    """A table as rows of texts, those of merged cells repeated; `pages` has the page of each row.

    `whole` are the indexes of rows that one cell fills, `merged` those of columns with a cell over
    several rows.
    """

    page: int
    top: float
    columns: list[float]
    rows: list[list[str]]
    pages: list[int]
    whole: set[int]
    merged: set[int]


def make_grid(table: Ruled, cells: dict[int, list[Glyph]], page: int) -> Grid:
    """The rows of a ruled table with the text of its cells; rows without text are left out."""
    sides = table.sides()
    lines = {region: find_lines(glyphs, page) for region, glyphs in cells.items()}
    widths = _text_widths(sides, lines)
    rows, lines = split_rows(table.rows(), lines)
    texts = {region: _cell_text(found, widths.get(region, 0.0)) for region, found in lines.items()}
    shown = [
        (index, row)
        for index, row in enumerate(rows)
        if any(texts.get(region) for region in row)
        and not (index and len(set(row)) == 1 and row[0] in rows[index - 1])
    ]
    return Grid(
        page,
        table.box.top,
        table.columns,
        [[texts.get(region, "") for region in row] for _, row in shown],
        [page] * len(shown),
        {at for at, (_, row) in enumerate(shown) if len(set(row)) == 1 < len(row)},
        {
            column
            for (_, one), (_, two) in pairwise(shown)
            for column, region in enumerate(one)
            if two[column] == region and len(set(two)) > 1
        },
    )


def _text_widths(sides: Sides, lines: dict[int, list[DrawnLine]]) -> dict[int, float]:
    """The width that text may fill in each cell: without the padding of its column on both sides.

    The padding is the least distance of a text from the left line of its cell: in its column, or where
    no text of the column comes near its sides, in the whole table.
    """
    least = max(0.0, _padding(sides, lines))
    columns: dict[tuple[float, float], dict[int, list[DrawnLine]]] = {}
    for region, found in lines.items():
        columns.setdefault(sides[region], {})[region] = found
    widths: dict[int, float] = {}
    for (left, right), cells in columns.items():
        em = max((line.em for found in cells.values() for line in found), default=0.0)
        pad = max(least, min(_padding(sides, cells), _WIDEST_PADDING * em))
        widths |= dict.fromkeys(cells, right - left - 2 * pad)
    return widths


def _padding(sides: Sides, lines: dict[int, list[DrawnLine]]) -> float:
    """The least distance of a text from the left line of its cell, over all cells."""
    gaps = [line.x0 - sides[region][0] for region, found in lines.items() for line in found]
    return min(gaps, default=0.0)


def _cell_text(lines: list[DrawnLine], width: float) -> str:
    """The text of a cell of this width: a full line runs on in the next, others end in a blank.

    A cell of blanks has no lines and the text "". Characters set one below the other, and turned lines,
    are one word.
    """
    if len(lines) > 1 and all(_is_sign(line) or line.is_turned for line in lines):
        return "".join(line.text for line in lines)
    text = ""
    for line, after in pairwise(lines):
        is_wrapped = is_full(width - (line.x1 - line.x0), line, after)
        text += line.text + (wrap_joint(line, after) if is_wrapped else " ")
    return text + lines[-1].text if lines else text


def _is_sign(line: DrawnLine) -> bool:
    return len(line.text) == 1 and not line.text.isascii()


def is_same_shape(one: Grid, two: Grid) -> bool:
    """Whether two grids have the same columns, by their lines and by their rows."""
    if len(one.columns) != len(two.columns) or len(one.rows[0]) != len(two.rows[0]):
        return False
    pairs = zip(one.columns, two.columns, strict=True)
    return all(abs(a - b) < _SAME_COLUMN for a, b in pairs)


def append_grid(table: Grid, more: Grid) -> None:
    """Add the rows of the next page, without its repeated header; a row split by the page is joined."""
    skip = 0
    while (
        skip < min(len(table.rows), len(more.rows))
        and table.rows[skip] == more.rows[skip]
        and skip < _HEADER_ROWS
    ):
        skip += 1
    rows = more.rows[skip:]
    if not rows:
        return
    number = _number_column([*table.rows, *rows])
    if skip in more.whole:
        pass
    elif number is not None and not rows[0][number] and table.rows[-1][number]:
        table.rows[-1] = [a + b for a, b in zip(table.rows[-1], rows[0], strict=True)]
        rows = rows[1:]
        skip += 1
    else:
        _fill_down(rows, table)
    first = len(table.rows)
    table.whole |= {first + index - skip for index in more.whole if index >= skip}
    table.rows += rows
    table.pages += more.pages[len(more.pages) - len(rows) :]


def _number_column(rows: Sequence[Sequence[str]]) -> int | None:
    """The index of the column of running numbers below a head, or None."""
    for column in range(len(rows[0])):
        cells = [row[column].strip(".、") for row in rows]
        body = cells if cells[0].isdecimal() else cells[1:]
        numbers = sum(cell.isdecimal() for cell in body)
        if numbers and numbers >= len(body) * _MOSTLY:
            return column
    return None


def _fill_down(rows: list[list[str]], table: Grid) -> None:
    """Repeat merged cells in the rows of the new page, where their text is not printed again."""
    for column in table.merged:
        for row in rows:
            if row[column]:
                break
            row[column] = table.rows[-1][column]
