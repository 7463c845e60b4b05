"""What one source may take of the machine, and how a process is held to it.

The system itself keeps the limits: timers end the process by a signal when its time is up, however
deep in a library it is, and memory beyond the limit is refused. macOS accepts the limit of memory
and does not keep it; there only time is limited.
"""

from __future__ import annotations

import resource
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

_MIB = 2**20
# An ordinary file of 100 KB takes 0.1 s and 10 MB.
_SECONDS, _SECONDS_A_MIB = 8.0, 20.0
_MEMORY, _MEMORY_A_BYTE = 768 * _MIB, 100
_MEMORY_STEP = 64 * _MIB
# A program that converts a file has 120 s of its own, and its time is not that of the process.
_WAITING, _WAITING_TIMES = 180.0, 10.0
# A process that had so much more in memory than when it began is replaced.
_MOST_RESIDENT = 1024 * _MIB
_PAGES_OF_MEMORY = Path("/proc/self/statm")


class Allowance(NamedTuple):
    """Seconds of processor time, seconds from start to end, and bytes of memory on top of now's."""

    busy: float
    waiting: float
    memory: int


def allow(size: int) -> Allowance:
    """Return what a file of so many bytes may take."""
    busy = _SECONDS + _SECONDS_A_MIB * size / _MIB
    # In steps, so that ordinary files have one limit, which need not be set again.
    memory = _MEMORY + -(-size * _MEMORY_A_BYTE // _MEMORY_STEP) * _MEMORY_STEP
    return Allowance(busy, _WAITING + _WAITING_TIMES * busy, memory)


def start_time(allowance: Allowance) -> None:
    """Start the time that this process may take; it ends the process when it is up."""
    signal.setitimer(signal.ITIMER_PROF, allowance.busy)
    signal.setitimer(signal.ITIMER_REAL, allowance.waiting)


def stop_time() -> None:
    """Take the limits of time off this process until the next `start_time`."""
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)


class MemoryLimit:
    """The limit of this process's memory: set anew where another one is due, as asking is slow."""

    def __init__(self) -> None:
        self._more = 0
        self._peak = 0
        # What it has from its parent is no reason for another one: that would have the same.
        self._most = _find_peak() + _MOST_RESIDENT

    def allow(self, more: int) -> None:
        """Limit memory to what there is now and so many bytes."""
        peak = _find_peak()
        # Libraries that were loaded since are not the next file's memory.
        if more != self._more or peak > self._peak + _MEMORY_STEP:
            self._more, self._peak = more, peak
            _limit_memory(_find_size() + more)

    def is_swollen(self) -> bool:
        """Answer whether this process took so much memory that another one should go on."""
        return _find_peak() > self._most


def reset_signals() -> None:
    """Let the timers end this process, whatever its parent did with their signals."""
    for one in (signal.SIGPROF, signal.SIGALRM):
        signal.signal(one, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGPROF, signal.SIGALRM))


def forbid_core_files() -> None:
    """Leave no picture of the memory in the current folder when this process crashes."""
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def describe_end(status: int, allowance: Allowance) -> tuple[str, str]:
    """Return what ended a process that was held to an allowance, and the remedy."""
    number = -status
    split = "split it, or save it again with its own program"
    if number == signal.SIGPROF:
        return f"takes more than {allowance.busy:.0f} s to read and parse", split
    if number == signal.SIGALRM:
        return f"is not read after {allowance.waiting:.0f} s", split
    name = signal.Signals(number).name if number > 0 else f"exit code {status}"
    fact = f"ends the process that reads it ({name})"
    return fact, "it may be damaged: save it again with its own program"


def _find_peak() -> int:
    """The most bytes that this process has had in memory."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def _find_size() -> int:
    """The bytes of this process's address space; 0 where nothing tells."""
    try:
        pages = int(_PAGES_OF_MEMORY.read_bytes().split(maxsplit=1)[0])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * resource.getpagesize()


def _limit_memory(most: int) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
