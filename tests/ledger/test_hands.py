"""What people do to a ledger before it comes back: rows, columns, sheets and ids moved or lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.ledger.read import read_ledger
from pipeline.ledger.read.filled_book import Sheet
from pipeline.ledger.read.filled_rows import find_table
from pipeline.ledger.write import write_ledger
from tests.conftest import RAW, parse
from tests.ledgers import OWN, export, heads, kept, lose_ids, parsed, put, read, with_item


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return parsed(tmp_path)


def _insert_rows(sheet: Any) -> None:
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    sheet.insert_rows(1, 3)
    sheet["B2"].value = "截至六月底"


def _move_columns(sheet: Any) -> None:
    at = heads(sheet)
    order = ["备注", "事项编号", "序号", "进展", "完成情况", "事项", "内容", "主办单位"]
    cells = [[sheet.cell(row, at[head]).value for head in order] for row in range(3, 16)]
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    sheet.delete_cols(1, 20)
    for row, values in enumerate(cells, 3):
        for number, value in enumerate(values, 3):
            sheet.cell(row, number).value = value


def _sort(sheet: Any) -> None:
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    for number, values in enumerate(sorted(rows, key=lambda row: str(row[3])), 4):
        for at, value in enumerate(values, 1):
            sheet.cell(number, at).value = value


def _rename(sheet: Any) -> None:
    sheet.title = "2011年台账(定稿)"


def _lose_words(sheet: Any) -> None:
    for head in ("事项", "内容", "主办单位", "所属部分"):
        sheet.delete_cols(heads(sheet)[head])


def _only_titles(sheet: Any) -> None:
    for head in ("事项编号", "内容"):
        sheet.delete_cols(heads(sheet)[head])


def _shift_ids(sheet: Any) -> None:
    """Every row has the id of its neighbour, as after sorting one column alone."""
    at = heads(sheet)["事项编号"]
    ids = [sheet.cell(row, at).value for row in range(4, 16)]
    for row, value in enumerate([*ids[1:], ids[0]], 4):
        sheet.cell(row, at).value = value


def _edit_words(sheet: Any) -> None:
    lose_ids(sheet)
    for row in range(4, 16):
        cell = sheet.cell(row, heads(sheet)["内容"])
        cell.value = "(重点)" + cell.value.replace("建立", "健全").replace("推进", "加快推进")


def _rewrite_contents(sheet: Any) -> None:
    """Titles stay; of the contents two thirds are left."""
    lose_ids(sheet)
    for row in range(4, 16):
        cell = sheet.cell(row, heads(sheet)["内容"])
        cell.value = cell.value[: len(cell.value) * 2 // 3]


def _repeat_heads(sheet: Any) -> None:
    sheet.insert_rows(9)
    for head, at in heads(sheet).items():
        sheet.cell(9, at).value = head


HANDS = (
    _insert_rows, _move_columns, _sort, _rename, lose_ids, _lose_words, _only_titles, _shift_ids,
    _edit_words, _repeat_heads,
    _rewrite_contents,
)  # fmt: skip


@pytest.mark.parametrize("change", HANDS, ids=lambda one: one.__name__.strip("_"))
def test_what_people_do_to_a_ledger(output: Path, change: Callable[[Any], None]) -> None:
    workbook = export(output)
    for number in range(1, 13):
        put(workbook["任务台账"], number, "进展", f"进展{number}")
    change(workbook["任务台账"])
    reading = read(output, workbook)
    assert kept(output) == {(n, "", "进展"): f"进展{n}" for n in range(1, 13)}
    assert (reading.strays, reading.missing) == ([], [])


def test_deleted_rows_are_counted_and_keep_what_was_said(output: Path) -> None:
    workbook = export(output)
    for number in (4, 5):
        put(workbook["任务台账"], number, "进展", f"进展{number}")
    read(output, workbook)
    workbook = export(output)
    workbook["任务台账"].delete_rows(7, 2)
    reading = read(output, workbook)
    assert [one.rpartition("#")[2] for one in reading.missing] == ["4", "5"]
    assert kept(output) == {(4, "", "进展"): "进展4", (5, "", "进展"): "进展5"}


def test_emptied_cells_and_deleted_columns(output: Path) -> None:
    workbook = export(output)
    sheet = workbook["任务台账"]
    for head in ("进展", "备注"):
        put(sheet, 1, head, head)
        put(sheet, 2, head, head)
    read(output, workbook)
    workbook = export(output)
    put(workbook["任务台账"], 1, "进展", None)
    workbook["任务台账"].delete_cols(heads(workbook["任务台账"])["备注"])
    read(output, workbook)
    assert kept(output) == {
        (1, "", "备注"): "备注", (2, "", "进展"): "进展", (2, "", "备注"): "备注",
    }  # fmt: skip


def test_copies_that_two_people_filled_in(output: Path) -> None:
    """What one copy leaves empty, or as it was handed out, takes nothing from the other."""
    first, second = export(output), export(output)
    put(first["任务台账"], 1, "进展", "甲")
    put(second["任务台账"], 2, "进展", "乙")
    read(output, first)
    read(output, second)
    assert kept(output) == {(1, "", "进展"): "甲", (2, "", "进展"): "乙"}
    third, fourth = export(output), export(output)
    put(third["任务台账"], 1, "进展", "甲二")
    read(output, third)
    read(output, fourth)
    assert kept(output)[1, "", "进展"] == "甲二"


def test_without_the_hidden_sheet_every_cell_counts(output: Path) -> None:
    first, second = export(output), export(output)
    put(first["任务台账"], 1, "进展", "甲")
    read(output, first)
    del second["底本"]
    put(second["任务台账"], 2, "进展", "乙")
    read(output, second)
    assert kept(output) == {(2, "", "进展"): "乙"}


def _no_title(sheet: Any) -> None:
    """The lines above the heads are gone; the sheet's name is left."""
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    sheet.delete_rows(1, 2)


@pytest.mark.parametrize(
    ("name", "unit"),
    [("随便改的名字", OWN), (OWN, OWN), (OWN + "(2)", OWN), ("认不出的单位", "认不出的单位")],
)
def test_whose_sheet_it_is(output: Path, name: str, unit: str) -> None:
    """By the words above its heads, else by its name, which may have a number."""
    workbook = export(output)
    sheet = workbook[OWN]
    sheet.cell(4, heads(sheet)["进展"]).value = "已报"
    sheet.title = name
    if name != "随便改的名字":
        _no_title(sheet)
    remarks = read(output, workbook).remarks
    assert [one for _, one, _ in kept(output)] == [unit]
    assert [line.partition(":")[0] for line in remarks] == [name] * (unit == name != OWN)


def test_a_unit_whose_name_no_sheet_can_have() -> None:
    unit = "很长的单位名称" * 5
    rows = [["角色", "事项", "进展"], ["主办", "甲事项", "已报"]]
    table = find_table(Sheet(unit[:31], 0, 0, rows), [unit, "别的单位"])
    assert table is not None
    assert table.unit == unit


def test_items_alike_are_not_guessed(tmp_path: Path) -> None:
    words = "完善制度,明确标准和时限,压实各方责任,定期通报进展,确保取得实效,年底前形成经验"
    notice = parse(RAW.read_text("utf-8"))
    for number, mark in enumerate("甲乙"):
        notice = with_item(notice, number, title=f"{mark}事项", content=f"{mark}。{words}")
    write_ledger([notice], tmp_path / "ledger.xlsx")
    workbook = openpyxl.load_workbook(tmp_path / "ledger.xlsx")
    sheet = workbook["任务台账"]
    for head in ("事项编号", "事项"):
        sheet.delete_cols(heads(sheet)[head])
    sheet.cell(4, heads(sheet)["内容"]).value = f"丙。{words}"
    sheet.cell(4, heads(sheet)["进展"]).value = "已启动"
    sheet.delete_rows(5)
    workbook.save(tmp_path / "filled.xlsx")
    reading = read_ledger(tmp_path / "filled.xlsx", [notice])
    assert reading.written == []
    told = [(one.row, one.reason, one.values["进展"]) for one in reading.strays]
    assert told == [(4, "several items are like it", "已启动")]
