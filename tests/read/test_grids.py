"""Tables that go on over a page: same columns, repeated header, split row, merged cells."""

from __future__ import annotations

import pytest

from pipeline.read.drawn.grids import Grid, append_grid, is_same_shape

HEAD = ["序号", "类别", "任务"]


def grid(
    *rows: list[str], page: int = 1, columns: tuple[float, ...] = (0, 50, 100, 300), merged: int = 0
) -> Grid:
    whole = {at for at, row in enumerate(rows) if len(set(row)) == 1}
    return Grid(
        page, 0.0, [*columns], [*rows], [page] * len(rows), whole, {merged} if merged else set()
    )


@pytest.mark.parametrize(
    ("two", "is_same"),
    [
        (grid(HEAD), True),
        (grid(HEAD, columns=(7, 57, 107, 307)), True),
        (grid(HEAD, columns=(8, 50, 100, 300)), False),
        (grid(HEAD, columns=(0, 50, 300)), False),
        # the same lines, but a column that only repeats another was left out of the rows
        (grid(HEAD[:2]), False),
    ],
)
def test_same_shape(two: Grid, is_same: bool) -> None:  # noqa: FBT001 - a column of the table
    assert is_same_shape(grid(HEAD), two) is is_same


@pytest.mark.parametrize(
    ("more", "rows"),
    [
        ([["2", "城市", "乙"]], [["2", "城市", "乙"]]),
        ([HEAD, ["2", "城市", "乙"]], [["2", "城市", "乙"]]),
        ([HEAD], []),
        ([["2", "", "乙"], ["3", "", "丙"]], [["2", "社会", "乙"], ["3", "社会", "丙"]]),
        ([["2", "城市", "乙"], ["3", "", "丙"]], [["2", "城市", "乙"], ["3", "", "丙"]]),
        ([["第二部分"] * 3], [["第二部分"] * 3]),
    ],
)
def test_rows_of_the_next_page(more: list[list[str]], rows: list[list[str]]) -> None:
    table = grid(HEAD, ["1", "社会", "甲"], ["1", "社会", "甲"], merged=1)
    append_grid(table, grid(*more, page=2))
    assert table.rows[3:] == rows
    assert table.pages == [1] * 3 + [2] * len(rows)
    assert table.whole == ({3} if rows and len(set(rows[0])) == 1 else set())


def test_a_row_that_the_page_split() -> None:
    table = grid(HEAD, ["1", "社会", "甲的"], ["2", "城市", "乙的"])
    append_grid(table, grid(HEAD, ["", "", "后半"], ["3", "经济", "丙"], page=2))
    assert table.rows[2:] == [["2", "城市", "乙的后半"], ["3", "经济", "丙"]]
    assert table.pages == [1, 1, 1, 2]
