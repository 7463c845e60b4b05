"""Unpack the body of an HTTP answer as far as a limit, whatever its headers say of it.

Many archives keep headers of packed bodies with bodies that were unpacked on the way; the bytes decide.
"""

from __future__ import annotations

import io
import re
import zlib
from contextlib import suppress

from fastwarc.stream_io import BrotliReader, ChunkedReader

_CHUNK = re.compile(rb"\s{0,2}[0-9a-fA-F]{1,8}[ \t]*(?:;[^\r\n]{0,200})?\r?\n")
_GZIP = b"\x1f\x8b"
# A damaged stream is unpacked by pieces of so many bytes.
_PIECE = 512
_RAW, _ANY = -zlib.MAX_WBITS, zlib.MAX_WBITS + 32


def decode_body(body: bytes, chunked: str, packed: str, most: int) -> bytes | None:
    """The bytes of a body without its transfer and content codings; None where they are more than `most`.

    `chunked` and `packed` are the headers Transfer-Encoding and Content-Encoding. A body that is damaged
    ends where the damage is.
    """
    if "chunked" in chunked.lower() and _CHUNK.match(body):
        body = _read(ChunkedReader(io.BytesIO(body)), most) or body
    for coding in reversed(packed.lower().split(",")):
        body = _unpack(body, coding.strip(), most)
    return body if len(body) <= most else None


def _unpack(body: bytes, coding: str, most: int) -> bytes:
    if coding in ("gzip", "x-gzip"):
        return _inflate(body, _ANY, most) if body.startswith(_GZIP) else body
    if coding == "deflate":
        # With the head of zlib, as the standard has it, or without.
        return _inflate(body, _ANY, most) or _inflate(body, _RAW, most) or body
    if coding == "br":
        return _read(BrotliReader(io.BytesIO(body)), most) or body
    return body


def _inflate(body: bytes, bits: int, most: int) -> bytes:
    """What can be unpacked, at most one byte more than `most`: all members, up to a damage."""
    found = b""
    while body and len(found) <= most:
        inflater = zlib.decompressobj(bits)
        left = most + 1 - len(found)
        try:
            found += inflater.decompress(body, left)
        except zlib.error:
            return found + _inflate_to_damage(body, bits, left)
        body = inflater.unused_data
        if not body.startswith(_GZIP):
            break
    return found


def _inflate_to_damage(body: bytes, bits: int, most: int) -> bytes:
    """What comes before the damage of a packed stream: a call that meets it gives nothing."""
    inflater = zlib.decompressobj(bits)
    found = b""
    for start in range(0, len(body), _PIECE):
        piece = body[start : start + _PIECE]
        before = inflater.copy()
        try:
            found += inflater.decompress(piece)
        except zlib.error:
            with suppress(zlib.error):
                for at in range(len(piece)):
                    found += before.decompress(piece[at : at + 1])
            break
        if len(found) >= most:
            break
    return found[:most]


def _read(reader: BrotliReader | ChunkedReader, most: int) -> bytes:
    """What can be read, at most one byte more than `most`."""
    parts: list[bytes] = []
    left = most + 1
    try:
        while left > 0 and (part := reader.read(min(left, 2**16))):
            parts.append(part)
            left -= len(part)
    except OSError:
        pass
    return b"".join(parts)
