"""The rows of each notice in the tables of an earlier run, whatever their cells hold."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from pipeline.dataset.csv_rows import rows_to_csv
from pipeline.dataset.earlier_tables import EarlierTables
from pipeline.dataset.table_blocks import split_rows
from pipeline.dataset.table_columns import COLUMNS
from pipeline.dataset.table_set import NOTICE_TABLES

IDS = ["plain", 'has"mark', "has,comma", "=formula", "last"]
CELLS = ["", "一行", "两行\nplain,x", '引"号\n"', '"\n\nlast,']


def _write(folder: Path) -> dict[str, dict[str, bytes]]:
    """Tables in which notices have several rows, one or none; returns the rows of each as bytes."""
    wanted: dict[str, dict[str, bytes]] = {}
    for at, table in enumerate(NOTICE_TABLES):
        heads = [column.name for column in COLUMNS[table]]
        rows = {
            notice_id: [
                dict.fromkeys(heads, CELLS[(at + n + one) % len(CELLS)]) | {"notice_id": notice_id}
                for one in range((at + n) % 3)
            ]
            for n, notice_id in enumerate(IDS)
        }
        every = [row for own in rows.values() for row in own]
        (folder / f"{table}.csv").write_bytes(rows_to_csv(heads, every))
        wanted[table] = {
            one: rows_to_csv(heads, own, mark=False).partition(b"\n")[2]
            for one, own in rows.items()
        }
    return wanted


def test_rows_of_each_notice_in_any_order(tmp_path: Path) -> None:
    wanted = _write(tmp_path)
    with EarlierTables(tmp_path, IDS) as tables:
        for notice_id in (*reversed(IDS), *IDS):
            for table, block in tables.find(notice_id).items():
                assert block.data == wanted[table][notice_id], (table, notice_id)
                at = (NOTICE_TABLES.index(table) + IDS.index(notice_id)) % 3
                assert block.size == at


def test_rows_of_a_notice_that_nobody_asks_for(tmp_path: Path) -> None:
    wanted = _write(tmp_path)
    with EarlierTables(tmp_path, IDS[1:]) as tables:
        for notice_id in IDS[1:]:
            for table, block in tables.find(notice_id).items():
                assert block.data == wanted[table][notice_id]


@pytest.mark.parametrize("size", [1, 7, 40, 10_000])
def test_parts_of_a_table_hold_whole_rows(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"a": cell, "b": "x"} for cell in CELLS * 3]
    data = rows_to_csv(("a", "b"), rows)
    monkeypatch.setattr("pipeline.dataset.table_blocks._PART", size)
    parts = list(split_rows(io.BytesIO(data)))
    assert b"".join(parts) == data
    assert all(part.count(b'"') % 2 == 0 and part.endswith(b"\n") for part in parts)
    assert (len(parts) > 1) == (size < len(data))
