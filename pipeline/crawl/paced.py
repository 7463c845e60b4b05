"""Ask one site as its rules say: robots.txt, a pause between requests, patience when it is busy."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from protego import Protego

from pipeline.crawl.fetcher import Asked
from pipeline.errors import CrawlError, SourceError
from pipeline.read.charset import decode_page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pipeline.crawl.answers import Answer
    from pipeline.crawl.fetcher import Fetcher

_ROBOTS = "/robots.txt"
_BUSY = frozenset({429, 500, 502, 503, 504})
# After so many tries a site is left alone; the pause doubles from one to the next.
_MOST_TRIES = 4
_FIRST_PAUSE, _LONGEST_PAUSE = 5.0, 120.0
_LONGEST_ROBOTS_DELAY = 60.0
_ROBOTS_REMEDY = "fetch it by hand if you may; robots.txt keeps programs out"


class Clock(NamedTuple):
    """What tells the time in seconds, and what waits; tests have their own."""

    now: Callable[[], float] = time.monotonic
    wait: Callable[[float], None] = time.sleep


class PacedSite:
    """A site that is asked at its pace; counts requests and bytes.

    `delay` is the pause in seconds after each answer; a longer one in robots.txt is kept. `secrets`
    are headers with what nobody else may see: an answer that repeats one is refused. `last` has when
    each host was asked last; sites on one host share it.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        delay: float,
        clock: Clock | None = None,
        headers: Mapping[str, str] | None = None,
        secrets: Mapping[str, str] | None = None,
        last: dict[str, float] | None = None,
    ) -> None:
        self.requests = 0
        self.bytes = 0
        self._fetcher = fetcher
        self._delay = delay
        self._clock = clock or Clock()
        self._headers = dict(headers or {})
        self._secrets = dict(secrets or {})
        self._last = last if last is not None else {}
        self._robots: dict[str, Protego | CrawlError] = {}
        # The host of the request that is on its way.
        self._asking = ""

    def ask(self, url: str, asked: Asked | None = None) -> Answer:
        """Ask an address when it is time. Raises CrawlError, also where robots.txt forbids it."""
        own = asked or Asked()
        full = Asked(own.method, own.body, {**self._headers, **own.headers}, self._secrets)
        for number in range(_MOST_TRIES):
            try:
                answer = self._ask_once(url, full)
            except CrawlError as error:
                if error.status not in _BUSY or number == _MOST_TRIES - 1:
                    raise
                self._clock.wait(_find_pause(error.retry_after, number))
            else:
                self._check_secrets(answer)
                return answer
        raise AssertionError  # the last try returns or raises

    def ask_again(self, url: str, etag: str, modified: str) -> Answer:
        """Ask for an address if it has changed; the answer has the status 304 where it has not."""
        marks = {"If-None-Match": etag, "If-Modified-Since": modified}
        return self.ask(url, Asked(headers={k: v for k, v in marks.items() if v}))

    def _ask_once(self, url: str, asked: Asked) -> Answer:
        try:
            answer = self._fetcher.ask(url, asked, self._permit)
        finally:
            self._note_end()
        self.bytes += sum(len(one.raw) for one in answer.exchanges)
        return answer

    def _permit(self, url: str) -> None:
        """Let a request or a step of a redirect go when robots.txt allows it and it is time."""
        self._note_end()
        if urlsplit(url).path != _ROBOTS:
            self._check_robots(url)
        host = urlsplit(url).netloc
        if host in self._last:
            left = self._last[host] + self._delay - self._clock.now()
            if left > 0:
                self._clock.wait(left)
        self._asking = host
        self.requests += 1

    def _note_end(self) -> None:
        """Count the pause from the end of the request before, however it ended."""
        if self._asking:
            self._last[self._asking] = self._clock.now()
            self._asking = ""

    def _check_secrets(self, answer: Answer) -> None:
        """Raise CrawlError for an answer with a secret in it, which would come into raw/ and WARC."""
        for value in self._secrets.values():
            for part in {value, value.rpartition(" ")[2]}:
                seen = part.encode("utf-8", "replace")
                if len(part) > 5 and (
                    seen in answer.body
                    or any(part in f"{one.url} {one.headers}" for one in answer.exchanges)
                ):
                    fact = "repeats a secret of sites.toml"
                    raise CrawlError(answer.url.partition("?")[0], fact, "fetch it by hand")

    def _check_robots(self, url: str) -> None:
        parts = urlsplit(url)
        root = f"{parts.scheme}://{parts.netloc}"
        if root not in self._robots:
            self._robots[root] = self._read_robots(f"{root}{_ROBOTS}")
        robots = self._robots[root]
        if isinstance(robots, CrawlError):
            raise robots
        if not robots.can_fetch(url, self._fetcher.agent):
            raise CrawlError(url, "is forbidden by robots.txt", _ROBOTS_REMEDY)

    def _read_robots(self, url: str) -> Protego | CrawlError:
        """Return the rules of a host: all is allowed where it has none, nothing where it fails."""
        text = ""
        try:
            answer = self._ask_once(url, Asked(headers=self._headers))
            text = decode_page(answer.body, url).text if answer.body else ""
        except SourceError:
            # Bytes that are no text are no rules.
            text = ""
        except CrawlError as error:
            if error.status is None:
                return error
            if error.status in _BUSY:
                fact = "has a robots.txt that cannot be read now"
                return CrawlError(url, fact, "try again later; until then nothing is asked there")
        robots = Protego.parse(text)
        told = robots.crawl_delay(self._fetcher.agent)
        if told:
            self._delay = max(self._delay, min(float(told), _LONGEST_ROBOTS_DELAY))
        return robots


def _find_pause(told: str, number: int) -> float:
    """Return how many seconds to wait after a busy answer: as it says, else longer each time."""
    if told.strip().isdigit():
        return min(float(told), _LONGEST_PAUSE)
    try:
        wished = parsedate_to_datetime(told).timestamp() - time.time() if told else 0.0
    except (ValueError, TypeError, OverflowError):
        wished = 0.0
    return float(min(max(wished, _FIRST_PAUSE * 2**number), _LONGEST_PAUSE))
