"""Take more time and memory than a file of its size may: for work that a file's size tells nothing of."""

from __future__ import annotations

import resource
import signal
from contextlib import suppress

_TIMERS = (signal.ITIMER_PROF, signal.ITIMER_REAL)


def take_more_time(seconds: float) -> None:
    """Put off by so many seconds the timers that will end this process, where any are running."""
    for timer in _TIMERS:
        left = signal.getitimer(timer)[0]
        if left:
            signal.setitimer(timer, left + seconds)


def take_more_memory(size: int) -> None:
    """Raise the limit of this process's memory, where it has one, by so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    if soft == resource.RLIM_INFINITY:
        return
    more = soft + size
    with suppress(ValueError, OSError):
        resource.setrlimit(
            resource.RLIMIT_AS, (more if hard == resource.RLIM_INFINITY else min(more, hard), hard)
        )
