"""Numbers that changed between two wordings."""

from __future__ import annotations

import pytest

from pipeline.compare.figures import find_figures
from tests.compare.cases import read_table


@pytest.mark.parametrize("row", read_table("figures"), ids=str)
def test_figures(row: dict[str, str]) -> None:
    changed = find_figures(row["before"], row["after"])
    shown = " ".join(f"{one.about}:{one.before}>{one.after}" for one in changed)
    assert shown == row["changes"]
