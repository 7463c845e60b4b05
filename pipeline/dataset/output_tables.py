"""Bring the tables of an OUTPUT up to date with its records: patched where few changed, else made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.dataset.aggregate_patch import TooManyRecordsError
from pipeline.dataset.data_package import make_package
from pipeline.dataset.described_tables import find_other_tables, read_sizes
from pipeline.dataset.earlier_tables import EarlierTables
from pipeline.dataset.manifest import PACKAGE, bytes_hash, file_hash
from pipeline.dataset.record_files import read_own_record, read_record, record_path
from pipeline.dataset.source_table import SOURCE_TABLE
from pipeline.dataset.spool import Spool
from pipeline.dataset.table_columns import COLUMNS
from pipeline.dataset.table_set import contribute, unpickle_contribution
from pipeline.dataset.table_writer import TablePatch, write_patched_tables, write_tables
from pipeline.errors import RecordError, hold_errors

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from pipeline.dataset.aggregate_shift import Change
    from pipeline.dataset.manifest import Manifest, RecordSummary
    from pipeline.dataset.ownership import Journal
    from pipeline.dataset.staged_files import StagedFiles
    from pipeline.dataset.table_set import Contribution
    from pipeline.dataset.table_writer import WrittenTable
    from pipeline.errors import OnError, PipelineError
    from pipeline.model import Notice

# Of more records than this the tables of bodies and leaders are made anew.
_MOST_PATCHED = 100


class OutputTables:
    """The tables of an OUTPUT while it is written, and what its notices give to them.

    `before` is the manifest of the last run, `records` the records that the OUTPUT will have, which
    grow until `write` is called. `unfinished` are the notices whose rows could not be made.
    """

    def __init__(
        self,
        output: Path,
        before: Manifest,
        files: StagedFiles,
        records: Mapping[str, RecordSummary],
    ) -> None:
        self.unfinished: set[str] = set()
        self._output = output
        self._before = before
        self._files = files
        self._records = records
        # What notices give to the tables, but for records that were kept.
        self._contributions = Spool(output)

    def close(self) -> None:
        """Let go of what notices give."""
        self._contributions.close()

    def put(self, notice_id: str, contribution: bytes) -> None:
        """Keep the pickled contribution of a record that was added. Raises OutputError."""
        self._contributions.put(notice_id, contribution)

    def drop(self, notice_id: str) -> None:
        """Take a record for one that was kept: its rows are those of the earlier tables."""
        self._contributions.drop(notice_id)

    def are_intact(self) -> bool:
        """Answer whether the tables are those of the last run."""
        return bool(self._before.tables) and all(
            file_hash(self._output / name) == digest for name, digest in self._before.tables.items()
        )

    def write(
        self, patch: TablePatch | None, journal: Journal, on_error: OnError
    ) -> dict[str, str]:
        """Write all tables and the data package; return the hashes of their files. Raises OutputError."""
        written = (patch and self._write_patched(patch)) or self._write_anew(on_error)
        hashes = {f"{table}.csv": written[table].digest for table in COLUMNS}
        for name, digest in hashes.items():
            journal.announce(name, digest)
        others = dict.fromkeys(find_other_tables(self._output, [SOURCE_TABLE]))
        sizes = {table: written[table].size for table in COLUMNS}
        package = make_package(sizes | others, [one.origin for one in self._records.values()])
        hashes[PACKAGE] = bytes_hash(package)
        journal.announce(PACKAGE, hashes[PACKAGE])
        self._files.add(self._output / PACKAGE, package)
        return hashes

    def find_patch(self, corrected: Sequence[str] | None) -> TablePatch | None:
        """Return how few records differ from the last run; None where they are many, or not known."""
        before = self._before.records
        new = [one for one in self._records if one in self._contributions]
        gone = [one for one in before if one not in self._records]
        sizes = read_sizes(self._output)
        if corrected is None or sizes is None or len(new) + len(gone) > _MOST_PATCHED:
            return None
        # What cannot be read here is read once more, and told, where all tables are made anew.
        errors: list[PipelineError] = []
        with hold_errors(self._output, errors.append):
            earlier = {one: self._read_earlier(one) for one in (*new, *gone) if one in before}
            changes: list[Change] = [
                (earlier.get(one), read_staged(self._output, self._files, one)) for one in new
            ]
            changes += [(earlier[one], None) for one in gone]
            duplicates = {one.notice_id for one in self._records.values() if one.duplicate}
            return TablePatch(changes, sizes, corrected, duplicates)
        return None

    def _read_earlier(self, notice_id: str) -> Notice:
        """Read a record as the last run left it. Raises RecordError where it is another one now."""
        path = record_path(self._output, notice_id)
        if not is_intact(self._output, self._before, notice_id):
            raise RecordError(path, "is not as the last run left it", "parse the source again")
        return read_own_record(path)

    def _write_anew(self, on_error: OnError) -> dict[str, WrittenTable]:
        """Write all tables, reading the records that were kept; without notices where that fails."""

        def contributions() -> Iterator[Contribution]:
            for notice_id in self._records:
                made = None
                with hold_record(self._records, notice_id, on_error):
                    made = self._contribution(notice_id)
                if made:
                    yield made
                else:
                    self.unfinished.add(notice_id)

        return write_tables(self._output, self._files, contributions())

    def _contribution(self, notice_id: str) -> Contribution:
        if notice_id in self._contributions:
            return unpickle_contribution(self._contributions.get(notice_id))
        return contribute(read_own_record(record_path(self._output, notice_id)))

    def _write_patched(self, patch: TablePatch) -> dict[str, WrittenTable] | None:
        """Write all tables, copying the rows of records that were kept; None where that cannot be done."""
        with EarlierTables(self._output, self._before.records) as earlier:
            blocks = (
                self._contribution(one).blocks if one in self._contributions else earlier.find(one)
                for one in self._records
            )
            try:
                return write_patched_tables(self._output, self._files, blocks, patch)
            except TooManyRecordsError:
                return None


def read_staged(output: Path, files: StagedFiles, notice_id: str) -> Notice:
    """Read a record as it will be when the files are at their places. Raises OutputError."""
    path = record_path(output, notice_id)
    now = files.find(path)
    return read_own_record(path) if now == path else read_record(now)


def is_intact(output: Path, manifest: Manifest, notice_id: str) -> bool:
    """Answer whether the file of a record is the one that the manifest describes."""
    known = manifest.records.get(notice_id)
    return known is not None and file_hash(record_path(output, notice_id)) == known.sha256


def hold_record(
    records: Mapping[str, RecordSummary], notice_id: str, on_error: OnError
) -> AbstractContextManager[None]:
    """Hold the errors of a step with one record, under the path of its source."""
    return hold_errors(records[notice_id].path or notice_id, on_error)
