"""Assign the cells of rows to columns, one for one or by the least cost of misfits and gaps."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.parse.tables.cell_fit import SHAPED, is_unit_list, score_cell
from pipeline.parse.tables.row_numbers import find_counted, has_own_number
from pipeline.parse.tables.table import Span, TableColumn, TableRow

# The cost of a row without a cell in a column, by kind, and for owners by role.
_GAP_COSTS = {
    "number": 4.0,
    "group": 0.4,
    "task": 4.0,
    "deadline": 1.2,
    "field": 0.8,
    "ignore": 0.3,
}
_OWNER_GAP_COSTS = {"leader": 1.2, "lead": 2.0, "main": 2.0, "resp": 2.0, "assist": 0.8}
_OTHER_OWNER_GAP_COST = 1.0
# How well a number fits its column, and how ill anything else does.
_NUMBER_FIT, _NO_NUMBER = 4.0, -8.0
# A number that continues the count 1, 2, 3 … is likely a row's; any other hardly is.
_COUNTED, _NOT_COUNTED = 2.0, -6.0
# The share of a piece's own fit that counts where it continues a cell.
_PIECE_SHARE = 0.3
_NEVER = -1e9


# The best way to put a cell into a column: its score, the column before, whether it opens a row.
_Step = tuple[float, int, bool]


def place_cells(folded: str, cells: Sequence[Span], columns: Sequence[TableColumn]) -> TableRow:
    """Assign a row's cells, empty ones included, to columns: one for one, or by their words.

    Where cells are missing, a row with an empty cell or with a number in front lacks its last ones;
    another row has merged cells that an earlier row printed.
    """
    width = len(columns)
    placed = list(cells)
    if len(placed) > width:
        beyond = placed[width:]
        all_empty = all(b == a for a, b in beyond)
        placed = placed[:width] if all_empty else [c for c in placed if c[1] > c[0]]
    if width // 2 < len(placed) < width and _lacks_last_cells(folded, placed, columns):
        placed += [(placed[-1][1], placed[-1][1])] * (width - len(placed))
    if len(placed) != width:
        return _align_row(folded, placed, columns)
    return _make_row([cell if cell[1] > cell[0] else None for cell in placed], complete=True)


def _lacks_last_cells(folded: str, cells: Sequence[Span], columns: Sequence[TableColumn]) -> bool:
    """Whether a row that is too short prints its cells in their places, but for the last ones."""
    if any(b == a for a, b in cells):
        return True
    shaped = [
        score_cell(folded, cell, column)
        for cell, column in zip(cells, columns, strict=False)
        if column.kind in SHAPED
    ]
    return columns[0].kind == "number" and all(score > 0 for score in shaped)


def _make_row(
    cells: Sequence[Span | None], *, doubtful: bool = False, complete: bool = False
) -> TableRow:
    own = tuple(cell is not None for cell in cells)
    return TableRow(tuple(cells), own, doubtful=doubtful, complete=complete)


def _align_row(folded: str, cells: Sequence[Span], columns: Sequence[TableColumn]) -> TableRow:
    """Assign the cells of one row to rising columns, by the least cost."""
    filled = [cell for cell in cells if cell[1] > cell[0]]
    rows = align_cells(folded, filled, columns, one_row=True)
    return rows[0] if rows else _make_row([None] * len(columns), doubtful=True)


def align_cells(
    folded: str,
    cells: Sequence[Span],
    columns: Sequence[TableColumn],
    *,
    one_row: bool = False,
    first: int = 1,
) -> list[TableRow]:
    """Assign cells in reading order to columns, row by row, by the least cost of misfits and gaps.

    A state is the column of the last cell; the next cell continues that cell, moves right over
    skipped columns, or opens a row. `first` is the number that the first row should have.
    """
    width = len(columns)
    gaps = [_gap_cost(column) for column in columns]
    # upto[i]: the cost of a row without cells in the columns left of i.
    upto = [sum(gaps[:i]) for i in range(width + 1)]
    counted = find_counted(folded, cells, first)
    trail: list[list[_Step]] = []
    scores: list[float] = []
    for index, cell in enumerate(cells):
        fits = [_fit(folded, cell, column, counted=counted.get(index)) for column in columns]
        if index == 0:
            steps: list[_Step] = [(fits[j] - upto[j], -1, True) for j in range(width)]
        else:
            stays = [
                score
                - _continue_cost(folded, cells[index - 1], cell, column)
                + (max(0.0, fit) * _PIECE_SHARE if column.kind != "number" else _NEVER)
                for score, column, fit in zip(scores, columns, fits, strict=True)
            ]
            leaves = [] if one_row else _leave_scores(scores, upto)
            steps = _best_steps((scores, stays, leaves), upto, fits)
        scores = [step[0] for step in steps]
        trail.append(steps)
    return _trace_rows(cells, trail, _leave_scores(scores, upto))


def _leave_scores(scores: Sequence[float], upto: Sequence[float]) -> list[float]:
    """The score of a row that ends at each column: the columns right of it stay empty."""
    return [score - (upto[-1] - upto[i + 1]) for i, score in enumerate(scores)]


def _best_steps(
    scores: tuple[Sequence[float], Sequence[float], Sequence[float]],
    upto: Sequence[float],
    fits: Sequence[float],
) -> list[_Step]:
    """The best way into each column: stay in it, move right within the row, or open a row.

    `scores` are those of the last cell's columns, of staying in them, and of leaving the row from
    them; the last are empty where no row may open.
    """
    moves, stays, leaves = scores
    steps: list[_Step] = []
    for j, fit in enumerate(fits):
        best, source, opens = stays[j], j, False
        for i in range(j):
            score = moves[i] - (upto[j] - upto[i + 1]) + fit
            if score > best:
                best, source = score, i
        for i, leave in enumerate(leaves):
            score = leave - upto[j] + fit
            if score > best:
                best, source, opens = score, i, True
        steps.append((best, source, opens))
    return steps


def _gap_cost(column: TableColumn) -> float:
    if column.kind == "owner":
        return _OWNER_GAP_COSTS.get(column.say or "", _OTHER_OWNER_GAP_COST)
    return _GAP_COSTS[column.kind]


def _fit(folded: str, cell: Span, column: TableColumn, *, counted: bool | None) -> float:
    """How well a cell fits a column; a number fits best where it continues the count."""
    if column.kind != "number":
        return score_cell(folded, cell, column)
    if counted is None:
        return _NO_NUMBER
    return _NUMBER_FIT + (_COUNTED if counted else _NOT_COUNTED)


def _continue_cost(folded: str, before: Span, cell: Span, column: TableColumn) -> float:
    """The cost of a cell in two pieces, of which `cell` is the second."""
    if column.kind in ("number", "ignore"):
        return 6.0
    if folded[before[1] - 1] in "、,;(":
        return 0.2
    words = folded[cell[0] : cell[1]]
    if column.kind == "owner":
        if column.say == "leader":
            return 2.5
        return 0.8 if is_unit_list(words) else 5.0
    if column.kind == "task":
        return 0.8 if len(words) > 6 or has_own_number(words) else 1.6
    return 2.0


def _trace_rows(
    cells: Sequence[Span], trail: Sequence[Sequence[_Step]], ends: Sequence[float]
) -> list[TableRow]:
    """Follow the best steps back from the best end and make rows of them."""
    if not cells:
        return []
    width = len(ends)
    j = max(range(width), key=lambda i: ends[i])
    places: list[tuple[int, bool]] = []
    for steps in reversed(trail):
        _, source, opens = steps[j]
        places.append((j, opens))
        j = source
    rows: list[list[Span | None]] = []
    for cell, (j, opens) in zip(cells, reversed(places), strict=True):
        if opens or not rows:
            rows.append([None] * width)
        before = rows[-1][j]
        rows[-1][j] = (before[0], cell[1]) if before else cell
    return [_make_row(row) for row in rows]
