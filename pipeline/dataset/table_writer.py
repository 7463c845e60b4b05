"""Write the tables of an OUTPUT notice by notice, so that no more than one notice's rows are in memory."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from typing import TYPE_CHECKING, NamedTuple

from pipeline.dataset.aggregate_patch import PatchSources, patch_aggregates
from pipeline.dataset.aggregates import Aggregates
from pipeline.dataset.csv_rows import rows_to_csv
from pipeline.dataset.manifest import bytes_hash, file_hash
from pipeline.dataset.table_blocks import split_rows
from pipeline.dataset.table_columns import COLUMNS
from pipeline.dataset.table_set import NOTICE_TABLES, table_head

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pipeline.dataset.aggregate_shift import Change
    from pipeline.dataset.staged_files import StagedFiles
    from pipeline.dataset.table_set import Block, Contribution


class WrittenTable(NamedTuple):
    """The hash of a table's file, and the number of its rows."""

    digest: str
    size: int


def write_tables(
    output: Path, files: StagedFiles, contributions: Iterable[Contribution]
) -> dict[str, WrittenTable]:
    """Write all tables of what notices give, in the order of the notices. Raises OutputError."""
    aggregates = Aggregates()
    blocks = (_count(one, aggregates) for one in contributions)
    written = _write_blocks(output, files, blocks)
    return written | _write_rows(output, files, aggregates.rows())


def _count(one: Contribution, aggregates: Aggregates) -> dict[str, Block]:
    aggregates.add(one.counts)
    return one.blocks


class TablePatch(NamedTuple):
    """How the tables differ from those of the last run: `changes` are the records before and after.

    `sizes` are the numbers of rows of the earlier tables; for `corrected` and `duplicates` see
    `PatchSources`.
    """

    changes: Sequence[Change]
    sizes: Mapping[str, int]
    corrected: Sequence[str]
    duplicates: set[str]


def write_patched_tables(
    output: Path, files: StagedFiles, blocks: Iterable[Mapping[str, Block]], patch: TablePatch
) -> dict[str, WrittenTable]:
    """Write all tables, of which those of bodies and leaders differ from the earlier ones by a patch.

    Raises OutputError, and TooManyRecordsError where all tables have to be made anew.
    """
    written = _write_blocks(output, files, blocks)

    def parts(table: str) -> Iterator[bytes]:
        with files.find(output / f"{table}.csv").open("rb") as file:
            yield from split_rows(file)

    sources = PatchSources(output, parts, patch.corrected, patch.duplicates)
    changed = patch_aggregates(patch.changes, sources)
    others = [table for table in COLUMNS if table not in written and table not in changed]
    kept = {
        table: WrittenTable(file_hash(output / f"{table}.csv"), patch.sizes[table])
        for table in others
    }
    for table, (data, size) in changed.items():
        files.add(output / f"{table}.csv", data)
        written[table] = WrittenTable(bytes_hash(data), size)
    return written | kept


def _write_blocks(
    output: Path, files: StagedFiles, blocks: Iterable[Mapping[str, Block]]
) -> dict[str, WrittenTable]:
    sizes = Counter(dict.fromkeys(NOTICE_TABLES, 0))
    with ExitStack() as stack:
        opened = {
            table: stack.enter_context(files.open(output / f"{table}.csv"))
            for table in NOTICE_TABLES
        }
        for table, file in opened.items():
            file.write(table_head(table))
        for of_notice in blocks:
            for table, block in of_notice.items():
                opened[table].write(block.data)
                sizes[table] += block.size
    return {table: WrittenTable(file.digest, sizes[table]) for table, file in opened.items()}


def _write_rows(
    output: Path, files: StagedFiles, tables: Mapping[str, Sequence[Mapping[str, object]]]
) -> dict[str, WrittenTable]:
    written: dict[str, WrittenTable] = {}
    for table, rows in tables.items():
        data = rows_to_csv([column.name for column in COLUMNS[table]], rows)
        files.add(output / f"{table}.csv", data)
        written[table] = WrittenTable(bytes_hash(data), len(rows))
    return written
