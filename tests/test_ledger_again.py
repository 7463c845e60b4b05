"""Ledgers over the editions of a plan: progress stays with its item, or is told to be lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import cli
from pipeline.anchors import anchor_of
from pipeline.corrections import Correction, lay_over
from pipeline.export.dataset import read_records
from pipeline.export.ledger import write_ledger
from pipeline.ledger import find_progress
from tests.conftest import parse
from tests.ledgers import column, export, put, read, written
from tests.test_corrections import center


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """An OUTPUT of three items that differ in one word."""
    edition(tmp_path / "output", center("沙头角", "海山", "梅沙"))
    return tmp_path / "output"


def edition(output: Path, text: str) -> None:
    """The next edition of the plan, parsed."""
    (output.parent / "plan.txt").write_text(text, "utf-8")
    assert cli.main(["parse", str(output.parent / "plan.txt"), "-o", str(output)]) == 0


def kept(output: Path) -> tuple[dict[str, str], list[str]]:
    """The progress by the titles of the items that are there, and of those that are not."""
    notices = list(read_records(output))
    titles = {item.item_id: item.title for one in notices for item in one.items}
    told = find_progress(output, notices)
    marks, gone = told.marks, [*told.others, *told.gone]
    return {titles[one.item_id][2:5]: one.value for one in marks}, sorted(o.value for o in gone)


def fill(output: Path) -> None:
    workbook = export(output)
    for row, value in enumerate(("一", "二", "三"), 1):
        put(workbook["任务台账"], row, "进展", value)
    read(output, workbook)


def test_a_neighbour_keeps_its_own_progress(output: Path) -> None:
    fill(output)
    edition(output, center("海山"))
    assert kept(output) == ({"海山街": "二"}, ["一", "三"])
    again = export(output)
    assert column(again["任务台账"], "进展") == ["二"]
    put(again["任务台账"], 1, "进展", "二二")
    read(output, again)
    assert kept(output) == ({"海山街": "二二"}, ["一", "三"])
    edition(output, center("梅沙", "海山", "沙头角"))
    assert kept(output) == ({"梅沙街": "三", "海山街": "二二", "沙头角": "一"}, [])


def test_items_with_the_same_words_keep_their_own(output: Path) -> None:
    edition(output, center("海山", "海山", "海山"))
    fill(output)
    edition(output, center("沙头角", "海山", "海山", "海山"))
    assert column(export(output)["任务台账"], "进展") == [None, "一", "二", "三"]


def test_an_old_copy_without_ids_overwrites_nothing_newer(output: Path) -> None:
    fill(output)
    old = export(output)
    sheet = old["任务台账"]
    sheet.delete_cols(next(c.column for c in sheet[3] if c.value == "事项编号"))
    newer = export(output)
    put(newer["任务台账"], 2, "进展", "新")
    read(output, newer)
    edition(output, center("盐田", "沙头角", "海山", "梅沙"))
    assert read(output, old).written == []
    assert kept(output)[0]["海山街"] == "新"


def test_a_unit_called_as_one_of_our_lists(output: Path) -> None:
    edition(output, center("海山").replace("区民政局", "任务台账"))
    notice = next(iter(read_records(output)))
    about = ("host_units", "任务台账", "张", "2024-06-30", "", "")
    laid, _ = lay_over(notice, [Correction(anchor_of(notice, notice.items[0]), *about)])
    write_ledger([laid], output.parent / "x.xlsx")
    workbook = export(output)
    put(workbook["任务台账"], 1, "进展", "一")
    read(output, workbook)
    assert [mark.unit for mark in find_progress(output, read_records(output)).marks] == [""]


def test_a_leader_called_as_a_unit_has_a_sheet_of_its_own(tmp_path: Path) -> None:
    notice = parse(center("海山"))
    fields = {"host_units": "王强", "leaders": "王强"}
    made = [
        Correction(anchor_of(notice, notice.items[0]), field, value, "张", "2024-06-30", "", "")
        for field, value in fields.items()
    ]
    laid, _ = lay_over(notice, made)
    workbook = written(tmp_path / "x.xlsx", laid)
    own = [name for name in workbook.sheetnames if "王强" in name]
    assert len(own) == 2
    assert any("领导" in name for name in own)


def test_a_ledger_among_the_sources_is_told(
    output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = output.parent / "in"
    folder.mkdir()
    (folder / "plan.txt").write_text(center("海山"), "utf-8")
    assert cli.main(["export", str(output), "--to", "xlsx", "-o", str(folder / "l.xlsx")]) == 0
    assert cli.main(["parse", str(folder), "-o", str(output.parent / "o")]) == 1
    told = capsys.readouterr().err
    assert "is a task ledger that fengong wrote; take it out" in told
    assert len(list((output.parent / "o" / "json").iterdir())) == 1
