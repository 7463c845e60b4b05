"""Verbs of responsibility at the end of some words, of the table and of the grammar."""

from __future__ import annotations

import pytest

from pipeline.parse.clauses.verbs import find_verb, role_of_verb
from tests.case_tables import read_cases


@pytest.mark.parametrize("row", read_cases("verbs"), ids=lambda row: str(row["words"]))
def test_verb(row: dict[str, str]) -> None:
    verb = find_verb(row["words"])
    assert (verb or "") == row["verb"]
    assert (role_of_verb(verb) if verb else "") == row["role"]
