"""A ledger in the hands of tests: written, opened, filled in and read as people do it."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline import cli
from pipeline.cli.ledger_export import export_ledger
from pipeline.dataset.record_files import read_records
from pipeline.ledger.progress import read_progress, write_progress
from pipeline.ledger.read import LedgerReading, read_ledger
from pipeline.ledger.write import Mark, write_ledger
from pipeline.model import Notice
from tests.conftest import RAW

# A unit of the real notice with a sheet of its own, and texts that a spreadsheet would run.
OWN = "盐田区民政局"


FORMULAS = ('=HYPERLINK("http://x","y")', "+1", "-2", "@SUM(1)", "\t=1", "\r=2", "＝1", "'=x")


def written(path: Path, *notices: Notice, progress: tuple[Mark, ...] = ()) -> Any:
    """The workbook that a ledger of these notices is."""
    assert write_ledger(notices, path, progress) == []
    return openpyxl.load_workbook(path)


def heads(sheet: Any, row: int = 3) -> dict[str, int]:
    return {cell.value: cell.column for cell in sheet[row] if cell.value}


def column(sheet: Any, head: str) -> list[Any]:
    at = heads(sheet)[head]
    return [sheet.cell(row, at).value for row in range(4, sheet.max_row + 1)]


def with_item(notice: Notice, number: int, **fields: Any) -> Notice:
    items = list(notice.items)
    items[number] = replace(items[number], **fields)
    return notice.model_copy(update={"items": tuple(items)})


def convert(path: Path, kind: str, folder: Path, *options: str) -> Path:
    """The file as LibreOffice saves it in another format."""
    office = shutil.which("soffice")
    done = None
    if office:
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [office, profile, "--headless", *options, "--convert-to", kind, "--outdir"]
        done = subprocess.run(
            [*command, str(folder), str(path)], capture_output=True, text=True, check=False
        )
    made = folder / f"{path.stem}.{kind}"
    if not made.is_file():
        why = f"needs LibreOffice (libreoffice-calc-nogui): {done.stderr if done else ''}"
        pytest.fail(why) if os.environ.get("CI") else pytest.skip(why)
    return made


def export(output: Path) -> Any:
    """The ledger of an OUTPUT, opened as a person does."""
    args = argparse.Namespace(output=output, target=None, notice=None, paper="A4", today=None)
    assert export_ledger(args) == 0
    return openpyxl.load_workbook(output / "ledger.xlsx")


def read(output: Path, workbook: Any) -> LedgerReading:
    """What the command keeps of a workbook that a person saved."""
    path = output / "filled.xlsx"
    workbook.save(path)
    notices = list(read_records(output))
    reading = read_ledger(path, notices, read_progress(output, notices).marks)
    write_progress(output, notices, reading.written)
    return reading


def kept(output: Path) -> dict[tuple[int, str, str], str]:
    """Progress by the item's number now, unit and column."""
    found = read_progress(output, read_records(output))
    assert (found.others, found.gone) == ([], [])
    return {(int(m.item_id.split("#")[1]), m.unit, m.column): m.value for m in found.marks}


def put(sheet: Any, number: int, head: str, value: object, row: int = 3) -> None:
    """Write into the row of an item as people find it: by its number in the first columns."""
    at = heads(sheet, row)
    for line in range(row + 1, sheet.max_row + 1):
        if str(sheet.cell(line, at["序号"]).value) == f"{number}、":
            cell = sheet.cell(line, at[head])
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
            return
    pytest.fail(f"no row has the number {number}")


def parsed(folder: Path, text: str = "") -> Path:
    """An OUTPUT of the real notice, or of a text, with its ledger."""
    (folder / "in").mkdir()
    parse_anew(folder / "out", text or RAW.read_text("utf-8"))
    export(folder / "out")
    return folder / "out"


def parse_anew(output: Path, text: str) -> None:
    """The next version of a notice, read into the same OUTPUT."""
    source = output.parent / "in" / "plan.txt"
    source.write_text(text, "utf-8")
    assert cli.main(["parse", str(source.parent), "-o", str(output)]) == 0


def plan(*items: str, hosts: tuple[str, ...] = ()) -> str:
    """A plan of these items, each hosted by the unit of its place or by 区财政局."""
    lines = ["关于印发甲区2024年重点工作的通知", "甲区2024年重点工作", "一、改革"]
    for number, (item, host) in enumerate(zip_longest(items, hosts, fillvalue="区财政局"), 1):
        lines += [f"{number}、{item}", f"主办单位:{host}。"]
    return "\n".join(lines) + "\n"


def fill_unit(workbook: Any, unit: str, **values: str) -> dict[str, str]:
    """Write values into every row of a unit's sheet; returns the first of them by item."""
    sheet = workbook[unit]
    at = heads(sheet)
    written = {}
    for row in range(4, sheet.max_row + 1):
        for head, value in values.items():
            sheet.cell(row, at[head]).value = value
        written[sheet.cell(row, at["事项编号"]).value] = next(iter(values.values()))
    return written


def lose_ids(sheet: Any) -> None:
    """Delete the column of ids."""
    sheet.delete_cols(heads(sheet)["事项编号"])
