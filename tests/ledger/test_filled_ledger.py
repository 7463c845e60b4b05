"""A ledger that people filled in, as they do, read back: nothing lost, nothing at the wrong item."""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import json
import shlex
from pathlib import Path

import openpyxl
import pytest
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import cli
from pipeline.cli import ledger_command
from pipeline.cli.ledger_export import export_ledger
from pipeline.dataset.record_files import read_records
from pipeline.errors import OutputError
from pipeline.ledger.cell_text import fit
from pipeline.ledger.progress import read_progress, write_progress
from pipeline.ledger.read import filled_book, read_ledger
from pipeline.ledger.write import Mark, write_ledger
from pipeline.model import Notice
from pipeline.read.sheet import book_process
from tests.conftest import RAW, parse
from tests.ledgers import (
    FORMULAS,
    OWN,
    column,
    convert,
    export,
    heads,
    kept,
    lose_ids,
    parsed,
    put,
    read,
    with_item,
)


@pytest.fixture
def notice() -> Notice:
    return parse(RAW.read_text("utf-8"))


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return parsed(tmp_path)


def test_there_and_back(output: Path) -> None:
    workbook = export(output)
    put(workbook["任务台账"], 1, "进展", "已启动")
    put(workbook["任务台账"], 1, "完成情况", "推进中")
    put(workbook[OWN], 3, "进展", "民政局已报")
    put(workbook["王宏彬"], 4, "备注", "请加快")
    reading = read(output, workbook)
    assert (reading.strays, reading.missing, reading.differences, reading.remarks) == ([],) * 4
    told = {
        (1, "", "进展"): "已启动",
        (1, "", "完成情况"): "推进中",
        (3, OWN, "进展"): "民政局已报",
        (4, "王宏彬", "备注"): "请加快",
    }
    assert kept(output) == told
    again = export(output)
    assert column(again["任务台账"], "进展")[0] == "已启动"
    put(again["任务台账"], 2, "进展", "调研")
    assert read(output, again).written[0].value == "调研"
    assert kept(output) == told | {(2, "", "进展"): "调研"}
    described = json.loads((output / "datapackage.json").read_text("utf-8"))
    assert "progress" in [one["name"] for one in described["resources"]]


def test_progress_is_there_when_the_notice_was_parsed_anew(output: Path) -> None:
    """A new first item moves all ids, another text gives the notice another id."""
    workbook = export(output)
    put(workbook["任务台账"], 2, "进展", "二")
    put(workbook[OWN], 3, "进展", "三")
    read(output, workbook)
    path = output.parent / "in" / "plan.txt"
    text = path.read_text("utf-8").replace("1、建立完善", "1、新增一项改革。先行先试。\n主办单位:区财政局。\n2、建立完善")  # fmt: skip
    for number in range(12, 1, -1):
        head = next(iter(read_records(output))).items[number - 1].title[:6]
        text = text.replace(f"{number}、{head}", f"{number + 1}、{head}")
    path.write_text(text.replace("推进社会组织", "大力推进社会组织"), "utf-8")
    before = {notice.notice_id for notice in read_records(output)}
    assert cli.main(["parse", str(path.parent), "-o", str(output)]) == 0
    assert not before & {notice.notice_id for notice in read_records(output)}
    assert kept(output) == {(3, "", "进展"): "二", (4, OWN, "进展"): "三"}
    again = export(output)
    assert column(again["任务台账"], "进展") == [None, None, "二"] + [None] * 10
    # And the ledger that was handed out before still finds its items.
    put(workbook["任务台账"], 5, "进展", "五")
    reading = read(output, workbook)
    assert reading.strays == []
    assert kept(output)[6, "", "进展"] == "五"
    assert reading.missing == [next(iter(read_records(output))).items[0].item_id]


def test_own_columns_and_sheets(output: Path) -> None:
    workbook = export(output)
    sheet = workbook["任务台账"]
    sheet.insert_cols(2)
    sheet["B3"].value = "督查 意见"
    put(sheet, 7, "督查 意见", "抓紧")
    sheet.cell(3, sheet.max_column + 1).value = "备注"
    sheet.cell(4, sheet.max_column).value = "第二个"
    sheet.cell(6, sheet.max_column + 1).value = "无头"
    workbook.create_sheet("会议记录")["A1"].value = "六月例会"
    reading = read(output, workbook)
    assert kept(output) == {(7, "", "督查 意见"): "抓紧", (1, "", "备注(2)"): "第二个"}
    assert [line.partition(":")[0] for line in reading.remarks] == ["任务台账 column N", "会议记录"]
    again = export(output)
    assert column(again["任务台账"], "督查 意见")[6] == "抓紧"
    assert column(again["任务台账"], "备注(2)")[0] == "第二个"
    assert read(output, again).written == []


def test_rows_of_no_item_are_told_with_all_they_hold(output: Path) -> None:
    workbook = export(output)
    sheet = workbook["任务台账"]
    at = heads(sheet)
    sheet.cell(17, at["事项"]).value = "临时交办的一件事"
    sheet.cell(17, at["进展"]).value = "办结"
    sheet.cell(18, at["进展"]).value = "只有进展"
    for column_number in range(1, sheet.max_column + 1):
        sheet.cell(19, column_number).value = sheet.cell(4, column_number).value
    sheet.cell(19, at["进展"]).value = "重复的行"
    sheet.cell(20, at["事项编号"]).value = "nothing#1"
    reading = read(output, workbook)
    told = [(one.sheet, one.row, one.reason) for one in reading.strays]
    assert told == [
        ("任务台账", 17, "no item is like it"),
        ("任务台账", 18, "nothing in it tells which item it is of"),
        ("任务台账", 19, "another row is of the same item"),
        ("任务台账", 20, "no item has its id"),
    ]
    assert reading.strays[0].values == {"事项": "临时交办的一件事", "进展": "办结"}
    assert reading.strays[2].values["进展"] == "重复的行"
    assert kept(output) == {}


def test_items_with_the_same_words_are_not_guessed(notice: Notice, tmp_path: Path) -> None:
    first = notice.items[0]
    twin = with_item(notice, 1, **{key: getattr(first, key) for key in ("title", "content")})
    write_ledger([twin], tmp_path / "ledger.xlsx")
    workbook = openpyxl.load_workbook(tmp_path / "ledger.xlsx")
    sheet = workbook["任务台账"]
    put(sheet, 1, "进展", "一")
    put(sheet, 2, "进展", "二")
    lose_ids(sheet)
    workbook.save(tmp_path / "filled.xlsx")
    found = read_ledger(tmp_path / "filled.xlsx", [twin])
    # Their numbers and units tell them apart.
    assert [(one.anchor.item_id, one.value) for one in found.written] == [
        ("notice#1", "一"), ("notice#2", "二"),
    ]  # fmt: skip
    for head in ("序号", "所属部分", "牵头区领导", "主办单位", "协办单位"):
        sheet.delete_cols(heads(sheet)[head])
    workbook.save(tmp_path / "filled.xlsx")
    found = read_ledger(tmp_path / "filled.xlsx", [twin])
    assert found.written == []
    assert [one.reason for one in found.strays] == ["2 items have the same words"] * 2


def test_cells_of_the_plan_changed_by_hand(
    output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workbook = export(output)
    put(workbook["任务台账"], 5, "主办单位", "区公安局、区司法局")
    put(workbook["任务台账"], 12, "协办单位", None)
    put(workbook["任务台账"], 6, "协办单位", "区委统战部、 区人大办、区政协办、各街道办")
    reading = read(output, workbook)
    told = [(one.item_id.rpartition("#")[2], one.field, one.written) for one in reading.differences]
    assert told == [("5", "host_units", "区公安局、区司法局"), ("12", "co_host_units", "")]
    for one in reading.differences:
        assert cli.main(shlex.split(one.command(output))[1:]) == 0
    assert read(output, workbook).differences == []
    # A ledger that was handed out before the correction is no wish to take it back.
    earlier = openpyxl.load_workbook(output / "ledger.xlsx")
    assert read(output, earlier).differences == []
    capsys.readouterr()


def test_two_sheets_that_contradict(output: Path) -> None:
    workbook = export(output)
    copy = workbook.copy_worksheet(workbook["任务台账"])
    copy.title = "任务台账 副本"
    put(workbook["任务台账"], 1, "进展", "甲")
    put(copy, 1, "进展", "乙")
    put(copy, 2, "进展", "丙")
    reading = read(output, workbook)
    assert kept(output) == {(1, "", "进展"): "甲", (2, "", "进展"): "丙"}
    told = [(one.sheet, one.reason, one.values["进展"]) for one in reading.strays]
    assert told == [("任务台账 副本", "another row has 进展 of this item: 甲", "乙")]


def test_values_come_back_as_people_see_them(output: Path) -> None:
    typed: list[tuple[object, str]] = [
        (1.0, "1"),
        (2.5, "2.5"),
        (dt.date(2024, 6, 30), "2024-06-30"),
        (dt.datetime(2024, 6, 30, 9, 30), "2024-06-30 09:30:00"),  # noqa: DTZ001
        (True, "TRUE"),
        ("多行\n文字", "多行\n文字"),
        ("  前有空格", "  前有空格"),
        ("007", "007"),
    ]
    workbook = export(output)
    sheet = workbook["任务台账"]
    for number, (value, _) in enumerate(typed, 1):
        put(sheet, number, "进展", value)
    put(sheet, 9, "进展", 0.8)
    sheet.cell(12, heads(sheet)["进展"]).number_format = "0%"
    at = heads(sheet)["备注"]
    sheet.cell(4, at).value = "三项一并推进"
    sheet.merge_cells(start_row=4, end_row=6, start_column=at, end_column=at)
    read(output, workbook)
    found = kept(output)
    assert [found[n, "", "进展"] for n in range(1, 10)] == [shown for _, shown in typed] + ["80%"]
    assert [found.get((n, "", "备注")) for n in range(1, 5)] == ["三项一并推进"] * 3 + [None]


def test_formulas_come_back_as_they_were(output: Path) -> None:
    texts = [text for text in FORMULAS if "\r" not in text]
    workbook = export(output)
    for number, text in enumerate(texts, 1):
        put(workbook["任务台账"], number, "进展", text)
    read(output, workbook)
    told = {(n, "", "进展"): text for n, text in enumerate(texts, 1)}
    assert kept(output) == told
    assert read(output, export(output)).written == []
    with (output / "progress.csv").open(encoding="utf-8-sig", newline="") as file:
        assert all(row["value"][0] not in "=+-@\t\r\n" for row in csv.DictReader(file))


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.text(min_size=1), min_size=12, max_size=12))
def test_any_text_comes_back(tmp_path: Path, texts: list[str]) -> None:
    notice = parse(RAW.read_text("utf-8"))
    marks = [Mark(f"notice#{n}", "", "进展", text) for n, text in enumerate(texts, 1)]
    path = tmp_path / "ledger.xlsx"
    write_ledger([notice], path, marks)
    with filled_book.open_book(path) as book:
        sheet = next(one for one in book.sheets() if one.name == "任务台账")
    at = sheet.texts[2].index("进展")
    assert [row[at] for row in sheet.texts[3:]] == [fit(text) for text in texts]
    assert read_ledger(path, [notice]).written == []


@pytest.mark.tries
@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_saved_by_another_program(output: Path, kind: str, tmp_path: Path) -> None:
    workbook = export(output)
    put(workbook["任务台账"], 1, "进展", "已启动")
    put(workbook[OWN], 3, "进展", "=1+1")
    workbook.save(output / "filled.xlsx")
    made = convert(output / "filled.xlsx", kind, tmp_path / "saved")
    notices = list(read_records(output))
    reading = read_ledger(made, notices)
    write_progress(output, notices, reading.written)
    assert kept(output) == {(1, "", "进展"): "已启动", (3, OWN, "进展"): "=1+1"}
    assert (reading.strays, reading.missing, reading.differences) == ([], [], [])


def _csv() -> bytes:
    return "事项编号,进展\nnotice#1,已启动\n".encode()


def _other_workbook() -> bytes:
    import io

    made = xlwt.Workbook()
    made.add_sheet("表").write(0, 0, "名单")
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@pytest.mark.parametrize(
    ("data", "fact"),
    [
        (b"", "is empty"),
        (_csv(), "no readable workbook"),
        (RAW.read_bytes(), "no readable workbook"),
        (b"PK\x03\x04" + bytes(100), "no readable workbook"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "is encrypted"),
        (_other_workbook(), "no sheet is one of a ledger"),
    ],
    ids=["empty", "csv", "text", "damaged", "encrypted", "other"],
)
def test_no_ledger(
    output: Path, data: bytes, fact: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = output.parent / "ledger.xlsx"
    path.write_bytes(data)
    before = {one: one.read_bytes() for one in output.rglob("*") if one.is_file()}
    with pytest.raises(OutputError, match=fact):
        read_ledger(path, list(read_records(output)))
    assert before == {one: one.read_bytes() for one in output.rglob("*") if one.is_file()}
    with pytest.raises(OutputError, match="cannot be read"):
        read_ledger(path.with_name("none.xlsx"), [])
    capsys.readouterr()


def test_a_cut_file(output: Path) -> None:
    data = (output / "ledger.xlsx").read_bytes()
    path = output / "cut.xlsx"
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(OutputError, match="no readable workbook"):
        read_ledger(path, [])


def test_nothing_tells_which_row_is_what(output: Path) -> None:
    workbook = export(output)
    for head in ("事项", "内容", "事项编号"):
        workbook["任务台账"].delete_cols(heads(workbook["任务台账"])[head])
    with pytest.raises(OutputError, match="任务台账: none of the columns 事项编号, 事项, 内容"):
        read(output, workbook)
    assert not (output / "progress.csv").exists()


def test_a_file_that_ends_its_reader(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A damaged workbook can end the process that reads it; ours goes on and says so."""
    monkeypatch.setattr(book_process, "run_program", lambda *_: b"")
    with pytest.raises(OutputError, match="is a damaged workbook, or too large"):
        read_ledger(output / "ledger.xlsx", [])


def test_a_word_in_the_last_row_of_all(output: Path) -> None:
    """A slip of the hand makes a grid of 17 thousand million cells."""
    workbook = export(output)
    workbook["任务台账"]["XFD1048576"].value = "误"
    with pytest.raises(OutputError, match=r"spans more than|damaged workbook, or too large"):
        read(output, workbook)


def test_sheets_are_read_with_those_that_are_hidden(output: Path, tmp_path: Path) -> None:
    with filled_book.open_book(output / "ledger.xlsx") as book:
        sheets = list(book.sheets())
    assert [one.name for one in sheets][-2:] == ["问题", "底本"]
    assert len(set(sheets[0].texts[0][:10])) == 1
    (tmp_path / "none").write_bytes(b"x")
    with (
        pytest.raises(OutputError, match="no readable workbook"),
        filled_book.open_book(tmp_path / "none"),
    ):
        pass


def test_progress_of_an_item_that_is_gone(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workbook = export(output)
    put(workbook["任务台账"], 1, "进展", "已启动")
    put(workbook["任务台账"], 2, "进展", "二")
    read(output, workbook)
    source = output.parent / "in" / "plan.txt"
    text = source.read_text("utf-8")
    start, end = text.index("1、建立完善"), text.index("2、加快社会")
    source.write_text(text[:start] + text[end:], "utf-8")
    assert cli.main(["parse", str(source.parent), "-o", str(output)]) == 0
    capsys.readouterr()
    again = export(output)
    assert "'已启动' is of an item that is there no more" in capsys.readouterr().err
    assert column(again["任务台账"], "进展")[0] == "二"
    read(output, again)
    source.write_text(text, "utf-8")
    assert cli.main(["parse", str(source.parent), "-o", str(output)]) == 0
    assert kept(output) == {(1, "", "进展"): "已启动", (2, "", "进展"): "二"}


def test_without_the_extra(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filled_book, "find_spec", lambda _: None)
    with pytest.raises(OutputError, match=r"pip install python-calamine"):
        read_ledger(output / "ledger.xlsx", [])


def test_a_broken_table_of_progress_is_told(output: Path) -> None:
    (output / "progress.csv").write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(OutputError, match="it lacks item_id, column, value"):
        read_progress(output, read_records(output))
    (output / "progress.csv").write_bytes("项".encode("gb18030"))
    with pytest.raises(OutputError, match="no CSV in UTF-8"):
        read_progress(output, read_records(output))


def test_the_command(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workbook = export(output)
    put(workbook["任务台账"], 1, "进展", "已启动")
    put(workbook["任务台账"], 2, "主办单位", "区公安局")
    workbook["任务台账"].cell(17, 3).value = "临时交办"
    workbook["任务台账"].delete_rows(10)
    workbook.save(output / "filled.xlsx")
    args = argparse.Namespace(file=output / "filled.xlsx", output=output, json=False)
    capsys.readouterr()
    assert ledger_command.run(args) == 0
    told = capsys.readouterr()
    assert "临时交办" in told.out
    assert "1 cells written, 0 emptied; 1 kept" in told.err
    assert "--set host_units=区公安局" in told.err.replace("'", "")
    assert "1 items have no row" in told.err
    assert ledger_command.run(argparse.Namespace(**(vars(args) | {"json": True}))) == 0
    told_json = json.loads(capsys.readouterr().out)
    assert [one["row"] for one in told_json["strays"]] == [16]
    assert told_json["written"][0]["value"] == "已启动"
    assert told_json["differences"][0]["command"].startswith("fengong correct")
    wrong = argparse.Namespace(output=output, target=None, notice=["none"], paper="A4", today=None)
    with pytest.raises(OutputError, match="no notice in"):
        export_ledger(wrong)
    only = next(iter(read_records(output))).notice_id
    target = output / "one.xlsx"
    args = argparse.Namespace(
        output=output, target=target, notice=[only, only], paper="A4", today=None
    )
    assert export_ledger(args) == 0
    assert column(openpyxl.load_workbook(target)["任务台账"], "进展")[0] == "已启动"
