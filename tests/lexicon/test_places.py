"""The dated table of places as a whole: levels, codes, parents and years agree with each other."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import pytest

from pipeline.lexicon import cells, rows

_FIRST, _TODAY = 2000, 9999
_ROWS = rows("places")


def _years(row: dict[str, str]) -> range:
    """The years in which a place was as its row says, from the first that the table answers for."""
    return range(max(int(row["from"] or 0), _FIRST), min(int(row["to"] or _TODAY), 2027))


def _by(column: str) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in _ROWS:
        found[row[column]].append(row)
    return found


def test_the_quick_reading_is_the_checked_one() -> None:
    assert cells("places") == [list(row.values()) for row in _ROWS]


def test_the_rows_are_sorted() -> None:
    keys = [tuple(row.values()) for row in _ROWS]
    assert keys == sorted(keys)


def test_codes_have_the_form_of_their_level() -> None:
    ends = {"province": "0000", "city": "00", "county": "", "zone": ""}
    for row in _ROWS:
        assert not row["code"] or (len(row["code"]) == 6 and row["code"].isdigit()), row
        assert row["code"].endswith(ends[row["level"]]), row
        assert row["level"] != "county" or not row["code"].endswith("00"), row
        assert row["level"] != "zone" or not row["code"], row


def test_every_place_is_in_one_place_in_each_of_its_years() -> None:
    named = _by("place")
    for row in _ROWS:
        assert (row["parent"] == "") == (row["level"] == "province"), row
        for year in _years(row) if row["parent"] else ():
            above = [
                one
                for one in named[row["parent"]]
                if one["level"] in ("province", "city") and year in _years(one)
            ]
            assert len(above) == 1, (row, year)
            prefix = above[0]["code"][: 2 if above[0]["level"] == "province" else 4]
            assert not row["code"] or row["code"].startswith(prefix), (row, year)


def test_no_code_is_of_two_places_at_one_time() -> None:
    for code, found in _by("code").items():
        spans = sorted((int(row["from"] or 0), int(row["to"] or _TODAY)) for row in found)
        assert not code or all(one[1] <= other[0] for one, other in pairwise(spans)), code


def test_every_change_has_a_year_and_an_heir_that_exists_then() -> None:
    named = _by("place")
    for row in _ROWS:
        assert bool(row["to"]) == bool(row["ended"]), row
        assert int(row["from"] or 0) < int(row["to"] or _TODAY), row
        assert bool(row["successor"]) == (row["ended"] in ("renamed", "moved", "merged")), row
        if row["successor"]:
            year = int(row["to"])
            heirs = [one for one in named[row["successor"]] if year in _years(one)]
            assert heirs, row


@pytest.mark.parametrize(("year", "cities", "counties"), [(2002, 332, 2864), (2020, 333, 2849)])
def test_how_many_places_a_year_has(year: int, cities: int, counties: int) -> None:
    """As many as the snapshots have at the end of the year, with those of 大兴安岭 and 三沙."""
    found = [row["level"] for row in _ROWS if year in _years(row)]
    assert (found.count("province"), found.count("city"), found.count("county")) == (
        *(34, cities),
        counties,
    )
