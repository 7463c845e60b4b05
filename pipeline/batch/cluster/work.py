"""What a worker does: read a batch of sources, parse each in a process of its own, write the partition."""

from __future__ import annotations

import gc
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from threading import get_ident
from typing import TYPE_CHECKING, NamedTuple

from distributed import get_worker

from pipeline.batch.cluster.fitness import Expected, Fitness, check_fitness, find_fitness
from pipeline.batch.cluster.partitions import (
    MadeRecord,
    PartitionSource,
    check_rows,
    partition_name,
    read_partition,
    write_partition,
)
from pipeline.batch.cluster.storage import CHANGING, LATER, Storage
from pipeline.batch.jobs import load_parser, run_job
from pipeline.batch.pool import Pool
from pipeline.batch.update import hash_source
from pipeline.collector import collector_at_rest
from pipeline.dataset.file_moves import write_failures
from pipeline.dataset.table_rows import notice_rows
from pipeline.errors import (
    LexiconError,
    PipelineError,
    RecordError,
    ResourceError,
    hold_errors,
)
from pipeline.scratch import scratch_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pipeline.batch.cluster.listing import Listed
    from pipeline.batch.jobs import Job
    from pipeline.read import Skipped


_COLLECTING = (100_000, 50, 50)
# Number, size and time of writing of each file of a source.
_Stamp = list[tuple[int, int, int] | None]


class BatchReport(NamedTuple):
    """What came of a batch: its partition, which was made or was there, and what it could not read."""

    name: str
    sources: int
    records: int
    errors: list[tuple[str, str, str]]
    is_new: bool


class _Found(NamedTuple):
    """What the child process found in a source: a record, an error, or a file that is no document."""

    record: MadeRecord | None = None
    error: PipelineError | None = None
    skipped: Skipped | None = None


class _Kept(NamedTuple):
    """A child process that lives from batch to batch, and the fitness that it was made with.

    A new one for each batch would find all patterns and tables cold.
    """

    pool: Pool[_Found]
    fitness: Fitness


# Those of this process, by the thread that uses them.
_KEPT: dict[int, _Kept] = {}


def parse_batch(batch: Sequence[Listed], target: str, expected: Expected) -> BatchReport:
    """Parse the sources of a batch into its partition, unless that is there.

    Raises ClusterError where this worker would give other records, OutputError where it cannot write.
    """
    check_fitness(get_worker().address, _find_own_fitness(expected), expected.fitness)
    with collector_at_rest():
        return _make_partition(batch, Storage(target), expected.fitness)


def _make_partition(batch: Sequence[Listed], storage: Storage, fitness: Fitness) -> BatchReport:
    parser = fitness.parser
    with ExitStack() as stack:
        brought = _bring(batch, stack)
        sources = brought.sources
        name = partition_name(parser, sources)
        known = read_partition(storage, name)
        if known and known.is_whole(storage):
            return _report(name, known.sources, is_new=False)
        records = _parse(brought, fitness)
    try:
        made = write_partition(storage, name, parser, sources, records)
    except RecordError:
        fitting = [_leave_out_misfits(*one) for one in zip(sources, records, strict=True)]
        made = write_partition(storage, name, parser, sources, fitting)
    return _report(name, made.sources, is_new=True)


def _find_own_fitness(expected: Expected) -> Fitness | LexiconError:
    try:
        return find_fitness(expected.tables)
    except LexiconError as error:
        return error


def _report(name: str, sources: list[PartitionSource], *, is_new: bool) -> BatchReport:
    records = sum(len(one.records) for one in sources)
    errors = [error for one in sources for error in one.errors]
    return BatchReport(name, len(sources), records, errors, is_new)


class _Brought(NamedTuple):
    """Jobs with their files on this machine, what is known of each, and by what a change is seen."""

    jobs: list[Job]
    sources: list[PartitionSource]
    stamps: list[_Stamp]


def _bring(batch: Sequence[Listed], stack: ExitStack) -> _Brought:
    """Bring the files of a batch to this machine, where they are not, and hash them."""
    jobs = [one.job for one in batch]
    errors: dict[str, PipelineError] = {}
    if batch[0].store:
        folder = stack.enter_context(scratch_folder())
        copies = _copy(jobs, Storage(batch[0].store), folder, errors)
        jobs = [_with_copies(job, copies) for job in jobs]
    stamps = [_stamp(job) for job in jobs]
    sources = []
    for job in jobs:
        every = (job, *job.attached)
        failed = [(one, errors[one.key]) for one in every if one.key in errors]
        source = PartitionSource.of(job, "" if failed else hash_source(job))
        source.errors = [(one.shown, error.fact, error.remedy) for one, error in failed]
        sources.append(source)
    return _Brought(jobs, sources, stamps)


def _copy(
    jobs: Sequence[Job], storage: Storage, folder: Path, errors: dict[str, PipelineError]
) -> dict[str, Path]:
    """Copy the files of jobs from a store into a folder, by their keys; note the errors of others."""
    every = [one for job in jobs for one in (job, *job.attached)]
    copies: dict[str, Path] = {}
    read = storage.read_full([one.place for one in every])
    for number, (one, data) in enumerate(zip(every, read, strict=True)):
        if isinstance(data, PipelineError):
            errors[one.key] = data
            continue
        copies[one.key] = folder / str(number)
        with write_failures(copies[one.key]):
            copies[one.key].write_bytes(data)
    return copies


def _with_copies(job: Job, copies: dict[str, Path]) -> Job:
    attached = tuple(_with_copies(one, copies) for one in job.attached)
    return replace(job, attached=attached, copied=copies.get(job.key))


def _parse(brought: _Brought, fitness: Fitness) -> list[list[MadeRecord]]:
    """Parse each source in a child process; note in its description what went wrong; return the records."""
    failed = {one.path for one in brought.sources if one.errors}
    records: list[list[MadeRecord]] = []
    with _use_pool(fitness) as pool:
        done = pool.run(brought.jobs, lambda job: None if job.place in failed else "")
        for (job, _, results), source, stamp in zip(
            done, brought.sources, brought.stamps, strict=True
        ):
            own = _collect(job, results, source)
            if stamp != _stamp(job):
                own, source.errors = [], [(job.shown, CHANGING, LATER)]
                source.is_passing = True
            records.append(own)
    return records


@contextmanager
def _use_pool(fitness: Fitness) -> Iterator[Pool[_Found]]:
    """Give the child process of this thread; it ends where a batch fails, or where the word tables are others."""
    kept = _KEPT.get(get_ident())
    if kept is None or kept.fitness != fitness:
        if kept:
            kept.pool.end()
        load_parser()
        kept = _KEPT[get_ident()] = _Kept(Pool(_find_in_source, 1, load_parser), fitness)
    try:
        yield kept.pool
    except BaseException:
        del _KEPT[get_ident()]
        kept.pool.end()
        raise


def _stamp(job: Job) -> _Stamp:
    """Return what is another one where a file of a source has been written to."""
    return [_stamp_file(one.opened) for one in (job, *job.attached)]


def _stamp_file(path: Path) -> tuple[int, int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns


def _find_in_source(job: Job) -> Iterator[_Found]:
    """Read and parse a source; the work of the child process."""
    errors: list[PipelineError] = []
    # As in `fengong parse`: a search for cycles at each few hundred values takes half the time.
    gc.set_threshold(*_COLLECTING)
    gc.enable()
    for outcome in run_job(job):
        notice, record = outcome.notice, None
        if outcome.error:
            yield _Found(error=outcome.error)
        elif outcome.skipped:
            yield _Found(skipped=outcome.skipped)
        elif notice:
            with hold_errors(notice.source.path or job.path, errors.append):
                line = f"{notice.model_dump_json()}\n".encode()
                record = MadeRecord(line, notice_rows(notice))
        if record:
            yield _Found(record)
    for error in errors:
        yield _Found(error=error)


def _collect(job: Job, results: Iterator[_Found], source: PartitionSource) -> list[MadeRecord]:
    """Return the records of a source; note its errors and what was skipped in it."""
    errors: list[PipelineError] = []
    records: list[MadeRecord] = []
    with hold_errors(job.path, errors.append):
        for one in results:
            if one.error:
                errors.append(one.error)
            elif one.skipped:
                source.skipped.append((one.skipped.path, one.skipped.why))
            elif one.record:
                records.append(one.record)
    source.errors += [(one.place, one.fact, one.remedy) for one in errors]
    source.is_passing = any(isinstance(one, ResourceError) for one in errors)
    return records


def _leave_out_misfits(source: PartitionSource, records: Sequence[MadeRecord]) -> list[MadeRecord]:
    """Return the records whose values fit into Parquet; the others are errors of their source."""
    fitting = []
    for one in records:
        try:
            check_rows(one)
        except RecordError as error:
            source.errors.append((source.path, f"{error.place}: {error.fact}", error.remedy))
        else:
            fitting.append(one)
    return fitting
