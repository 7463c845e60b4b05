"""How the records of a web archive are packed: where the next one begins, and where one is cut."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, BinaryIO, Literal

from pipeline.errors import SourceError

if TYPE_CHECKING:
    from pipeline.sieve.archives import Archive

Packing = Literal["gzip", "zstd", "plain"]

# With what a record begins. Of gzip it is the whole head, as the mark alone is in other bytes too.
_BEGINS: dict[Packing, re.Pattern[bytes]] = {
    "gzip": re.compile(rb"\x1f\x8b\x08[\x00-\x1f].{4}[\x00\x02\x04][\x00-\x0d\xff]", re.DOTALL),
    "zstd": re.compile(rb"\x28\xb5\x2f\xfd"),
    "plain": re.compile(rb"WARC/1\.[01]\r?\n"),
}
_MARKS: dict[Packing, bytes] = {
    "gzip": b"\x1f\x8b\x08",
    "zstd": b"\x28\xb5\x2f\xfd",
    "plain": b"WARC/1.",
}
# A frame with a dictionary, which a zstd archive may have first.
_ZSTD_FRAME = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18")
_LONGEST_BEGIN = 10
# The empty lines behind a plain record.
_ENDS = (b"\r\n\r\n", b"\n\n")
_LONGEST_END = 4
_BLOCK = 2**20
# What is unpacked at once, to be thrown away.
_UNPACKED = 2**22
_GZIP_ONLY = zlib.MAX_WBITS + 16


def find_packing(archive: Archive, file: BinaryIO) -> Packing:
    """How an archive is packed, by its first bytes. Raises SourceError for a file that is no archive."""
    if not archive.size:
        raise SourceError(archive.address, "the file is empty", "fetch it again")
    head = file.read(_LONGEST_BEGIN)
    for packing, begin in _BEGINS.items():
        if begin.match(head):
            return packing
    if _ZSTD_FRAME.match(head):
        return "zstd"
    raise SourceError(archive.address, "is no web archive", "name WARC or WET files")


def find_next(file: BinaryIO, start: int, end: int, packing: Packing) -> int | None:
    """The place of the first record from a place on, None where there is none."""
    file.seek(start)
    kept = b""
    at = start
    while at < end and (block := file.read(min(_BLOCK, end - at))):
        data = kept + block
        found = _find_begin(data, packing)
        if found >= 0:
            return at - len(kept) + found
        at += len(block)
        # A begin may be torn by the end of the block.
        kept = data[-_LONGEST_BEGIN:]
    return None


def _find_begin(data: bytes, packing: Packing) -> int:
    """Where a record begins in some bytes, -1 where none does; most bytes have not even its mark."""
    mark = _MARKS[packing]
    found = data.find(mark)
    while found >= 0 and not _BEGINS[packing].match(data, found):
        found = data.find(mark, found + 1)
    return found


def find_cut(file: BinaryIO, start: int, end: int, packing: Packing) -> int | None:
    """The place of the record in which an archive is cut, None for a whole one.

    `start` is the place of the last record that was read. FastWARC takes an archive that is cut for
    one that ends there, unless it is packed with zstd.
    """
    if packing == "zstd":
        return None
    if packing == "plain":
        file.seek(max(0, end - _LONGEST_END))
        return None if file.read(_LONGEST_END).endswith(_ENDS) else start
    file.seek(start)
    if not _BEGINS[packing].match(file.read(_LONGEST_BEGIN)):
        # The archive is packed as one piece, in which records have no places.
        start = 0
    file.seek(start)
    begin = at = start
    member = zlib.decompressobj(_GZIP_ONLY)
    data = b""
    while data or at < end:
        data = data or file.read(min(_BLOCK, end - at))
        if not data:
            break
        at = file.tell()
        try:
            member.decompress(data, _UNPACKED)
        except zlib.error:
            return begin
        data = member.unconsumed_tail
        if member.eof:
            data = member.unused_data
            begin = at - len(data)
            if begin < end:
                member = zlib.decompressobj(_GZIP_ONLY)
    return None if member.eof else begin
