"""Notices -> OUTPUT: one JSON a notice, the tables, the data package; and back."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from pipeline.dataset.files import sweep, write_changed
from pipeline.dataset.manifest import (
    PACKAGE,
    Summary,
    file_hash,
    overlay_hashes,
    read_manifest,
    write_manifest,
)
from pipeline.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from pipeline.dataset.gathered import Gathering
    from pipeline.dataset.manifest import Manifest, Read
    from pipeline.model import Notice

# What batch.notice_id gives.
_OWN = re.compile(r".+-[0-9a-f]{8}")
_Rows = dict[str, list[dict[str, Any]]]


def write_dataset(notices: Iterable[Notice], output: Path) -> None:
    """Write every record and table; OUTPUT then holds exactly these notices.

    A record of an earlier run whose notice is not among these is removed last. Raises OutputError.
    """
    writer = DatasetWriter(output)
    for notice in notices:
        writer.add(notice)
    writer.close()


class DatasetWriter:
    """An OUTPUT while it is written: records one by one, then the tables, then what tells of them.

    `add` writes a new record, `keep` leaves one of an earlier run as it is; after `close` the
    OUTPUT holds exactly these, in the order in which they came. A run killed before leaves whole
    files, and the next one ends what it began.
    """

    def __init__(self, output: Path) -> None:
        self.output = output
        for folder in (output, output / "json"):
            sweep(folder)
        self.manifest = read_manifest(output)
        self.before = _left(output) | self.manifest.records.keys()
        self.records: dict[str, Summary] = {}
        self.changed: set[str] = set()
        self._rows: dict[str, _Rows | None] = {}
        self._gathering: Gathering | None = None

    def add(self, notice: Notice) -> None:
        """Write a notice's record unless it lies there already."""
        if notice.notice_id in self._rows:
            # What was gathered of it before holds no more: all records are read again.
            self._rows, self._gathering = dict.fromkeys(self._rows), None
        data = record_bytes(notice)
        if write_changed(record_path(self.output, notice.notice_id), data):
            self.changed.add(notice.notice_id)
        self.records[notice.notice_id] = _summary(notice, hashlib.sha256(data).hexdigest())
        self._rows[notice.notice_id] = self._take(notice)

    def keep(self, notice_id: str) -> None:
        """Leave a record that the manifest tells as it is."""
        self.records[notice_id] = self.manifest.records[notice_id]
        self._rows[notice_id] = None

    def close(self, sources: dict[str, Read] | None = None, parser: str | None = None) -> None:
        """Write tables, data package and manifest, and remove the records that are no more.

        `sources` and `parser` are what the records came of; without them that stays as it was.
        """
        if not self._is_as_it_was():
            self._write_tables()
        gone = self.before - self.records.keys()
        for notice_id in gone:
            record_path(self.output, notice_id).unlink(missing_ok=True)
        manifest = self.manifest
        manifest.output_id = manifest.output_id or uuid4().hex
        manifest.retired = sorted({*manifest.retired, *gone} - self.records.keys())
        manifest.records = self.records
        manifest.overlays = overlay_hashes(self.output)
        if sources is not None:
            manifest.sources = sources
        manifest.parser = manifest.parser if parser is None else parser
        write_manifest(manifest, self.output)
        describe(self.output)

    def _is_as_it_was(self) -> bool:
        """Whether records and tables are those of the last run."""
        manifest = self.manifest
        return (
            not self.changed
            and list(self.records) == list(manifest.records)
            and self.records == manifest.records
            and bool(manifest.tables)
            and all(file_hash(self.output / name) == told for name, told in manifest.tables.items())
        )

    def _take(self, notice: Notice) -> _Rows:
        """A notice's rows; what it says of bodies and leaders is gathered."""
        from pipeline.dataset.gathered import Gathering  # noqa: PLC0415
        from pipeline.dataset.table_rows import notice_rows  # noqa: PLC0415

        self._gathering = self._gathering or Gathering()
        self._gathering.add(notice)
        return notice_rows(notice)

    def _write_tables(self) -> None:
        from pipeline.dataset.gathered import Gathering  # noqa: PLC0415
        from pipeline.dataset.table_rows import COLUMNS, package, to_csv  # noqa: PLC0415

        rows: _Rows = {table: [] for table in COLUMNS}
        for notice_id, own in self._rows.items():
            more = own or self._take(read_record(record_path(self.output, notice_id)))
            for table, table_rows in more.items():
                rows[table].extend(table_rows)
        rows |= (self._gathering or Gathering()).rows()
        for table, table_rows in rows.items():
            self._write_table(f"{table}.csv", to_csv(table, table_rows))
        sizes: dict[str, int | None] = {table: len(rows[table]) for table in rows}
        self._write_table(PACKAGE, package(sizes | dict.fromkeys(_others(self.output))))

    def _write_table(self, name: str, data: bytes) -> None:
        write_changed(self.output / name, data)
        self.manifest.tables[name] = hashlib.sha256(data).hexdigest()


def record_bytes(notice: Notice) -> bytes:
    """A record as the bytes of its file."""
    return notice.model_dump_json(indent=1).encode() + b"\n"


def record_path(output: Path, notice_id: str) -> Path:
    """Where the record of a notice lies in an OUTPUT."""
    return output / "json" / f"{notice_id}.json"


def _summary(notice: Notice, digest: str) -> Summary:
    counts = dict.fromkeys(("error", "warning", "info"), 0)
    for problem in notice.problems:
        counts[problem.severity] += 1
    return Summary(
        notice.notice_id, notice.source.path, notice.source.sha256, notice.title, notice.year, len(notice.items),
        counts, digest,
    )  # fmt: skip


def is_intact(manifest: Manifest, output: Path, notice_id: str) -> bool:
    """Whether a record lies in an OUTPUT as the manifest tells."""
    told = manifest.records.get(notice_id)
    return told is not None and file_hash(record_path(output, notice_id)) == told.sha256


def write_table(output: Path, name: str, data: bytes) -> Path:
    """Write a table that is no part of parsing and describe it in the data package.

    Returns its path. Raises OutputError.
    """
    path = output / f"{name}.csv"
    write_changed(path, data)
    describe(output)
    return path


def describe(output: Path) -> None:
    """Bring the data package of an OUTPUT up to date with the tables that lie in it."""
    from pipeline.dataset.table_rows import COLUMNS, package  # noqa: PLC0415

    try:
        told = json.loads((output / PACKAGE).read_bytes())
        sizes = {one["name"]: one.get("rows") for one in told["resources"]}
    except (OSError, ValueError, KeyError, TypeError):
        return
    present = {table: size for table, size in sizes.items() if table in COLUMNS}
    data = package(present | dict.fromkeys(_others(output)))
    if write_changed(output / PACKAGE, data):
        manifest = read_manifest(output)
        if manifest.tables:
            manifest.tables[PACKAGE] = hashlib.sha256(data).hexdigest()
            write_manifest(manifest, output)


def _others(output: Path) -> list[str]:
    from pipeline.dataset.table_rows import OTHERS  # noqa: PLC0415

    return [table for table in OTHERS if (output / f"{table}.csv").is_file()]


def _left(output: Path) -> set[str]:
    """The records that lie in an OUTPUT, also those of a run that was killed before it ended."""
    return {path.stem for path in (output / "json").glob("*.json") if _OWN.fullmatch(path.stem)}


def read_records(output: Path) -> Iterator[Notice]:
    """The records of an OUTPUT folder, in the order of its tables. Raises OutputError."""
    paths = {path.stem: path for path in sorted((output / "json").glob("*.json"))}
    if not paths:
        raise OutputError(output, "holds no records", "run fengong parse first")
    told = [name for name in read_manifest(output).records if name in paths]
    for name in dict.fromkeys((*told, *paths)):
        yield read_record(paths[name])


def read_chosen(output: Path, chosen: Sequence[str]) -> Iterator[Notice]:
    """The records with these ids, each once; all where none is named. Raises OutputError."""
    for notice_id in chosen:
        path = record_path(output, notice_id)
        if path.parent != output / "json" or not path.is_file():
            fact = f"no notice in {output} has this id"
            raise OutputError(notice_id, fact, "see notices.csv for the ids")
    if not chosen:
        return read_records(output)
    return (read_record(record_path(output, one)) for one in dict.fromkeys(chosen))


def read_record(path: Path) -> Notice:
    """One record. Raises OutputError if it cannot be read or is none."""
    from pydantic import ValidationError  # noqa: PLC0415

    from pipeline.model import Notice  # noqa: PLC0415

    try:
        return Notice.model_validate_json(path.read_bytes())
    except OSError as error:
        raise OutputError(path, f"cannot be read ({error.strerror})", "check rights") from error
    except ValidationError as error:
        first = error.errors()[0]
        fact = f"is no record ({'.'.join(map(str, first['loc']))}: {first['msg']})"
        raise OutputError(path, fact, "parse the source again") from error
