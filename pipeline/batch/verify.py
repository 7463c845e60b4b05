"""Check an OUTPUT: every record against its source text, every table against the records."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from pipeline.batch.record_checks import find_notice_faults
from pipeline.dataset.manifest import read_manifest
from pipeline.dataset.record_files import find_record_paths, read_own_record
from pipeline.dataset.source_table import SOURCE_TABLE, source_table
from pipeline.dataset.table_columns import COLUMNS
from pipeline.dataset.table_set import contribute, make_tables
from pipeline.errors import hold_errors

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from pipeline.dataset.table_set import Contribution
    from pipeline.errors import PipelineError
    from pipeline.model import Notice

__all__ = ["find_faults", "find_notice_faults"]


def find_faults(output: Path) -> Iterator[str]:
    """Yield one line for every fault of a dataset, nothing where there is none.

    A record that cannot be read or checked is a fault. Raises OutputError.
    """
    contributions: dict[str, Contribution] = {}
    failed: set[str] = set()
    seen: set[str] = set()
    for path in find_record_paths(output):
        errors: list[PipelineError] = []
        found: list[str] = []
        with hold_errors(path, errors.append):
            notice = read_own_record(path)
            found += _find_record_faults(notice, seen)
            contributions[path.stem] = contribute(notice)
        yield from found
        yield from map(str, errors)
        failed |= {path.stem} if errors else set()
    yield from _find_source_faults(output)
    for table, data in make_tables(contributions.values()).items():
        # Of bodies and leaders all records give the rows together.
        if not failed or "notice_id" in _heads(table):
            yield from _find_table_faults(output, table, data, failed)


def _find_record_faults(notice: Notice, seen: set[str]) -> Iterator[str]:
    if notice.notice_id in seen:
        yield f"{notice.notice_id}: the id stands twice"
    seen.add(notice.notice_id)
    for fault in find_notice_faults(notice):
        yield f"{notice.notice_id}: {fault}"


def _find_source_faults(output: Path) -> Iterator[str]:
    """Yield a line where sources.csv is not what the manifest says of the sources."""
    manifest = read_manifest(output)
    name = f"{SOURCE_TABLE}.csv"
    if name not in manifest.tables:
        return
    yield from _find_table_faults(output, SOURCE_TABLE, source_table(manifest), ())


def _heads(table: str) -> list[str]:
    return [column.name for column in COLUMNS[table]]


def _find_table_faults(
    output: Path, table: str, expected: bytes, failed: Collection[str]
) -> Iterator[str]:
    """Yield a row of a table that differs from what the records say; their order is free.

    Rows of notices that failed are passed over.
    """
    try:
        text = (output / f"{table}.csv").read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        yield f"{table}.csv: cannot be read ({error})"
        return
    want = sorted(csv.reader(io.StringIO(expected.decode("utf-8-sig"))))
    have = sorted(csv.reader(io.StringIO(text)))
    if failed:
        at = _heads(table).index("notice_id")
        have = [row for row in have if row[at : at + 1] != [] and row[at] not in failed]
    if want != have:
        odd = next((row for row in have if row not in want), None)
        odd = odd or next((row for row in want if row not in have), ["(a row stands twice)"])
        yield f"{table}.csv: differs from the records at row {odd[:2]}"
