"""What of a title stays from year to year."""

from __future__ import annotations

import pytest

from pipeline.compare.title_family import is_same_family, title_family
from tests.compare.cases import read_table
from tests.compare.small_series import bare_plan


@pytest.mark.parametrize("row", read_table("title_families"), ids=str)
def test_title_families(row: dict[str, str]) -> None:
    notice = bare_plan(title=row["title"], region=row["place"] or None)
    assert title_family(notice) == row["family"]


@pytest.mark.parametrize("row", read_table("title_pairs"), ids=str)
def test_pairs_of_titles(row: dict[str, str]) -> None:
    one, other = (bare_plan(title=row[side]) for side in ("one", "other"))
    assert is_same_family(one, other) == is_same_family(other, one) == (row["same"] == "yes")
