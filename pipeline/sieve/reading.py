"""Decide by the reader and the parser which documents of an archive are plans, in a process of their own.

The process is at work on some documents while more are looked for, and what it may take of time and
memory is limited: a document that hangs or kills it costs itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Self

from pipeline.batch.jobs import Job, check_length
from pipeline.batch.worker import Worker
from pipeline.errors import PipelineError, ResourceError, hold_errors
from pipeline.parse.notice import parse_notice
from pipeline.read import sources_of
from pipeline.sieve.records import Answer

if TYPE_CHECKING:
    from collections.abc import Iterator

_SAMPLE = (
    "<h1>甲区2024年重点工作分工方案</h1><p>一、推进政务公开。（责任单位：区教育局）</p>"
    "<p>二、整治河道。（责任单位：区水务局）</p>"
).encode("gb18030")  # of which more is loaded than of UTF-8
# The process is given so many documents at once, or fewer with so many bytes.
_MOST_PAGES, _MOST_BYTES = 32, 2**21


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Job):
    """A document of an archive and the length of its record; `relative` is its place there.

    Of its path only the suffix counts, as it is in no file yet.
    """

    answer: Answer
    length: int

    @property
    def size(self) -> int:
        """The bytes of the document."""
        return len(self.answer.body)


class Verdict(NamedTuple):
    """Whether a document is a plan, and the error that kept it from being read."""

    is_plan: bool
    error: PipelineError | None = None


class PageReader:
    """Reads documents in their order, some at a time; leaving the context ends its process."""

    def __init__(self) -> None:
        self._worker = Worker(decide)
        self._given: list[Page] = []
        self._waiting: list[Page] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._worker.end()

    def add(self, page: Page) -> Iterator[tuple[Page, Verdict]]:
        """Take a document to be read; yield what was found of earlier ones."""
        self._waiting.append(page)
        if (
            len(self._waiting) >= _MOST_PAGES
            or sum(one.size for one in self._waiting) > _MOST_BYTES
        ):
            yield from self._go_on()

    def finish(self) -> Iterator[tuple[Page, Verdict]]:
        """Yield what is found of all that were not told yet."""
        while self._given or self._waiting:
            yield from self._go_on()

    def _go_on(self) -> Iterator[tuple[Page, Verdict]]:
        """Yield what was found of those given before, and give those that wait."""
        for page in self._given:
            verdict = Verdict(is_plan=False)
            try:
                for verdict in self._worker.run(page):  # noqa: B007 - there is one
                    pass
            except ResourceError as error:
                verdict = Verdict(is_plan=False, error=error)
            yield page, verdict
        self._given, self._waiting = self._waiting, []
        if self._given:
            self._worker.give(self._given)


def load_reader() -> None:
    """Read a small plan, so that processes which are made later share the tables that this needs."""
    for _ in decide(Page("page.html", "", answer=Answer("", 0, body=_SAMPLE), length=0)):
        pass


def decide(page: Job) -> Iterator[Verdict]:
    """Read and parse a document, as fengong parse does; it is a plan where one of its documents is."""
    assert isinstance(page, Page)  # noqa: S101 - for the types: the worker knows jobs
    errors: list[PipelineError] = []
    is_plan = False
    with hold_errors(page.shown, errors.append):
        body = page.answer.body
        for source in sources_of(body, page.path, url=page.url, on_error=errors.append):
            check_length(source)
            problems = parse_notice(source).problems
            is_plan |= all(one.code != "not-a-plan" for one in problems)
    error = errors[0].with_traceback(None) if errors and not is_plan else None
    if error:
        error.__cause__ = error.__context__ = None
    yield Verdict(is_plan, error)
