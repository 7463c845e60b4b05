"""Ask addresses: one connection a host, within limits of size and time, redirects one by one."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

import httpcore

from pipeline import __version__
from pipeline.crawl.addresses import (
    AddressRules,
    hide_user,
    is_same_origin,
    join_address,
    parse_address,
    resolve,
)
from pipeline.crawl.answers import MAX_BODY, Answer, Exchange, Headers, find_header, unpack
from pipeline.crawl.connections import CheckedBackend, Deadline
from pipeline.errors import CrawlError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pipeline.crawl.addresses import Resolver, WebAddress

    Permit = Callable[[str], None]

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 5
_FAILED = 400
_NOT_MODIFIED = 304
# Headers that hold what nobody else may see.
_SECRET = frozenset({"authorization", "cookie", "proxy-authorization", "x-api-key", "x-token"})
_HOST_REMEDY = "allow the host by --allow-host if it belongs to the site"
_WAIT_REMEDY = "try again later"


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """The limits of one answer: bytes of its body, seconds of a step and of the whole."""

    most_bytes: int = MAX_BODY
    step_seconds: float = 20.0
    whole_seconds: float = 180.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What is sent beside the address: method, body, and headers.

    `secrets` are headers that go to the host and port of the address `home` only, wherever a redirect
    or an attachment leads; without it to those of the address that is asked.
    """

    method: str = "GET"
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    home: str = ""


def _permit_all(url: str) -> None:
    del url


def agent_of(contact: str) -> str:
    """Return the name by which the program tells a server who asks, and whom to write to."""
    return f"fengong/{__version__} (+{contact})" if contact else f"fengong/{__version__}"


class Fetcher:
    """Asks addresses under rules; leaving the context closes its connections.

    `agent` names this program and a contact in every request.
    """

    def __init__(
        self,
        agent: str,
        rules: AddressRules | None = None,
        limits: FetchLimits | None = None,
        resolver: Resolver = resolve,
    ) -> None:
        self.rules = rules or AddressRules()
        self.agent = agent
        self._limits = limits or FetchLimits()
        self._deadline = Deadline()
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(),
            max_connections=1,
            max_keepalive_connections=1,
            keepalive_expiry=30,
            network_backend=CheckedBackend(self.rules, resolver, self._deadline),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.close()

    def ask(self, url: str, asked: Asked | None = None, permit: Permit = _permit_all) -> Answer:
        """Ask an address and follow its redirects to hosts that are allowed.

        `permit` is called with each address before it is asked; it waits, or raises CrawlError.

        Raises CrawlError for an address that may not be asked, a status of 400 and above (its
        `status` tells which), no answer, and a body beyond the limits. 304 is an answer.
        """
        start = parse_address(url)
        asked = asked or Asked()
        home = parse_address(asked.home) if asked.home else start
        exchanges: list[Exchange] = []
        target = start
        while True:
            permit(target.url)
            exchange = self._exchange(target, asked, secret=is_same_origin(target, home))
            exchanges.append(exchange)
            if exchange.status not in _REDIRECTS:
                break
            target = self._find_target(exchange, start, len(exchanges))
            if exchange.status == 303 or (asked.method == "POST" and exchange.status in (301, 302)):
                asked = replace(asked, method="GET", body=b"")
        return self._finish(url, exchanges)

    def _finish(self, url: str, exchanges: list[Exchange]) -> Answer:
        last = exchanges[-1]
        if last.status >= _FAILED or (last.status < 200 or 300 <= last.status != _NOT_MODIFIED):
            error = CrawlError(
                last.url, f"answers with {last.status}", _explain_status(last.status)
            )
            error.status = last.status
            error.retry_after = find_header(last.headers, "retry-after")
            raise error
        body = unpack(last.raw, last.headers, last.url, self._limits.most_bytes)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return Answer(url, last.url, last.status, last.headers, body, now, tuple(exchanges))

    def _find_target(self, exchange: Exchange, start: WebAddress, count: int) -> WebAddress:
        """Return where a redirect leads. Raises CrawlError where that may not be followed."""
        link = find_header(exchange.headers, "location")
        shown = hide_user(link)[:200]
        if count > _MOST_REDIRECTS:
            raise CrawlError(exchange.url, "is redirected too often", "open it by hand")
        target = join_address(exchange.url, link) if link else None
        if target is None:
            fact = f"is redirected to {shown}, which is no address of the web"
            raise CrawlError(exchange.url, fact, "open it by hand")
        address = parse_address(target)
        if not self.rules.may_lead(start.host, address.host):
            raise CrawlError(
                exchange.url, f"is redirected to the host {address.host}", _HOST_REMEDY
            )
        if exchange.url.startswith("https:") and address.scheme == "http":
            fact = "is redirected from https to http"
            raise CrawlError(exchange.url, fact, "give the address with http if that is right")
        return address

    def _exchange(self, address: WebAddress, asked: Asked, *, secret: bool) -> Exchange:
        """Send one request and read its answer. Raises CrawlError."""
        plain = {
            "User-Agent": self.agent,
            "Accept": "*/*",
            "Accept-Encoding": "gzip, deflate",
            "Connection": "keep-alive",
            **asked.headers,
        }
        sent = plain | (dict(asked.secrets) if secret else {})
        host = address.url.split("/")[2]
        request = httpcore.Request(
            asked.method,
            address.url,
            headers=[(k.encode(), v.encode()) for k, v in {"Host": host, **sent}.items()]
            + ([(b"Content-Length", b"%d" % len(asked.body))] if asked.body else []),
            content=asked.body or None,
            extensions={
                "timeout": dict.fromkeys(
                    ("connect", "read", "write", "pool"), self._limits.step_seconds
                )
            },
        )
        self._deadline.set(self._limits.whole_seconds)
        shown = tuple(one for one in plain.items() if one[0].lower() not in _SECRET)
        try:
            response = self._pool.handle_request(request)
            try:
                return self._read(response, address, asked.method, shown)
            finally:
                with suppress(httpcore.NetworkError, httpcore.ProtocolError):
                    response.close()
        except httpcore.TimeoutException as error:
            fact = "gives no whole answer in time"
            raise _fail_for_now(address.url, fact) from error
        except httpcore.ProtocolError as error:
            raise _fail_for_now(address.url, "breaks off its answer, or garbles it") from error
        except (httpcore.NetworkError, OSError) as error:
            if isinstance(error.__context__, ssl.SSLCertVerificationError):
                fact = "has a certificate that nobody vouches for"
                raise CrawlError(address.url, fact, "open it by hand and look") from error
            raise _fail_for_now(address.url, "cannot be reached") from error

    def _read(
        self, response: httpcore.Response, address: WebAddress, method: str, sent: Headers
    ) -> Exchange:
        """Read an answer up to the limit. Raises CrawlError beyond it."""
        headers = tuple(
            (key.decode("latin-1"), value.decode("latin-1")) for key, value in response.headers
        )
        most = self._limits.most_bytes
        told = find_header(headers, "content-length")
        if told.isdigit() and int(told) > most:
            raise CrawlError(
                address.url, f"is above the limit of {most >> 20} MiB", "fetch it by hand"
            )
        body = bytearray()
        for piece in _stream(response):
            body += piece
            if len(body) > most:
                fact = f"is above the limit of {most >> 20} MiB"
                raise CrawlError(address.url, fact, "fetch it by hand")
        return Exchange(method, address.url, sent, response.status, headers, bytes(body))


def _stream(response: httpcore.Response) -> Iterator[bytes]:
    yield from response.iter_stream()


def _fail_for_now(url: str, fact: str) -> CrawlError:
    error = CrawlError(url, fact, _WAIT_REMEDY)
    error.may_pass = True
    return error


def _explain_status(status: int) -> str:
    """Say what to do about a status."""
    if status in (401, 403):
        return "the site asks for a login or refuses programs; open it by hand"
    if status in (404, 410):
        return "the page is gone; see the list for its new address"
    return _WAIT_REMEDY
