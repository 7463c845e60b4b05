"""Decode plain text by a fixed rule, never by a guess.

A byte-order mark decides. Without one: strict UTF-8, then strict GB18030 (which contains GB2312
and GBK; those two codecs fail on 〇 and are never used), then strict Big5 if the bytes are Big5
and no GB18030.
"""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from pipeline.errors import SourceError
from pipeline.read.box import unbox
from pipeline.read.document_content import Content

if TYPE_CHECKING:
    from pathlib import Path

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_TRIED = ("utf-8", "gb18030", "big5")


def read(data: bytes, place: Path) -> Content:
    """The content of a text file. Raises SourceError as `decode` does."""
    text, encoding = decode(data, place)
    return Content(unbox(text), "text/plain", encoding)


def decode(data: bytes, place: Path) -> tuple[str, str]:
    """The text of a file's bytes and the name of the encoding; line ends as newlines.

    Raises SourceError for an empty file, for bytes that are no text, and for bytes that none of
    the encodings fits, with the offset where UTF-8 and GB18030 stop.
    """
    if not data.strip():
        raise SourceError(place, "the file is empty", "give a file with the notice's text")
    text, encoding = _decode(data, place)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, encoding


def _decode(data: bytes, place: Path) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding), encoding
            except UnicodeDecodeError as error:
                fact = f"marked as {encoding} but not so at byte {len(mark) + error.start}"
                raise SourceError(place, fact, "save the file again as UTF-8") from error
    if b"\0" in data:
        fact = f"a binary file (a zero byte at offset {data.index(0)})"
        raise SourceError(place, fact, "give the notice as text")
    stops: dict[str, int] = {}
    for encoding in _TRIED:
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError as error:
            stops[encoding] = error.start
    fact = f"no text in UTF-8 (byte {stops['utf-8']}) or GB18030 (byte {stops['gb18030']})"
    raise SourceError(place, fact, "save the file again as UTF-8")
