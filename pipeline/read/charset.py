"""Decode the bytes of a page by a fixed rule.

A byte-order mark decides; then strict UTF-8; then what the page declares, if that can be Chinese
(GB2312 and GBK as GB18030, which contains both and 〇); then UTF-8 with a few damaged bytes, GB18030,
Big5, and GB18030 with a few damaged bytes. UTF-16 and HZ without a mark, and Big5 that is also valid
GB18030, are recognised by their characters (`charset_evidence`). A page that declares a Western charset declares nothing:
those decode whatever bytes there are.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, NamedTuple

from pipeline.errors import SourceError
from pipeline.read.charset_evidence import (
    decode_hz,
    is_big5,
    is_hz,
    wide_encoding,
    without_cut_end,
)

if TYPE_CHECKING:
    from pathlib import Path

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_WIDE = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_DECLARED = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "x-x-big5": "big5hkscs",
}
# One damaged character in so many is a careless cut; more mean another charset.
_SOUND = 200
_REPLACED = "\ufffd"
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")


class Decoded(NamedTuple):
    """The characters of a page, its encoding, and the number of damaged characters."""

    text: str
    encoding: str
    damaged: int = 0


def decode_page(data: bytes, place: Path | str, declared: str | None = None) -> Decoded:
    """The characters of a page or a message part, without zero bytes.

    `declared` is a charset declared outside the bytes, as in the head of a message. Raises
    SourceError for bytes that no encoding fits.
    """
    for mark, encoding in (*_MARKS, *_WIDE):
        if data.startswith(mark):
            body = data if mark in (b"<\0", b"\0<") else data[len(mark) :]
            return _tolerant(body, encoding)
    wide = wide_encoding(data)
    if wide:
        return _tolerant(data, wide)
    found = _decode_hz(data) or _strict(data, "utf-8")
    if found is None:
        found = _by_evidence(data, place, declared)
    return found._replace(text=found.text.replace("\0", "")) if "\0" in found.text else found


def _by_evidence(data: bytes, place: Path | str, outside: str | None) -> Decoded:
    declared = _DECLARED.get((outside or "").strip().lower()) or _declared_inside(data)
    # A page in Big5 may be put under a head that declares GBK.
    if declared == "gb18030":
        found = _gb18030_or_big5(data) if _strict(data, declared) else None
    else:
        found = _strict(data, declared) if declared else None
    found = found or _cut(data, "utf-8") or _sound(data, "utf-8") or _gb18030_or_big5(data)
    found = found or _cut(data, declared or "gb18030")
    found = found or _sound(data, declared or "gb18030") or _sound(data, "gb18030")
    if found:
        return found
    fact = "bytes of no Chinese encoding (neither UTF-8 nor GB18030 nor Big5)"
    raise SourceError(place, fact, "save the page again as UTF-8")


def _decode_hz(data: bytes) -> Decoded | None:
    text = decode_hz(data) if is_hz(data) else None
    return Decoded(text, "hz") if text else None


def _cut(data: bytes, encoding: str) -> Decoded | None:
    """The text of a page that was cut inside its last character, without that character."""
    text = without_cut_end(data, encoding)
    return None if text is None else Decoded(text, encoding, 1)


def _gb18030_or_big5(data: bytes) -> Decoded | None:
    """The text of bytes that are valid in one of the two; of both, where one gives common words."""
    found = _strict(data, "gb18030")
    if found is None:
        return _strict(data, "big5hkscs")
    return _strict(data, "big5hkscs") if is_big5(data, found.text) else found


def _declared_inside(data: bytes) -> str | None:
    from bs4.dammit import EncodingDetector  # noqa: PLC0415

    name = EncodingDetector.find_declared_encoding(data, is_html=True)
    return _DECLARED.get((name or "").strip().lower())


def _strict(data: bytes, encoding: str) -> Decoded | None:
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError:
        return None


def _tolerant(data: bytes, encoding: str) -> Decoded:
    before = data.count(_REPLACED.encode(encoding))
    text = data.decode(encoding, "replace")
    return Decoded(text.replace("\0", ""), encoding, max(0, text.count(_REPLACED) - before))


def _sound(data: bytes, encoding: str) -> Decoded | None:
    """The text with its damaged bytes replaced, if these are few, else None."""
    found = _tolerant(data, encoding)
    wide = sum(map(len, _NOT_ASCII.findall(found.text))) - found.damaged
    return found if wide >= found.damaged * _SOUND or found.damaged <= 1 < wide else None
