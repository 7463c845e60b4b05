"""Tell on which file a run is at work, where one file takes long."""

from __future__ import annotations

import threading
import time
from contextvars import copy_context
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from pipeline.batch.jobs import Job

# Nearly every file is read and parsed in less time.
_EVERY = 10.0


class LongJobs:
    """A watch over the jobs of a run; `say` gets a line each ten seconds that one file takes."""

    def __init__(self, say: Callable[[str], None], every: float = _EVERY) -> None:
        self._say = say
        self._every = every
        self._current: tuple[str, float] | None = None
        self._done = threading.Event()
        self._thread = threading.Thread(target=copy_context().run, args=(self._watch,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        self._thread.join()

    def begin(self, job: Job | None) -> None:
        """Take a job as the current one, until the next; None where there are no more."""
        self._current = (job.shown, time.monotonic()) if job else None

    def report(self, now: float) -> str | None:
        """Return what there is to say at a time: the file, and for how long it has been read."""
        if self._current is None:
            return None
        path, since = self._current
        return (
            f"{path}: still at work after {now - since:.0f} s"
            if now - since >= self._every
            else None
        )

    def _watch(self) -> None:
        while not self._done.wait(self._every):
            words = self.report(time.monotonic())
            if words:
                self._say(words)
