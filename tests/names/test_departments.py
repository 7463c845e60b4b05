"""Names of departments: subjects, duties and office."""

from __future__ import annotations

import pytest

from pipeline.names.departments import find_departments, split_subjects
from tests.case_tables import read_cases


@pytest.mark.parametrize("row", read_cases("departments"), ids=lambda row: row["name"])
def test_department(row: dict[str, str]) -> None:
    found = find_departments(row["name"])
    assert len(found) == bool(row["full"])
    for one in found:
        assert (one.full, " ".join(one.family), one.office, one.branch) == (
            row["full"],
            row["duties"],
            row["office"],
            row["is_branch"] == "yes",
        )
    assert split_subjects(row["name"]) == (found[0] if found else None)
