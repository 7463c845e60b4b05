"""The cases of tests/cases for the inner modules of reading: a value in, a value out."""

from __future__ import annotations

import csv
import re

import pytest

from pipeline.errors import SourceError
from pipeline.read.box import unbox
from pipeline.read.charset import decode_page
from pipeline.read.drawn.glyphs import Glyph
from pipeline.read.drawn.lines import find_lines
from pipeline.read.drawn.paragraphs import Typesetting, join_paragraphs
from pipeline.read.web.grid import PageCell, expand_spans
from pipeline.read.web.ordinals import join_label, ordinal_text
from pipeline.read.web.page_block import split_pairs
from pipeline.read.word.list_numbers import format_number
from tests.conftest import ROOT

CASES = ROOT / "tests" / "cases"
_CASE = re.compile(r"## (.+?)\n```\n(.*?)\n```\n```\n(.*?)\n```", re.DOTALL)
_MARGIN = 72
_SIZE = 16


def rows(name: str) -> list[list[str]]:
    return list(csv.reader((CASES / f"{name}.csv").read_text("utf-8").splitlines()))[1:]


def texts(name: str) -> list[tuple[str, str, str]]:
    return _CASE.findall((CASES / f"{name}.txt").read_text("utf-8"))


@pytest.mark.parametrize(("kind", "number", "text"), rows("list_numbers"))
def test_list_numbers(kind: str, number: str, text: str) -> None:
    assert format_number(int(number), kind) == text


@pytest.mark.parametrize(("number", "style", "text"), rows("ordinals"))
def test_ordinals(number: str, style: str, text: str) -> None:
    assert ordinal_text(int(number), style) == text


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("建设", "1.建设"),
        ("一、建设", "一、建设"),
        ("（二）建设", "（二）建设"),
        ("3．建设", "3．建设"),
        ("第三条", "第三条"),
        ("三项建设", "1.三项建设"),
        ("2024年建设", "1.2024年建设"),
    ],
)
def test_a_line_numbered_by_hand_has_no_second_label(line: str, text: str) -> None:
    assert join_label("1.", line) == text


@pytest.mark.parametrize(
    ("text", "written_in", "declared", "bad_bytes", "encoding", "damaged"), rows("charset")
)
def test_charset(
    text: str, written_in: str, declared: str, bad_bytes: str, encoding: str, damaged: str
) -> None:
    meta = f'<meta charset="{declared}">' if declared else ""
    body = (meta + text).encode(written_in) + b"\xff" * int(bad_bytes)
    if not encoding:
        with pytest.raises(SourceError, match="no Chinese encoding"):
            decode_page(body, "a.html")
        return
    found = decode_page(body, "a.html")
    assert found == (meta + text + "\ufffd" * int(damaged), encoding, int(damaged))


def test_one_damaged_character_in_two_hundred() -> None:
    for characters, is_read in ((400, True), (399, False)):
        body = ("甲" * characters).encode() + b"\xff(\xff"
        if is_read:
            assert decode_page(body, "a.html").damaged == 2
        else:
            with pytest.raises(SourceError):
                decode_page(body, "a.html")


@pytest.mark.parametrize(("line", "pairs"), rows("page_keys"))
def test_pairs_of_a_line(line: str, pairs: str) -> None:
    assert ["=".join(pair) for pair in split_pairs(line)] == [p for p in pairs.split("|") if p]


@pytest.mark.parametrize(("title", "text", "expected"), texts("boxes"))
def test_boxes(title: str, text: str, expected: str) -> None:
    assert unbox(text).removesuffix("\n").replace("\t", "|") == expected, title


def _cell(text: str) -> PageCell:
    words, _, spans = text.strip().partition("@")
    columns, _, down = (spans or "1").partition(",")
    return PageCell(words.replace(".", ""), int(columns), int(down or 1))


@pytest.mark.parametrize(("title", "text", "expected"), texts("spans"))
def test_spans(title: str, text: str, expected: str) -> None:
    table = [[_cell(cell) for cell in line.split("|")] for line in text.split("\n")]
    found = [row.line().split("\t") for row in expand_spans(table, 1000)]
    assert [" | ".join(cell or "." for cell in row) for row in found] == expected.split("\n"), title


def _glyphs(lines: list[str]) -> list[Glyph]:
    """The characters of lines as a page shows them."""
    found: list[Glyph] = []
    for row, line in enumerate(lines):
        x, top = float(_MARGIN), 100.0 + 28 * row
        for sign in line:
            wide = _SIZE if sign > "\u2000" else _SIZE / 2
            if not sign.isspace():
                found.append(Glyph(sign, x, top, x + wide, top + _SIZE))
            x += wide
    return found


@pytest.mark.parametrize(("title", "text", "expected"), texts("drawn_paragraphs"))
def test_paragraphs_of_drawn_lines(title: str, text: str, expected: str) -> None:
    lines = find_lines(_glyphs(text.split("\n")), 1)
    setting = Typesetting(lines, {1: 2 * _MARGIN + 20.0 * _SIZE})
    paragraphs = join_paragraphs(lines, setting)
    found = ["".join(piece for piece, _ in one) for one in paragraphs if isinstance(one, list)]
    assert found == expected.split("\n"), title


def test_merged_cells_beyond_the_budget_are_refused() -> None:
    table = [[PageCell("甲" * 10, 1, 3), PageCell("乙")], [PageCell("丙")], [PageCell("丁")]]
    assert len(list(expand_spans(table, 100))) == 3
    with pytest.raises(ValueError, match=r"^$"):
        list(expand_spans(table, 20))
