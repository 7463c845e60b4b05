"""Differences that change nothing, and those that do."""

from __future__ import annotations

import pytest

from pipeline.compare.trifles import is_trifling
from tests.compare.cases import read_table


def year(text: str) -> int | None:
    return int(text) if text else None


@pytest.mark.parametrize("row", read_table("trifles"), ids=str)
def test_trifles(row: dict[str, str]) -> None:
    years = (year(row["first_year"]), year(row["second_year"]))
    assert is_trifling(row["before"], row["after"], years) == (row["trifling"] == "yes")
