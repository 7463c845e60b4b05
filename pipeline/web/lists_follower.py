"""Bring lists and searches up to date behind the corrections, so that nobody waits for it."""

from __future__ import annotations

import logging
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING

from pipeline.errors import PipelineError

if TYPE_CHECKING:
    from pipeline.web.library import Library

LOG = logging.getLogger("fengong.web")
# One change after the other of a large notice would keep a processor busy.
_REST_SECONDS = 0.5


class ListsFollower:
    """A thread that loads the lists of a library when it is told of a change, and ends when it has rested."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._told, self._ended = Event(), Event()
        self._starting = Lock()
        self._thread: Thread | None = None

    def tell(self) -> None:
        """Have the lists brought up to date soon."""
        with self._starting:
            self._told.set()
            if self._thread is None and not self._ended.is_set():
                self._thread = Thread(target=self._run, name="fengong-lists", daemon=True)
                self._thread.start()

    def end(self) -> None:
        """Do nothing more; what is being loaded is loaded."""
        self._ended.set()
        with self._starting:
            thread = self._thread
        if thread:
            thread.join()

    def _run(self) -> None:
        while True:
            self._told.clear()
            try:
                self._library.load_lists()
            except PipelineError:
                # Whoever asks for a list next is told.
                pass
            except Exception:
                LOG.exception("lists cannot be brought up to date")
            self._ended.wait(_REST_SECONDS)
            with self._starting:
                if self._ended.is_set() or not self._told.is_set():
                    self._thread = None
                    return
