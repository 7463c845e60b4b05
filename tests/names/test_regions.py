"""The place whose plan a document is: the cases of tests/cases/regions.csv."""

from __future__ import annotations

import pytest

from pipeline.names.divisions import Divided, divide, division_code
from pipeline.names.initials import initials_of
from pipeline.names.places import home_of
from pipeline.names.regions import find_notice_place
from tests.case_files import read_rows


@pytest.mark.parametrize("row", read_rows("regions.csv"), ids=str)
def test_region(row: dict[str, str]) -> None:
    titles = (row["plan_title"] or None, row["notice_title"] or None)
    found = find_notice_place(*titles, row["issuing_body"] or None, [row["hints"] or None])
    place = found.path if found.region else found.home
    expected = (row["region"], row["place"], row["code"])
    assert (found.region or "", place or "", found.code or "") == expected


@pytest.mark.parametrize(
    ("place", "parts", "code"),
    [
        ("盐田区", Divided("广东省", "深圳市", "盐田区"), "440308"),
        ("万宁市", Divided("海南省", None, "万宁市"), "469006"),
        ("重庆市黔江区", Divided("重庆市", None, "黔江区"), "500114"),
        ("深圳市", Divided("广东省", "深圳市", None), "440300"),
        ("盐田区梅沙街道", Divided("广东省", "深圳市", "盐田区"), None),
        ("平潭综合实验区", Divided("福建省", "福州市", "平潭综合实验区"), None),
        ("某某区", Divided(), None),
        ("全国", Divided(), None),
    ],
)
def test_parts_and_code(place: str, parts: Divided, code: str | None) -> None:
    assert (divide(home_of(place)), division_code(home_of(place))) == (parts, code)


@pytest.mark.parametrize(
    ("name", "letters"), [("南京", "nj"), ("鼓楼", "gl"), ("啊座", "az"), ("亓", ""), ("A区", "q")]
)
def test_initials(name: str, letters: str) -> None:
    assert initials_of(name) == letters
