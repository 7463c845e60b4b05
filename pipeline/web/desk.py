"""What all parts of a desk share: its settings, the library that they read, the writer of corrections."""

from __future__ import annotations

from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any

from pipeline.web.library import Library
from pipeline.web.library.remembered import Remembered
from pipeline.web.plans.runs import Runs
from pipeline.web.review.pieces import Pieces
from pipeline.web.review.writer import Writer

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

    from pipeline.web.settings import DeskSettings

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
        self.runs = Runs(settings.output, library.refresh)
        self._starting = Lock()

    @property
    def writer(self) -> Writer:
        """The writer of corrections; its thread begins with the first one."""
        with self._starting:
            return self._writer

    @cached_property
    def _writer(self) -> Writer:
        return Writer(self.settings.output, self.library.refresh)

    def close(self) -> None:
        """Write what waits, and close the library."""
        if "_writer" in self.__dict__:
            self._writer.close()
        self.library.close()


def desk_of(request: HTTPConnection) -> Desk:
    """Return the desk that a request is made to."""
    found: Desk = request.app.state.desk
    return found
