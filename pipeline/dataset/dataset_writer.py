"""Write an OUTPUT: one JSON file for each notice, the tables, the data package, the manifest."""

from __future__ import annotations

import pickle
import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, Self
from uuid import uuid4

from pipeline.dataset.aggregate_patch import TooManyRecordsError
from pipeline.dataset.data_package import make_package
from pipeline.dataset.described_tables import describe_package, find_other_tables, read_sizes
from pipeline.dataset.duplicates import fingerprint, mark_of
from pipeline.dataset.earlier_tables import EarlierTables
from pipeline.dataset.files import remove_leftovers
from pipeline.dataset.manifest import (
    MANIFEST,
    PACKAGE,
    RecordSummary,
    bytes_hash,
    file_hash,
    manifest_lines,
    overlay_hashes,
    read_manifest,
    share_values,
)
from pipeline.dataset.ownership import Journal, find_owned, find_written
from pipeline.dataset.package_origin import newest_day
from pipeline.dataset.record_files import (
    read_own_record,
    read_record,
    record_bytes,
    record_path,
)
from pipeline.dataset.source_table import SOURCE_TABLE, source_lines
from pipeline.dataset.spool import Spool
from pipeline.dataset.staged_files import StagedFiles
from pipeline.dataset.table_columns import COLUMNS
from pipeline.dataset.table_set import contribute, unpickle_contribution
from pipeline.dataset.table_writer import TablePatch, write_patched_tables, write_tables
from pipeline.errors import RecordError, hold_errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from pipeline.dataset.aggregate_shift import Change
    from pipeline.dataset.manifest import Manifest, SourceState, UnreadFile
    from pipeline.dataset.table_set import Contribution
    from pipeline.dataset.table_writer import WrittenTable
    from pipeline.errors import OnError, PipelineError
    from pipeline.model import Notice

# Of more records than this the tables of bodies and leaders are made anew.
_MOST_PATCHED = 100
# A record that an earlier run wrote: json/yantian-2011-reform-plan-1c0ffee5.json.
_RECORD = re.compile(r"json/[^/]+\.json")


class PreparedRecord(NamedTuple):
    """All that an OUTPUT needs of a notice: the bytes of its file, it in short, its part of the tables.

    `contribution` is a pickled `Contribution`, which is kept on disk until the tables are written.
    """

    data: bytes
    summary: RecordSummary
    contribution: bytes


def prepare_record(notice: Notice) -> PreparedRecord:
    """Return what an OUTPUT needs of a notice; nothing is written."""
    data = record_bytes(notice)
    summary = summarize(notice, bytes_hash(data))
    return PreparedRecord(data, summary, pickle.dumps(contribute(notice)))


def write_dataset(notices: Iterable[Notice], output: Path) -> None:
    """Write all records and tables; afterwards the OUTPUT has exactly these notices.

    The record of an earlier run that is not among these is removed last. Raises OutputError.
    """
    with DatasetWriter(output) as writer:
        for notice in notices:
            writer.add(notice)
        writer.close()


class DatasetWriter:
    """An OUTPUT while it is written: records one by one, then tables, data package and manifest.

    `add` and `add_prepared` write a record beside its place, `keep` leaves the record of an earlier run as it is;
    `close` moves all files to their places, and the OUTPUT has exactly these, in the order in which
    they came. Where something fails before, or the run is killed, the OUTPUT stays as it was. A run
    that is killed while files are moved leaves whole files, and the next run completes what it began.

    `manifest` and `earlier_ids` are what the last run left; `records` and `changed` are what this
    run has added and kept, and those of them whose file is another one now. `unfinished` are the
    notices with which something failed, so that the next run has to read their sources again.
    """

    def __init__(self, output: Path, *, take_over: bool = False) -> None:
        self.output = output
        for folder in (output, output / "json"):
            remove_leftovers(folder)
        self.manifest = read_manifest(output)
        owned = find_owned(output, self.manifest, take_over=take_over)
        self._journal = Journal(output, owned)
        self._files = StagedFiles()
        # Files that are only taken over may be overwritten, but never removed.
        written = find_written(output, self.manifest)
        self.earlier_ids = {
            name.removeprefix("json/").removesuffix(".json")
            for name in written
            if _RECORD.fullmatch(name) and (output / name).exists()
        } | self.manifest.records.keys()
        self.records: dict[str, RecordSummary] = {}
        self.changed: set[str] = set()
        self.unfinished: set[str] = set()
        # What notices give to the tables, but for records that were kept.
        self._contributions = Spool(output)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._contributions.close()
        self._files.discard()

    def add(self, notice: Notice) -> None:
        """Write a notice's record unless the file is there already. Raises OutputError."""
        self.add_prepared(prepare_record(notice))

    def add_prepared(self, record: PreparedRecord) -> None:
        """Write a record unless the file is there already. Raises OutputError."""
        notice_id = record.summary.notice_id
        self._journal.announce(f"json/{notice_id}.json", record.summary.sha256)
        if self._files.add(record_path(self.output, notice_id), record.data):
            self.changed.add(notice_id)
        else:
            self.changed.discard(notice_id)
        self.records[notice_id] = share_values(record.summary)
        self._contributions.put(notice_id, record.contribution)

    def keep(self, notice_id: str) -> None:
        """Leave a record that the manifest names as it is."""
        self.records[notice_id] = self.manifest.records[notice_id]
        self._contributions.drop(notice_id)

    def read(self, notice_id: str) -> Notice:
        """Read a record as it will be after `close`. Raises OutputError."""
        path = record_path(self.output, notice_id)
        now = self._files.find(path)
        return read_own_record(path) if now == path else read_record(now)

    def is_intact(self, notice_id: str) -> bool:
        """Answer whether the file of a record is the one that the manifest describes."""
        known = self.manifest.records.get(notice_id)
        path = record_path(self.output, notice_id)
        return known is not None and file_hash(path) == known.sha256

    def hold(self, notice_id: str, on_error: OnError) -> AbstractContextManager[None]:
        """Hold the errors of a step with one record, under the path of its source."""
        return hold_errors(self.records[notice_id].path or notice_id, on_error)

    def close(
        self,
        sources: dict[str, SourceState] | None = None,
        parser: str | None = None,
        on_error: OnError = None,
        unread: Sequence[UnreadFile] | None = None,
        corrected: Sequence[str] | None = None,
    ) -> None:
        """Write tables, data package and manifest, and remove the records that are gone.

        `sources` and `parser` are what the records were made from and with, `unread` are the files
        that are no records; None leaves what the manifest says of them. `corrected` are the notices
        that have corrections, None where that is not known. With `on_error`, a notice of which rows
        cannot be made is reported to it: its record stays, and the tables lack it until a later run can
        make them. Raises OutputError.
        """
        before = self.manifest
        parser = before.parser if parser is None else parser
        can_copy = parser == before.parser and _are_tables_intact(self.output, before)
        is_same = can_copy and not self.changed and _are_equal(self.records, before.records)
        patch = self._find_patch(corrected) if can_copy and not is_same else None
        tables = dict(before.tables)
        if not is_same:
            tables |= self._write_tables(patch, on_error)
        sources = before.sources if sources is None else sources
        if self.unfinished:
            # No file has an empty hash, so the next run reads the sources and writes the tables.
            tables = dict.fromkeys(tables, "")
            sources = {key: _forget_hash(one, self.unfinished) for key, one in sources.items()}
        gone = self.earlier_ids - self.records.keys()
        for notice_id in gone:
            self._files.remove(record_path(self.output, notice_id))
        manifest = replace(
            before,
            output_id=before.output_id or uuid4().hex,
            parser=parser,
            sources=sources,
            records=self.records,
            tables=tables,
            overlays=overlay_hashes(self.output),
            retired=sorted({*before.retired, *gone} - self.records.keys()),
            unread=before.unread if unread is None else list(unread),
        )
        name = f"{SOURCE_TABLE}.csv"
        with self._files.open(self.output / name) as file:
            for some in source_lines(manifest):
                file.write(some)
        self._journal.announce(name, file.digest)
        tables |= {name: file.digest}
        manifest = replace(manifest, tables=tables)
        if is_same:
            # A table of another command may have come or gone.
            package, manifest = describe_package(self.output, manifest, [SOURCE_TABLE])
            if package is not None:
                self._files.add(self.output / PACKAGE, package)
        with self._files.open(self.output / MANIFEST) as file:
            for line in manifest_lines(manifest):
                file.write(line)
        with self._journal.kept():
            self._files.commit()

    def _find_patch(self, corrected: Sequence[str] | None) -> TablePatch | None:
        """Return how few records differ from the last run; None where they are many, or not known."""
        before = self.manifest.records
        new = [one for one in self.records if one in self._contributions]
        gone = [one for one in before if one not in self.records]
        sizes = read_sizes(self.output)
        if corrected is None or sizes is None or len(new) + len(gone) > _MOST_PATCHED:
            return None
        # What cannot be read here is read once more, and told, where all tables are made anew.
        errors: list[PipelineError] = []
        with hold_errors(self.output, errors.append):
            earlier = {one: self._read_earlier(one) for one in (*new, *gone) if one in before}
            changes: list[Change] = [(earlier.get(one), self.read(one)) for one in new]
            changes += [(earlier[one], None) for one in gone]
            duplicates = {one.notice_id for one in self.records.values() if one.duplicate}
            return TablePatch(changes, sizes, corrected, duplicates)
        return None

    def _read_earlier(self, notice_id: str) -> Notice:
        """Read a record as the last run left it. Raises RecordError where it is another one now."""
        path = record_path(self.output, notice_id)
        if not self.is_intact(notice_id):
            raise RecordError(path, "is not as the last run left it", "parse the source again")
        return read_own_record(path)

    def _write_tables(self, patch: TablePatch | None, on_error: OnError) -> dict[str, str]:
        """Write all tables and the data package; return the hashes of their files."""
        written = (patch and self._write_patched(patch)) or self._write_anew(on_error)
        hashes = {f"{table}.csv": written[table].digest for table in COLUMNS}
        for name, digest in hashes.items():
            self._journal.announce(name, digest)
        others = dict.fromkeys(find_other_tables(self.output, [SOURCE_TABLE]))
        sizes = {table: written[table].size for table in COLUMNS}
        package = make_package(sizes | others, [one.origin for one in self.records.values()])
        hashes[PACKAGE] = bytes_hash(package)
        self._journal.announce(PACKAGE, hashes[PACKAGE])
        self._files.add(self.output / PACKAGE, package)
        return hashes

    def _write_anew(self, on_error: OnError) -> dict[str, WrittenTable]:
        """Write all tables, reading the records that were kept; without notices where that fails."""

        def contributions() -> Iterator[Contribution]:
            for notice_id in self.records:
                made = None
                with self.hold(notice_id, on_error):
                    made = self._contribution(notice_id)
                if made:
                    yield made
                else:
                    self.unfinished.add(notice_id)

        return write_tables(self.output, self._files, contributions())

    def _contribution(self, notice_id: str) -> Contribution:
        if notice_id in self._contributions:
            return unpickle_contribution(self._contributions.get(notice_id))
        return contribute(read_own_record(record_path(self.output, notice_id)))

    def _write_patched(self, patch: TablePatch) -> dict[str, WrittenTable] | None:
        """Write all tables, copying the rows of records that were kept; None where that cannot be done."""
        with EarlierTables(self.output, self.manifest.records) as earlier:
            blocks = (
                self._contribution(one).blocks if one in self._contributions else earlier.find(one)
                for one in self.records
            )
            try:
                return write_patched_tables(self.output, self._files, blocks, patch)
            except TooManyRecordsError:
                return None


def _are_tables_intact(output: Path, manifest: Manifest) -> bool:
    """Answer whether the tables of an OUTPUT are those of its last run."""
    return bool(manifest.tables) and all(
        file_hash(output / name) == digest for name, digest in manifest.tables.items()
    )


def _are_equal(records: dict[str, RecordSummary], others: dict[str, RecordSummary]) -> bool:
    """Answer whether records are the same, in the same order."""
    return list(records) == list(others) and records == others


def _forget_hash(state: SourceState, unfinished: set[str]) -> SourceState:
    """Return a source without its hash where something failed with one of its notices."""
    return state if unfinished.isdisjoint(state.notices) else replace(state, sha256="")


def summarize(notice: Notice, digest: str) -> RecordSummary:
    """Return a record in short; `digest` is the hash of its file."""
    counts = dict.fromkeys(("error", "warning", "info"), 0)
    for problem in notice.problems:
        counts[problem.severity] += 1
    return RecordSummary(
        notice.notice_id, notice.source.path, notice.source.sha256, notice.title, notice.year, len(notice.items),
        counts, digest, fingerprint(notice), mark_of(notice), notice.source.url, newest_day(notice),
        tuple((one.path, one.sha256) for one in notice.source.files or () if one.path != notice.source.path),
    )  # fmt: skip
