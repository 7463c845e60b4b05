"""Texts in the records of an old Excel workbook: in Unicode, or in a code page of its system."""

from __future__ import annotations

import codecs
import struct
from collections.abc import Iterable, Sequence

# Code pages whose names in Python are others.
_PAGES = {936: "gb18030", 1361: "johab", 10000: "mac_roman", 10008: "gb18030", 65001: "utf-8"}
_PAGES |= {10002: "big5", 10001: "shift_jis", 10003: "euc_kr", 1200: "utf-16-le"}
_DOUBLE = frozenset({932, 936, 949, 950, 1361, 10001, 10002, 10003, 10008, 65001, 1200})
_WESTERN = "cp1252"
_CHINESE = "gb18030"


class TextReader:
    """Reads the texts of a workbook; `code_page` is the one that the file names.

    `lost` counts texts with bytes that belong to no character; they read as U+FFFD.
    """

    def __init__(self, *, is_unicode: bool) -> None:
        self.is_unicode = is_unicode
        self.code_page: int | None = None
        self.lost = 0
        self._encoding = _WESTERN

    def choose(self, texts: Iterable[bytes]) -> None:
        """Choose the encoding: the file's own, or the Chinese one where its Western one is wrong.

        Chinese workbooks often name the code page of an English system.
        """
        page = self.code_page
        if page in _DOUBLE:
            self._encoding = _PAGES.get(page, f"cp{page}")
            return
        try:
            decoded = "".join(one.decode(_CHINESE) for one in texts if not one.isascii())
        except UnicodeDecodeError:
            decoded = ""
        self._encoding = _CHINESE if _is_chinese(decoded) else self._known(page)

    @staticmethod
    def _known(page: int | None) -> str:
        name = _PAGES.get(page or 0, f"cp{page}")
        try:
            codecs.lookup(name)
        except LookupError:
            return _WESTERN
        return name

    def text(self, data: bytes, length_size: int) -> str:
        """A text behind its length, which has one or two bytes."""
        length = int.from_bytes(data[:length_size], "little")
        rest = data[length_size:]
        if self.is_unicode:
            text = _unicode(rest, length)
            # A long text goes on in the next record, which is not joined to it.
            self.lost += len(text) < length and not any(ch >= "\U00010000" for ch in text)
            return text
        text = rest[:length].decode(self._encoding, "replace")
        self.lost += "\ufffd" in text
        return text


def _is_chinese(text: str) -> bool:
    """Whether nine in ten Chinese characters are common ones: accents and letters make rare ones."""
    chinese = [ch for ch in text if "\u4e00" <= ch <= "\u9fff"]
    common = "".join(chinese).encode("gb2312", "ignore")
    return bool(chinese) and len(common) // 2 >= 0.9 * len(chinese)


def _unicode(data: bytes, length: int) -> str:
    """A text behind its flags: one byte a character where all have an upper byte of zero."""
    flags, at = data[0] if data else 0, 1
    at += 2 * bool(flags & 8) + 4 * bool(flags & 4)
    if flags & 1:
        return data[at : at + 2 * length].decode("utf-16-le", "replace")
    return data[at : at + length].decode("latin-1")


def read_shared_texts(parts: Sequence[bytes]) -> list[str]:
    """The shared texts of a workbook; a text that goes on in the next part begins anew with flags.

    Raises struct.error where the parts end too early.
    """
    (count,) = struct.unpack_from("<I", parts[0], 4)
    reader = _PartReader(parts)
    found: list[str] = []
    while len(found) < count and reader.has_more():
        found.append(reader.next_text())
    return found


class _PartReader:
    """Reads over the borders of records."""

    def __init__(self, parts: Sequence[bytes]) -> None:
        self._parts = parts
        self._part = 0
        self._at = 8

    def has_more(self) -> bool:
        """Whether bytes are left."""
        while self._part < len(self._parts) and self._at >= len(self._parts[self._part]):
            self._part += 1
            self._at = 0
        return self._part < len(self._parts)

    def _take(self, size: int) -> bytes:
        """So many bytes, over borders that carry no flags."""
        out = b""
        while len(out) < size and self.has_more():
            piece = self._parts[self._part][self._at : self._at + size - len(out)]
            self._at += len(piece)
            out += piece
        return out

    def next_text(self) -> str:
        """The next text with its formatting passed over."""
        length, flags = struct.unpack("<HB", self._take(3))
        runs = struct.unpack("<H", self._take(2))[0] if flags & 8 else 0
        extra = struct.unpack("<I", self._take(4))[0] if flags & 4 else 0
        text = self._characters(length, flags)
        self._take(4 * runs)
        self._take(extra)
        return text

    def _characters(self, length: int, flags: int) -> str:
        out: list[str] = []
        while length and self._part < len(self._parts):
            part = self._parts[self._part]
            size = 2 if flags & 1 else 1
            count = min(length, (len(part) - self._at) // size)
            piece = part[self._at : self._at + count * size]
            encoding, errors = (
                ("utf-16-le", "surrogatepass") if size == 2 else ("latin-1", "strict")
            )
            out.append(piece.decode(encoding, errors))
            self._at += count * size
            length -= count
            if length:
                if not self._next_part():
                    break
                flags = self._parts[self._part][0]
                self._at = 1
        # A character of two units may stand on both sides of a border.
        whole = "".join(out).encode("utf-16-le", "surrogatepass")
        return whole.decode("utf-16-le", "replace")

    def _next_part(self) -> bool:
        self._part += 1
        return self._part < len(self._parts) and bool(self._parts[self._part])
