"""An item is found again by its words; every case is in tests/cases/anchors.csv."""

from __future__ import annotations

import csv

import pytest

from pipeline.decisions.anchors import (
    Anchor,
    NoticeOrigin,
    anchors_of,
    find_items,
    find_notice_ids,
)
from pipeline.model import Item, Notice, Source, Span
from pipeline.text import squeeze
from tests.conftest import ROOT

CASES = list(csv.DictReader((ROOT / "tests/cases/anchors.csv").read_text("utf-8").splitlines()))


def notice_of(*contents: str) -> Notice:
    """A notice whose items have these words."""
    span = Span(start=0, end=0)
    items = (
        Item(item_id=f"a#{n}", title=words, content=words, span=span)
        for n, words in enumerate(contents, 1)
    )
    return Notice(notice_id="a", source=Source(sha256="0", text=""), items=tuple(items))


def anchor(words: str, number: object = 1, rank: str = "") -> Anchor:
    return Anchor(f"a#{number}", "a.txt", "0", squeeze(words), rank)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_found_again(case: dict[str, str]) -> None:
    one = anchor(case["words"], case["id"], case["rank"])
    found = find_items([one], notice_of(*case["items"].split("|")))
    told = [(item.item_id.removeprefix("a#"), how) for item, how in found.values()]
    assert told == ([(case["found"], case["how"])] if case["found"] else [])


def test_an_item_with_the_very_words_of_another_anchor_is_taken() -> None:
    exact, like = anchor("改造15个小区", 2), anchor("改造12个小区", 1)
    notice = notice_of("改造15个小区")
    assert list(find_items([exact, like], notice)) == [exact]
    assert list(find_items([like], notice)) == [like]


def test_an_item_that_two_anchors_fit_goes_to_neither() -> None:
    two = [anchor("改造12个小区", 1), anchor("改造13个小区", 2)]
    assert find_items(two, notice_of("改造15个小区")) == {}


def test_anchors_of_a_notice_find_its_items() -> None:
    notice = notice_of("召开会议", "建设食堂", "召开会议")
    anchors = anchors_of(notice)
    assert [one.rank for one in anchors.values()] == ["1 of 2", "", "2 of 2"]
    found = find_items(anchors.values(), notice)
    assert {one.item_id: item.item_id for one, (item, _) in found.items()} == {
        item_id: item_id for item_id in anchors
    }


def test_long_words_are_told_apart() -> None:
    long = "改" * 1000
    one, two = (anchors_of(notice_of(long + tail))["a#1"].words for tail in ("甲", "乙"))
    assert one != two
    assert len(one) == len(two) == 1000 + 1 + 16
    assert anchors_of(notice_of(long))["a#1"].words == long


@pytest.mark.parametrize(
    ("anchored", "origins", "expected"),
    [
        (("a#1", "p", "h"), [("a", "q", "i"), ("b", "p", "h")], "a"),
        (("x#1", "p", "h"), [("a", "q", "h"), ("b", "p", "i")], "b"),
        (("x#1", "p", "h"), [("a", "q", "h")], "a"),
        (("x#1", "p", "h"), [("a", "p", "i"), ("b", "p", "i"), ("c", "q", "h")], "c"),
        (("x#1", "p", "h"), [("a", "q", "h"), ("b", "q", "h")], None),
        (("x#1", "", ""), [("a", "", "")], None),
        (("x", "p", "h"), [("a", "q", "h")], "a"),
    ],
)
def test_a_notice_is_found_by_id_then_path_then_bytes(
    anchored: tuple[str, str, str], origins: list[tuple[str, str, str]], expected: str | None
) -> None:
    one = Anchor(*anchored, "")
    found = find_notice_ids([one], [NoticeOrigin(*origin) for origin in origins])
    assert found.get(one) == expected


def test_an_item_number_of_5000_digits_has_an_order() -> None:
    assert [Anchor(f"a#{one}", "", "", "").order for one in ("7", "1" * 5000)] == [
        ("a", 7),
        ("a", 0),
    ]
