"""The table sources.csv of an OUTPUT: every file of the sources, and whether it was read."""

from __future__ import annotations

from operator import itemgetter
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from pipeline.dataset.csv_rows import rows_to_csv
from pipeline.dataset.table_columns import OTHER_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.dataset.manifest import Manifest, UnreadFile

SOURCE_TABLE = "sources"
_AT_ONCE = 500
_HEADS = [name for name, _, _ in OTHER_COLUMNS[SOURCE_TABLE]]


def source_table(manifest: Manifest) -> bytes:
    """Return sources.csv as CSV; see `source_lines`."""
    return b"".join(source_lines(manifest))


def source_lines(manifest: Manifest) -> Iterator[bytes]:
    """Yield sources.csv as CSV: a row for each record and each file attached to it, each skipped and each
    failed file, by path.

    A file that failed and keeps the record of an earlier run has one row, that of the failure. Rows come
    some hundred at a time.
    """
    failed = {one.path for one in manifest.unread if one.fate == "failed"}
    records = (one for one in manifest.records.values() if one.path not in failed)
    keys: list[tuple[str, str, str | int | _Part]] = [
        (one.path, one.fate, n) for n, one in enumerate(manifest.unread)
    ]
    for one in records:
        keys.append((one.path or one.notice_id, "read", one.notice_id))
        keys += [(path, "read", _Part(digest, one.path or "")) for path, digest in one.attached]
    # Of two rows of one path and fate the first stays the first.
    keys.sort(key=itemgetter(0, 1))
    yield rows_to_csv(_HEADS, [])
    for start in range(0, len(keys), _AT_ONCE):
        rows = [_find_row(manifest, path, key) for path, _, key in keys[start : start + _AT_ONCE]]
        yield rows_to_csv(_HEADS, rows, mark=False).partition(b"\n")[2]


class _Part(NamedTuple):
    """The hash of an attached file, and the path of its page."""

    sha256: str
    page: str


def _find_row(manifest: Manifest, path: str, key: str | int | _Part) -> dict[str, str]:
    """Return the row of a record by its id, of an unread file by its number, or of an attached file."""
    if isinstance(key, int):
        return _unread_row(manifest.unread[key])
    if isinstance(key, _Part):
        return _row(path, key.sha256, "read", f"read as a part of {key.page}")
    one = manifest.records[key]
    return _row(one.path or one.notice_id, one.source, "read", one.duplicate)


def _unread_row(one: UnreadFile) -> dict[str, str]:
    return _row(one.path, one.sha256, one.fate, one.why)


def _row(path: str, digest: str, fate: str, why: str) -> dict[str, str]:
    kind = PurePosixPath(path).suffix.removeprefix(".").lower()
    return {"path": path, "sha256": digest, "kind": kind, "fate": fate, "why": why}


def sort_unread(files: Iterable[UnreadFile]) -> list[UnreadFile]:
    """Return files in the order of the table, each once."""
    return sorted(set(files), key=lambda one: (one.path, one.fate, one.why))
