"""Do the work of each source in one child process, which a hostile file may hang or kill.

The child is a copy of this process (fork), so that no table is loaded twice, and lives from source
to source. It is given some sources together; one that dies or is stopped costs the source it was at,
and the next ones get a new child.
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
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
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
# A child is given so many jobs at once (at most 255), or fewer with so many bytes of files.
_MOST_JOBS, _MOST_BYTES = 32, 2**18
# After so many of them it tells that they may be read, and they are while it does the next.
_JOBS_A_BELL = 8
# Where the system lists the open files of a process.
_OPEN_FILES = "/dev/fd"


class _Child(NamedTuple):
    """A running child: jobs go in, results come out; its temporary files lie in a folder.

    `bell` gives how many of the jobs given together may be read, each number a byte: to wait for the
    results themselves would wake this process for each, which costs more than to pass it on.
    """

    pid: int
    jobs: IO[bytes]
    results: IO[bytes]
    bell: IO[bytes]
    folder: str


class Worker(Generic[T]):
    """A child process that does one job after another; leaving the context ends it.

    `work` yields the results of a job, which are sent as they come.
    """

    def __init__(self, work: Callable[[Job], Iterator[T]]) -> None:
        self._work = work
        self._child: _Child | None = None
        # What the child has been given and has not told the end of, the one that it is at first.
        self._given: deque[Job] = deque()
        # Of the jobs that were given together: how many have been read, and how many may be.
        self._done = self._ready = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def run(self, job: Job, following: Sequence[Job] = ()) -> Iterator[T]:
        """Yield the results of a job.

        `following` are the jobs that will be run next, in this order: the child is given them together
        with this one, and is at work on them while the results of this one are used. Raises
        ResourceError where the child dies at the job or takes longer than a file of this size may; what
        it had sent before has been yielded.
        """
        child = self._find_child(job)
        is_alive = True
        try:
            if not self._given:
                self._given.extend((job, *following))
                self._done = self._ready = 0
                pickle.dump([*self._given], child.jobs, pickle.HIGHEST_PROTOCOL)
                child.jobs.flush()
            while self._ready <= self._done:
                # No byte comes from a child that has died: what it had sent before is read.
                self._ready = max(child.bell.read(_PIPE_SIZE), default=_MOST_JOBS)
            # The child is this program: what it sends is ours.
            while isinstance(message := pickle.load(child.results), tuple):  # noqa: S301
                yield message[0]
            self._given.popleft()
            self._done += 1
            is_alive = message
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            fact, remedy = describe_end(self._end(), allow(_size(job)))
            raise ResourceError(job.shown, fact, remedy) from error
        if not is_alive:
            self._end()

    def _find_child(self, job: Job) -> _Child:
        """Return the child that has been given a job and is at it, or one that has nothing to do."""
        is_given = bool(self._given) and self._given[0] is job
        if self._child is None or (self._given and not is_given):
            self._end()
            self._child = _start(self._work)
        return self._child

    def _end(self) -> int:
        """End the child if there is one, and remove its temporary files; return its exit status."""
        child, self._child = self._child, None
        if child is None:
            return 0
        is_busy = bool(self._given)
        self._given.clear()
        with suppress(OSError):
            child.jobs.close()
        try:
            return _wait_for_end(child.pid, is_busy=is_busy)
        finally:
            child.results.close()
            child.bell.close()
            shutil.rmtree(child.folder, ignore_errors=True)


def split_jobs(jobs: Iterable[Job]) -> Iterator[list[Job]]:
    """Yield the jobs in their order, as many together as a child should be given at once."""
    some: list[Job] = []
    size = 0
    for job in jobs:
        some.append(job)
        size += _size(job)
        if size >= _MOST_BYTES or len(some) >= _MOST_JOBS:
            yield some
            some, size = [], 0
    if some:
        yield some


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
        (jobs_in, jobs_out), (results_in, results_out), (bell_in, bell_out) = (
            _pipe(),
            _pipe(),
            os.pipe(),
        )
        with warnings.catch_warnings():
            # Other threads are no danger here: the child takes none of the locks that they may hold.
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        if not pid:
            _live(work, jobs_in, _Ends(results_out, bell_out), folder)
        for one in (jobs_in, results_out, bell_out):
            os.close(one)
        jobs = os.fdopen(jobs_out, "wb")
        results, bell = os.fdopen(results_in, "rb"), os.fdopen(bell_in, "rb", 0)
        return _Child(pid, jobs, results, bell, folder)
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


class _Ends(NamedTuple):
    """The ends of the pipes that a child writes into."""

    results: int
    bell: int


class _Sender:
    """Sends the results of jobs, and rings where the parent has to read them."""

    def __init__(self, ends: _Ends) -> None:
        self._results = os.fdopen(ends.results, "wb")
        self._bell = ends.bell
        os.set_blocking(self._bell, False)
        self._room = self._left = _find_room(ends.results)

    def send(self, message: object, job: int) -> None:
        """Write a message of a job, by its number; ring before where it may not find room."""
        data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
        if len(data) > self._left:
            self.ring(job)
        self._left -= len(data)
        self._results.write(data)
        self._results.flush()

    def ring(self, job: int) -> None:
        """Tell the parent that all jobs up to this number may be read, this one as it is done."""
        # A full pipe has rung long before.
        with suppress(BlockingIOError):
            os.write(self._bell, bytes([job]))
        self._left = self._room


def _find_room(end: int) -> int:
    """The bytes that a pipe certainly takes while nobody reads; 0 where the system does not tell."""
    if sys.platform == "linux":
        import fcntl  # noqa: PLC0415

        with suppress(OSError):
            # Of a page that is half full the rest may stay empty.
            return fcntl.fcntl(end, fcntl.F_GETPIPE_SZ) // 2
    return 0


def _live(work: Callable[[Job], Iterator[Any]], jobs_in: int, ends: _Ends, folder: str) -> NoReturn:
    """Be the child: do jobs until there are no more; never return into the parent's code."""
    code = 1
    try:
        _detach(keep={jobs_in, *ends})
        reset_signals()
        forbid_core_files()
        signal.signal(signal.SIGTERM, _stop)
        # The parent is told by these, and tells the child.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)
        gc.freeze()
        tempfile.tempdir = folder
        _serve(work, os.fdopen(jobs_in, "rb"), _Sender(ends))
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


def _serve(work: Callable[[Job], Iterator[_Result]], jobs: IO[bytes], sender: _Sender) -> None:
    """Do the jobs that come, some at a time, each within its limits.

    It ends early where this process ran short of memory, which may have left a library half loaded.
    """
    memory = MemoryLimit()
    while True:
        try:
            some: list[Job] = pickle.load(jobs)  # noqa: S301 - from the parent
        except EOFError:
            return
        if len(some) == 1:
            # Its results are used as they come.
            sender.ring(1)
        for number, job in enumerate(some, 1):
            if not _do(job, number, work, sender, memory):
                # The end of this process rings as well.
                return
            if number % _JOBS_A_BELL == 0 or number == len(some):
                sender.ring(number)


def _do(
    job: Job,
    number: int,
    work: Callable[[Job], Iterator[_Result]],
    sender: _Sender,
    memory: MemoryLimit,
) -> bool:
    """Do a job and send its results, each in a tuple, then whether this process takes another one.

    Returns that answer too.
    """
    is_fit = True
    allowance = allow(_size(job))
    memory.allow(allowance.memory)
    start_time(allowance)
    for result in work(job):
        is_fit &= not isinstance(result.error, ResourceError)
        # Now: a later document of an archive may end this process.
        sender.send((result,), number)
        # Each document of an archive may take as long.
        start_time(allowance)
    stop_time()
    is_fit &= not memory.is_swollen()
    sender.send(is_fit, number)
    return is_fit
