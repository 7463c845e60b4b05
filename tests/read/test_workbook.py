"""Spreadsheets: title lines, full grids, several sheets; every cell can be found again."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
import xlwt

from pipeline.errors import SourceError
from pipeline.read.sheet import workbook
from tests.read.wordxml import zipped

PLACE = Path("a.xlsx")
PLAN = """标题
单位：某区
序号\t类别\t任务\t责任单位\t责任单位
序号\t类别\t任务\t牵头\t配合
1\t社会\t甲 乙\tA\t
2\t社会\t丙\tB\tC
二、经济
3\t\t丁\t\t
注：无"""


def xlsx(write: Callable[[xlsxwriter.Workbook], object]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        write(book)
    return file.getvalue()


def plan(book: xlsxwriter.Workbook) -> None:
    one = book.add_worksheet("Sheet1")
    one.merge_range("B1:G1", "标题")
    one.write("B2", "单位：某区")
    for area, text in {
        "B3:B4": "序号",
        "C3:C4": "类别",
        "D3:D4": "任务",
        "E3:F3": "责任单位",
        "C5:C6": "社会",
        "B7:F7": "二、经济",
    }.items():
        one.merge_range(area, text)
    for cell, value in {
        "E4": "牵头",
        "F4": "配合",
        "B5": 1,
        "D5": "甲\n乙",
        "E5": "A",
        "B6": 2,
        "D6": "丙",
        "E6": "B",
        "F6": "C",
        "B8": 3,
        "D8": "丁",
        "B10": "注：无",
    }.items():
        one.write(cell, value)


def test_titles_headers_and_merged_cells() -> None:
    content = workbook.read(xlsx(plan), PLACE)
    assert content.text == PLAN
    cells = {
        content.text[one.span.start : one.span.end]: (one.sheet, one.cell)
        for one in content.locations
    }
    assert cells["丙"] == ("Sheet1", "D6")
    assert cells["标题"] == ("Sheet1", "B1")


def test_the_old_format() -> None:
    book = xlwt.Workbook()
    one = book.add_sheet("计划")
    one.write_merge(0, 0, 0, 2, "标题")
    one.write_merge(1, 2, 0, 0, "社会")
    for row, column, value in ((1, 1, "甲"), (1, 2, 0.5), (2, 1, "乙"), (2, 2, True)):
        one.write(row, column, value)
    file = io.BytesIO()
    book.save(file)
    content = workbook.read(file.getvalue(), Path("a.et"))
    assert content.text == "标题\n社会\t甲\t0.5\n社会\t乙\tTRUE"
    assert content.media_type == "application/vnd.ms-excel"


def test_several_sheets_and_a_hidden_one() -> None:
    def write(book: xlsxwriter.Workbook) -> None:
        for name, text in (("民生实事", "甲"), ("Sheet2", "乙"), ("旧", "丙"), ("空", "")):
            one = book.add_worksheet(name)
            one.write("A1", text)
            if name == "旧":
                one.hide()

    content = workbook.read(xlsx(write), PLACE)
    assert content.text == "民生实事\n甲\n乙"
    assert [one.code for one in content.remarks] == ["hidden-sheet"]


def test_values_as_text() -> None:
    def write(book: xlsxwriter.Workbook) -> None:
        one = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        minute = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        one.write("A1", 12)
        one.write("B1", 0.1 + 0.2)
        one.write_datetime("C1", dt.datetime.fromisoformat("2024-06-30"), day)
        one.write_datetime("D1", dt.datetime.fromisoformat("2024-06-30 09:05"), minute)

    assert workbook.read(xlsx(write), PLACE).text == "12\t0.3\t2024-06-30\t2024-06-30 09:05"


def test_shares_show_as_percentages() -> None:
    def write(book: xlsxwriter.Workbook) -> None:
        one = book.add_worksheet("目标")
        for row, form in enumerate(("0%", "0.00%", '0.0"%"', "General")):
            one.write(row + 3, 1, "增长")
            one.write(row + 3, 2, 0.065, book.add_format({"num_format": form}))
        one.write(7, 2, "约", book.add_format({"num_format": "0%"}))

    text = workbook.read(xlsx(write), PLACE).text
    assert text.split("\n") == ["增长\t7%", "增长\t6.50%", "增长\t0.1%", "增长\t0.065", "约"]


@pytest.mark.parametrize("delimiter", ",;\t")
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_csv(delimiter: str, encoding: str) -> None:
    text = '标题,,\n序号,任务,单位\n1,"甲\n乙",丙\n2,丁\n'.replace(",", delimiter)
    content = workbook.read_csv(text.encode(encoding), Path("a.csv"))
    assert content.text == "标题\n序号\t任务\t单位\n1\t甲 乙\t丙\n2\t丁\t"
    assert content.locations[-1].cell == "B4"


@pytest.mark.parametrize(
    ("data", "fact"),
    [
        (xlsx(plan)[:500], "not a whole zip file"),
        (zipped({"a.txt": "甲"}), "no readable workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "no readable workbook"),
        (xlsx(lambda book: book.add_worksheet()), "no filled cell"),
        (zipped({"xl/worksheets/sheet1.xml": b"<" * 6_000_000}), "zip bomb"),
    ],
)
def test_refusals(data: bytes, fact: str) -> None:
    with pytest.raises(SourceError, match=fact):
        workbook.read(data, PLACE)


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("甲" * 1_000_001, "field larger"),
        (",,\n", "no filled cell"),
        ("a\n" * 5000 + "," * 2000, "split"),
    ],
)
def test_csv_refusals(text: str, fact: str) -> None:
    with pytest.raises(SourceError, match=fact):
        workbook.read_csv(text.encode(), PLACE)


def test_truncations_and_flips() -> None:
    whole = xlsx(plan)
    for cut in range(0, len(whole), 97):
        broken = bytearray(whole)
        broken[cut] ^= 0xFF
        for data in (whole[:cut], bytes(broken)):
            try:
                workbook.read(data, PLACE)
            except SourceError:
                continue


def test_our_own_ledger_is_no_plan(tmp_path: Path) -> None:
    """A ledger that lies among the sources says what it is, hidden sheet shown or not."""
    from pipeline.ledger.columns import BASIS, BASIS_HEADS
    from pipeline.ledger.write import write_ledger
    from tests.conftest import RAW, parse

    path = tmp_path / "ledger.xlsx"
    write_ledger([parse(RAW.read_text("utf-8"))], path)
    book = openpyxl.load_workbook(path)
    book["任务台账"].title = "2011年台账"
    for state in ("veryHidden", "hidden", "visible"):
        book[BASIS].sheet_state = state
        book.save(path)
        with pytest.raises(SourceError, match="is a task ledger that fengong wrote; take it out"):
            workbook.read(path.read_bytes(), path)
    assert BASIS == workbook._LEDGER
    assert BASIS_HEADS[0] == workbook._LEDGER_HEAD


def test_a_plan_with_a_sheet_of_that_name() -> None:
    def write(book: xlsxwriter.Workbook) -> None:
        for name in ("计划", "底本"):
            book.add_worksheet(name).write("A1", "甲")

    assert workbook.read(xlsx(write), PLACE).text == "计划\n甲\n底本\n甲"
