"""Do the work of each source in one child process, which a hostile file may hang or kill.

The child is a copy of this process (fork), so that no table is loaded twice, and lives from source
to source. A child that dies or is stopped costs the source it was at; the next one gets a new child.
"""

from __future__ import annotations

import gc
import os
import pickle
import shutil
import signal
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any, Generic, NamedTuple, NoReturn, Protocol, Self, TypeVar

from pipeline.batch.limits import (
    MemoryLimit,
    allow,
    describe_end,
    forbid_core_files,
    reset_signals,
    start_time,
    stop_time,
)
from pipeline.errors import ResourceError

if TYPE_CHECKING:
    from pipeline.batch.jobs import Job
    from pipeline.errors import PipelineError


class _Result(Protocol):
    """What comes out of a job; it must be picklable."""

    @property
    def error(self) -> PipelineError | None: ...


T = TypeVar("T", bound=_Result)
_STOPPING = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
# A child that was told to stop cleans up behind itself; after so many seconds it is killed.
_CLEANING = 3.0
_PIPE_SIZE = 2**20
# Where the system lists the open files of a process.
_OPEN_FILES = "/dev/fd"


class _Child(NamedTuple):
    """A running child: jobs go in, results come out; its temporary files lie in a folder."""

    pid: int
    jobs: IO[bytes]
    results: IO[bytes]
    folder: str


class Worker(Generic[T]):
    """A child process that does one job after another; leaving the context ends it.

    `work` yields the results of a job, which are sent as they come.
    """

    def __init__(self, work: Callable[[Job], Iterator[T]]) -> None:
        self._work = work
        self._child: _Child | None = None
        self._is_busy = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def run(self, job: Job) -> Iterator[T]:
        """Yield the results of a job.

        Raises ResourceError where the child dies at it or takes longer than a file of this size
        may; what it had sent before has been yielded.
        """
        if self._child is None or self._is_busy:
            self._end()
            self._child = _start(self._work)
        self._is_busy = True
        is_alive = True
        try:
            pickle.dump(job, self._child.jobs, pickle.HIGHEST_PROTOCOL)
            self._child.jobs.flush()
            # The child is this program: what it sends is ours.
            while isinstance(message := pickle.load(self._child.results), tuple):  # noqa: S301
                yield message[0]
            self._is_busy = False
            is_alive = message
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            fact, remedy = describe_end(self._end(), allow(_size(job)))
            raise ResourceError(job.shown, fact, remedy) from error
        if not is_alive:
            self._end()

    def _end(self) -> int:
        """End the child if there is one, and remove its temporary files; return its exit status."""
        child, self._child = self._child, None
        if child is None:
            return 0
        is_busy, self._is_busy = self._is_busy, False
        with suppress(OSError):
            child.jobs.close()
        try:
            return _wait_for_end(child.pid, is_busy=is_busy)
        finally:
            child.results.close()
            shutil.rmtree(child.folder, ignore_errors=True)


def _size(job: Job) -> int:
    try:
        return os.stat(job.path).st_size  # noqa: PTH116 - a fifth of the time of Path.stat
    except OSError:
        return 0


def _wait_for_end(pid: int, *, is_busy: bool) -> int:
    """Wait until a child has ended, and return its exit status, negative for a signal.

    An idle one ends because its pipe is closed; a busy one is told to, and killed where it does not.
    """
    ended, status = os.waitpid(pid, os.WNOHANG if is_busy else 0)
    if not ended:
        os.kill(pid, signal.SIGTERM)
        until = time.monotonic() + _CLEANING
        while not ended and time.monotonic() < until:
            time.sleep(0.005)
            ended, status = os.waitpid(pid, os.WNOHANG)
    if not ended:
        os.kill(pid, signal.SIGKILL)
        ended, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def _start(work: Callable[[Job], Iterator[Any]]) -> _Child:
    """Start a child that does this work."""
    # A signal that stops the run waits until the child is known, and can be ended.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)
    try:
        folder = tempfile.mkdtemp(prefix="fengong-")
        (jobs_in, jobs_out), (results_in, results_out) = _pipe(), _pipe()
        with warnings.catch_warnings():
            # Other threads are no danger here: the child takes none of the locks that they may hold.
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        if not pid:
            _live(work, jobs_in, results_out, folder)
        os.close(jobs_in)
        os.close(results_out)
        return _Child(pid, os.fdopen(jobs_out, "wb"), os.fdopen(results_in, "rb"), folder)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _pipe() -> tuple[int, int]:
    """The two ends of a pipe that holds an ordinary record, so that its writer need not wait."""
    ends = os.pipe()
    if sys.platform == "linux":
        import fcntl  # noqa: PLC0415

        with suppress(OSError):
            fcntl.fcntl(ends[1], fcntl.F_SETPIPE_SZ, _PIPE_SIZE)
    return ends


def _live(
    work: Callable[[Job], Iterator[Any]], jobs_in: int, results_out: int, folder: str
) -> NoReturn:
    """Be the child: do jobs until there are no more; never return into the parent's code."""
    code = 1
    try:
        _detach(keep={jobs_in, results_out})
        reset_signals()
        forbid_core_files()
        signal.signal(signal.SIGTERM, _stop)
        # The parent is told by these, and tells the child.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)
        gc.freeze()
        tempfile.tempdir = folder
        _serve(work, os.fdopen(jobs_in, "rb"), os.fdopen(results_out, "wb"))
        code = 0
    finally:
        # Also where the parent was killed and cannot remove it.
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(code)


def _stop(*_: object) -> NoReturn:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise SystemExit(1)


def _detach(keep: set[int]) -> None:
    """Let go of the parent's files, among them its lock, and print nothing.

    Their numbers stay taken: an object of the parent that closes its file must not hit another one.
    """
    nothing = os.open(os.devnull, os.O_RDWR)
    try:
        numbers = {int(name) for name in os.listdir(_OPEN_FILES)}  # noqa: PTH208
    except OSError:
        numbers = {0, 1, 2}
    for number in numbers - keep - {nothing}:
        with suppress(OSError):
            os.dup2(nothing, number)


def _serve(work: Callable[[Job], Iterator[_Result]], jobs: IO[bytes], results: IO[bytes]) -> None:
    """Do each job that comes, within its limits, and send its results, each in a tuple.

    After the last result of a job comes whether this process takes another one: not after it ran
    short of memory, which may have left a library half loaded.
    """
    memory = MemoryLimit()
    is_fit = True
    while is_fit:
        try:
            job = pickle.load(jobs)  # noqa: S301 - from the parent
        except EOFError:
            return
        allowance = allow(_size(job))
        memory.allow(allowance.memory)
        start_time(allowance)
        for result in work(job):
            is_fit &= not isinstance(result.error, ResourceError)
            pickle.dump((result,), results, pickle.HIGHEST_PROTOCOL)
            # Now: a later document of an archive may end this process.
            results.flush()
            # Each document of an archive may take as long.
            start_time(allowance)
        stop_time()
        is_fit &= not memory.is_swollen()
        pickle.dump(is_fit, results, pickle.HIGHEST_PROTOCOL)
        results.flush()
