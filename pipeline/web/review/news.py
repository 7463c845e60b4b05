"""Tell pages that are open when their notice has another version, as server-sent events."""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from pipeline.errors import PipelineError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from pipeline.web.library import Library, Snapshot

LOG = logging.getLogger("fengong.web")
# So many pages are told by events; any more ask from time to time.
MOST_STREAMS = 100
# What other programs write is looked for this often, for all pages together; the desk's own writes are told at once.
_LOOK_SECONDS = 1.0
# A page that has heard nothing for so long is sent a sign of life, by which those that are gone are found.
_PULSE_SECONDS = 15.0


class News:
    """The streams of one desk. All but `tell` and `end` is called in the loop of the server."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._streams: set[asyncio.Event] = set()
        self._snapshot: Snapshot | None = None
        self._watching: asyncio.Task[None] | None = None
        self._told = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._has_ended = False

    @property
    def is_full(self) -> bool:
        """Whether no more pages can be told by events."""
        return self._has_ended or len(self._streams) >= MOST_STREAMS

    async def follow(self, notice_id: str) -> AsyncIterator[str]:
        """Yield the version of a notice now, and each later one, as events."""
        if self.is_full:
            return
        changed = asyncio.Event()
        self._streams.add(changed)
        sent = ""
        try:
            if self._watching is None or self._watching.done():
                self._loop = asyncio.get_running_loop()
                self._watching = self._loop.create_task(self._watch())
            elif self._snapshot:
                changed.set()
            while not self._has_ended:
                try:
                    await asyncio.wait_for(changed.wait(), _PULSE_SECONDS)
                except TimeoutError:
                    yield ": nothing new\n\n"
                    continue
                changed.clear()
                version = self._version_of(notice_id)
                if version != sent:
                    yield f"data: {json.dumps({'version': version})}\n\n"
                    sent = version
        finally:
            self._streams.discard(changed)

    def tell(self) -> None:
        """Have the OUTPUT looked at now; from any thread."""
        self._call(self._told.set)

    def end(self) -> None:
        """End all streams; from any thread."""
        self._has_ended = True
        self._call(self._wake)

    def _call(self, act: Callable[[], None]) -> None:
        if self._loop:
            with suppress(RuntimeError):  # the loop is closed, and its streams with it
                self._loop.call_soon_threadsafe(act)

    def _version_of(self, notice_id: str) -> str:
        known = self._snapshot.manifest.records.get(notice_id) if self._snapshot else None
        return known.sha256 if known else ""

    async def _watch(self) -> None:
        """Look at the OUTPUT as long as there are streams; what cannot be read now is looked at again."""
        has_failed = False
        while self._streams and not self._has_ended:
            self._told.clear()
            try:
                snapshot = await run_in_threadpool(self._library.current)
                if snapshot is not self._snapshot:
                    self._snapshot = snapshot
                    self._wake()
                has_failed = False
            except PipelineError:
                pass
            except Exception:
                # Open pages ask nobody else, so the watch goes on; one failure after another is logged once.
                if not has_failed:
                    LOG.exception("open pages cannot be told of changes")
                has_failed = True
            with suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), _LOOK_SECONDS)
        self._snapshot = None

    def _wake(self) -> None:
        for one in self._streams:
            one.set()
