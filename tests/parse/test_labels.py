"""The role of a label by its words: those of the table, and those built from parts."""

from __future__ import annotations

import pytest

from pipeline.parse.clauses.labels import parse_printed_role
from tests.case_tables import read_cases


@pytest.mark.parametrize("row", read_cases("label_roles"), ids=lambda row: str(row["label"]))
def test_role_of_label(row: dict[str, str]) -> None:
    assert (parse_printed_role(row["label"]) or "") == row["role"]
