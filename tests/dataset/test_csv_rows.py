"""A cell that a spreadsheet would run or misread is defused; every case is in tests/cases/formulas.csv."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from pipeline.dataset.csv_rows import defuse, read_rows, restore, rows_to_csv
from pipeline.errors import OutputError
from tests.conftest import ROOT

_ESCAPES = {"\\t": "\t", "\\r": "\r", "\\n": "\n"}


def _read_cases() -> list[tuple[str, str]]:
    text = (ROOT / "tests/cases/formulas.csv").read_text("utf-8")
    for escape, char in _ESCAPES.items():
        text = text.replace(escape, f"␀{ord(char)}␀")
    cases = []
    for row in csv.DictReader(io.StringIO(text, newline="")):
        pair = [row["cell"], row["written"]]
        for char in _ESCAPES.values():
            pair = [cell.replace(f"␀{ord(char)}␀", char) for cell in pair]
        cases.append((pair[0], pair[1]))
    return cases


@pytest.mark.parametrize(("cell", "written"), _read_cases())
def test_defused_and_restored(cell: str, written: str) -> None:
    assert defuse(cell) == written
    assert restore(written) == cell
    data = rows_to_csv(["a", "b"], [{"a": cell, "b": "x"}])
    text = data.decode("utf-8-sig")
    assert [row for _, row in read_rows(Path("t.csv"), text)] == [{"a": cell, "b": "x"}]


def test_other_cells_stay() -> None:
    assert (defuse(None), defuse(-3)) == (None, -3)


def test_the_mark_and_the_ends_of_rows() -> None:
    rows = [{"a": "x\ry", "b": 1}]
    assert rows_to_csv(["a", "b"], rows) == b'\xef\xbb\xbfa,b\n"x\ry",1\n'
    assert rows_to_csv(["b"], rows, mark=False) == b"b\n1\n"


def test_places_and_lacking_cells() -> None:
    read = list(read_rows(Path("t.csv"), "a,b\n1\n\n2,3\n", ["b", "a"]))
    assert read == [
        ("t.csv line 2", {"a": "1", "b": ""}),
        ("t.csv line 4", {"a": "2", "b": "3"}),
    ]
    with pytest.raises(OutputError, match="it lacks c, d"):
        list(read_rows(Path("t.csv"), "a,b\n", ["a", "c", "d"]))
