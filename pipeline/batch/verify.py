"""Check an OUTPUT: every record against its source text, every table against the records."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from pipeline.batch.record_checks import find_notice_faults
from pipeline.dataset.aggregates import Aggregates, find_mentions
from pipeline.dataset.record_files import read_records
from pipeline.dataset.table_columns import COLUMNS
from pipeline.dataset.table_rows import TableRow, notice_rows, table_to_csv

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["find_faults", "find_notice_faults"]


def find_faults(output: Path) -> Iterator[str]:
    """Yield one line for every fault of a dataset, nothing where there is none. Raises OutputError."""
    rows: dict[str, list[TableRow]] = {table: [] for table in COLUMNS}
    seen: set[str] = set()
    aggregates = Aggregates()
    for notice in read_records(output):
        if notice.notice_id in seen:
            yield f"{notice.notice_id}: the id stands twice"
        seen.add(notice.notice_id)
        aggregates.add(find_mentions(notice))
        for fault in find_notice_faults(notice):
            yield f"{notice.notice_id}: {fault}"
        for table, more in notice_rows(notice).items():
            rows[table].extend(more)
    rows |= aggregates.rows()
    for table, table_rows in rows.items():
        yield from _find_table_faults(output, table, table_to_csv(table, table_rows))


def _find_table_faults(output: Path, table: str, expected: bytes) -> Iterator[str]:
    """Yield a row of a table that differs from what the records say; their order is free."""
    try:
        text = (output / f"{table}.csv").read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        yield f"{table}.csv: cannot be read ({error})"
        return
    want = sorted(csv.reader(io.StringIO(expected.decode("utf-8-sig"))))
    have = sorted(csv.reader(io.StringIO(text)))
    if want != have:
        odd = next((row for row in have if row not in want), None)
        odd = odd or next((row for row in want if row not in have), ["(a row stands twice)"])
        yield f"{table}.csv: differs from the records at row {odd[:2]}"
