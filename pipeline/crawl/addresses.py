"""Which addresses may be asked: public hosts over HTTP, by name and by the numbers behind the name."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urldefrag, urljoin, urlsplit

from pipeline.errors import CrawlError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    # Host and port -> the numeric addresses behind them; raises OSError.
    Resolver = Callable[[str, int], list[str]]

_PORTS = {"http": 80, "https": 443}
_SAFE = "%/:=&?~+!$,;'@()*[]|"
_LONGEST = 4000
_WEB_REMEDY = "give the address of a public page, http:// or https://"
_PRIVATE_REMEDY = "allow it by --allow-private where the server is your own"


@dataclass(frozen=True, slots=True)
class AddressRules:
    """What may be asked beside the host of the first address: `hosts`, and private addresses."""

    hosts: frozenset[str] = frozenset()
    allow_private: bool = False

    def may_lead(self, start: str, target: str) -> bool:
        """Answer whether a redirect or an attachment at one host may be followed to another."""
        return target == start or target in self.hosts


class WebAddress(NamedTuple):
    """An address that is well-formed: its text in ASCII, scheme, host and port."""

    url: str
    scheme: str
    host: str
    port: int


def parse_address(url: str) -> WebAddress:
    """Parse an address. Raises CrawlError for other schemes, user names and broken addresses."""
    shown = hide_user(url)
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").encode("idna").decode().lower().rstrip(".")
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError as error:
        raise CrawlError(shown, "is no address", _WEB_REMEDY) from error
    if parts.scheme not in _PORTS or not host:
        raise CrawlError(shown, "is no address of the web", _WEB_REMEDY)
    if parts.username is not None or parts.password is not None:
        fact = "has a user name or password in it"
        raise CrawlError(shown, fact, "name a variable of the environment in sites.toml")
    if len(url) > _LONGEST or any(ord(one) < 0x20 for one in url.strip()):
        raise CrawlError(shown[:200], "is no address", _WEB_REMEDY)
    shown_host = f"[{host}]" if ":" in host else host
    place = shown_host if port == _PORTS[parts.scheme] else f"{shown_host}:{port}"
    path = quote(parts.path or "/", safe=_SAFE)
    query = f"?{quote(parts.query, safe=_SAFE)}" if parts.query else ""
    return WebAddress(f"{parts.scheme}://{place}{path}{query}", parts.scheme, host, port)


def is_same_origin(target: WebAddress, home: WebAddress) -> bool:
    """Answer whether an address is at the same host and port as another, or there with encryption."""
    if target.host != home.host:
        return False
    is_encrypted = (home.scheme, home.port, target.scheme, target.port) == (
        "http",
        80,
        "https",
        443,
    )
    return is_encrypted or (target.scheme, target.port) == (home.scheme, home.port)


def join_address(base: str, link: str) -> str | None:
    """Return the address to which a link on a page leads, without its anchor; None for no page."""
    try:
        found = urldefrag(urljoin(base, link.strip())).url
        return parse_address(found).url
    except (ValueError, CrawlError):
        return None


def hide_user(url: str) -> str:
    """Return an address without the user name and password that may be in it."""
    scheme, mark, rest = url.partition("://")
    place, slash, path = rest.partition("/")
    return f"{scheme}{mark}{place.rpartition('@')[2]}{slash}{path}" if mark else url


def resolve(host: str, port: int) -> list[str]:
    """Return the numeric addresses of a host. Raises OSError where it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def check_numbers(host: str, numbers: Iterable[str], rules: AddressRules) -> list[str]:
    """Return the numeric addresses of a host that may be connected to.

    Raises CrawlError where one of them is not public: a name may have a public and a private one.
    """
    own = list(numbers)
    for number in own:
        if not rules.allow_private and not is_public(number):
            fact = f"leads to {number}, which is no public address"
            raise CrawlError(host, fact, _PRIVATE_REMEDY)
    if not own:
        raise CrawlError(host, "has no address", "check the name")
    return own


def is_public(number: str) -> bool:
    """Answer whether a numeric address is one of the public internet, also where it wraps another.

    ::ffff:127.0.0.1, 64:ff9b::7f00:1 and 2002:7f00:1:: are as private as 127.0.0.1.
    """
    try:
        address = ipaddress.ip_address(number.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or _translated(address)
        if inner is not None:
            return is_public(str(inner))
        if address.teredo or address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _translated(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the address of the old internet inside one of NAT64, or of an IPv4-compatible one."""
    high = int(address) >> 32
    if high == int(ipaddress.ip_address("64:ff9b::")) >> 32 or (not high and int(address) > 1):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None
