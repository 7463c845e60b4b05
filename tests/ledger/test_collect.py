"""Files that units returned, collected in one go: every answer is kept, every conflict is shown."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment

from pipeline import cli
from pipeline.dataset.record_files import read_records
from pipeline.ledger.progress import read_progress
from tests.ledgers import column, convert, export, fill_unit, heads, kept, parsed, plan, put

UNITS = [
    "财政局", "民政局", "教育局", "水务局", "商务局", "审计局", "统计局", "司法局",
    "农业农村局", "交通运输局", "卫生健康局", "应急管理局",
]  # fmt: skip
_ITEMS = 40


def _big_plan() -> str:
    """40 items of 12 units, each item of three."""
    lines = ["关于印发甲区2024年重点工作的通知", "甲区2024年重点工作", "一、改革"]
    for n in range(_ITEMS):
        units = [f"区{UNITS[(n + step) % 12]}" for step in (0, 1, 5)]
        lines += [f"{n + 1}、推进第{n + 1}类事项。完善第{n + 1}类制度,定期通报进展。"]
        lines += [f"牵头单位:{units[0]}。", f"配合单位:{'、'.join(units[1:])}。"]
        lines += [f"完成时限:2024年{n % 12 + 1}月底前。"]
    return "\n".join(lines) + "\n"


def _collect(output: Path, *files: Path) -> int:
    return cli.main(["ledger", "collect", *map(str, files), "-o", str(output)])


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """An OUTPUT of two items: 甲区财政局 and 甲区民政局 host the first, 甲区民政局 the second."""
    hosts = ("区财政局、区民政局", "区民政局")
    return parsed(tmp_path, plan("推进甲事项。完善制度。", "推进乙事项。完善标准。", hosts=hosts))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "收回").mkdir()
    return tmp_path / "收回"


def _save(output: Path, path: Path, unit: str, **values: str) -> Any:
    workbook = export(output)
    fill_unit(workbook, unit, **values)
    workbook.save(path)
    return workbook


def _move_columns(workbook: Any, unit: str) -> None:
    sheet = workbook[unit]
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    sheet.insert_cols(1, 2)
    sheet.delete_cols(heads(sheet)["事项编号"])


def _keep_own_sheet(workbook: Any, unit: str) -> None:
    for name in workbook.sheetnames:
        if name != unit:
            del workbook[name]


def _rename_sheet(workbook: Any, unit: str) -> None:
    workbook[unit].title = "反馈表"


def _lose_basis(workbook: Any, _unit: str) -> None:
    del workbook["底本"]


def _insert_lines(workbook: Any, unit: str) -> None:
    sheet = workbook[unit]
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    sheet.insert_rows(1, 2)
    sheet["C1"].value = "填报人:王科长"


HANDS: dict[int, Callable[[Any, str], None]] = {
    1: _move_columns,
    2: _keep_own_sheet,
    3: _rename_sheet,
    4: _lose_basis,
    5: _insert_lines,
}


@pytest.mark.tries
def test_forty_items_of_twelve_units(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = parsed(tmp_path, _big_plan())
    expected: dict[str, list[str]] = {}
    for number, name in enumerate(UNITS):
        unit = f"甲区{name}"
        workbook = export(output)
        written = fill_unit(workbook, unit, 进展=f"{unit}已办", 完成情况="推进中")
        for item_id, value in written.items():
            expected.setdefault(item_id, []).append(value)
        if number in HANDS:
            HANDS[number](workbook, unit)
        workbook.save(folder / f"{number}.xlsx")
    for number, kind in ((6, "xlsx"), (7, "ods")):
        made = convert(folder / f"{number}.xlsx", kind, tmp_path / "saved")
        (folder / f"{number}.xlsx").unlink()
        shutil.copy(made, folder / made.name)
    capsys.readouterr()
    assert _collect(output, folder) == 0
    said = capsys.readouterr().err
    assert "12 of 12 units have answered" in said
    assert "12 of 12 files read, 240 cells written, 0 emptied, 0 conflicts" in said
    main = export(output)["任务台账"]
    cells = dict(zip(column(main, "事项编号"), column(main, "单位填报"), strict=True))
    assert len(cells) == len(expected) == _ITEMS
    for item_id, values in expected.items():
        assert len(values) == 3
        lines = cells[item_id].split("\n")
        assert sorted(line.partition("; ")[2] for line in lines) == sorted(values)
        assert all("推进中" in line for line in lines)
    # The same once more is no news.
    before = (output / "progress.csv").read_bytes()
    assert _collect(output, folder) == 0
    assert "0 cells written" in capsys.readouterr().err
    assert (output / "progress.csv").read_bytes() == before


def test_files_that_contradict(
    output: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in (("a", "三月办结"), ("b", "五月办结"), ("c", "三月办结")):
        _save(output, folder / f"{name}.xlsx", "甲区财政局", 进展=value)
    capsys.readouterr()
    assert _collect(output, folder) == 0
    said = capsys.readouterr().err
    assert "三月办结 (" in said
    assert "五月办结 (" in said
    assert "differ; '三月办结' counts, all are kept" in said
    progress = read_progress(output, read_records(output))
    assert [mark.value for mark in progress.marks] == ["三月办结"]
    assert [one.value for one in progress.others] == ["五月办结"]
    cell = column(export(output)["任务台账"], "单位填报")[0]
    assert cell.split("\n")[:2] == [
        "甲区财政局(主办): 三月办结",
        "甲区财政局(主办)另报 进展: 五月办结",
    ]
    # Collecting again does not turn the two round, and adds nothing.
    before = (output / "progress.csv").read_bytes()
    assert _collect(output, folder) == 0
    assert (output / "progress.csv").read_bytes() == before
    # A third value is news: it counts, and nothing is lost.
    _save(output, folder / "d.xlsx", "甲区财政局", 进展="已办结")
    assert _collect(output, folder) == 0
    progress = read_progress(output, read_records(output))
    assert [mark.value for mark in progress.marks] == ["已办结"]
    assert sorted(one.value for one in progress.others) == ["三月办结", "五月办结"]


def test_a_value_that_takes_the_place_of_another_is_told(
    output: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blank = export(output)
    _save(output, folder / "a.xlsx", "甲区财政局", 进展="一月")
    assert _collect(output, folder) == 0
    # The unit goes on in the copy that it was given, which had nothing in it.
    fill_unit(blank, "甲区财政局", 进展="二月")
    blank.save(folder / "a.xlsx")
    capsys.readouterr()
    assert _collect(output, folder) == 0
    assert "进展: '一月' was kept, now '二月' from" in capsys.readouterr().err
    assert kept(output) == {(1, "甲区财政局", "进展"): "二月"}
    workbook = export(output)
    fill_unit(workbook, "甲区财政局", 进展=None)  # type: ignore[arg-type]
    workbook.save(folder / "a.xlsx")
    capsys.readouterr()
    assert _collect(output, folder) == 0
    assert "'二月' was kept, emptied in" in capsys.readouterr().err
    assert kept(output) == {}


def test_an_empty_cell_takes_nothing_away_without_the_hidden_sheet(
    output: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blank = export(output)
    _save(output, folder / "a.xlsx", "甲区财政局", 进展="一月")
    assert _collect(output, folder) == 0
    del blank["底本"]
    fill_unit(blank, "甲区民政局", 备注="民政")
    blank.save(folder / "b.xlsx")
    (folder / "a.xlsx").unlink()
    capsys.readouterr()
    assert _collect(output, folder) == 0
    assert "its hidden sheet is lost" in capsys.readouterr().err
    assert kept(output) == {
        (1, "甲区财政局", "进展"): "一月",
        (1, "甲区民政局", "备注"): "民政",
        (2, "甲区民政局", "备注"): "民政",
    }


def test_files_that_are_left_out_are_named(
    output: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _save(output, folder / "1.xlsx", "甲区财政局", 进展="一月")
    shutil.copy(folder / "1.xlsx", folder / "复件.xlsx")
    (folder / "说明.docx").write_bytes(b"PK")
    (folder / "~$1.xlsx").write_bytes(b"lock")
    other = openpyxl.Workbook()
    other.active["A1"].value = "名单"  # type: ignore[index]
    other.save(folder / "名单.xlsx")
    capsys.readouterr()
    assert _collect(output, folder) == 0
    said = capsys.readouterr().err
    assert f"复件.xlsx: is the same file as {folder / '1.xlsx'}; it counts once" in said
    assert "说明.docx: is no workbook; it was left out" in said
    assert "名单.xlsx: no sheet is one of a ledger" in said
    assert "~$" not in said
    assert "1 of 4 files read" in said
    # A workbook that may have answers and cannot be read is a failure; the others are collected.
    (tmp_path / "other").mkdir()
    foreign = parsed(tmp_path / "other", plan("修建公园。")) / "ledger.xlsx"
    shutil.copy(foreign, folder / "别的计划.xlsx")
    (folder / "坏.xlsx").write_bytes(b"PK\x03\x04")
    _save(output, folder / "2.xlsx", "甲区民政局", 进展="二月")
    capsys.readouterr()
    assert _collect(output, folder, folder / "没有.xlsx") == 1
    said = capsys.readouterr().err
    assert "别的计划.xlsx: is a ledger of another plan (" in said
    assert "坏.xlsx: is no readable workbook" in said
    assert "没有.xlsx: is no file that can be read" in said
    assert "2 of 2 units have answered" in said
    assert kept(output)[2, "甲区民政局", "进展"] == "二月"


def test_who_has_not_answered(
    output: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _save(output, folder / "1.xlsx", "甲区财政局", 进展="一月")
    capsys.readouterr()
    assert cli.main(["ledger", "collect", str(folder), "-o", str(output), "--json"]) == 0
    told = capsys.readouterr()
    assert "1 of 2 units have answered, not yet: 甲区民政局" in told.err
    as_json = json.loads(told.out)
    assert as_json["not_answered"] == ["甲区民政局"]
    assert [one["value"] for one in as_json["written"]] == ["一月"]
    assert [one["units"] for one in as_json["files"]] == [["甲区财政局"]]


def test_an_older_version_of_the_plan_is_told(
    output: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _save(output, folder / "1.xlsx", "甲区财政局", 进展="一月")
    source = output.parent / "in" / "plan.txt"
    source.write_text(source.read_text("utf-8") + "3、新增一项。\n主办单位:区财政局。\n", "utf-8")
    assert cli.main(["parse", str(source.parent), "-o", str(output)]) == 0
    capsys.readouterr()
    assert _collect(output, folder) == 0
    assert "of an older version: 2 of its items have been read anew" in capsys.readouterr().err
    assert kept(output) == {(1, "甲区财政局", "进展"): "一月"}


def test_rows_of_no_item_and_changes_of_the_plan_are_told(
    output: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workbook = _save(output, folder / "1.xlsx", "甲区财政局", 进展="一月")
    sheet = workbook["甲区财政局"]
    sheet.cell(9, heads(sheet)["事项"]).value = "临时交办的一件事"
    put(workbook["任务台账"], 1, "主办单位", "区公安局")
    workbook.save(folder / "1.xlsx")
    capsys.readouterr()
    assert _collect(output, folder) == 0
    told = capsys.readouterr()
    assert "临时交办的一件事" in told.out
    assert "--set host_units=区公安局" in told.err.replace("'", "")


def test_words_above_the_heads_and_comments_are_told(
    output: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workbook = export(output)
    sheet = workbook["甲区财政局"]
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    sheet["D2"].value = "填报人:王科长"
    sheet["E5"].comment = Comment("请区财政支持\n谢谢", "李四")
    workbook.save(folder / "1.xlsx")
    capsys.readouterr()
    assert _collect(output, folder) == 0
    said = capsys.readouterr().err
    assert "甲区财政局: above its heads is written: 填报人:王科长" in said
    assert "甲区财政局 E5: a comment by 李四: 请区财政支持 谢谢" in said
    # An export keeps the file that has them.
    shutil.copy(folder / "1.xlsx", output / "ledger.xlsx")
    assert cli.main(["export", str(output), "--to", "xlsx"]) == 0
    assert "kept as" in capsys.readouterr().err
    made = convert(folder / "1.xlsx", "ods", output.parent / "saved")
    capsys.readouterr()
    assert _collect(output, made) == 0
    said = capsys.readouterr().err
    assert "甲区财政局: a comment: 请区财政支持 谢谢" in said
    assert "above its heads is written: 填报人:王科长" in said


def test_a_note_of_ours_is_no_comment_of_a_person(
    output: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    item = next(iter(read_records(output))).items[0].item_id
    words = ["correct", item, "--set", "host_units=区公安局", "--who", "张三", "-o", str(output)]
    assert cli.main(words) == 0
    workbook = export(output)
    assert any(cell.comment for row in workbook["任务台账"].rows for cell in row)
    workbook.save(folder / "1.xlsx")
    capsys.readouterr()
    assert _collect(output, folder) == 0
    assert "a comment" not in capsys.readouterr().err
    del workbook["底本"]
    workbook.save(folder / "1.xlsx")
    assert _collect(output, folder) == 0
    said = capsys.readouterr().err
    assert "a comment" not in said
    assert "above its heads" not in said
