"""Names as printed in a place and a year: the body, its level, its place; the names of all years."""

from __future__ import annotations

import pytest

from pipeline.names.bodies import level_of, resolve
from pipeline.names.over_time import names_over_time
from tests.case_tables import read_cases


@pytest.mark.parametrize(
    "row", read_cases("names_in_year"), ids=lambda row: f"{row['name']} {row['year']}"
)
def test_a_name_in_a_place_and_a_year(row: dict[str, str]) -> None:
    year = int(row["year"]) if row["year"] else None
    found = resolve(row["name"], row["place"], year)
    assert found.canonical == (row["canonical"] or None)
    assert level_of(row["name"], row["place"]) == (row["level"], row["body_place"])
    if found.canonical:
        assert resolve(found.canonical, row["place"], year).canonical == found.canonical


def test_two_bodies_in_one_name_are_its_members() -> None:
    found = resolve("县委、县政府", "安徽省宣城市泾县", 2019)
    assert (found.rule, found.candidates) == ("group", ("中共泾县委员会", "泾县人民政府"))


@pytest.mark.parametrize(
    ("name", "level", "full"),
    [
        ("区大数据局", "区", "数据局"),
        ("区数据局", "区", "大数据管理局"),
        ("区扶贫办", "区", "乡村振兴局"),
        ("市卫健委", "市", "卫生和计划生育委员会"),
        ("县消防大队", "县", "公安消防大队"),
        ("市教委", "市", "教育局"),
    ],
)
def test_the_names_of_a_body_in_other_years(name: str, level: str, full: str) -> None:
    found = names_over_time(name)
    assert (found.places, found.level) == ((), level)
    assert full in found.fulls


def test_the_names_of_a_body_in_a_place_that_was_renamed() -> None:
    found = names_over_time("静海区教育局")
    assert (found.places, found.level) == (("静海区", "静海县"), "")


@pytest.mark.parametrize("name", ["某某某", "市委市政府", "区发展局农业科"])
def test_a_name_of_no_body_or_of_a_part_has_no_other_names(name: str) -> None:
    assert names_over_time(name) == ((), "", (), ())


def test_merged_bodies_are_no_names_of_each_other() -> None:
    assert not {"农业农村局", "民政局"} & set(names_over_time("区乡村振兴局").fulls)
