"""One program for workbooks: visible sheets for documents, all of them for ledgers."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest
import xlsxwriter

from pipeline.read.sheet import book_process
from pipeline.read.sheet.book import SCOPES, Book, BookSheet, from_json, load, shown, to_json
from pipeline.read.sheet.book_process import load_apart

PLACE = Path("a.xlsx")


def workbook() -> bytes:
    """Two sheets, the second hidden; values of each type and a merged area away from the corner."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as writer:
        first = writer.add_worksheet("任务")
        first.merge_range(2, 1, 3, 2, " 甲 ")
        first.write_number(4, 1, 3)
        first.write_boolean(4, 2, boolean=True)
        first.write_datetime(
            5, 1, dt.date(2024, 3, 1), writer.add_format({"num_format": "yyyy-mm-dd"})
        )
        second = writer.add_worksheet("底本")
        second.write_string(0, 0, "事项编号")
        second.hide()
    return file.getvalue()


TASKS = BookSheet(
    "任务", 2, 1, [[" 甲 ", ""], ["", ""], [3.0, True], ["2024-03-01", ""]], [(0, 0, 1, 1)]
)


@pytest.mark.parametrize("with_hidden", [False, True])
def test_hidden_sheets_on_request(*, with_hidden: bool) -> None:
    book = load_apart(workbook(), PLACE, with_hidden=with_hidden)
    basis = BookSheet("底本", 0, 0, [["事项编号"]], [])
    assert [one.name for one in book.sheets] == (["任务", "底本"] if with_hidden else ["任务"])
    assert book.sheets[0]._replace(areas=[]) == TASKS._replace(areas=[])
    assert [tuple(area) for area in book.sheets[0].areas] == TASKS.areas
    assert list(book.sheets[1:]) == ([basis] if with_hidden else [])
    assert list(book.hidden) == ([] if with_hidden else ["底本"])


def test_here_and_apart_are_the_same() -> None:
    data = workbook()
    here = load(data, SCOPES["visible"])
    assert from_json(to_json(here).encode()) == load_apart(data, PLACE)
    assert here.sheets[0] == TASKS


def test_limits_and_refusals() -> None:
    tight = SCOPES["visible"]._replace(cells=7)
    assert load(workbook(), tight).error == "the sheet 任务 spans more than 7 cells"
    assert load(workbook(), tight._replace(cells=8)).error is None
    assert load(b"x", SCOPES["all"]).error == "Cannot detect file format"


def test_a_program_that_ends_early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book_process, "run_program", lambda *_: b"")
    with pytest.raises(ValueError, match="Expecting value"):
        load_apart(workbook(), PLACE)


def test_a_refused_book_as_json() -> None:
    for book in (Book([], [], "damaged"), Book([], [], None, is_encrypted=True)):
        assert from_json(to_json(book).encode()) == book


@pytest.mark.parametrize(
    ("value", "text"),
    [(3.0, "3"), (0.1, "0.1"), (1e15, "1e+15"), (True, "TRUE"), (False, "FALSE"), (" 甲 ", "甲")],
)
def test_values_as_people_see_them(value: str | float, text: str) -> None:
    assert shown(value) == text
