"""What a desk is started with: the OUTPUT, the address, who may read and write, where files may come from."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """The settings of one desk; none of them comes from a request.

    Whoever is given `read_token` may read, whoever is given `write_token` may also write. Behind a
    proxy that knows its users, `proxy_user_header` is the header in which it names them. `inbox` is a
    folder whose subfolders may be parsed from the page, `uploads` the folder that keeps files that are
    sent; without it none can be sent. `cache` is the folder of the library's copy, else the user's.
    """

    output: Path
    host: str = "127.0.0.1"
    port: int = 8400
    read_token: str = ""
    write_token: str = ""
    proxy_user_header: str = ""
    is_read_only: bool = False
    allowed_hosts: tuple[str, ...] = ()
    inbox: Path | None = None
    uploads: Path | None = None
    cache: Path | None = None
    largest_upload: int = 50 * _MEGABYTE
    largest_form: int = _MEGABYTE

    @property
    def is_guarded(self) -> bool:
        """Whether a token or a proxy says who may come."""
        return bool(self.read_token or self.write_token or self.proxy_user_header)


def is_loopback(host: str) -> bool:
    """Answer whether only programs of this machine reach an address: 127.0.0.1, ::1, localhost."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"
