"""The place that a plan is for: the cases of tests/cases/parse/regions.csv."""

from __future__ import annotations

import pytest

from pipeline.parse.header.region import find_region
from tests.case_files import read_rows


@pytest.mark.parametrize("row", read_rows("parse/regions.csv"), ids=str)
def test_region(row: dict[str, str]) -> None:
    region = find_region(row["title"], row["plan_title"], row["issuing_body"] or None)
    assert (region or "") == row["region"]
