"""Units without marks between them: the cases of tests/cases/parse/glued_units.csv."""

from __future__ import annotations

import pytest

from pipeline.parse.tables.glued_units import cut_units, find_known_units, split_groups
from tests.case_files import read_rows


@pytest.mark.parametrize("row", read_rows("parse/glued_units.csv"), ids=str)
def test_units(row: dict[str, str]) -> None:
    text = row["run"] + row["behind"]
    run = (0, len(row["run"]))
    units = cut_units(text, run, set(filter(None, row["known"].split("|"))))
    assert "|".join(text[slice(*unit)] for unit in units) == row["units"]


def test_known_units() -> None:
    text = "区经发局区环土局 区人社局每月上报"
    assert find_known_units(text, [(0, 8), (9, len(text))]) == {"区经发局", "区环土局"}


@pytest.mark.parametrize(
    ("text", "count", "expected"),
    [
        ("改造农村厕所县农业农村局县卫健局、各乡镇", 2, ["县农业农村局", "县卫健局、各乡镇"]),
        ("改造农村厕所县农业农村局、县卫健局", 1, ["县农业农村局、县卫健局"]),
        ("改造农村厕所县农业农村局县卫健局", 1, None),
        ("改造农村厕所县农业农村局", 2, None),
        ("改造农村厕所", 1, None),
    ],
)
def test_groups(text: str, count: int, expected: list[str] | None) -> None:
    groups = split_groups(text, 0, len(text), count)
    found = None if groups is None else [text[slice(*group)] for group in groups]
    assert found == expected
