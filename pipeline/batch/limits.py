"""What one source may take of the machine, and how a process is held to it.

The system itself keeps the limits: timers end the process by a signal when its time is up, however
deep in a library it is, and memory beyond the limit is refused. macOS accepts the limit of memory
and does not keep it; there only time is limited.
"""

from __future__ import annotations

import resource
import signal
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

_MIB = 2**20
# An ordinary file of 100 KB takes 0.1 s and 10 MB.
_SECONDS, _SECONDS_A_MIB = 8.0, 20.0
_MEMORY, _MEMORY_A_BYTE = 768 * _MIB, 100
# A program that converts a file has 120 s of its own, and its time is not that of the process.
_WAITING, _WAITING_TIMES = 180.0, 10.0
# A process that has grown beyond this is replaced.
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
    return Allowance(busy, _WAITING + _WAITING_TIMES * busy, _MEMORY + _MEMORY_A_BYTE * size)


def hold_to(allowance: Allowance) -> None:
    """Start this process's time anew, and limit the memory that it may take on top of now's."""
    signal.setitimer(signal.ITIMER_PROF, allowance.busy)
    signal.setitimer(signal.ITIMER_REAL, allowance.waiting)
    _limit_memory(allowance.memory)


def let_go() -> None:
    """Take the limits of time off this process until the next `hold_to`."""
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)


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


def is_swollen() -> bool:
    """Answer whether this process takes so much memory that another one should go on."""
    return _memory_now()[1] > _MOST_RESIDENT


def _memory_now() -> tuple[int, int]:
    """The bytes of this process's address space, and those in memory; 0 where nothing tells."""
    try:
        pages = _PAGES_OF_MEMORY.read_bytes().split()
        size, resident = int(pages[0]), int(pages[1])
    except (OSError, ValueError, IndexError):
        return 0, 0
    page = resource.getpagesize()
    return size * page, resident * page


def _limit_memory(more: int) -> None:
    size, _ = _memory_now()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = size + more
    soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
