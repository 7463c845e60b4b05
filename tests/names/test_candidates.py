"""Names to the bodies that they can mean, each by its rule."""

from __future__ import annotations

import pytest

from pipeline.names.candidates import find_candidates
from pipeline.names.places import home_of
from tests.case_tables import read_cases


@pytest.mark.parametrize(
    "row", read_cases("candidates"), ids=lambda row: f"{row['place']} {row['name']}"
)
def test_candidates(row: dict[str, str]) -> None:
    found = find_candidates(row["name"], home_of(row["place"]))
    assert [(one.canonical, one.rule, one.division.level) for one in found] == (
        [(row["canonical"], row["rule"], row["level"])] if row["canonical"] else []
    )
