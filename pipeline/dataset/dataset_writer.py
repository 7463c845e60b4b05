"""Write an OUTPUT: one JSON file for each notice, the tables, the data package, the manifest."""

from __future__ import annotations

import pickle
import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, Self
from uuid import uuid4

from pipeline.dataset.described_tables import describe_package
from pipeline.dataset.duplicates import fingerprint, mark_of
from pipeline.dataset.edited_items import edited
from pipeline.dataset.files import remove_leftovers
from pipeline.dataset.manifest import (
    MANIFEST,
    PACKAGE,
    RecordSummary,
    bytes_hash,
    manifest_lines,
    overlay_hashes,
    read_manifest,
    share_values,
)
from pipeline.dataset.output_tables import OutputTables, hold_record, is_intact, read_staged
from pipeline.dataset.ownership import Journal, find_owned, find_written
from pipeline.dataset.package_origin import newest_day
from pipeline.dataset.record_files import record_bytes, record_path
from pipeline.dataset.source_table import SOURCE_TABLE, source_lines
from pipeline.dataset.staged_files import StagedFiles
from pipeline.dataset.table_set import contribute

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from pipeline.dataset.manifest import SourceState, UnreadFile
    from pipeline.errors import OnError
    from pipeline.model import Notice

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
        self._tables = OutputTables(output, self.manifest, self._files, self.records)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._tables.close()
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
        self._tables.put(notice_id, record.contribution)

    def keep(self, notice_id: str) -> None:
        """Leave a record that the manifest names as it is."""
        self.records[notice_id] = self.manifest.records[notice_id]
        self._tables.drop(notice_id)

    def read(self, notice_id: str) -> Notice:
        """Read a record as it will be after `close`. Raises OutputError."""
        return read_staged(self.output, self._files, notice_id)

    def is_intact(self, notice_id: str) -> bool:
        """Answer whether the file of a record is the one that the manifest describes."""
        return is_intact(self.output, self.manifest, notice_id)

    def hold(self, notice_id: str, on_error: OnError) -> AbstractContextManager[None]:
        """Hold the errors of a step with one record, under the path of its source."""
        return hold_record(self.records, notice_id, on_error)

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
        can_copy = parser == before.parser and self._tables.are_intact()
        is_same = can_copy and not self.changed and _are_equal(self.records, before.records)
        patch = self._tables.find_patch(corrected) if can_copy and not is_same else None
        tables = dict(before.tables)
        if not is_same:
            tables |= self._tables.write(patch, self._journal, on_error)
            self.unfinished |= self._tables.unfinished
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


def _are_equal(records: dict[str, RecordSummary], others: dict[str, RecordSummary]) -> bool:
    """Answer whether records are the same, in the same order."""
    return list(records) == list(others) and records == others


def _forget_hash(state: SourceState, unfinished: set[str]) -> SourceState:
    """Return a source without its hash where something failed with one of its notices."""
    return state if unfinished.isdisjoint(state.notices) else replace(state, sha256="")


def summarize(notice: Notice, digest: str) -> RecordSummary:
    """Return a record in short; `digest` is the hash of its file."""
    counts = dict.fromkeys(("error", "warning", "info"), 0)
    now = edited(notice)
    for problem in now.problems:
        counts[problem.severity] += 1
    return RecordSummary(
        notice.notice_id, notice.source.path, notice.source.sha256, notice.title, notice.year, len(now.items),
        counts, digest, fingerprint(notice), mark_of(notice), notice.source.url, newest_day(notice),
        tuple((one.path, one.sha256) for one in notice.source.files or () if one.path != notice.source.path),
    )  # fmt: skip
