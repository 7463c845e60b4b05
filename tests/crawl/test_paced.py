"""A site is asked at its pace: a pause after every answer, longer ones when it is busy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest

from pipeline.crawl.answers import Answer
from pipeline.crawl.fetcher import Asked
from pipeline.crawl.paced import Clock, PacedSite
from pipeline.errors import CrawlError

SITE = "http://a.example"
# An answer takes so many seconds.
TAKEN = 1.0


class Time:
    """Time that goes on only where somebody waits."""

    def __init__(self) -> None:
        self.now = 100.0
        self.clock = Clock(lambda: self.now, self.wait)

    def wait(self, seconds: float) -> None:
        self.now += seconds


class Server:
    """Answers of a site by path: a status, the path that a redirect leads to, or a Retry-After."""

    agent = "fengong"

    def __init__(self, time: Time, **told: Any) -> None:
        self._time = time
        self._told: dict[str, list[Any]] = {f"/{path}": list(one) for path, one in told.items()}
        self.spans: list[tuple[float, float]] = []

    def ask(self, url: str, asked: Asked, permit: Callable[[str], None]) -> Answer:
        del asked
        path = url.removeprefix(SITE)
        while True:
            permit(SITE + path)
            start = self._time.now
            self._time.wait(TAKEN)
            self.spans.append((start, self._time.now))
            told = self._told.get(path)
            one = told.pop(0) if told else 200
            if isinstance(one, str):
                path = one
                continue
            status, retry_after = one if isinstance(one, tuple) else (one, "")
            if status != 200:
                error = CrawlError(url, f"answers {status}", "")
                error.status, error.retry_after = status, retry_after
                raise error
            return Answer(url, SITE + path, status, (), b"", "", ())

    def pauses(self) -> list[float]:
        """The seconds between the end of each answer and the next request."""
        return [
            after[0] - before[1] for before, after in zip(self.spans, self.spans[1:], strict=False)
        ]


def ask(delay: float, *paths: str, **told: Any) -> tuple[list[float], list[int | None]]:
    """The pauses of a site that is asked for paths, robots.txt first; and what came of each path."""
    time = Time()
    server = Server(time, **told)
    site = PacedSite(cast("Any", server), delay, time.clock)
    found: list[int | None] = []
    for path in paths:
        try:
            found.append(site.ask(f"{SITE}{path}").status)
        except CrawlError as error:
            found.append(error.status)
    assert site.requests == len(server.spans)
    return server.pauses(), found


def test_a_pause_after_every_answer() -> None:
    assert ask(2, "/a", "/b", "/c") == ([2, 2, 2], [200, 200, 200])


def test_a_pause_after_an_answer_that_is_an_error() -> None:
    assert ask(2, "/a", "/b", a=[404]) == ([2, 2], [404, 200])


def test_a_pause_between_the_steps_of_a_redirect() -> None:
    assert ask(2, "/a", a=["/b"]) == ([2, 2], [200])


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_site_is_left_alone_for_longer_each_time(status: int) -> None:
    assert ask(2, "/a", a=[status, status]) == ([2, 5, 10], [200])
    assert ask(2, "/a", "/b", a=[status] * 9) == ([2, 5, 10, 20, 2], [status, 200])


def test_a_busy_site_says_when_to_come_again() -> None:
    assert ask(2, "/a", a=[(429, "30")]) == ([2, 30], [200])
    assert ask(2, "/a", a=[(503, "99999")]) == ([2, 120], [200])
    assert ask(2, "/a", a=[(503, "soon")]) == ([2, 5], [200])
    assert ask(2, "/a", a=[(503, "Fri, 01 Jan 1999 00:00:00 GMT")]) == ([2, 5], [200])
    # A pause that is longer than what the site says stays.
    assert ask(40, "/a", a=[(429, "3")]) == ([40, 40], [200])
