"""Do the work of many sources in several child processes, and give the results in the sources' order."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Generic, NamedTuple, Self, TypeVar

from pipeline.batch.worker import Result, Worker, split_jobs, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pipeline.batch.jobs import Job

T = TypeVar("T", bound=Result)
# So many jobs are looked at ahead of the one whose results are used,
_MOST_AHEAD = 2048
# and so many bytes of results wait for their turn, besides what is in the pipes.
_MOST_BYTES_AHEAD = 2**25


class Done(NamedTuple, Generic[T]):
    """A job in its turn, what was found when it was chosen, and its results as they come.

    `found` is None for a job that was not chosen; it has no results.
    """

    job: Job
    found: str | None
    results: Iterator[T]


class Pool(Generic[T]):
    """Several workers that share the jobs; leaving the context ends them.

    Whichever worker has nothing to do is given the next jobs, some at a time. The results come in the
    order of the jobs whatever the number of workers. `work` is as in `Worker`; `load` is called before
    a second process is made, so that what it loads is shared.
    """

    def __init__(
        self, work: Callable[[Job], Iterator[T]], count: int, load: Callable[[], None]
    ) -> None:
        self._workers = [Worker(work, self._wait) for _ in range(count)]
        self._load = load
        self._ahead: deque[tuple[Job, str | None, Worker[T]]] = deque()
        self._portions: Iterator[list[Job]] = iter(())
        self._choose: Callable[[Job], str | None] = str
        # What went wrong while jobs were looked at ahead.
        self._error: Exception | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """End all workers and forget their jobs; a later run starts new ones."""
        self._ahead.clear()
        self._portions, self._error = iter(()), None
        for worker in self._workers:
            worker.end()

    def run(self, jobs: Iterable[Job], choose: Callable[[Job], str | None]) -> Iterator[Done[T]]:
        """Yield the jobs in their order, those with their results for which `choose` finds a text.

        The results of one are to be used before the next is asked for. They raise ResourceError as
        `Worker.run` does. What `jobs` or `choose` raise comes when the jobs before have been yielded.
        """
        self._portions, self._choose = split_jobs(jobs), choose
        while True:
            self._give()
            if not self._ahead:
                break
            job, found, worker = self._ahead.popleft()
            yield Done(job, found, iter(()) if found is None else worker.run(job))
        if self._error:
            raise self._error
        if next(self._portions, None) is not None:
            message = "jobs are left though all workers have done theirs"
            raise RuntimeError(message)

    def _wait(self, files: Sequence[int]) -> None:
        wait_for(self._workers, files)
        self._give()

    def _give(self) -> None:
        """Give jobs to the workers that have nothing to do."""
        try:
            for worker in self._workers:
                while worker.is_idle and self._may_look_ahead():
                    portion = next(self._portions, None)
                    if portion is None:
                        return
                    self._give_to(worker, portion)
        except Exception as error:  # noqa: BLE001 - raised in its turn, not in that of another job
            self._error, self._portions = error, iter(())

    def _give_to(self, worker: Worker[T], portion: Sequence[Job]) -> None:
        found = [(job, self._choose(job)) for job in portion]
        chosen = [job for job, one in found if one is not None]
        if chosen:
            if worker is not self._workers[0]:
                self._load()
            worker.give(chosen)
        self._ahead += ((job, one, worker) for job, one in found)

    def _may_look_ahead(self) -> bool:
        waiting = sum(worker.waiting for worker in self._workers)
        return len(self._ahead) < _MOST_AHEAD and waiting < _MOST_BYTES_AHEAD
