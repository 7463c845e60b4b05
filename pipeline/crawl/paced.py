"""Ask one site as its rules say: robots.txt, a pause between requests, patience when it is busy."""

from __future__ import annotations

import time
from dataclasses import replace
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, quote_plus, unquote_plus, urlsplit

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
# After so many tries an address is left alone; the pause doubles from one to the next.
_MOST_TRIES, _MOST_BROKEN = 4, 3
_FIRST_PAUSE, _LONGEST_PAUSE = 5.0, 120.0
# After so many addresses in a row without any answer a host is asked no more in this run.
_MOST_SILENT = 5
# A shorter part of a secret is a word that any page may have.
_SHORTEST_SECRET = 6
_MASK = "***"
_LONGEST_ROBOTS_DELAY = 60.0
_ROBOTS_REMEDY = "fetch it by hand if you may; robots.txt keeps programs out"


class Clock(NamedTuple):
    """What tells the time in seconds, and what waits; tests have their own."""

    now: Callable[[], float] = time.monotonic
    wait: Callable[[float], None] = time.sleep


class PacedSite:
    """A site that is asked at its pace; counts requests and bytes.

    `delay` is the pause in seconds after each answer; a longer one in robots.txt is kept. `always` is
    sent with every request; an answer that repeats one of its secrets is refused, and errors do not
    name them. `last` has when each host was asked last; sites on one host share it.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        delay: float,
        clock: Clock | None = None,
        always: Asked | None = None,
        last: dict[str, float] | None = None,
    ) -> None:
        self.requests = 0
        self.bytes = 0
        self._fetcher = fetcher
        self._delay = delay
        self._clock = clock or Clock()
        self._always = always or Asked()
        self._secret_parts = sorted(_find_parts(self._always.secrets), key=len, reverse=True)
        self._last = last if last is not None else {}
        self._robots: dict[str, Protego | CrawlError] = {}
        # The host of the request that is on its way, and how many addresses of each gave no answer.
        self._asking = ""
        self._silent: dict[str, int] = {}

    def ask(self, url: str, asked: Asked | None = None) -> Answer:
        """Ask an address when it is time. Raises CrawlError, also where robots.txt forbids it."""
        own = asked or Asked()
        headers = {**self._always.headers, **own.headers}
        full = replace(self._always, method=own.method, body=own.body, headers=headers)
        host = urlsplit(url).netloc
        if self._silent.get(host, 0) >= _MOST_SILENT:
            fact = f"was not asked: {_MOST_SILENT} addresses before it gave no answer"
            raise CrawlError(url, fact, "try again later")
        try:
            answer = self._ask_patiently(url, full)
        except CrawlError as error:
            self._silent[host] = self._silent.get(host, 0) + 1 if error.may_pass else 0
            raise self._mask(error) from None
        self._silent[host] = 0
        self._check_secrets(answer)
        return answer

    def ask_again(self, url: str, etag: str, modified: str) -> Answer:
        """Ask for an address if it has changed; the answer has the status 304 where it has not."""
        marks = {"If-None-Match": etag, "If-Modified-Since": modified}
        return self.ask(url, Asked(headers={k: v for k, v in marks.items() if v}))

    def _ask_patiently(self, url: str, asked: Asked) -> Answer:
        """Ask again after a pause where the answer was that the site is busy, or broke off."""
        for number in range(_MOST_TRIES - 1):
            try:
                return self._ask_once(url, asked)
            except CrawlError as error:
                is_broken = error.may_pass and number < _MOST_BROKEN - 1
                if error.status not in _BUSY and not is_broken:
                    raise
                self._clock.wait(_find_pause(error.retry_after, number))
        return self._ask_once(url, asked)

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
        for part in self._secret_parts:
            if part.encode("utf-8", "replace") in answer.body or any(
                part in f"{one.url} {unquote_plus(one.url)} {one.headers}"
                for one in answer.exchanges
            ):
                fact = "repeats a secret of sites.toml"
                raise CrawlError(answer.url.partition("?")[0], fact, "fetch it by hand")

    def _mask(self, error: CrawlError) -> CrawlError:
        """Return an error whose words have no secret, which the address of a redirect may repeat."""
        place, fact = error.place, error.fact
        for part in self._secret_parts:
            place, fact = place.replace(part, _MASK), fact.replace(part, _MASK)
        masked = CrawlError(place, fact, error.remedy)
        masked.status, masked.retry_after = error.status, error.retry_after
        masked.may_pass = error.may_pass
        return masked

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
            answer = self._ask_patiently(url, Asked(headers=self._always.headers))
            text = decode_page(answer.body, url).text if answer.body else ""
        except SourceError:
            # Bytes that are no text are no rules.
            text = ""
        except CrawlError as error:
            if error.status is None:
                # It has been asked patiently: nobody tries again in this run.
                error.may_pass = False
                return error
            if error.status in _BUSY:
                fact = "has a robots.txt that cannot be read now"
                return CrawlError(url, fact, "try again later; until then nothing is asked there")
        robots = Protego.parse(text)
        told = robots.crawl_delay(self._fetcher.agent)
        if told:
            self._delay = max(self._delay, min(float(told), _LONGEST_ROBOTS_DELAY))
        return robots


def _find_parts(secrets: Mapping[str, str]) -> set[str]:
    """Return what an answer must not repeat: secrets, their words behind Bearer, values of cookies."""
    found: set[str] = set()
    for value in secrets.values():
        pieces = [one.strip() for one in value.split(";")]
        words = {value, value.rpartition(" ")[2], *(one.partition("=")[2] for one in pieces)}
        found |= {form for one in words for form in (one, quote(one), quote_plus(one))}
    return {one for one in found if len(one) >= _SHORTEST_SECRET}


def _find_pause(told: str, number: int) -> float:
    """Return how many seconds to wait after a busy answer: as it says, else longer each time."""
    if told.strip().isdigit():
        return min(float(told), _LONGEST_PAUSE)
    try:
        wished = parsedate_to_datetime(told).timestamp() - time.time() if told else 0.0
    except (ValueError, TypeError, OverflowError):
        wished = 0.0
    return float(min(max(wished, _FIRST_PAUSE * 2**number), _LONGEST_PAUSE))
