"""The leaders of a table's cell: the cases of tests/cases/leader_cells.csv."""

from __future__ import annotations

import pytest

from pipeline.names.leader_cells import read_leader_cell
from pipeline.names.lists import NameInList
from tests.case_tables import read_cases


def shown(cell: str, name: NameInList) -> str:
    """A person as the cases write it: with <the post>."""
    return cell[name.start : name.end] + (f"<{cell[slice(*name.post)]}>" if name.post else "")


@pytest.mark.parametrize("row", read_cases("leader_cells"), ids=lambda row: row["cell"])
def test_leaders_of_cell(row: dict[str, str]) -> None:
    cell = row["cell"]
    found = read_leader_cell(cell)
    names = "、、".join(shown(cell, one) for one in found.names) if found else "unread"
    assert names == row["names"]
    assert (found is not None and found.open_ended) == (row["open_ended"] == "yes")
