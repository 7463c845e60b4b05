"""The client of a cluster: give it batches, follow them over deaths of workers, write the manifest last."""

from __future__ import annotations

import json
import warnings
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import dask
from distributed import Client, LocalCluster, wait
from distributed.scheduler import KilledWorker

from pipeline.batch.cluster.cluster_manifest import (
    ClusterManifest,
    check_output,
    mark_output,
    remove_others,
    write_cluster_manifest,
)
from pipeline.batch.cluster.fitness import check_fitness, expect_own, find_fitness
from pipeline.batch.cluster.listing import list_sources, split_into_batches
from pipeline.batch.cluster.storage import Storage
from pipeline.batch.cluster.work import parse_batch
from pipeline.errors import ClusterError, PipelineError, UnexpectedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from distributed import Future

    from pipeline.batch.cluster.fitness import Expected
    from pipeline.batch.cluster.listing import Listed
    from pipeline.batch.cluster.work import BatchReport
    from pipeline.batch.source_files import Found

# So many batches for each thread of a worker are given ahead; the others wait here.
_AHEAD = 3
# A batch whose workers died so often is given up; the scheduler itself tries some times before it says so.
_MOST_TRIES = 5
_CONNECT_SECONDS = 15
_EVERY = 2.0
# What costs processor time in each process, whether it has work or none: a profiler that looks a hundred
# times a second, and a clock that ticks fifty times.
_QUIET = {"distributed.worker.profile.enabled": False, "distributed.admin.tick.interval": "1s"}
_AGAIN = "run the same command again: it goes on where this one ended"

_Batch = tuple["Listed", ...]


class Cluster(NamedTuple):
    """Which cluster does the work: by the address of its scheduler, by its file, or on this machine."""

    address: str | None = None
    file: Path | None = None
    local: int | None = None


class Progress(NamedTuple):
    """How far a run is: batches and sources that are done, those there are, and the workers now."""

    batches: int
    all_batches: int
    sources: int
    all_sources: int
    workers: int


@dataclass(slots=True)
class ClusterReport:
    """What came of a run: counts, what could not be read, and what kept batches from being done."""

    found: Found
    batches: int = 0
    new: int = 0
    sources: int = 0
    records: int = 0
    errors: list[tuple[str, str, str]] = field(default_factory=list)
    failures: list[PipelineError] = field(default_factory=list)
    is_complete: bool = False


def parse_on_cluster(
    sources: Sequence[str], target: str, cluster: Cluster, show: Callable[[Progress], None]
) -> ClusterReport:
    """Parse sources into partitions on a cluster; partitions that are there are not made again.

    The manifest is written when all batches are done. Raises ClusterError where the cluster cannot be
    reached or is lost, and OutputError where the output is something else or cannot be written.
    """
    storage = Storage(target)
    listing = list_sources(sources, storage)
    report = ClusterReport(listing.found)
    if not listing.jobs:
        return report
    check_output(storage)
    batches = list(split_into_batches(listing.jobs))
    report.batches = len(batches)
    expected = expect_own()
    done: dict[int, BatchReport] = {}
    with _connect(cluster) as client:
        mark_output(storage)
        run = _Run(client, batches, storage.address, expected)
        for number, result in run.results():
            if isinstance(result, PipelineError):
                report.failures.append(result)
            else:
                done[number] = result
                report.sources += result.sources
            show(run.progress(report.sources, len(listing.jobs)))
    report.failures += run.unfit
    ordered = [done[number] for number in sorted(done)]
    report.new = sum(one.is_new for one in ordered)
    report.records = sum(one.records for one in ordered)
    report.errors = [error for one in ordered for error in one.errors]
    if len(done) == len(batches):
        names = [one.name for one in ordered]
        unread = listing.found.list_unread()
        manifest = ClusterManifest(
            parser=expected.fitness.parser,
            is_complete=True,
            partitions=names,
            sources=report.sources,
            records=report.records,
            unread=unread,
        )
        write_cluster_manifest(storage, manifest)
        remove_others(storage, manifest)
        report.is_complete = True
    return report


@contextmanager
def _connect(cluster: Cluster) -> Iterator[Client]:
    """Connect to a scheduler, or start one with workers here. Raises ClusterError."""
    if cluster.local:
        with (
            dask.config.set(_QUIET),
            LocalCluster(
                n_workers=cluster.local,
                threads_per_worker=1,
                dashboard_address="127.0.0.1:0",
                silence_logs="ERROR",
            ) as local,
            Client(local, set_as_default=False) as client,
            client.as_current(),
        ):
            yield client
        return
    address = cluster.address or _read_address(cluster.file)
    try:
        with warnings.catch_warnings():
            # Which libraries must be the same is checked by us.
            warnings.simplefilter("ignore")
            client = Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        fact = f"no scheduler answers there ({error or type(error).__name__})"
        remedy = "check the address, and that dask scheduler runs there"
        raise ClusterError(address, fact, remedy) from error
    with client, client.as_current():
        yield client


def _read_address(path: Path | None) -> str:
    """Read the address of a scheduler in the file that it has written. Raises ClusterError."""
    remedy = "name the file that dask scheduler --scheduler-file has written"
    try:
        found = json.loads(path.read_bytes()) if path else None
    except OSError as error:
        raise ClusterError(path, f"cannot be read ({error.strerror or error})", remedy) from error
    except ValueError:
        found = None
    address = found.get("address") if isinstance(found, dict) else None
    if not isinstance(address, str):
        raise ClusterError(path, "names no scheduler", remedy)
    return address


class _Run:
    """The batches of a run on their way through a cluster.

    `unfit` are the errors of workers that would give other records; where there are any, batches go to
    the others only.
    """

    def __init__(
        self, client: Client, batches: Sequence[_Batch], target: str, expected: Expected
    ) -> None:
        self.unfit: list[ClusterError] = []
        self._client = client
        self._batches = batches
        self._target = target
        self._expected = expected
        self._waiting = list(reversed(range(len(batches))))
        self._given: dict[Future, int] = {}
        self._tries: dict[int, int] = {}
        self._fit: list[str] = []
        self._done = 0

    def progress(self, sources: int, all_sources: int) -> Progress:
        """Return how far this run is."""
        workers = len(self._find_workers())
        return Progress(self._done, len(self._batches), sources, all_sources, workers)

    def results(self) -> Iterator[tuple[int, BatchReport | PipelineError]]:
        """Yield the number of each batch when it is done, with its report or why it could not be done."""
        self._wait_for_workers()
        self._check_workers()
        while self._waiting or self._given:
            self._give()
            try:
                finished = wait(list(self._given), _EVERY, return_when="FIRST_COMPLETED").done
            except TimeoutError:
                self._look_after()
                continue
            except CancelledError as error:
                raise self._lost() from error
            for future in finished:
                number = self._given.pop(future)
                try:
                    result = self._take(future, number)
                except (CancelledError, OSError) as error:
                    raise self._lost() from error
                if result is not None:
                    self._done += 1
                    yield number, result

    def _wait_for_workers(self) -> None:
        try:
            self._client.wait_for_workers(1, timeout=_CONNECT_SECONDS)
        except TimeoutError as error:
            fact, remedy = "has no workers", "start some: dask worker and its address"
            raise ClusterError(self._name(), fact, remedy) from error

    def _name(self) -> str:
        return f"scheduler {self._client.scheduler.address}"

    def _find_workers(self) -> dict[str, int]:
        """Return how many threads each worker has, by its address."""
        return dict(self._client.nthreads())

    def _check_workers(self) -> None:
        """Find the workers that would give the same records. Raises ClusterError where none would."""
        told = self._client.run(find_fitness, self._expected.tables, on_error="return")
        self._fit = []
        unfit = {one.place for one in self.unfit}
        for address, has in told.items():
            try:
                check_fitness(address, has, self._expected.fitness)
                self._fit.append(address)
            except ClusterError as error:
                if error.place not in unfit:
                    self.unfit.append(error)
        if not self._fit:
            raise self.unfit[0] if self.unfit else self._lost()

    def _give(self) -> None:
        """Give as many batches as keep all workers busy."""
        most = _AHEAD * max(1, sum(self._find_workers().values()))
        while self._waiting and len(self._given) < most:
            number = self._waiting.pop()
            self._tries[number] = self._tries.get(number, 0) + 1
            future = self._client.submit(
                parse_batch,
                self._batches[number],
                self._target,
                self._expected,
                pure=False,
                workers=self._fit if self.unfit else None,
            )
            self._given[future] = number

    def _take(self, future: Future, number: int) -> BatchReport | PipelineError | None:
        """Return what came of a batch; None where it has to be given again."""
        error = future.exception() if future.status == "error" else None
        if error is None:
            result: BatchReport = future.result()
            return result
        is_unfit = isinstance(error, ClusterError | ImportError)
        if is_unfit:
            self._check_workers()
        if is_unfit or isinstance(error, KilledWorker):
            if self._tries[number] < _MOST_TRIES:
                self._waiting.append(number)
                return None
            first = self._batches[number][0].job.shown
            fact = "the workers of its batch died each time"
            return ClusterError(first, fact, f"look at the logs of the workers; {_AGAIN}")
        if isinstance(error, PipelineError):
            return error
        return UnexpectedError.of(self._batches[number][0].job.shown, error)

    def _look_after(self) -> None:
        """See whether the scheduler is there, and whether the workers are that batches were given to."""
        if self._client.status not in ("running", "connecting"):
            raise self._lost()
        if self.unfit and self._given:
            alive = self._find_workers().keys()
            if alive and alive.isdisjoint(self._fit):
                self._check_workers()
                self._client.cancel(list(self._given), force=True)
                self._waiting += self._given.values()
                self._given.clear()

    def _lost(self) -> ClusterError:
        return ClusterError(self._name(), "does not answer any more", f"start it again; {_AGAIN}")
