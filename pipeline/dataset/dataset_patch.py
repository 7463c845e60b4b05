"""Write a few changed records into an OUTPUT, and only the rows of its tables that change.

The files have exactly the bytes that writing everything anew gives.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pipeline.dataset.aggregate_patch import (
    PatchSources,
    RecordChange,
    TooManyRecordsError,
    patch_aggregates,
)
from pipeline.dataset.data_package import make_package
from pipeline.dataset.dataset_writer import summarize
from pipeline.dataset.described_tables import find_other_tables, read_sizes
from pipeline.dataset.edited_items import edited
from pipeline.dataset.manifest import (
    MANIFEST,
    PACKAGE,
    bytes_hash,
    overlay_hashes,
    patch_manifest,
)
from pipeline.dataset.record_files import record_bytes, record_path
from pipeline.dataset.staged_files import write_together
from pipeline.dataset.table_blocks import find_block, find_place
from pipeline.dataset.table_set import Block, make_blocks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from pipeline.dataset.manifest import Manifest

__all__ = ["RecordChange", "patch_dataset"]


class _SpoiltTableError(Exception):
    """A table is not as the manifest and the records say."""


@dataclass(frozen=True, slots=True)
class _Tables:
    """The tables of an OUTPUT: `sizes` are their numbers of rows, `new` those that were changed.

    `read` are those that were only read.
    """

    output: Path
    hashes: Mapping[str, str]
    sizes: dict[str, int]
    new: dict[str, bytes]
    read: dict[str, bytes] = field(default_factory=dict)

    def get(self, table: str) -> bytes:
        """Return the bytes of a table with its changes. Raises _SpoiltTableError."""
        if table in self.new:
            return self.new[table]
        if table in self.read:
            return self.read[table]
        try:
            data = (self.output / f"{table}.csv").read_bytes()
        except OSError as error:
            raise _SpoiltTableError from error
        if bytes_hash(data) != self.hashes.get(f"{table}.csv"):
            raise _SpoiltTableError
        self.read[table] = data
        return data

    def replace(self, table: str, at: tuple[int, int], old: Block, new: Block) -> None:
        """Put rows in the place of others, which begin and end at `at`."""
        rows = memoryview(self.get(table))
        self.new[table] = b"".join((rows[: at[0]], new.data, rows[at[1] :]))
        self.read.pop(table, None)
        self.sizes[table] += new.size - old.size


def patch_dataset(
    output: Path, manifest: Manifest, changes: Iterable[RecordChange], corrected: Sequence[str]
) -> bool:
    """Write changed records, the rows of tables that change, and the manifest.

    `manifest` is that of the OUTPUT, `corrected` are the notices that have corrections. Return False,
    with nothing written, where everything has to be written anew: a table was changed by other
    hands, or too many records would have to be read. Raises OutputError.
    """
    changes = [one for one in changes if one.before != one.after]
    try:
        tables = _patch_tables(output, manifest, changes, corrected)
    except (TooManyRecordsError, _SpoiltTableError):
        return False
    written = {record_path(output, one.after.notice_id): record_bytes(one.after) for one in changes}
    summaries = (
        summarize(change.after, bytes_hash(data))
        for change, data in zip(changes, written.values(), strict=True)
    )
    records = {one.notice_id: one for one in summaries}
    records = manifest.records | records
    files = {f"{table}.csv": data for table, data in tables.new.items()}
    files[PACKAGE] = make_package(
        tables.sizes | dict.fromkeys(find_other_tables(output)),
        [one.origin for one in records.values()],
    )
    hashes = {name: bytes_hash(data) for name, data in files.items()}
    patched = replace(
        manifest,
        records=records,
        tables=manifest.tables | hashes,
        overlays=overlay_hashes(output),
    )
    written |= {output / name: data for name, data in files.items()}
    path = output / MANIFEST
    written[path] = patch_manifest(path.read_bytes(), manifest, patched)
    write_together(written)
    return True


def _patch_tables(
    output: Path, manifest: Manifest, changes: Sequence[RecordChange], corrected: Sequence[str]
) -> _Tables:
    """Make the tables that change. Raises TooManyRecordsError, _SpoiltTableError."""
    sizes = read_sizes(output)
    if sizes is None:
        raise _SpoiltTableError
    tables = _Tables(output, manifest.tables, sizes, {})
    order = list(manifest.records)
    for change in changes:
        earlier = order[: order.index(change.after.notice_id)]
        _replace_blocks(tables, change, earlier)
    duplicates = {one.notice_id for one in manifest.records.values() if one.duplicate}
    sources = PatchSources(output, lambda table: iter([tables.get(table)]), corrected, duplicates)
    for table, (data, size) in patch_aggregates(changes, sources).items():
        tables.new[table] = data
        tables.sizes[table] = size
    return tables


def _replace_blocks(tables: _Tables, change: RecordChange, earlier: Sequence[str]) -> None:
    """Replace the rows of one notice in each table where they change. Raises _SpoiltTableError."""
    notice_id = change.after.notice_id
    if _replace_items(tables, change):
        return
    before, after = map(make_blocks, change)
    for table, old in before.items():
        new = after[table]
        if old == new:
            continue
        data = tables.get(table)
        block = find_block(data, notice_id)
        start, end = block or (find_place(data, earlier),) * 2
        if data[start:end] != old.data:
            raise _SpoiltTableError
        tables.replace(table, (start, end), old, new)


def _replace_items(tables: _Tables, change: RecordChange) -> bool:
    """Replace only the rows of the items that changed; return False where more than these may have to.

    Of a notice of hundreds of items all rows take ten times as long as those of one. Raises
    _SpoiltTableError.
    """
    items = [
        (old, new)
        for old, new in zip(change.before.items, change.after.items, strict=False)
        if old != new
    ]
    if not _have_same_items(change) or len(items) > len(change.after.items) // 2:
        return False
    found: dict[str, list[tuple[Block, Block]]] = {}
    for pair in items:
        before, after = (
            make_blocks(notice.model_copy(update={"items": (item,)}))
            for notice, item in zip(change, pair, strict=True)
        )
        for table, old in before.items():
            if old != after[table]:
                found.setdefault(table, []).append((old, after[table]))
    if not all(old.data for pairs in found.values() for old, _ in pairs):
        # Where the rows of an item belong that had none is known of all rows only.
        return False
    for table, pairs in found.items():
        data = tables.get(table)
        at = find_block(data, change.after.notice_id)
        if at is None:
            raise _SpoiltTableError
        tables.replace(table, at, *_patch_block(data[slice(*at)], pairs))
    return True


def _patch_block(rows: bytes, pairs: Sequence[tuple[Block, Block]]) -> tuple[Block, Block]:
    """Return a notice's rows in a table as they are, and with those of some items as they are now.

    The sizes count the rows of these items only. Raises _SpoiltTableError.
    """
    parts: list[bytes] = []
    end = 0
    for old, new in pairs:
        at = rows.find(old.data, end)
        if at < 0 or rows.count(old.data) > 1:
            raise _SpoiltTableError
        parts += (rows[end:at], new.data)
        end = at + len(old.data)
    after = b"".join((*parts, rows[end:]))
    sizes = (sum(one.size for one in side) for side in zip(*pairs, strict=True))
    return Block(rows, next(sizes)), Block(after, next(sizes))


def _have_same_items(change: RecordChange) -> bool:
    """Answer whether two states of a notice differ in what their items say, and in nothing else."""
    before, after = change
    rest = (one.model_copy(update={"items": (), "bodies": (), "edits": ()}) for one in change)
    return (
        edited(before) is before
        and edited(after) is after
        and [one.item_id for one in before.items] == [one.item_id for one in after.items]
        and next(rest) == next(rest)
    )
