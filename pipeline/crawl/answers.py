"""The answers of a server as they came, and their bodies unpacked within limits."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass

from pipeline.errors import CrawlError

MAX_BODY = 64 * 2**20
# The text of a page packs to a twentieth; what is packed more tightly than this is a bomb.
_MAX_RATIO = 200
_RATIO_FROM = 2**20
_WINDOWS = {"gzip": 31, "x-gzip": 31, "deflate": 15}

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer: `raw` is the body as it came, packed where the server packed it.

    `sent` are the headers of the request without those that hold secrets.
    """

    method: str
    url: str
    sent: Headers
    status: int
    headers: Headers
    raw: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to an address after its redirects; `exchanges` has all of them, the last one last.

    `body` is unpacked; `retrieved_at` is ISO, UTC.
    """

    url: str
    final_url: str
    status: int
    headers: Headers
    body: bytes
    retrieved_at: str
    exchanges: tuple[Exchange, ...]

    @property
    def media_type(self) -> str:
        """The media type that the server tells, in small letters, without parameters."""
        return find_header(self.headers, "content-type").partition(";")[0].strip().lower()

    @property
    def sha256(self) -> str:
        """The hash of the body."""
        return hashlib.sha256(self.body).hexdigest()

    def header(self, name: str) -> str:
        """Return a header, or an empty text."""
        return find_header(self.headers, name)


def find_header(headers: Headers, name: str) -> str:
    """Return the first header of a name in small letters, or an empty text."""
    return next((value for key, value in headers if key.lower() == name), "")


def unpack(raw: bytes, headers: Headers, place: str, most: int = MAX_BODY) -> bytes:
    """Return a body without its content encoding.

    Raises CrawlError for an encoding that was not asked for, a broken or cut body, one that unpacks
    to more than `most` bytes and one that is packed too tightly to be a document.
    """
    named = find_header(headers, "content-encoding").strip().lower()
    if named in ("", "identity") or not raw:
        return raw
    if named not in _WINDOWS:
        raise CrawlError(
            place, f"is packed as {named!r}, which was not asked for", "open it by hand"
        )
    try:
        packer = zlib.decompressobj(_WINDOWS[named])
        body = packer.decompress(raw, most + 1)
    except zlib.error:
        if named != "deflate":
            raise _fail_for_now(place, "is packed and broken") from None
        packer = zlib.decompressobj(-15)
        body = _unpack_bare(packer, raw, place, most)
    if len(body) > most:
        raise CrawlError(place, f"unpacks to more than {most >> 20} MiB", "open it by hand")
    if len(body) > _RATIO_FROM and len(body) > len(raw) * _MAX_RATIO:
        raise CrawlError(place, f"is packed tighter than 1 to {_MAX_RATIO}", "open it by hand")
    if not packer.eof:
        raise _fail_for_now(place, "is packed and cut")
    return body


def _fail_for_now(place: str, fact: str) -> CrawlError:
    error = CrawlError(place, fact, "fetch it again")
    error.may_pass = True
    return error


def _unpack_bare(packer: zlib._Decompress, raw: bytes, place: str, most: int) -> bytes:
    """Unpack deflate without its frame, which some servers send."""
    try:
        return packer.decompress(raw, most + 1)
    except zlib.error as error:
        raise _fail_for_now(place, "is packed and broken") from error
