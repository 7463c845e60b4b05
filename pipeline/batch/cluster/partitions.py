"""The files that a batch of sources becomes: records as JSON Lines, tables as Parquet, a description.

The name of a partition is a hash of the parser and of the bytes of its sources, so that a partition
that is there need not be made again. Its description is written last.
"""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.dataset.manifest import bytes_hash
from pipeline.dataset.table_set import NOTICE_TABLES
from pipeline.errors import OutputError
from pipeline.export.parquet_sinks import TableSink

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.batch.cluster.storage import Storage
    from pipeline.batch.jobs import Job
    from pipeline.dataset.table_rows import TableRow

RECORDS = "records"
DESCRIPTIONS = "partitions"
# The folders of an output of the cluster, which has nothing else beside its manifest.
FOLDERS = (RECORDS, *NOTICE_TABLES, DESCRIPTIONS)
_NAME_LENGTH = 32


@dataclass(frozen=True, slots=True)
class PartitionFile:
    """A file of a partition: its bytes, their hash, and the rows or lines in it."""

    size: int
    sha256: str
    rows: int


@dataclass(slots=True)
class PartitionSource:
    """A source in a partition: `path` is as the system names it, `records` where each of its records is in the lines.

    `errors` are places, facts and remedies, `skipped` are paths and reasons. With `is_passing`
    another run may read what this one could not, and the partition is made again.
    """

    path: str
    relative: str
    url: str | None
    retrieved_at: str | None
    sha256: str
    records: list[tuple[int, int]] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    errors: list[tuple[str, str, str]] = field(default_factory=list)
    is_passing: bool = False

    @classmethod
    def of(cls, job: Job, sha256: str) -> PartitionSource:
        """Return a source of which nothing has been read."""
        return cls(job.place, job.relative, job.url, job.retrieved_at, sha256)


@dataclass(frozen=True, slots=True)
class Partition:
    """What a partition has: its files by their folders, and its sources in their order."""

    name: str
    parser: str
    files: dict[str, PartitionFile]
    sources: list[PartitionSource]

    def is_whole(self, storage: Storage) -> bool:
        """Answer whether all files are there, as long as they were written, and nothing may change."""
        return not any(one.is_passing for one in self.sources) and all(
            storage.find_size(file_name(folder, self.name)) == file.size
            for folder, file in self.files.items()
        )


def file_name(folder: str, name: str) -> str:
    """Return the name of a file of a partition below the output."""
    ending = {RECORDS: "jsonl", DESCRIPTIONS: "json"}.get(folder, "parquet")
    return f"{folder}/{name}.{ending}"


def partition_name(parser: str, sources: Iterable[PartitionSource]) -> str:
    """Return the name of a partition, which follows from the parser and from all that is read."""
    about = [
        [one.path, one.relative, one.url, one.retrieved_at, one.sha256, one.errors]
        for one in sources
    ]
    return bytes_hash(json.dumps([parser, about]).encode())[:_NAME_LENGTH]


class MadeRecord(NamedTuple):
    """A record as its line, and its rows in each table."""

    line: bytes
    rows: dict[str, list[TableRow]]


def write_partition(
    storage: Storage,
    name: str,
    parser: str,
    sources: list[PartitionSource],
    records: Sequence[Sequence[MadeRecord]],
) -> Partition:
    """Write a partition, its description last; `records` are those of each source.

    Raises OutputError, and RecordError where a value does not fit into Parquet: then nothing is written.
    """
    made: dict[str, tuple[bytes, int]] = {}
    every = [one for own in records for one in own]
    if every:
        made[RECORDS] = b"".join(one.line for one in every), len(every)
    for table in NOTICE_TABLES:
        rows = [row for one in every for row in one.rows[table]]
        if rows:
            made[table] = _to_parquet(table, rows), len(rows)
    start = 0
    for source, own in zip(sources, records, strict=True):
        source.records = []
        for one in own:
            source.records.append((start, len(one.line)))
            start += len(one.line)
    for folder, (data, _) in made.items():
        storage.write(file_name(folder, name), data)
    files = {
        folder: PartitionFile(len(data), bytes_hash(data), count)
        for folder, (data, count) in made.items()
    }
    written = Partition(name, parser, files, sources)
    storage.write(file_name(DESCRIPTIONS, name), _to_json(written))
    return written


def check_rows(record: MadeRecord) -> None:
    """Raise RecordError where a value of a record does not fit into Parquet."""
    for table, own in record.rows.items():
        _to_parquet(table, own)


def _to_parquet(table: str, rows: list[TableRow]) -> bytes:
    data = io.BytesIO()
    sink = TableSink(table, data)
    try:
        sink.write(sink.encode(rows), len(rows))
        sink.close()
    except BaseException:
        sink.abandon()
        raise
    return data.getvalue()


def _to_json(partition: Partition) -> bytes:
    return json.dumps(asdict(partition), separators=(",", ":")).encode() + b"\n"


def read_partition(storage: Storage, name: str) -> Partition | None:
    """Read the description of a partition; None where there is none, or one that is damaged."""
    data = storage.read_if_there(file_name(DESCRIPTIONS, name))
    if data is None:
        return None
    try:
        return _parse(json.loads(data))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _parse(values: dict[str, Any]) -> Partition:
    return Partition(
        str(values["name"]),
        str(values["parser"]),
        {folder: PartitionFile(**one) for folder, one in values["files"].items()},
        [_parse_source(one) for one in values["sources"]],
    )


def _parse_source(value: dict[str, Any]) -> PartitionSource:
    found = PartitionSource(**value)
    found.records = [(int(start), int(length)) for start, length in found.records]
    found.skipped = [(path, why) for path, why in found.skipped]
    found.errors = [(place, fact, remedy) for place, fact, remedy in found.errors]
    return found


def check_lines(storage: Storage, partition: Partition, data: Iterable[bytes]) -> None:
    """Raise OutputError where the lines of a partition are not those that were written."""
    file = partition.files[RECORDS]
    digest, size = hashlib.sha256(), 0
    for some in data:
        digest.update(some)
        size += len(some)
    if (size, digest.hexdigest()) != (file.size, file.sha256):
        place = storage.find_place(file_name(RECORDS, partition.name))
        described = file_name(DESCRIPTIONS, partition.name)
        remedy = f"remove {described} and run fengong cluster parse again"
        raise OutputError(place, "is not as it was written", remedy)
