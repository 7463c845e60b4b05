"""The rows of assignments that name some bodies or persons, found without reading all of them."""

from __future__ import annotations

import pytest

from pipeline.dataset.aggregate_patch import _select_lines, _select_rows
from pipeline.dataset.csv_rows import rows_to_csv
from pipeline.dataset.table_columns import COLUMNS

HEADS = [column.name for column in COLUMNS["assignments"]]


def _table(*labels: str) -> bytes:
    """Assignments with these labels, by turns of 区财政局, of 王红 (区长), and of 区财政局二分局."""
    names = ("区财政局", "王红", "区财政局二分局")
    rows = []
    for number, label in enumerate(labels):
        name = names[number % 3]
        kind = "person" if name == "王红" else "unit"
        given = {"notice_id": f"n{number}", "name": name, "canonical": name, "kind": kind}
        rows.append(dict.fromkeys(HEADS, "") | given | {"label": label, "post": "区长"})
    return rows_to_csv(HEADS, rows)


@pytest.mark.parametrize(
    ("labels", "is_short"),
    [
        (("主办", "领导", "主办", "主办"), True),
        (("主办,牵头", '"主办"', "主办", "主办"), True),
        (("主办\n区财政局", "领导", "主办\n单位", "主办"), False),
    ],
)
def test_rows_are_found_whatever_their_cells_hold(
    labels: tuple[str, ...], *, is_short: bool
) -> None:
    data = _table(*labels)
    found = list(_select_rows([data], ["区财政局"], [("王红", "区长")]))
    assert [row["notice_id"] for row in found] == ["n0", "n1", "n3"]
    assert [row["label"] for row in found] == [labels[0], labels[1], labels[3]]
    assert (_select_lines(data, ["王红"]) is not None) == is_short


@pytest.mark.parametrize("name", ['甲"乙', "甲,乙", "甲\n乙", ""])
def test_names_that_a_table_quotes(name: str) -> None:
    assert _select_lines(_table("主办"), ["区财政局", name]) is None
