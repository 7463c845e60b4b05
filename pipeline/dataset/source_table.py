"""The table sources.csv of an OUTPUT: every file of the sources, and whether it was read."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from pipeline.dataset.csv_rows import rows_to_csv
from pipeline.dataset.table_columns import OTHER_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.dataset.manifest import Manifest, UnreadFile

SOURCE_TABLE = "sources"
_HEADS = [name for name, _, _ in OTHER_COLUMNS[SOURCE_TABLE]]


def source_table(manifest: Manifest) -> bytes:
    """Return sources.csv as CSV: a row for each record, each skipped and each failed file, by path.

    A file that failed and keeps the record of an earlier run has one row, that of the failure.
    """
    failed = {one.path for one in manifest.unread if one.fate == "failed"}
    rows = [_unread_row(one) for one in manifest.unread]
    rows += [
        _row(one.path or one.notice_id, one.source, "read", one.duplicate)
        for one in manifest.records.values()
        if one.path not in failed
    ]
    return rows_to_csv(_HEADS, sorted(rows, key=lambda row: (row["path"], row["fate"])))


def _unread_row(one: UnreadFile) -> dict[str, str]:
    return _row(one.path, one.sha256, one.fate, one.why)


def _row(path: str, digest: str, fate: str, why: str) -> dict[str, str]:
    kind = PurePosixPath(path).suffix.removeprefix(".").lower()
    return {"path": path, "sha256": digest, "kind": kind, "fate": fate, "why": why}


def sort_unread(files: Iterable[UnreadFile]) -> list[UnreadFile]:
    """Return files in the order of the table, each once."""
    return sorted(set(files), key=lambda one: (one.path, one.fate, one.why))
