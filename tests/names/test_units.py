"""Whether a name reads as a unit or a group, by its words."""

from __future__ import annotations

import pytest

from pipeline.names.units import is_collective, is_unit, is_whole_unit
from tests.case_tables import read_cases


@pytest.mark.parametrize("row", read_cases("units"), ids=lambda row: row["name"])
def test_units(row: dict[str, str]) -> None:
    name = row["name"]
    assert is_unit(name) == (row["is_unit"] == "yes")
    assert is_collective(name) == (row["is_collective"] == "yes")
    assert is_whole_unit(name) == (row["is_whole_unit"] == "yes")


def test_a_name_has_an_end() -> None:
    assert is_unit("甲" * 58 + "局")
    assert is_unit("甲" * 59 + "局")
    assert not is_unit("甲" * 60 + "局")
