"""Decode plain text by a fixed rule, never by a likelihood.

A byte-order mark decides. Without one: UTF-16 and HZ where all characters are those of Chinese text,
then strict UTF-8, then strict GB18030 (which contains GB2312 and GBK; those two codecs fail on 〇 and
are never used), then strict Big5. Bytes that are valid in both are Big5 where GB18030 gives rare
characters and Big5 common ones. A file that was cut inside its last character is read without it.
"""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from pipeline.errors import SourceError
from pipeline.read.box import unbox
from pipeline.read.charset import Decoded
from pipeline.read.charset_evidence import (
    decode_hz,
    is_big5,
    is_hz,
    wide_encoding,
    with_line_feeds,
    without_cut_end,
)
from pipeline.read.document_content import Content, find_damage

if TYPE_CHECKING:
    from pathlib import Path

# A longer text is no plan; parsing takes memory and time by its length.
MAX_TEXT = 16 * 2**20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_TRIED = ("utf-8", "gb18030", "big5hkscs")


def read(data: bytes, place: Path) -> Content:
    """The content of a text file. Raises SourceError as `decode` does."""
    decoded = decode(data, place)
    remarks = tuple(find_damage(decoded.damaged, decoded.encoding, cut=True))
    return Content(unbox(decoded.text), "text/plain", decoded.encoding, remarks=remarks)


def decode(data: bytes, place: Path) -> Decoded:
    """The text of a file's bytes, its encoding, and 1 where its last character was cut.

    Line ends are newlines. Raises SourceError for an empty file, for one above 16 MiB, for bytes that
    are no text, and for bytes that none of the encodings fits, with the offset where UTF-8 and GB18030
    stop.
    """
    if len(data) > MAX_TEXT:
        fact = f"a text of {len(data) >> 20} MiB, above the limit of {MAX_TEXT >> 20} MiB"
        raise SourceError(place, fact, "split it, or give the notices one by one")
    if not data.strip():
        raise SourceError(place, "the file is empty", "give a file with the notice's text")
    decoded = _decode_marked(data, place) or _decode_unmarked(data, place)
    return decoded._replace(text=with_line_feeds(decoded.text))


def _decode_marked(data: bytes, place: Path) -> Decoded | None:
    for mark, encoding in _MARKS:
        if not data.startswith(mark):
            continue
        body = data[len(mark) :]
        try:
            return Decoded(body.decode(encoding), encoding)
        except UnicodeDecodeError as error:
            cut = without_cut_end(body, encoding)
            if cut is not None:
                return Decoded(cut, encoding, 1)
            fact = f"marked as {encoding} but not so at byte {len(mark) + error.start}"
            raise SourceError(place, fact, "save the file again as UTF-8") from error
    return None


def _decode_unmarked(data: bytes, place: Path) -> Decoded:
    stops: dict[str, int] = {}
    wide = wide_encoding(data)
    found = _decode_as(data, wide, stops) if wide else None
    if found:
        return found
    if b"\0" in data:
        fact = f"a binary file (a zero byte at offset {data.index(0)})"
        raise SourceError(place, fact, "give the notice as text")
    if is_hz(data) and (text := decode_hz(data)):
        return Decoded(text, "hz")
    for encoding in _TRIED:
        found = _decode_as(data, encoding, stops)
        if found:
            return found
    fact = f"no text in UTF-8 (byte {stops['utf-8']}) or GB18030 (byte {stops['gb18030']})"
    raise SourceError(place, fact, "save the file again as UTF-8")


def _decode_as(data: bytes, encoding: str, stops: dict[str, int]) -> Decoded | None:
    """The text in one encoding, whole or without a cut end; None, and where it stops, otherwise."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        stops[encoding] = error.start
        cut = without_cut_end(data, encoding)
        return None if cut is None else Decoded(cut, encoding, 1)
    if encoding == "gb18030" and is_big5(data, text):
        return Decoded(data.decode("big5hkscs"), "big5hkscs")
    return Decoded(text, encoding)
