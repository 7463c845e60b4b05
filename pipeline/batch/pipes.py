"""The pipes between a run and its child processes: what is sent, told, and taken ahead of its use."""

from __future__ import annotations

import io
import os
import pickle
import sys
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed import WriteableBuffer

PIPE_SIZE = 2**20
# Of the results of one child so many bytes are kept until their turn; then it waits.
_MOST_AHEAD = 2**24
# What a child tells where it has done all jobs that it was given together.
ALL_DONE = 0


class Results(io.RawIOBase):
    """The results of a child as a stream, with what was taken out of its pipe ahead of their use.

    `wait` returns when there may be more in the pipe.
    """

    def __init__(self, end: int, wait: Callable[[], object]) -> None:
        os.set_blocking(end, False)
        self._end = end
        self._wait = wait
        self._ahead: deque[memoryview] = deque()
        # The bytes that were taken and not yet used.
        self.waiting = 0

    def readable(self) -> bool:
        """Answer that this stream is read."""
        return True

    def fileno(self) -> int:
        """Return the end of the pipe."""
        return self._end

    def readinto(self, room: WriteableBuffer) -> int:
        """Fill some of the room, and wait where there is nothing; return 0 at the end."""
        while not self._ahead:
            try:
                return os.readv(self._end, [room])
            except BlockingIOError:
                # Also what was taken ahead in this time comes first.
                self._wait()
        return self._use_ahead(memoryview(room))

    def take_ahead(self) -> None:
        """Take what is in the pipe, so that the child need not wait, up to a limit."""
        with suppress(BlockingIOError):
            while self.waiting < _MOST_AHEAD and (data := os.read(self._end, PIPE_SIZE)):
                self._ahead.append(memoryview(data))
                self.waiting += len(data)

    def close(self) -> None:
        """Close the end of the pipe."""
        if not self.closed:
            os.close(self._end)
        super().close()

    def _use_ahead(self, room: memoryview) -> int:
        first = self._ahead.popleft()
        size = min(len(first), len(room))
        room[:size] = first[:size]
        if size < len(first):
            self._ahead.appendleft(first[size:])
        self.waiting -= size
        return size


def make_pipe() -> tuple[int, int]:
    """The two ends of a pipe that holds an ordinary record, so that its writer need not wait."""
    ends = os.pipe()
    if sys.platform == "linux":
        import fcntl  # noqa: PLC0415

        with suppress(OSError):
            fcntl.fcntl(ends[1], fcntl.F_SETPIPE_SZ, PIPE_SIZE)
    return ends


class Ends(NamedTuple):
    """The ends of the pipes that a child writes into."""

    results: int
    bell: int


class Sender:
    """Sends the results of jobs, and rings where the parent has to read them."""

    def __init__(self, ends: Ends) -> None:
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
