"""The place of a notice by its year: every county of the table, and names of several times."""

from __future__ import annotations

from collections import Counter

import pytest

from pipeline.lexicon import rows
from pipeline.names.places import home_of
from pipeline.names.regions import find_notice_place
from tests.case_files import read_rows

_TODAY = 9999


@pytest.mark.parametrize("year", [2001, 2004, 2008, 2012, 2016, 2020, 2024, 2026])
@pytest.mark.parametrize("title", ["{}{}{}年重点工作分工", "{}{}人民政府{}年工作要点"])
def test_every_county_behind_its_city(year: int, title: str) -> None:
    for row in rows("places"):
        within = int(row["from"] or 0) <= year < int(row["to"] or _TODAY)
        if row["level"] != "county" or not within:
            continue
        printed = title.format(row["parent"], row["place"], year)
        found = find_notice_place(printed, None, None, [], year=year)
        assert found.region == row["place"], printed
        assert (found.path or "").endswith(row["parent"] + row["place"]), printed
        assert found.code == (row["code"] or None), printed


@pytest.mark.parametrize("year", [2002, 2010, 2018, 2026])
def test_every_place_behind_its_province_and_city(year: int) -> None:
    for row in rows("places"):
        if int(row["from"] or 0) <= year < int(row["to"] or _TODAY) and row["parent"]:
            path = "".join(home_of(row["parent"] + row["place"], year=year).names)
            title = f"{path}{year}年重点工作任务分解"
            found = find_notice_place(title, f"关于印发{title}的通知", None, [], year=year)
            assert (found.region, found.path) == (row["place"], path), title
            assert found.code == (row["code"] or None), title


@pytest.mark.parametrize("year", [2005, 2014, 2024])
def test_a_county_alone_is_told_only_where_no_other_has_its_name(year: int) -> None:
    within = [
        row
        for row in rows("places")
        if row["level"] in ("city", "county")
        if int(row["from"] or 0) <= year < int(row["to"] or _TODAY)
    ]
    count = Counter(row["place"] for row in within)
    for row in within:
        found = find_notice_place(f"{row['place']}{year}年重点工作分工", None, None, [], year=year)
        # 城区 and 郊区 alone are words as well.
        assert found.region == row["place"] or (len(row["place"]) == 2 and not found.region), row
        assert found.path is None or count[row["place"]] == 1, row
        assert found.path is None or found.code == (row["code"] or None), row


@pytest.mark.parametrize("row", read_rows("dated_places.csv"), ids=str)
def test_place_in_a_year(row: dict[str, str]) -> None:
    found = find_notice_place(
        row["title"],
        None,
        row["issuing_body"] or None,
        [],
        number=row["number"] or None,
        year=int(row["year"]),
    )
    place = found.path if found.region else found.home
    expected = (row["region"], row["place"], row["code"])
    assert (found.region or "", place or "", found.code or "") == expected


def test_a_printed_place_is_read_in_its_year() -> None:
    assert home_of("毕节市", year=2008).names == ("贵州省", "毕节地区", "毕节市")
    assert home_of("毕节市", year=2015).names == ("贵州省", "毕节市")
    assert home_of("安徽省巢湖市居巢区").names == ("安徽省", "巢湖市", "居巢区")
