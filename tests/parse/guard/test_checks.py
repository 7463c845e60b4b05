"""The guard over whole records that were made by hand, so that no parsing rule takes part."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.model import Assignment, Item, Name, Notice, Problem, Source, Span
from pipeline.parse.guard import find_doubts


def make_name(text: str, word: str) -> Name:
    at = text.index(word)
    return Name(
        text=word,
        span=Span(start=at, end=at + len(word)),
        name="".join(word.split()),
        kind="unit",
    )


def make_item(text: str, words: list[str], *, clause: str = "", reading: str = "label") -> Item:
    """An item that is the whole text, with these words as hosts of one clause."""
    names = tuple(make_name(text, word) for word in words)
    whole = Span(start=0, end=len(text))
    at = text.index(clause) if clause else 0
    span = Span(start=at, end=at + len(clause)) if clause else whole
    return Item(
        item_id="a#1",
        title="推进改革",
        content="推进改革",
        host_units=names,
        assignments=(
            Assignment(role="host", names=names, span=span, scope=whole, reading=reading),
        ),
        span=whole,
    )


def check(text: str, *items: Item) -> list[Problem]:
    source = Source(sha256="0" * 64, text=text)
    return list(find_doubts(Notice(notice_id="a", source=source, items=items)))


def codes(text: str, item: Item) -> list[str]:
    return [problem.code for problem in check(text, item)]


def test_a_sound_item_has_no_doubt() -> None:
    text = "推进改革(区教育局、区财政局负责)"
    assert codes(text, make_item(text, ["区教育局", "区财政局"], clause=text[4:])) == []


def test_an_odd_name_is_told_once_with_its_place() -> None:
    text = "区教育局配合完成、区财政局配合完成"
    problems = check(text, make_item(text, ["区教育局配合完成", "区财政局配合完成"]))
    assert [(one.code, one.severity, one.item_id) for one in problems] == [
        ("odd-name", "warning", "a#1")
    ]
    assert problems[0].span == Span(start=0, end=8)


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("市住房 城乡建设局", ["市住房", "城乡建设局"], ["odd-name", "split-name"]),
        ("区教育局\n区财政局", ["区教育局", "区财政局"], ["split-name"]),
        ("区教育局、区财政局", ["区教育局", "区财政局"], []),
        ("区教育局    区财政局", ["区教育局", "区财政局"], []),
        ("区教育局\t区财政局", ["区教育局", "区财政局"], []),
        ("各市、县级政府", ["各市"], ["split-name"]),
        ("各市〔州〕 、 县〔市、区〕人民政府", ["各市〔州〕"], ["split-name"]),
        ("各市、市直有关部门", ["各市"], []),
        ("各市、县", ["各市"], ["split-name"]),
        ("各市、县域办", ["各市"], []),
    ],
)
def test_cut_names(text: str, words: list[str], found: list[str]) -> None:
    assert codes(text, make_item(text, words)) == found


@pytest.mark.parametrize(
    ("text", "clause", "found"),
    [
        ("推进住所(区教育局)自主申报", "(区教育局)", ["mid-sentence"]),
        ("推进住所(区教育局负责)自主申报", "(区教育局负责)", []),
        ("推进住所。(区教育局)自主申报", "(区教育局)", []),
        ("推进住所(区教育局)\n自主申报", "(区教育局)", []),
        ("推进住所(区教育局)二、自主申报", "(区教育局)", []),
    ],
)
def test_bracket_in_mid_sentence(text: str, clause: str, found: list[str]) -> None:
    assert codes(text, make_item(text, ["区教育局"], clause=clause)) == found


def test_the_only_item_with_a_plain_list_is_doubted() -> None:
    text = "推进改革(区教育局)"
    usual = [make_item(text, ["区教育局"]) for _ in range(7)]
    odd = replace(make_item(text, ["区教育局"], reading="list"), item_id="a#8")
    assert [(one.code, one.item_id) for one in check(text, *usual, odd)] == [("lone-form", "a#8")]
    assert check(text, *usual[1:], odd) == []
    assert check(text, *usual, odd, odd) == []


def test_measures_explain_the_numbers_inside_a_task() -> None:
    text = "一、甲\n1.乙(区教育局负责)\n2.丙(区财政局负责)"
    task = make_item(text, ["区教育局"])
    assert codes(text, task) == ["several-items"]
    measure = replace(task, item_id="a#2", parent_id="a#1")
    found = [one.item_id for one in check(text, task, measure) if one.code == "several-items"]
    assert found == ["a#2"]
