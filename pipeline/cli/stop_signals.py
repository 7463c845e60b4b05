"""Stop a run by a signal so that it cleans up behind itself, as Ctrl-C does."""

from __future__ import annotations

import signal
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_STOPPING = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
# A second signal within this time must not end what the first one made clean up.
_GRACE = 2.0


class Stopped(SystemExit):
    """A signal stops the run; `name` is that of the signal, `code` the exit code for it."""

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)
        self.name = signal.Signals(number).name


@contextmanager
def raise_on_signals() -> Iterator[None]:
    """Raise Stopped at SIGTERM, SIGHUP and SIGINT while the block runs.

    Signals that are ignored (nohup) stay so, and so do handlers that someone else has set.
    """
    last = -_GRACE

    def stop(number: int, _frame: FrameType | None) -> None:
        nonlocal last
        if time.monotonic() - last < _GRACE:
            return
        last = time.monotonic()
        raise Stopped(number)

    ours = {one: signal.getsignal(one) for one in _STOPPING}
    usual = (signal.SIG_DFL, signal.default_int_handler)
    ours = {one: before for one, before in ours.items() if before in usual}
    try:
        for one in ours:
            signal.signal(one, stop)
    except ValueError:
        # Python delivers signals to the main thread alone; another one leaves them as they are.
        ours = {}
    try:
        yield
    finally:
        for one, before in ours.items():
            signal.signal(one, before)
