"""Make an OUTPUT of the partitions of a cluster, as if all sources had been parsed on this machine."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline.batch.cluster.cluster_manifest import describe_output
from pipeline.batch.cluster.partitions import (
    DESCRIPTIONS,
    RECORDS,
    check_lines,
    file_name,
    read_partition,
)
from pipeline.batch.cluster.storage import Storage
from pipeline.batch.jobs import Job, Outcome
from pipeline.batch.update import Means, Reading, UpdateReport, update_dataset
from pipeline.dataset.manifest import UnreadFile
from pipeline.errors import OutputError, PipelineError, SourceError
from pipeline.model import Notice
from pipeline.read import Skipped
from pipeline.scratch import scratch_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pipeline.batch.cluster.partitions import Partition, PartitionSource

_READ_AT_ONCE = 2**20


class Partitions(NamedTuple):
    """The partitions of an output, in order; the parser that made them; the files that are no sources."""

    storage: Storage
    parser: str
    partitions: list[Partition]
    unread: list[UnreadFile]

    @property
    def sources(self) -> int:
        """The number of all sources."""
        return sum(len(one.sources) for one in self.partitions)


def read_partitions(address: str) -> Partitions:
    """Read the descriptions of all partitions of an output. Raises OutputError."""
    storage = Storage(address)
    manifest = describe_output(storage)
    partitions = []
    for name in manifest.partitions:
        one = read_partition(storage, name)
        if one is None:
            place = storage.find_place(file_name(DESCRIPTIONS, name))
            fact = "is missing or damaged"
            raise OutputError(place, fact, "run fengong cluster parse again")
        partitions.append(one)
    return Partitions(storage, manifest.parser, partitions, manifest.unread)


def gather(
    found: Partitions, output: Path, processes: int, begin: Callable[[Job | None], None]
) -> UpdateReport:
    """Bring an OUTPUT up to date with partitions, so that it is what parsing their sources would give.

    Where lines of partitions are not as they were written, nothing is, and each is an error of the
    report. Raises OutputError.
    """
    with ExitStack() as stack:
        errors: list[PipelineError] = []
        sources: dict[str, _Place] = {}
        for one in found.partitions:
            try:
                path = _bring_lines(found.storage, one, stack)
            except PipelineError as error:
                errors.append(error)
                continue
            sources |= {source.path: _Place(path, source) for source in one.sources}
        if errors:
            return UpdateReport(errors=errors)
        reading = Reading(
            lambda job: sources[job.place].source.sha256,
            partial(_read_outcomes, sources=sources),
            lambda: None,
            found.parser,
        )
        jobs = (_make_job(place.source) for place in sources.values())
        means = Means(processes, begin, reading)
        return update_dataset(jobs, output, unread=found.unread, means=means)


class _Place(NamedTuple):
    """Where the lines of a source are, and the source."""

    path: Path
    source: PartitionSource


def _bring_lines(storage: Storage, partition: Partition, stack: ExitStack) -> Path:
    """Return the file of a partition's lines on this machine. Raises OutputError where it is damaged."""
    name = file_name(RECORDS, partition.name)
    if RECORDS not in partition.files:
        return Path(name)
    if storage.is_local:
        path = Path(storage.root) / name
    else:
        path = stack.enter_context(scratch_folder()) / "lines"
        storage.copy_here(name, path)
    check_lines(storage, partition, _read_parts(path))
    return path


def _read_parts(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while part := file.read(_READ_AT_ONCE):
                yield part
    except OSError as error:
        fact = f"cannot be read ({error.strerror or error})"
        raise OutputError(path, fact, "run fengong cluster parse again") from error


def _make_job(source: PartitionSource) -> Job:
    return Job(source.path, source.relative, source.url, source.retrieved_at)


def _read_outcomes(job: Job, sources: Mapping[str, _Place]) -> Iterator[Outcome]:
    """Yield what a worker found in a source; the work of a child process."""
    path, source = sources[job.place]
    if source.records:
        with path.open("rb") as file:
            for start, length in source.records:
                file.seek(start)
                yield Outcome(job, Notice.model_validate_json(file.read(length)))
    for skipped, why in source.skipped:
        yield Outcome(job, skipped=Skipped(skipped, why))
    for place, fact, remedy in source.errors:
        yield Outcome(job, error=SourceError(place, fact, remedy))
