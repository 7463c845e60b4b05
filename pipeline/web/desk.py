"""What all parts of a desk share: its settings, the library that they read, the writer of corrections."""

from __future__ import annotations

import asyncio
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from pipeline.web.library import Library
from pipeline.web.library.remembered import Remembered
from pipeline.web.lists_follower import ListsFollower
from pipeline.web.plans.runs import Runs
from pipeline.web.plans.sent_files import remove_unfinished
from pipeline.web.review.news import News
from pipeline.web.review.pieces import Pieces
from pipeline.web.review.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import HTTPConnection

    from pipeline.web.settings import DeskSettings
    from pipeline.web.waiting import Waiting

_T = TypeVar("_T")

# A rendered notice of 300 items has some 500 kB.
_PAGES = 32


class Desk:
    """One desk over one OUTPUT.

    `rendered` are parts of pages by all that they depend on, `pieces` those of the latest state of
    each part.
    """

    def __init__(self, settings: DeskSettings, library: Library) -> None:
        self.settings = settings
        self.library = library
        self.rendered: Remembered[str] = Remembered(_PAGES)
        self.pieces: Remembered[Pieces[Any]] = Remembered(_PAGES)
        self.runs = Runs(settings.output, self._show_written)
        self.news = News(library)
        self._lists = ListsFollower(library)
        library.tell_changes_to(self._lists.tell)
        self._starting = Lock()
        if settings.uploads is not None and not settings.is_read_only:
            remove_unfinished(settings.uploads)

    @property
    def writer(self) -> Writer:
        """The writer of all decisions; its thread begins with the first one."""
        with self._starting:
            return self._writer

    @cached_property
    def _writer(self) -> Writer:
        return Writer(self.settings.output, self._show_written, self.library.find_kept)

    def _show_written(self) -> None:
        self.library.refresh()
        self.news.tell()

    @property
    def is_waiting(self) -> bool:
        """Whether decisions wait for another run on the OUTPUT."""
        return "_writer" in self.__dict__ and self._writer.is_waiting

    def stop(self) -> None:
        """Take nothing more, and tell those who wait for another run that nothing of theirs is written.

        To be called before the server waits for the answers that are on their way.
        """
        self.news.end()
        if "_writer" in self.__dict__:
            self._writer.give_up()

    def close(self) -> None:
        """Write what waits for no other run, and close the library."""
        self.news.end()
        if "_writer" in self.__dict__:
            self._writer.close()
        self._lists.end()
        self.library.close()


def desk_of(request: HTTPConnection) -> Desk:
    """Return the desk that a request is made to."""
    found: Desk = request.app.state.desk
    return found


async def written(request: HTTPConnection, work: Callable[[Waiting], _T]) -> _T:
    """Return what a piece of work gives when it is its turn to write; no thread of the server waits."""
    return await asyncio.wrap_future(desk_of(request).writer.submit_job(work))
