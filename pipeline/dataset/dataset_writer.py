"""Write an OUTPUT: one JSON file for each notice, the tables, the data package, the manifest."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, Self
from uuid import uuid4

from pipeline.dataset.data_package import make_package
from pipeline.dataset.described_tables import describe_tables, find_other_tables
from pipeline.dataset.duplicates import fingerprint, mark_of
from pipeline.dataset.files import remove_leftovers
from pipeline.dataset.manifest import (
    MANIFEST,
    PACKAGE,
    RecordSummary,
    bytes_hash,
    file_hash,
    manifest_bytes,
    overlay_hashes,
    read_manifest,
)
from pipeline.dataset.ownership import Journal, find_owned, find_written
from pipeline.dataset.package_origin import newest_day
from pipeline.dataset.record_files import (
    read_own_record,
    read_record,
    record_bytes,
    record_path,
)
from pipeline.dataset.source_table import SOURCE_TABLE, source_table
from pipeline.dataset.staged_files import StagedFiles
from pipeline.dataset.table_set import Contribution, contribute, make_sound_tables
from pipeline.errors import hold_errors

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
    """All that an OUTPUT needs of a notice: the bytes of its file, it in short, its rows."""

    data: bytes
    summary: RecordSummary
    contribution: Contribution


def prepare_record(notice: Notice) -> PreparedRecord:
    """Return what an OUTPUT needs of a notice; nothing is written."""
    data = record_bytes(notice)
    summary = summarize(notice, bytes_hash(data))
    return PreparedRecord(data, summary, contribute(notice))


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
        # None where a record was kept: it is read only if the tables are written.
        self._contributions: dict[str, Contribution | None] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._files.discard()

    def add(self, notice: Notice) -> None:
        """Write a notice's record unless the file is there already. Raises OutputError."""
        self.add_prepared(prepare_record(notice))

    def add_prepared(self, record: PreparedRecord) -> None:
        """Write a record unless the file is there already. Raises OutputError."""
        notice_id = record.summary.notice_id
        self._journal.announce(f"json/{notice_id}.json", record.data)
        if self._files.add(record_path(self.output, notice_id), record.data):
            self.changed.add(notice_id)
        else:
            self.changed.discard(notice_id)
        self.records[notice_id] = record.summary
        self._contributions[notice_id] = record.contribution

    def keep(self, notice_id: str) -> None:
        """Leave a record that the manifest names as it is."""
        self.records[notice_id] = self.manifest.records[notice_id]
        self._contributions[notice_id] = None

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
    ) -> None:
        """Write tables, data package and manifest, and remove the records that are gone.

        `sources` and `parser` are what the records were made from and with, `unread` are the files
        that are no records; None leaves what the manifest says of them. With `on_error`, a notice of
        which rows cannot be made is reported to it: its record stays, and the tables lack it until a
        later run can make them. Raises OutputError.
        """
        before = self.manifest
        parser = before.parser if parser is None else parser
        is_same = parser == before.parser and self._is_unchanged()
        tables = dict(before.tables if is_same else before.tables | self._write_tables(on_error))
        sources = before.sources if sources is None else sources
        if self.unfinished:
            # No file has an empty hash, so the next run reads the sources and writes the tables.
            tables = dict.fromkeys(tables, "")
            sources = {key: self._without_hash(one) for key, one in sources.items()}
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
        tables |= {name: self._write(name, source_table(manifest))}
        manifest = replace(manifest, tables=tables)
        # Of unchanged tables too: a table of another command may have come or gone.
        described = describe_tables(self.output, manifest, [SOURCE_TABLE]) if is_same else {}
        for path, data in described.items():
            self._files.add(path, data)
        if not described:
            self._files.add(self.output / MANIFEST, manifest_bytes(manifest))
        with self._journal.kept():
            self._files.commit()

    def _is_unchanged(self) -> bool:
        """Answer whether records and tables are those of the last run, in the same order."""
        before = self.manifest
        return (
            not self.changed
            and list(self.records) == list(before.records)
            and self.records == before.records
            and bool(before.tables)
            and all(file_hash(self.output / name) == one for name, one in before.tables.items())
        )

    def _without_hash(self, state: SourceState) -> SourceState:
        is_unfinished = not self.unfinished.isdisjoint(state.notices)
        return replace(state, sha256="") if is_unfinished else state

    def _write_tables(self, on_error: OnError) -> dict[str, str]:
        """Write all tables and the data package; return the hashes of their files."""
        made = self._collect(on_error)
        tables, failed = make_sound_tables(made, lambda one: self.hold(one, on_error))
        self.unfinished |= failed | (self.records.keys() - made.keys())
        others = dict.fromkeys(find_other_tables(self.output, [SOURCE_TABLE]))
        sizes = {name: one.size for name, one in tables.items()}
        package = make_package(sizes | others, [one.origin for one in self.records.values()])
        hashes = {
            f"{name}.csv": self._write(f"{name}.csv", one.data) for name, one in tables.items()
        }
        return hashes | {PACKAGE: self._write(PACKAGE, package)}

    def _write(self, name: str, data: bytes) -> str:
        """Write a file unless it is the same; return its hash."""
        self._journal.announce(name, data)
        self._files.add(self.output / name, data)
        return bytes_hash(data)

    def _collect(self, on_error: OnError) -> dict[str, Contribution]:
        """Return what each notice gives to the tables, reading the records that were kept."""
        made: dict[str, Contribution] = {}
        for notice_id, known in self._contributions.items():
            with self.hold(notice_id, on_error):
                path = record_path(self.output, notice_id)
                made[notice_id] = known or contribute(read_own_record(path))
        return made


def summarize(notice: Notice, digest: str) -> RecordSummary:
    """Return a record in short; `digest` is the hash of its file."""
    counts = dict.fromkeys(("error", "warning", "info"), 0)
    for problem in notice.problems:
        counts[problem.severity] += 1
    return RecordSummary(
        notice.notice_id, notice.source.path, notice.source.sha256, notice.title, notice.year, len(notice.items),
        counts, digest, fingerprint(notice), mark_of(notice), notice.source.url, newest_day(notice),
    )  # fmt: skip
