"""A filled-in ledger is never replaced before what people wrote in it was read back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline import cli
from pipeline.ledger.write.basis_sheet import write_basis
from tests.conftest import RAW
from tests.ledgers import put


@pytest.fixture
def out(tmp_path: Path) -> Path:
    assert cli.main(["parse", str(RAW), "-o", str(tmp_path / "out")]) == 0
    assert cli.main(["export", str(tmp_path / "out"), "--to", "xlsx"]) == 0
    return tmp_path / "out"


def test_a_filled_in_ledger_is_not_replaced(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger = out / "ledger.xlsx"
    workbook = openpyxl.load_workbook(ledger)
    put(workbook["任务台账"], 1, "进展", "已启动")
    workbook.save(ledger)
    before = ledger.read_bytes()
    assert cli.main(["export", str(out), "--to", "xlsx"]) == 1
    said = capsys.readouterr().err
    assert "1 cells that were not read back" in said
    assert "fengong ledger read" in said
    assert ledger.read_bytes() == before
    assert cli.main(["ledger", "read", str(ledger), "-o", str(out)]) == 0
    assert cli.main(["export", str(out), "--to", "xlsx"]) == 0


@pytest.mark.parametrize("is_there", [True, False])
def test_a_ledger_that_is_saved_meanwhile_is_not_replaced(
    out: Path,
    *,
    is_there: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    ledger = out / "ledger.xlsx"
    if not is_there:
        ledger.unlink()

    def save(*args: Any) -> None:
        ledger.write_bytes(b"saved")
        write_basis(*args)

    monkeypatch.setattr("pipeline.ledger.write.ledger_book.write_basis", save)
    assert cli.main(["export", str(out), "--to", "xlsx"]) == 1
    assert "was changed while its successor was made" in capsys.readouterr().err
    assert ledger.read_bytes() == b"saved"
    assert not list(out.glob(".fengong-*"))


def test_a_changed_cell_of_the_plan_is_not_lost(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = out / "ledger.xlsx"
    workbook = openpyxl.load_workbook(ledger)
    put(workbook["任务台账"], 1, "事项", "改过的事项")
    workbook.save(ledger)
    before = ledger.read_bytes()
    assert cli.main(["export", str(out), "--to", "xlsx"]) == 0
    assert "kept as" in capsys.readouterr().err
    copies = list(out.glob("ledger-*.xlsx"))
    assert [one.read_bytes() for one in copies] == [before]
    assert ledger.read_bytes() != before


def _words_under_no_head(workbook: Any) -> None:
    workbook["盐田区民政局"]["Z5"].value = "王科长:下周补报"


def _sheet_of_a_person(workbook: Any) -> None:
    workbook.create_sheet("会议记录")["B2"].value = "六月底前报区政府"


@pytest.mark.parametrize("write", [_words_under_no_head, _sheet_of_a_person])
def test_words_outside_of_the_tables_are_not_lost(
    out: Path, capsys: pytest.CaptureFixture[str], write: Callable[[Any], None]
) -> None:
    """Neither the next export nor one after the ledger was read back loses them."""
    ledger = out / "ledger.xlsx"
    workbook = openpyxl.load_workbook(ledger)
    write(workbook)
    workbook.save(ledger)
    before = ledger.read_bytes()
    assert cli.main(["ledger", "read", str(ledger), "-o", str(out)]) == 0
    assert cli.main(["export", str(out), "--to", "xlsx"]) == 0
    assert "kept as" in capsys.readouterr().err
    (copy,) = out.glob("ledger-*.xlsx")
    assert copy.read_bytes() == before != ledger.read_bytes()
    assert cli.main(["export", str(out), "--to", "xlsx"]) == 0
    assert list(out.glob("ledger-*.xlsx")) == [copy]


def test_an_untouched_ledger_is_replaced(out: Path) -> None:
    assert cli.main(["export", str(out), "--to", "xlsx"]) == 0
    assert list(out.glob("ledger-*.xlsx")) == []


def test_a_workbook_that_is_no_ledger_is_not_replaced(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (out / "ledger.xlsx").write_bytes(b"mine")
    assert cli.main(["export", str(out), "--to", "xlsx"]) == 1
    assert "cannot be read as a ledger" in capsys.readouterr().err
    assert (out / "ledger.xlsx").read_bytes() == b"mine"
