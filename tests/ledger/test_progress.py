"""Progress that is kept while notices change: never at another item, never overwritten unseen."""

from __future__ import annotations

import argparse
import csv
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from pipeline.cli import ledger_command
from pipeline.dataset.record_files import read_records
from pipeline.errors import OutputError
from pipeline.ledger.content import gather
from pipeline.ledger.progress import read_progress
from pipeline.model import Notice
from tests.conftest import parse
from tests.ledgers import (
    column,
    export,
    heads,
    kept,
    lose_ids,
    parse_anew,
    parsed,
    plan,
    put,
    read,
)

CENTRES = tuple(f"建设{place}街道社区服务中心。" for place in ("沙头角", "海山", "梅沙"))


def _rows(output: Path) -> list[dict[str, str]]:
    with (output / "progress.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _write(output: Path, rows: list[dict[str, str]]) -> None:
    with (output / "progress.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _fill(output: Path, *values: str) -> None:
    """Progress of the first items, one after another."""
    workbook = export(output)
    for number, value in enumerate(values, 1):
        put(workbook["任务台账"], number, "进展", value)
    read(output, workbook)


def test_items_that_differ_in_a_place_keep_their_own(tmp_path: Path) -> None:
    output = parsed(tmp_path, plan(*CENTRES))
    _fill(output, "沙头角已开工", "海山已竣工", "梅沙在选址")
    old = openpyxl.load_workbook(output / "filled.xlsx")
    parse_anew(output, plan(CENTRES[1]))
    found = read_progress(output, read_records(output))
    assert [mark.value for mark in found.marks] == ["海山已竣工"]
    assert [one.value for one in found.gone] == ["沙头角已开工", "梅沙在选址"]
    # Neither a new ledger nor the old one takes anything away, or brings it to the item left.
    read(output, export(output))
    reading = read(output, old)
    assert [one.reason for one in reading.strays] == ["its item is there no more"] * 2
    assert sorted(row["value"] for row in _rows(output)) == [
        "梅沙在选址",
        "沙头角已开工",
        "海山已竣工",
    ]
    parse_anew(output, plan(*CENTRES))
    assert kept(output) == {
        (1, "", "进展"): "沙头角已开工",
        (2, "", "进展"): "海山已竣工",
        (3, "", "进展"): "梅沙在选址",
    }


def test_a_copy_of_one_row_whose_item_is_gone(tmp_path: Path) -> None:
    """The item that has its id now is only like it."""
    output = parsed(tmp_path, plan(*CENTRES))
    workbook = export(output)
    put(workbook["任务台账"], 1, "进展", "沙头角已开工")
    workbook["任务台账"].delete_rows(5, 2)
    parse_anew(output, plan(CENTRES[1]))
    reading = read(output, workbook)
    assert (reading.written, [one.values["进展"] for one in reading.strays]) == (
        [],
        ["沙头角已开工"],
    )
    # A copy in which nobody wrote anything has nothing to tell.
    parse_anew(output, plan(*CENTRES))
    workbook = export(output)
    parse_anew(output, plan(CENTRES[1]))
    assert read(output, workbook).strays == []


def test_items_with_the_same_words_keep_their_own(tmp_path: Path) -> None:
    output = parsed(tmp_path, plan(*["推进甲事项。"] * 3))
    _fill(output, "一", "二", "三")
    old = openpyxl.load_workbook(output / "filled.xlsx")
    parse_anew(output, plan("新增一项改革。", *["推进甲事项。"] * 3))
    told = {(2, "", "进展"): "一", (3, "", "进展"): "二", (4, "", "进展"): "三"}
    assert kept(output) == told
    read(output, export(output))
    assert read(output, old).strays == []
    assert kept(output) == told
    assert [row["rank"] for row in _rows(output)] == ["1 of 3", "2 of 3", "3 of 3"]


def test_what_is_written_back_is_of_the_item_as_it_is_now(tmp_path: Path) -> None:
    output = parsed(tmp_path, plan("完成投资5亿元。", "推进乙事项。"))
    _fill(output, "一", "二")
    before = _rows(output)
    parse_anew(output, plan("新增一项改革。", "完成投资8亿元。", "推进乙事项。"))
    read(output, export(output))
    after = _rows(output)
    assert [row["words"] for row in after] == ["完成投资8亿元。", "推进乙事项。"]
    assert [row["item_id"].rpartition("#")[2] for row in after] == ["2", "3"]
    assert before[0]["sha256"] != after[0]["sha256"]
    # What was anchored anew is still found where its first words would not be.
    parse_anew(output, plan("完成投资8亿元,含民间投资。", "推进乙事项。"))
    assert kept(output) == {(1, "", "进展"): "一", (2, "", "进展"): "二"}


def test_two_values_of_one_cell_both_stay(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = parsed(tmp_path, plan("推进甲事项。", "推进乙事项。"))
    _fill(output, "甲")
    rows = _rows(output)
    # The same words at another place; the row that is exactly of the item counts.
    moved = rows[0] | {"item_id": rows[0]["item_id"].replace("#1", "#9"), "value": "别处的甲"}
    _write(output, [moved, *rows, rows[0] | {"value": "又一个甲"}])
    found = read_progress(output, read_records(output))
    assert [mark.value for mark in found.marks] == ["甲"]
    assert [one.value for one in found.others] == ["又一个甲", "别处的甲"]
    capsys.readouterr()
    workbook = export(output)
    assert column(workbook["任务台账"], "进展") == ["甲", None]
    assert "'别处的甲' is kept of a cell that has other words now" in capsys.readouterr().err
    put(workbook["任务台账"], 1, "进展", "甲二")
    workbook.save(output / "filled.xlsx")
    args = argparse.Namespace(file=output / "filled.xlsx", output=output, json=False)
    assert ledger_command.run(args) == 0
    told = capsys.readouterr().err
    assert "'又一个甲' is kept of a cell" in told
    assert "3 kept in" in told
    assert [row["value"] for row in _rows(output)] == ["甲二", "又一个甲", "别处的甲"]
    # One of them written into the ledger is what counts, and no longer another one.
    workbook = export(output)
    put(workbook["任务台账"], 1, "进展", "又一个甲")
    read(output, workbook)
    assert [row["value"] for row in _rows(output)] == ["又一个甲", "别处的甲"]


def test_equal_values_of_one_cell_are_one(tmp_path: Path) -> None:
    output = parsed(tmp_path, plan("推进甲事项。"))
    _fill(output, "甲")
    rows = _rows(output)
    _write(output, [rows[0] | {"path": "elsewhere.txt"}, *rows])
    assert kept(output) == {(1, "", "进展"): "甲"}


def test_a_table_of_an_earlier_version_or_of_a_person(tmp_path: Path) -> None:
    output = parsed(tmp_path, plan("推进甲事项。", "推进乙事项。"))
    _fill(output, "甲", "乙")
    rows = _rows(output)
    _write(output, [{k: v for k, v in row.items() if k != "rank"} for row in rows])
    assert kept(output) == {(1, "", "进展"): "甲", (2, "", "进展"): "乙"}
    _write(output, [{k: row[k] for k in ("item_id", "column", "value")} for row in rows])
    assert kept(output) == {(1, "", "进展"): "甲", (2, "", "进展"): "乙"}
    _write(output, [{k: row[k] for k in ("item_id", "value")} for row in rows])
    with pytest.raises(OutputError, match="it lacks column"):
        read_progress(output, read_records(output))


def test_progress_of_a_notice_that_was_not_chosen(tmp_path: Path) -> None:
    """Two files of the same bytes are two notices: what is said of one is none of the other's."""
    output = parsed(tmp_path, plan("推进甲事项。"))
    source = tmp_path / "in" / "plan.txt"
    (tmp_path / "in" / "copy.txt").write_bytes(source.read_bytes())
    parse_anew(output, source.read_text("utf-8"))
    notices = list(read_records(output))
    assert len(notices) == 2
    workbook = export(output)
    workbook["任务台账"].cell(4, heads(workbook["任务台账"])["进展"]).value = "甲"
    read(output, workbook)
    own = [len(read_progress(output, [notice]).marks) for notice in notices]
    assert own == [1, 0]


@pytest.mark.parametrize("change", ["kept", "lost", "shifted", "both"])
def test_an_untouched_old_cell_takes_nothing_from_a_newer_one(tmp_path: Path, change: str) -> None:
    output = parsed(tmp_path, plan("推进甲事项。", "推进乙事项。", "推进丙事项。"))
    _fill(output, "甲", "乙", "丙")
    old = export(output)
    put(old["任务台账"], 3, "进展", "丙的新话")
    at = heads(old["任务台账"])["事项编号"]
    if change == "shifted":
        ids = [old["任务台账"].cell(row, at).value for row in (4, 5, 6)]
        for row, item_id in enumerate((ids[1], ids[2], ids[0]), 4):
            old["任务台账"].cell(row, at).value = item_id
    elif change != "kept":
        lose_ids(old["任务台账"])
    parse_anew(output, plan("新增一项改革。", "推进甲事项。", "推进乙事项。", "推进丙事项。"))
    newer = export(output)
    for number, value in ((2, "甲二"), (3, "乙二")):
        put(newer["任务台账"], number, "进展", value)
    read(output, newer)
    if change == "both":
        # Nothing tells any more which rows of the hidden sheet these are.
        for row in range(2, old["底本"].max_row + 1):
            for cell in old["底本"][row][4:]:
                cell.value = None
    reading = read(output, old)
    told = {(2, "", "进展"): "甲二", (3, "", "进展"): "乙二", (4, "", "进展"): "丙的新话"}
    if change == "both":
        told[4, "", "进展"] = "丙"
        assert [one.values["进展"] for one in reading.strays] == ["甲", "乙", "丙的新话"]
        reason = "whether 进展 was changed here is not known; kept is: 甲二"
        assert reading.strays[0].reason == reason
    assert kept(output) == told


def test_a_row_that_the_hidden_sheet_does_not_have_fills_what_is_empty(tmp_path: Path) -> None:
    output = parsed(tmp_path, plan("推进甲事项。"))
    workbook = export(output)
    sheet = workbook["任务台账"]
    sheet.cell(5, heads(sheet)["事项"]).value = "新增一项改革。"
    sheet.cell(5, heads(sheet)["进展"]).value = "已启动"
    parse_anew(output, plan("推进甲事项。", "新增一项改革。"))
    assert read(output, workbook).strays == []
    assert kept(output) == {(2, "", "进展"): "已启动"}
    # The same once more is no news, and an empty cell takes nothing away.
    sheet.cell(5, heads(sheet)["备注"]).value = None
    assert read(output, workbook).written == []
    sheet.cell(5, heads(sheet)["进展"]).value = None
    assert read(output, workbook).written == []
    assert kept(output) == {(2, "", "进展"): "已启动"}


def test_words_of_the_plan_that_changed_since_are_nobodys_wish(tmp_path: Path) -> None:
    output = parsed(tmp_path, plan("完成投资5亿元。"))
    workbook = export(output)
    parse_anew(output, plan("完成投资8亿元。"))
    put(workbook["任务台账"], 1, "进展", "已启动")
    assert read(output, workbook).differences == []
    put(workbook["任务台账"], 1, "事项", "完成投资9亿元。")
    assert [one.written for one in read(output, workbook).differences] == ["完成投资9亿元。"]
    assert kept(output) == {(1, "", "进展"): "已启动"}


OURS = ("任务台账", "汇总", "单位", "领导", "问题", "全文", "底本")


def test_units_with_the_names_of_our_own_sheets(tmp_path: Path) -> None:
    # Two plans, so that the main sheet says 任务台账 above its heads.
    output = parsed(tmp_path, plan("推进甲事项。", hosts=("、".join(OURS),)))
    (tmp_path / "in" / "other.txt").write_text(plan("推进乙事项。"), "utf-8")
    parse_anew(output, (tmp_path / "in" / "plan.txt").read_text("utf-8"))
    workbook = export(output)
    main = workbook["任务台账"]
    assert main["A1"].value == "任务台账"
    rows = {main.cell(row, heads(main)["事项"]).value: row for row in (4, 5)}
    main.cell(rows["推进甲事项。"], heads(main)["进展"]).value = "总"
    for name in OURS:
        own = workbook[f"{name}(2)"]
        own.cell(4, heads(own)["进展"]).value = f"{name}说"
    reading = read(output, workbook)
    assert (reading.strays, reading.remarks) == ([], [])
    told = {(1, name, "进展"): f"{name}说" for name in OURS}
    assert kept(output) == told | {(1, "", "进展"): "总"}
    # The main sheet is known too when its column of sections is gone.
    again = export(output)
    again["任务台账"].delete_cols(heads(again["任务台账"])["所属部分"])
    assert read(output, again).written == []


def test_a_main_sheet_that_a_unit_wrote_its_name_on(tmp_path: Path) -> None:
    output = parsed(tmp_path, plan("推进甲事项。"))
    workbook = export(output)
    sheet = workbook["任务台账"]
    sheet["A1"].value = sheet.title = "甲区财政局(报)"
    sheet["A2"].value = "甲区财政局"
    put(sheet, 1, "进展", "已启动")
    read(output, workbook)
    assert kept(output) == {(1, "", "进展"): "已启动"}


def test_a_units_sheet_without_the_roles(tmp_path: Path) -> None:
    output = parsed(tmp_path, plan("推进甲事项。"))
    workbook = export(output)
    sheet = workbook["甲区财政局"]
    put(sheet, 1, "进展", "财政局说")
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    sheet.delete_cols(1)
    read(output, workbook)
    assert kept(output) == {(1, "甲区财政局", "进展"): "财政局说"}


def _namesakes() -> str:
    text = plan("推进甲事项。", "推进乙事项。", hosts=("王小明", "王小明"))
    return text.replace("主办单位:", "牵头区领导:王小明;\n主办单位:", 1)


def test_a_unit_and_a_leader_with_one_name(tmp_path: Path) -> None:
    output = parsed(tmp_path, _namesakes())
    workbook = export(output)
    assert {"王小明", "王小明(领导)"} <= set(workbook.sheetnames)
    put(workbook["王小明"], 1, "进展", "单位说")
    put(workbook["王小明(领导)"], 1, "进展", "领导说")
    read(output, workbook)
    told = {(1, "王小明", "进展"): "单位说", (1, "王小明(领导)", "进展"): "领导说"}
    assert kept(output) == told
    again = export(output)
    assert column(again["王小明"], "进展") == ["单位说", None]
    assert column(again["王小明(领导)"], "进展") == ["领导说"]
    assert read(output, again).written == []


def test_names_that_are_never_the_same() -> None:
    """A unit may be called what a leader with a namesake would be."""
    notices: list[Notice] = []
    for number, post in enumerate(("区长", "局长")):
        one = parse(_namesakes())
        items = []
        for item in one.items:
            leaders = tuple(replace(name, post=post) for name in item.leaders)
            hosts = tuple(replace(name, name=f"王小明(甲区、{post})") for name in item.host_units)
            own = f"n{number}#{item.number}"
            items.append(replace(item, leaders=leaders, host_units=hosts, item_id=own))
        update = {"notice_id": f"n{number}", "items": tuple(items), "region": "甲区"}
        notices.append(one.model_copy(update=update))
    ledger = gather(notices)
    names = [one.name for one in (*ledger.units, *ledger.leaders)]
    assert len(names) == len(set(names)) == 4


def test_names_that_differ_in_the_width_of_letters(tmp_path: Path) -> None:
    output = parsed(tmp_path, plan("推进甲事项。", "推进乙事项。", hosts=("ABC中心", "ＡＢＣ中心")))
    workbook = export(output)
    own = [name for name in workbook.sheetnames if "中心" in name]
    for name in own:
        sheet = workbook[name]
        sheet.cell(4, heads(sheet)["进展"]).value = sheet["A1"].value
    read(output, workbook)
    assert all(unit == value for (_, unit, _), value in kept(output).items())
    assert len(kept(output)) == len(own)


def test_cells_longer_than_a_csv_reader_takes(tmp_path: Path) -> None:
    long = "推进" + "很长的事项" * 30_000 + "。"
    output = parsed(tmp_path, plan(long, "推进乙事项。"))
    workbook = export(output)
    put(workbook["任务台账"], 1, "进展", "长")
    put(workbook["任务台账"], 2, "进展", "短")
    assert read(output, workbook).strays == []
    rows = _rows(output)
    _write(output, [*rows, rows[1] | {"column": "备注", "value": "话" * 140_000}])
    workbook = export(output)
    assert column(workbook["任务台账"], "备注")[1].startswith("话话")
    assert read(output, workbook).written == []
    assert kept(output)[2, "", "备注"] == "话" * 140_000
    assert kept(output)[1, "", "进展"] == "长"
