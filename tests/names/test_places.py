"""The place of a notice, and the division that a level word means in it."""

from __future__ import annotations

import pytest

from pipeline.names.divisions import begins_with_place, resolve_level
from pipeline.names.gazetteer import Home
from pipeline.names.places import find_place, home_of
from tests.case_tables import read_cases


@pytest.mark.parametrize("row", read_cases("places"), ids=lambda row: row["text"])
def test_home(row: dict[str, str]) -> None:
    names = tuple(row["names"].split())
    expected = Home(row["name"], int(row["rank"]), names, row["parent"], row["known"] == "yes")
    assert home_of(row["text"], partial=row["is_title"] == "yes") == expected


@pytest.mark.parametrize(
    "row", read_cases("levels"), ids=lambda row: f"{row['place']} {row['word']}"
)
def test_level(row: dict[str, str]) -> None:
    found = resolve_level(row["word"], home_of(row["place"]))
    assert (found.display, found.level) == (row["division"], row["level"])


def test_the_place_of_a_notice() -> None:
    assert find_place("湖州", "2020年市政府工作报告重点工作责任分解") == "浙江省湖州市"
    assert find_place("深圳市", None, "深圳市盐田区人民政府") == "广东省深圳市盐田区"
    assert find_place("盐田区", "深圳市某计划") == "广东省深圳市盐田区"
    assert find_place("四川省", "江苏省某计划") == "四川省"
    assert find_place(None, "关于印发《2020年盐田区工作要点") == "广东省深圳市盐田区"
    assert find_place(None, "国务院关于某事的意见") == "全国"
    assert find_place(None, "某某大学2020年工作要点") == "某某大学"
    assert find_place(None, None) is None


def test_names_that_begin_with_a_place() -> None:
    assert begins_with_place("汕头大学", home_of("盐田区"))
    assert begins_with_place("盐田区教育局", home_of("盐田区"))
    assert not begins_with_place("某某大学", home_of("盐田区"))
