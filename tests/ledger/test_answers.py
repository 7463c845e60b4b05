"""What units write on their own sheets comes to the main sheet, is counted and summed up."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline import cli
from pipeline.ledger.answers import Answers, days_over
from pipeline.ledger.content import Mark, gather
from pipeline.ledger.write import LedgerOptions, write_ledger
from pipeline.model import Notice
from tests.case_tables import read_cases
from tests.conftest import parse
from tests.ledgers import column, export, fill_unit, heads, kept, parsed, put, read, written

# Two items of 甲区财政局 and 甲区民政局 as hosts, 甲区教育局 takes part in both.
PLAN = """关于印发甲区2024年重点工作的通知
甲区2024年重点工作
一、改革
1、推进甲事项。完善制度。
牵头单位:区财政局、区民政局。
配合单位:区教育局。
完成时限:2024年3月底前。
2、推进乙事项。
牵头单位:区民政局。
配合单位:区教育局。
完成时限:2024年12月底前。
"""
UNITS = {"财": "甲区财政局", "民": "甲区民政局", "教": "甲区教育局", "总": ""}


@pytest.fixture(scope="module")
def notice() -> Notice:
    return parse(PLAN)


def marks(notice: Notice, cells: str) -> list[Mark]:
    """The progress that a case writes: 1 财 完成情况 已完成."""
    made = []
    for cell in filter(None, cells.split("; ")):
        number, unit, head, value = cell.split(" ")
        made.append(Mark(notice.items[int(number) - 1].item_id, UNITS[unit], head, value))
    return made


@pytest.mark.parametrize("case", read_cases("ledger_answers"), ids=lambda case: str(case["marks"]))
def test_the_cell_and_the_state_of_an_item(notice: Notice, case: dict[str, str]) -> None:
    item = notice.items[0].item_id
    others = marks(notice, case["others"])
    answers = Answers(gather([notice]), marks(notice, case["marks"]), others)
    assert answers.of(item) == case["cell"]
    assert answers.state_of(item) == case["state"]


def test_every_answer_is_in_the_main_sheet(tmp_path: Path) -> None:
    output = parsed(tmp_path, PLAN)
    assert "单位填报" not in heads(export(output)["任务台账"])
    workbook = export(output)
    fill_unit(workbook, "甲区民政局", 进展="已印发方案", 完成情况="推进中", 备注="请支持")
    read(output, workbook)
    again = export(output)
    cells = column(again["任务台账"], "单位填报")
    answer = "甲区民政局(牵头): 推进中; 已印发方案; 备注: 请支持"
    assert cells == [f"{answer}\n未填报: 甲区财政局、甲区教育局", f"{answer}\n未填报: 甲区教育局"]
    # What the ledger made itself is nobody's word when it comes back, and goes with its answers.
    reading = read(output, again)
    assert (reading.written, reading.strays, reading.differences) == ([], [], [])
    fill_unit(again, "甲区民政局", 进展=None, 完成情况=None, 备注=None)  # type: ignore[arg-type]
    read(output, again)
    assert "单位填报" not in heads(export(output)["任务台账"])


def test_words_in_a_column_that_is_made_are_told(tmp_path: Path) -> None:
    output = parsed(tmp_path, PLAN)
    workbook = export(output)
    fill_unit(workbook, "甲区财政局", 进展="已办")
    read(output, workbook)
    workbook = export(output)
    put(workbook["任务台账"], 1, "单位填报", "督查室改过")
    put(workbook["任务台账"], 2, "逾期天数", "已延期")
    reading = read(output, workbook)
    assert [(one.row, list(one.values.values())[-1]) for one in reading.strays] == [
        (4, "督查室改过"),
        (5, "已延期"),
    ]
    assert "is made of the units' sheets" in reading.strays[0].reason
    assert kept(output) == {(1, "甲区财政局", "进展"): "已办"}


def test_counts_by_unit_and_state(notice: Notice, tmp_path: Path) -> None:
    told = "1 民 完成情况 已完成; 2 民 完成情况 滞后; 1 教 进展 已配合; 1 总 完成情况 推进中; 1 财 完成情况 快了"
    made = tuple(marks(notice, told))
    index = written(tmp_path / "ledger.xlsx", notice, progress=made)["单位"]
    names = (
        "单位",
        "牵头",
        "配合",
        "已填报",
        "未填报",
        "未启动",
        "推进中",
        "已完成",
        "滞后",
        "其他",
    )
    rows = zip(*(column(index, name) for name in names), strict=True)
    assert list(rows) == [
        ("甲区民政局", 2, 0, 2, 0, 0, 0, 1, 1, 0),
        ("甲区财政局", 1, 0, 1, 0, 0, 0, 0, 0, 1),
        ("甲区教育局", 0, 2, 1, 1, 0, 0, 0, 0, 1),
    ]


def _cells(sheet: Any) -> dict[str, Any]:
    return {row[0].value: row[1].value for row in sheet.iter_rows(max_col=2) if row[0].value}


def test_the_summary(notice: Notice, tmp_path: Path) -> None:
    path = tmp_path / "ledger.xlsx"
    made = marks(notice, "1 民 完成情况 滞后; 1 财 完成情况 滞后; 2 总 完成情况 办结")
    assert write_ledger([notice], path, made, options=LedgerOptions(today="2024-05-01")) == []
    sheet = openpyxl.load_workbook(path, data_only=True)["汇总"]
    cells = _cells(sheet)
    assert sheet["A2"].value == "甲区2024年重点工作　共 2 项　逾期算至 2024-05-01"
    assert (cells["已完成"], cells["滞后"], cells["未填"]) == (1, 1, 0)
    assert (cells["逾期 31—90 天"], cells["逾期 30 天以内"], cells["未逾期或已完成"]) == (1, 0, 1)
    assert (cells["已填报"], cells["未填报"]) == (2, 1)
    assert "未填报单位: 甲区教育局" in cells
    assert len(openpyxl.load_workbook(path)["汇总"]._charts) == 2  # type: ignore[attr-defined]


def test_days_overdue_follow_the_state(notice: Notice, tmp_path: Path) -> None:
    path = tmp_path / "ledger.xlsx"
    options = LedgerOptions(today="2024-05-01")
    made = marks(notice, "1 民 完成情况 已完成")
    write_ledger([notice], path, made, options=options)
    main = openpyxl.load_workbook(path)["任务台账"]
    formula = main.cell(4, heads(main)["逾期天数"]).value
    assert isinstance(formula, str)
    assert 'MATCH(TRIM(J4),{"已完成"' in formula
    assert "DATE(2024,5,1)-H4" in formula
    book = openpyxl.load_workbook(path, data_only=True)
    # One of two hosts is done: the item is late, and so is the other host.
    assert column(book["任务台账"], "逾期天数") == [31, None]
    assert column(book["甲区财政局"], "逾期天数") == [31]
    assert column(book["甲区民政局"], "逾期天数") == [None, None]
    late = {one: column(book["单位"], one) for one in ("单位", "逾期")}
    assert dict(zip(late["单位"], late["逾期"], strict=True)) == {
        "甲区民政局": 0,
        "甲区财政局": 1,
        "甲区教育局": 0,
    }
    made = marks(notice, "1 民 完成情况 已完成; 1 财 完成情况 办结")
    write_ledger([notice], path, made, options=options)
    assert column(openpyxl.load_workbook(path)["任务台账"], "逾期天数")[0] is None


def test_without_a_day_the_workbook_counts_itself(notice: Notice, tmp_path: Path) -> None:
    """No clock is asked: the same records give the same bytes on any day."""
    path = tmp_path / "ledger.xlsx"
    write_ledger([notice], path)
    with zipfile.ZipFile(path) as parts:
        text = parts.read("xl/worksheets/sheet1.xml").decode()
    assert re.findall("<f>.*?TODAY\\(\\).*?</f><v></v>", text)


@pytest.mark.parametrize(
    ("due", "today", "days"),
    [
        ("2024-03-31", "2024-04-01", 1),
        ("2024-03-31", "2024-03-31", 0),
        ("2024-03-31", "2023-04-01", 0),
        ("", "2024-04-01", 0),
        ("2024-03-31", "", 0),
    ],
)
def test_days_since_the_last_day(due: str, today: str, days: int) -> None:
    assert days_over(due, today) == days


def test_a_wrong_day_is_a_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["export", str(tmp_path), "--to", "xlsx", "--today", "六月底"])
    assert ended.value.code == 2
    assert "'六月底' is no day; write one such as 2024-06-30" in capsys.readouterr().err
