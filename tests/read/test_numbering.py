"""The numbers Word shows: how lists count and restart."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from pipeline.read.word import document
from pipeline.read.word.list_numbers import format_number
from pipeline.read.word.numbering import read_numbering
from tests.read.wordxml import _W, docx, li, lists, lvl, p


def test_a_zero_or_negative_start_is_digits() -> None:
    assert [format_number(n, "chineseCounting") for n in (0, -3)] == ["0", "-3"]


def text(body: str, numbering: str, styles: str = "") -> list[str]:
    parts = {"numbering": numbering, "styles": styles} if styles else {"numbering": numbering}
    return document.read(docx(body, **parts), Path("a.docx")).text.split("\n")


FOUR = (
    lvl(0, "chineseCounting", "%1、"),
    lvl(1, "chineseCounting", "（%2）"),
    lvl(2, "decimal", "%3."),
    lvl(3, "decimalEnclosedCircle", "%4"),
)


def test_four_levels_start_again_under_each_higher_one() -> None:
    body = "".join(li(f"事{depth}", depth) for depth in (0, 1, 2, 3, 3, 2, 1, 2, 0, 1, 2))
    assert text(body, lists(*FOUR)) == [
        *("一、事0", "（一）事1", "1. 事2", "① 事3", "② 事3", "2. 事2"),
        *("（二）事1", "1. 事2", "二、事0", "（一）事1", "1. 事2"),
    ]


def test_a_level_that_never_starts_again() -> None:
    """Arabic numbers that run on through all headings: 一、1、2、二、3、"""
    levels = (
        lvl(0, "chineseCounting", "%1、"),
        lvl(1, "decimal", "%2、", '<w:lvlRestart w:val="0"/>'),
    )
    body = "".join(li("事", depth) for depth in (0, 1, 1, 0, 1))
    assert text(body, lists(*levels)) == ["一、事", "1、事", "2、事", "二、事", "3、事"]


def test_a_level_that_starts_again_only_after_the_first() -> None:
    levels = (*FOUR[:2], lvl(2, "decimal", "%3、", '<w:lvlRestart w:val="1"/>'))
    body = "".join(li("事", depth) for depth in (0, 1, 2, 1, 2, 0, 2))
    assert [line[:2] for line in text(body, lists(*levels))] == [
        *("一、", "（一", "1、", "（二", "2、", "二、", "1、"),
    ]


def test_lists_of_one_definition_count_on_and_an_override_starts_again() -> None:
    nums = "".join(
        f'<w:num w:numId="{n}"><w:abstractNumId w:val="0"/>{more}</w:num>'
        for n, more in (
            (1, ""),
            (2, ""),
            (3, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'),
        )
    )
    body = "".join(li("事", 0, n) for n in (1, 2, 3, 3, 1))
    numbering = lists(lvl(0, "decimal", "%1、"), nums=nums)
    assert text(body, numbering) == ["1、事", "2、事", "5、事", "6、事", "7、事"]


def test_an_overridden_level_draws_otherwise() -> None:
    nums = (
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
        f"{lvl(0, 'upperLetter', '%1.')}</w:lvlOverride></w:num>"
    )
    assert text(li("事"), lists(lvl(0, "decimal", "%1、"), nums=nums)) == ["A. 事"]


@pytest.mark.parametrize(
    ("shape", "more", "label"),
    [
        ("第%1条", "", "第一条 "),
        ("（%1）", "", "（一）"),
        ("【%1】", '<w:suff w:val="space"/>', "【一】 "),
        ("第%1章", '<w:suff w:val="nothing"/>', "第一章"),
        ("%1.", "", "一. "),
        ("%1", "<w:isLgl/>", "1 "),
        ("%1、", "<w:rPr><w:vanish/></w:rPr>", ""),
        ("", "", ""),
    ],
)
def test_shapes(shape: str, more: str, label: str) -> None:
    level = lvl(0, "chineseCountingThousand", shape, more)
    assert text(li("事"), lists(level)) == [f"{label}事"]


def test_levels_within_a_label_and_one_that_was_never_used() -> None:
    levels = (lvl(0, "chineseCounting", "%1、"), lvl(1, "decimal", "%1.%2", "<w:isLgl/>"))
    body = li("甲", 1) + li("乙", 0) + li("丙", 1) + li("丁", 1)
    assert text(body, lists(*levels)) == ["1.1 甲", "一、乙", "1.1 丙", "1.2 丁"]


def test_a_custom_format_with_zeros_and_its_plain_one_for_older_programs() -> None:
    level = (
        '<w:lvl w:ilvl="0"><w:start w:val="9"/><mc:AlternateContent><mc:Choice Requires="w14">'
        '<w:numFmt w:val="custom" w:format="001, 002, 003, ..."/></mc:Choice><mc:Fallback>'
        '<w:numFmt w:val="decimal"/></mc:Fallback></mc:AlternateContent><w:lvlText w:val="%1"/></w:lvl>'
    )
    levels = (level, lvl(1, "decimal", "%1-%2"))
    assert text(li("甲") + li("乙") + li("丙", 1), lists(*levels)) == [
        *("009 甲", "010 乙", "010-1 丙"),
    ]


def test_more_levels_and_longer_labels_than_word_has() -> None:
    levels = (
        lvl(0, "decimal", "甲" * 1000),
        *(lvl(depth, "decimal", "%1.") for depth in range(9, 99)),
    )
    lines = text(li("事") + li("项", 50), lists(*levels))
    assert lines == ["甲" * 255 + " 事", "项"]


def test_many_lists_of_one_definition_share_its_levels() -> None:
    nums = "".join(f'<w:num w:numId="{n}"><w:abstractNumId w:val="0"/></w:num>' for n in range(500))
    numbering = read_numbering(
        etree.fromstring(f"<w:numbering {_W}>{lists(*FOUR, nums=nums)}</w:numbering>"), None
    )
    first = numbering.levels["1"][0]
    assert all(levels[0] is first for levels in numbering.levels.values())


def test_a_bullet_of_a_symbol_font_is_a_plain_one() -> None:
    assert text(li("甲") + li("乙"), lists(lvl(0, "bullet", "\uf06e"))) == ["■甲", "■乙"]


def test_numbers_that_styles_bring() -> None:
    """Headings numbered by their style; a paragraph may leave the list with list 0."""
    levels = (
        lvl(0, "chineseCounting", "%1、", '<w:pStyle w:val="h1"/>'),
        lvl(1, "chineseCounting", "（%2）", '<w:pStyle w:val="h2"/>'),
    )
    style = '<w:style w:type="paragraph" w:styleId="{}"><w:name w:val="{}"/>{}</w:style>'
    num = "<w:pPr><w:numPr>{}<w:numId w:val='1'/></w:numPr></w:pPr>"
    styles = (
        style.format("h1", "heading 1", num.format(""))
        + style.format("h2", "heading 2", num.format(""))
        + style.format("h3", "own", '<w:basedOn w:val="h1"/>')
    )
    body = "".join(
        p(one, f'<w:pStyle w:val="{name}"/>{more}')
        for one, name, more in (
            ("甲", "h1", ""),
            ("乙", "h2", ""),
            ("丙", "h2", '<w:numPr><w:numId w:val="0"/></w:numPr>'),
            ("丁", "h2", ""),
            ("戊", "h3", ""),
        )
    )
    assert text(body, lists(*levels), styles) == ["一、甲", "（一）乙", "丙", "（二）丁", "二、戊"]


def test_a_list_through_a_numbering_style() -> None:
    numbering = (
        '<w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="s"/></w:abstractNum>'
        f'<w:abstractNum w:abstractNumId="1"><w:styleLink w:val="s"/>{FOUR[0]}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    )
    styles = (
        '<w:style w:type="numbering" w:styleId="s"><w:pPr><w:numPr><w:numId w:val="2"/>'
        "</w:numPr></w:pPr></w:style>"
    )
    assert text(li("甲") + li("乙"), numbering, styles) == ["一、甲", "二、乙"]


def test_broken_lists_give_no_label() -> None:
    assert text(li("甲", 0, 9) + li("乙", 8), lists(*FOUR)) == ["甲", "乙"]
