"""Widths with which the letters of a ledger are at least 9 points high on paper."""

from __future__ import annotations

import ctypes
from pathlib import Path

import openpyxl
import pypdfium2
import pytest

from pipeline.ledger.cell_text import rest_of
from pipeline.ledger.columns import HEADS, LedgerColumn, main_columns
from pipeline.ledger.plan_words import find_plan_words
from pipeline.ledger.write import LedgerOptions, Mark, write_ledger
from pipeline.ledger.write.layout import SIZES, fit_widths, measure, pixels_of
from pipeline.ledger.write.long_texts import split_text
from pipeline.ledger.write.styles import MOST_LINES, lines_of
from pipeline.model import Notice
from tests.conftest import RAW, parse
from tests.ledgers import column, convert, heads, with_item


@pytest.fixture
def notice() -> Notice:
    return parse(RAW.read_text("utf-8"))


def test_texts_get_the_width_in_which_they_take_as_many_lines() -> None:
    columns = [
        LedgerColumn("title", "事项", 8.0, "text", 40.0),
        LedgerColumn("content", "内容", 8.0, "text", 80.0),
        LedgerColumn("", "完成情况", 8.5, "short", 8.5),
        LedgerColumn("item_id", "事项编号", 13.0, "code", 13.0),
    ]
    title, content, state, _ = fit_widths(columns, {"title": 60.0, "content": 240.0}, 600)
    assert 550 < pixels_of([title, content, state]) <= 600
    assert (content.width - 1) / (title.width - 1) == pytest.approx(4, rel=0.1)
    assert state.width == 8.5
    # Where there is room no column is wider than its texts.
    title, *_ = fit_widths(columns, {"title": 20.0, "content": 30.0}, 2000)
    assert 20 < title.width < 25


def test_most_texts_are_measured() -> None:
    rows = [{"title": "字" * n} for n in range(1, 11)]
    assert measure(rows) == {"title": 20.0}


@pytest.mark.parametrize("size", ["A4", "A3"])
def test_a_plan_with_every_column_fits_on_paper(size: str) -> None:
    present = set(HEADS) - {"fields", "plan_title", "year"}
    columns = main_columns(present, (), has_answers=True)
    long = {one.key or one.head: 900.0 for one in columns}
    fitted = fit_widths(columns, long, SIZES[size].pixels)
    assert pixels_of(fitted) <= SIZES[size].pixels


def _sizes(path: Path) -> set[float]:
    """The sizes of letters in a PDF, in points."""
    found = set()
    for page in pypdfium2.PdfDocument(path.read_bytes()):
        for one in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT]):
            size = ctypes.c_float()
            pypdfium2.raw.FPDFTextObj_GetFontSize(one, size)
            found.add(size.value * one.get_matrix().d)
    return found


@pytest.mark.tries
@pytest.mark.parametrize("size", ["A4", "A3"])
def test_letters_on_paper(notice: Notice, tmp_path: Path, size: str) -> None:
    one = with_item(notice, 1, content=notice.items[1].title + "很长的内容。" * 300)
    path = tmp_path / "ledger.xlsx"
    marks = [Mark(item.item_id, "盐田区民政局", "进展", "已印发方案") for item in notice.items[:3]]
    told = write_ledger([one], path, marks, options=LedgerOptions(paper=size))
    assert len(told) == 1
    assert "the sheet 全文 the whole texts" in told[0]
    assert openpyxl.load_workbook(path)["任务台账"].page_setup.paperSize == SIZES[size].number
    assert min(_sizes(convert(path, "pdf", tmp_path / "pdf"))) >= 9


def test_more_columns_than_a_page_holds_go_on_another_one(notice: Notice, tmp_path: Path) -> None:
    marks = [Mark("notice#1", "", f"自加的第{n}列", "有") for n in range(9)]
    (told,) = write_ledger([notice], tmp_path / "ledger.xlsx", marks)
    assert told.startswith("任务台账: more columns than a page holds")
    setup = openpyxl.load_workbook(tmp_path / "ledger.xlsx")["任务台账"]
    assert setup.page_setup.fitToWidth == 2
    assert setup.print_title_cols == "$A:$C"


def test_a_text_that_no_row_shows_is_whole_on_a_sheet_of_its_own(
    notice: Notice, tmp_path: Path
) -> None:
    content = notice.items[0].title + "很长的内容。" * 500
    path = tmp_path / "ledger.xlsx"
    write_ledger([with_item(notice, 0, content=content)], path)
    sheet = openpyxl.load_workbook(path)["全文"]
    assert "".join(column(sheet, "全文")) == "很长的内容。" * 500
    assert set(column(sheet, "栏")) == {"内容"}
    assert (sheet.row_dimensions[4].ht or 0) < 409


@pytest.mark.parametrize("text", ["甲" * 5000, "甲\n" * 60 + "乙" * 3000, "", "甲\n\n乙"])
def test_pieces_of_a_long_text(text: str) -> None:
    pieces = list(split_text(text, 40.0))
    assert all(lines_of(piece, 40.0) <= MOST_LINES for piece in pieces)
    assert "".join(pieces).replace("\n", "") == text.replace("\n", "")


@pytest.mark.parametrize(
    ("title", "content", "rest"),
    [
        ("推进甲事项。", "推进甲事项。完善制度。", "完善制度。"),
        ("推进甲事项", "推进甲事项。完善制度。", "完善制度。"),
        ("推进甲事项", "推进甲事项:\n1.完善制度。", "1.完善制度。"),
        ("推进甲事项。", "推进甲事项。", ""),
        ("推进甲", "推进甲事项。完善制度。", "推进甲事项。完善制度。"),
        ("推进乙", "推进甲事项。", "推进甲事项。"),
        ("", "推进甲事项。", "推进甲事项。"),
    ],
)
def test_a_content_without_its_title(title: str, content: str, rest: str) -> None:
    assert rest_of(title, content) == rest


@pytest.mark.parametrize(
    ("clauses", "words"),
    [
        ("牵头单位:区财政局。\n配合单位:区民政局。", "牵头单位 配合单位 牵头 配合"),
        ("责任单位:区财政局。\n协办单位:区民政局。", "责任单位 协办单位 责任 协办"),
        ("责任部门:区财政局。", "责任部门 协办单位 责任 协办"),
        ("(区财政局牵头,区民政局配合)", "牵头单位 配合单位 牵头 配合"),
        ("(区财政局牵头,区民政局按职责分工负责)", "牵头单位 负责单位 牵头 负责"),
        ("主办单位:区财政局。\n协办单位:区民政局。", "主办单位 协办单位 主办 协办"),
    ],
)
def test_heads_are_the_words_of_the_plan(clauses: str, words: str, tmp_path: Path) -> None:
    text = f"关于印发甲区2024年重点工作的通知\n甲区2024年重点工作\n一、改革\n1、推进甲事项。完善制度。\n{clauses}\n"
    one = parse(text)
    found = find_plan_words(one)
    host, co_host, host_role, co_host_role = words.split()
    assert found.heads.get("host_units", "主办单位") == host
    assert found.heads.get("co_host_units", "协办单位") == co_host
    assert found.roles.get("主办", "主办") == host_role
    assert found.roles.get("协办", "协办") == co_host_role
    write_ledger([one], tmp_path / "ledger.xlsx")
    book = openpyxl.load_workbook(tmp_path / "ledger.xlsx")
    assert host in heads(book["任务台账"])
    assert column(book["甲区财政局"], "角色") == [host_role]
