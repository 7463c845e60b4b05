"""CSV for spreadsheets: the mark, and formulas that sleep and come back."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dataset.csv_rows import defuse, restore, rows_to_csv
from pipeline.dataset.dataset_writer import write_dataset
from pipeline.dataset.table_columns import COLUMNS
from pipeline.dataset.table_rows import table_to_csv
from pipeline.export.csv_files import write_csv
from pipeline.export.parquet_files import write_parquet
from pipeline.model import Notice
from tests.export.test_formats import PLAIN, made, named
from tests.ledgers import convert


@pytest.fixture(name="notices")
def _notices() -> list[Notice]:
    return made()


INJECTED = (
    '=HYPERLINK("http://example.invalid","x")', "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1",
    "'=1", "''=1", '说"引号",逗号', "两行\n文字", "\r=1", "＝1+1", "＠SUM(A1)", "'只是撇号", "NA", "a\rb", "平常",
)  # fmt: skip

# --- CSV: the mark, formulas -------------------------------------------------------------------


def test_csv_is_that_of_the_dataset(notices: list[Notice], tmp_path: Path) -> None:
    write_dataset(notices, tmp_path / "out")
    write_csv(notices, tmp_path / "csv")
    write_csv(notices, tmp_path / "bare", bom=False)
    for table in COLUMNS:
        data = (tmp_path / "csv" / f"{table}.csv").read_bytes()
        assert data == (tmp_path / "out" / f"{table}.csv").read_bytes()
        assert data == b"\xef\xbb\xbf" + (tmp_path / "bare" / f"{table}.csv").read_bytes()
    told = json.loads((tmp_path / "bare" / "datapackage.json").read_bytes())["resources"]
    assert {one["encoding"] for one in told} == {"utf-8"}


_STARTS = st.sampled_from(
    ["", "'", "''", "=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"]
)
_TEXTS = st.builds("".join, st.lists(st.one_of(_STARTS, st.text(max_size=4)), max_size=5))


@given(_TEXTS)
def test_restoring_undoes_defusing(text: str) -> None:
    cell = defuse(text)
    assert isinstance(cell, str)
    assert restore(cell) == text
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))


_CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)


@given(st.lists(st.one_of(_CELLS, st.sampled_from(INJECTED)), min_size=1, max_size=6))
def test_every_cell_survives_csv(texts: list[str]) -> None:
    columns = [name for name, _, _ in COLUMNS["items"]]
    rows = [dict.fromkeys(columns) | {"title": text, "content": "x" + text} for text in texts]
    data = table_to_csv("items", rows)
    read = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert [restore(row["title"]) for row in read] == texts
    assert [restore(row["content"]) for row in read] == ["x" + text for text in texts]
    frame = pd.read_csv(io.BytesIO(data), dtype=str, keep_default_na=False)
    assert frame["title"].map(restore).tolist() == texts


@pytest.mark.parametrize("bom", [True, False])
def test_injected_words_sleep_and_come_back(tmp_path: Path, *, bom: bool) -> None:
    notice = named("a", "\n".join(PLAIN.format(year=2020 + n) for n in range(20)))
    items = [
        replace(item, title=words, content=words, item_id=f"a#{n}")
        for n, (words, item) in enumerate(zip(INJECTED, notice.items * 20, strict=False), 1)
    ]
    notice = notice.model_copy(update={"items": tuple(items)})
    write_csv([notice], tmp_path, bom=bom)
    with (tmp_path / "items.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [restore(row["title"]) for row in rows] == list(INJECTED)
    assert [restore(row["content"]) for row in rows] == list(INJECTED)
    assert not [
        row for row in rows for cell in row.values() if cell[:1] in tuple("=+-@\t\r\n＝＋－＠")
    ]
    frame = pd.read_csv(tmp_path / "items.csv", dtype=str, keep_default_na=False)
    assert frame["content"].map(restore).tolist() == list(INJECTED)
    write_parquet([notice], tmp_path / "parquet")
    plain = pd.read_parquet(tmp_path / "parquet" / "items.parquet")
    assert plain["title"].tolist() == list(INJECTED)


@pytest.mark.tries
def test_libreoffice_keeps_labels_days_and_long_numbers_as_printed(tmp_path: Path) -> None:
    """Of a table opened there each text is a text, as it is in the file, and each day is a day."""
    labels = (
        "(1)", "（2）", "1.10", "1-2", "3/4", "007", "1E5", "123456789012345678", "1.2.3", "1:30",
        "6月30日", "2011年7月", "2011/07/22", "（一）", "1、", "12月", "=1+1",
    )  # fmt: skip
    path = tmp_path / "items.csv"
    rows = [{"label": label, "number": 1, "due": "2011-07-22"} for label in labels]
    path.write_bytes(rows_to_csv(["label", "number", "due"], rows))
    # Commas, quotation marks, UTF-8, from the first row: what its dialog offers for such a file.
    book = convert(path, "xlsx", tmp_path, "--infilter=CSV:44,34,76,1")
    sheet = openpyxl.load_workbook(book).active
    assert sheet is not None
    shown = list(sheet.iter_rows(min_row=2, values_only=True))
    assert [restore(str(row[0])) for row in shown] == list(labels)
    assert {row[1:] for row in shown} == {(1, datetime(2011, 7, 22))}  # noqa: DTZ001
