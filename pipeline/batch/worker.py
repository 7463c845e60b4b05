"""Do the work of each source in one child process, which a hostile file may hang or kill.

The child is a copy of this process (fork), so that no table is loaded twice, and lives from source
to source. It is given some sources together; one that dies or is stopped costs the source it was at,
and the next ones get a new child.
"""

from __future__ import annotations

import gc
import io
import os
import pickle
import select
import shutil
import signal
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
from pipeline.batch.pipes import ALL_DONE, PIPE_SIZE, Ends, Results, Sender, make_pipe
from pipeline.errors import ResourceError

if TYPE_CHECKING:
    from pipeline.batch.jobs import Job
    from pipeline.errors import PipelineError


class Result(Protocol):
    """What comes out of a job; it must be picklable."""

    @property
    def error(self) -> PipelineError | None:
        """The error that the job met, if any."""


T = TypeVar("T", bound=Result)
_STOPPING = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
# A child that was told to stop cleans up behind itself; after so many seconds it is killed.
_CLEANING = 3.0
# A library may forbid a new child for a moment; whoever goes on with it for so many seconds is broken.
_FORBIDDEN = 10.0
# A child is given so many jobs at once (at most 255), or fewer with so many bytes of files.
_MOST_JOBS, _MOST_BYTES = 32, 2**18
# After so many of them it tells that they may be read, and they are while it does the next.
_JOBS_A_BELL = 8
_READ_AT_ONCE = 2**17
# Where the system lists the open files of a process.
_OPEN_FILES = "/dev/fd"


class _Child(NamedTuple):
    """A running child: jobs go in, results come out; its temporary files lie in a folder.

    `bell` gives how many of the jobs given together may be read, each number a byte, and zero where
    all are done: to wait for the results themselves would wake this process for each, which costs
    more than to pass it on.
    """

    pid: int
    jobs: IO[bytes]
    pipe: Results
    results: IO[bytes]
    bell: int
    folder: str


class Worker(Generic[T]):
    """A child process that does one job after another; leaving the context ends it.

    `work` yields the results of a job, which are sent as they come. `wait` is called where there is
    nothing to go on with, with further files that may become readable; it returns after it has called
    `hear` of this worker, and may look after others meanwhile.
    """

    def __init__(
        self,
        work: Callable[[Job], Iterator[T]],
        wait: Callable[[Sequence[int]], object] | None = None,
    ) -> None:
        self._work = work
        self._wait = wait or (lambda files: wait_for([self], files))
        self._child: _Child | None = None
        # What the child has been given and whose results have not been read, in its order.
        self._given: deque[Job] = deque()
        # How many of all its jobs have been read, may be read, and were done when it told so.
        self._read = self._ready = self._done = 0
        # How many it was given each time that it has not told the end of.
        self._together: deque[int] = deque()
        # Whether it will tell no more.
        self._is_silent = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def give(self, some: Sequence[Job]) -> None:
        """Give the child jobs to do, at most `_MOST_JOBS`; it must be idle."""
        if not self._given:
            # One that died since its last job, as where its machine was short of memory, is not given
            # another one, which would be blamed for it.
            while wait_for([self], milliseconds=0):
                pass
            if self._is_silent:
                self.end()
        if self._child is None:
            self._child = _start(self._work, self._wait)
            self._read = self._ready = self._done = 0
            self._is_silent = False
        self._given.extend(some)
        self._together.append(len(some))
        # That it has died is met where its results are read.
        with suppress(OSError):
            pickle.dump([*some], self._child.jobs, pickle.HIGHEST_PROTOCOL)
            self._child.jobs.flush()

    def run(self, job: Job, following: Sequence[Job] = ()) -> Iterator[T]:
        """Yield the results of a job.

        `following` are the jobs that will be run next, in this order: the child is given them together
        with this one, and is at work on them while the results of this one are used. Raises
        ResourceError where the child dies at the job or takes longer than a file of this size may; what
        it had sent before has been yielded.
        """
        if self._given and self._given[0] is not job:
            self.end()
        if not self._given:
            self.give((job, *following))
        is_alive = True
        try:
            while self._ready <= self._read and not self._is_silent:
                self._wait(())
            results = self._child.results if self._child else io.BytesIO()
            # The child is this program: what it sends is ours.
            while isinstance(message := pickle.load(results), tuple):  # noqa: S301
                yield message[0]
            is_alive = message
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            fact, remedy = describe_end(self._go_on(), allow(job.size))
            raise ResourceError(job.shown, fact, remedy) from error
        if is_alive:
            self._given.popleft()
            self._read += 1
        else:
            self._go_on()

    @property
    def is_idle(self) -> bool:
        """Whether the child has done all that it was given: it has told so, or all results have been read."""
        return not self._together or not self._given

    @property
    def bell(self) -> int | None:
        """The file that can be read when the child has told something; None where it will not."""
        return self._child.bell if self._child and not self._is_silent else None

    @property
    def waiting(self) -> int:
        """The bytes of results that wait for their turn."""
        return self._child.pipe.waiting if self._child else 0

    def hear(self) -> None:
        """Take what the child tells, and what it has sent."""
        if self._child is None:
            return
        told = os.read(self._child.bell, PIPE_SIZE)
        # No byte comes from a child that has died: what it had sent before is read.
        self._is_silent = not told
        for number in told:
            if number == ALL_DONE:
                self._done += self._together.popleft()
                self._ready = self._done
            else:
                self._ready = max(self._ready, self._done + number)
        self._child.pipe.take_ahead()

    def end(self) -> int:
        """End the child if there is one, and remove its temporary files; return its exit status."""
        child, self._child = self._child, None
        is_busy = bool(self._given)
        self._given.clear()
        self._together.clear()
        if child is None:
            return 0
        with suppress(OSError):
            child.jobs.close()
        try:
            return _wait_for_end(child.pid, is_busy=is_busy)
        finally:
            child.results.close()
            os.close(child.bell)
            shutil.rmtree(child.folder, ignore_errors=True)

    def _go_on(self) -> int:
        """End the child at the first of its jobs, give the others to a new one; return its status."""
        _, *others = self._given
        status = self.end()
        if others:
            self.give(others)
        return status


def wait_for(
    workers: Iterable[Worker[Any]], files: Sequence[int] = (), milliseconds: int | None = None
) -> bool:
    """Wait until one of the workers tells something or one of the files can be read; hear who tells.

    Returns False where nothing of it has happened in so many milliseconds.
    """
    bells = {worker.bell: worker for worker in workers if worker.bell is not None}
    poll = select.poll()
    for one in (*bells, *files):
        poll.register(one, select.POLLIN)
    happened = poll.poll(milliseconds)
    for one, _ in happened:
        if one in bells:
            bells[one].hear()
    return bool(happened)


def split_jobs(jobs: Iterable[Job]) -> Iterator[list[Job]]:
    """Yield the jobs in their order, as many together as a child should be given at once."""
    some: list[Job] = []
    size = 0
    for job in jobs:
        some.append(job)
        size += job.size
        if size >= _MOST_BYTES or len(some) >= _MOST_JOBS:
            yield some
            some, size = [], 0
    if some:
        yield some


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


def _start(work: Callable[[Job], Iterator[Any]], wait: Callable[[Sequence[int]], object]) -> _Child:
    """Start a child that does this work; `wait` is for more of its results."""
    # A signal that stops the run waits until the child is known, and can be ended.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)
    try:
        folder = tempfile.mkdtemp(prefix="fengong-")
        (jobs_in, jobs_out), (results_in, results_out), (bell_in, bell_out) = (
            make_pipe(),
            make_pipe(),
            os.pipe(),
        )
        try:
            pid = _fork()
        except BaseException:
            for one in (jobs_in, jobs_out, results_in, results_out, bell_in, bell_out):
                os.close(one)
            shutil.rmtree(folder)
            raise
        if not pid:
            _live(work, jobs_in, Ends(results_out, bell_out), folder)
        for one in (jobs_in, results_out, bell_out):
            os.close(one)
        pipe = Results(results_in, lambda: wait([results_in]))
        results = io.BufferedReader(pipe, _READ_AT_ONCE)
        return _Child(pid, os.fdopen(jobs_out, "wb"), pipe, results, bell_in, folder)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _fork() -> int:
    """Fork this process. Raises OSError, and RuntimeError where a library goes on to forbid it."""
    until = time.monotonic() + _FORBIDDEN
    while True:
        try:
            with warnings.catch_warnings():
                # Other threads are no danger: the child takes none of the locks that they may hold.
                warnings.simplefilter("ignore", DeprecationWarning)
                return os.fork()
        except RuntimeError:
            # filelock, which Dask uses, forbids it while another thread opens or closes a lock.
            if time.monotonic() > until:
                raise
            time.sleep(0.01)


def _live(work: Callable[[Job], Iterator[Any]], jobs_in: int, ends: Ends, folder: str) -> NoReturn:
    """Be the child: do jobs until there are no more; never return into the parent's code."""
    code = 1
    try:
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
            _serve(work, os.fdopen(jobs_in, "rb"), Sender(ends))
            code = 0
        finally:
            # Who is told to stop while it ends must not leave this for what the parent was doing.
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            # Also where the parent was killed and cannot remove it.
            shutil.rmtree(folder, ignore_errors=True)
    finally:
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


def _serve(work: Callable[[Job], Iterator[Result]], jobs: IO[bytes], sender: Sender) -> None:
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
            if number == len(some):
                sender.ring(ALL_DONE)
            elif number % _JOBS_A_BELL == 0:
                sender.ring(number)


def _do(
    job: Job,
    number: int,
    work: Callable[[Job], Iterator[Result]],
    sender: Sender,
    memory: MemoryLimit,
) -> bool:
    """Do a job and send its results, each in a tuple, then whether this process takes another one.

    Returns that answer too.
    """
    is_fit = True
    allowance = allow(job.size)
    memory.allow(allowance.memory)
    start_time(allowance)
    for result in work(job):
        is_fit &= not isinstance(result.error, ResourceError)
        # Until these are taken, this process may wait for its turn.
        stop_time()
        # Now: a later document of an archive may end this process.
        sender.send((result,), number)
        # Each document of an archive may take as long.
        start_time(allowance)
    stop_time()
    is_fit &= not memory.is_swollen()
    sender.send(is_fit, number)
    return is_fit
