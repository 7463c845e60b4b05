"""A comparison as a workbook."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock

from pipeline.compare.diff import diff_notices
from pipeline.compare.views.as_xlsx import to_xlsx
from pipeline.model import Notice
from tests.compare.small_years import HEAD, NEW, OLD, notice

Years = tuple[Notice, Notice]


def read(years: Years) -> openpyxl.Workbook:
    data = to_xlsx(diff_notices(*years), *years)
    return openpyxl.load_workbook(io.BytesIO(data), rich_text=True)


def test_sheets_and_heads(years: Years) -> None:
    book = read(years)
    assert book.sheetnames == ["总体情况", "逐项对照", "单位分工变动", "指标对照", "数据"]
    heads = [cell.value for cell in book["逐项对照"][1]]
    assert heads == ["组号", "类别", "部分", "2016年", "2017年", "变动"]
    assert [cell.value for cell in book["指标对照"][2]][2:] == ["增长", "8%", "10%"]


def test_changed_words_are_marked_in_their_cell(years: Years) -> None:
    cells = [row[3:5] for row in book_rows(years) if row[0] == "4"]
    ((before, after),) = cells
    assert isinstance(before, CellRichText)
    assert isinstance(after, CellRichText)
    removed = [one.text for one in before if isinstance(one, TextBlock) and one.font.strike]
    added = [one.text for one in after if isinstance(one, TextBlock) and one.font.u]
    assert "8%" in removed
    assert "王宏彬" in removed
    assert "10%" in added


def book_rows(years: Years) -> list[tuple[object, ...]]:
    return [tuple(row) for row in read(years)["逐项对照"].iter_rows(min_row=2, values_only=True)]


def test_every_sheet_prints_on_a4_with_its_head(years: Years) -> None:
    for sheet in read(years):
        assert sheet.page_setup.paperSize == 9
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.fitToHeight == 0
        foot = sheet.oddFooter
        assert foot is not None
        assert foot.center is not None
        assert "&P" in str(foot.center.text)
        if sheet.title != "总体情况":
            assert sheet.print_title_rows == "$1:$1"


def test_a_long_item_goes_on_in_the_next_row_and_loses_nothing() -> None:
    long = "开办便民食堂，" * 200
    one, two = notice(HEAD.format(y=2016) + OLD, "a"), notice(HEAD.format(y=2017) + NEW, "b")
    added = replace(two.items[1], content=long)
    new = two.model_copy(update={"items": (two.items[0], added, two.items[2])})
    rows = [row for row in book_rows((one, new)) if str(row[0]).startswith("3")]
    assert [row[0] for row in rows][:3] == ["3", "3续", "3续"]
    assert "".join(str(row[4] or "") for row in rows).count("开办便民食堂，") == 200
    assert all(len(str(row[4] or "")) <= 480 for row in rows)


def test_a_formula_of_a_plan_is_text() -> None:
    one = notice(HEAD.format(y=2016) + OLD, "a")
    item = replace(one.items[0], content="=1+1", title='=HYPERLINK("x")', label=None)
    old = one.model_copy(update={"items": (item, *one.items[1:])})
    book = read((old, notice(HEAD.format(y=2017) + NEW, "b")))
    kinds = {cell.data_type for sheet in book for row in sheet for cell in row}
    assert "f" not in kinds


def test_the_same_comparison_is_the_same_file(years: Years) -> None:
    comparison = diff_notices(*years)
    assert to_xlsx(comparison, *years) == to_xlsx(comparison, *years)
