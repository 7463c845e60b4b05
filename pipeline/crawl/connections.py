"""Connect to the numeric address that was checked, and give no answer longer than its time.

The name of a host is resolved and checked here, where the connection is made: a name that resolves
anew between a check and a connection cannot lead elsewhere.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import httpcore

from pipeline.crawl.addresses import check_numbers
from pipeline.errors import CrawlError

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable

    from pipeline.crawl.addresses import AddressRules, Resolver


class Deadline:
    """The moment until which one answer may take; `set` begins it anew."""

    def __init__(self) -> None:
        self._end = float("inf")

    def set(self, seconds: float) -> None:
        """Let the time run out after some seconds from now."""
        self._end = time.monotonic() + seconds

    def left(self, timeout: float | None) -> float:
        """Return the seconds for one step. Raises httpcore.ReadTimeout where none are left."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return min(left, timeout or left)


class CheckedBackend(httpcore.NetworkBackend):
    """Opens connections for httpcore, to checked numeric addresses only."""

    def __init__(self, rules: AddressRules, resolver: Resolver, deadline: Deadline) -> None:
        self._rules = rules
        self._resolver = resolver
        self._deadline = deadline
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of a host that answers. Raises CrawlError for a private one."""
        try:
            numbers = self._resolver(host, port)
        except OSError as error:
            failure = CrawlError(host, "is a name without an address now", "check it, or try later")
            failure.may_pass = True
            raise failure from error
        refusal: Exception = httpcore.ConnectError(host)
        for number in check_numbers(host, numbers, self._rules):
            try:
                step = self._deadline.left(timeout)
                made = self._plain.connect_tcp(number, port, step, local_address, socket_options)
                return TimedStream(made, self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                refusal = error
        raise refusal


class TimedStream(httpcore.NetworkStream):
    """A connection of which every step ends at the deadline: one byte a minute is no answer."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read some bytes, none at the end."""
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write bytes."""
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Encrypt the connection; the certificate is that of the host's name, not of its number."""
        step = self._deadline.left(timeout)
        return TimedStream(
            self._stream.start_tls(ssl_context, server_hostname, step), self._deadline
        )

    def get_extra_info(self, info: str) -> object:
        """Return what httpcore asks of the connection below."""
        return self._stream.get_extra_info(info)
