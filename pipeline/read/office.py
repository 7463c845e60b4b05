"""Which office format a file's bytes are, whatever its name says."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

from pipeline.errors import SourceError

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.read.content import Content

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PDF = re.compile(rb"%PDF-\d")
_RTF = re.compile(rb"\s{0,16}\{\\rtf")
_HEAD = 1024
# A member whose presence tells what a zip file is.
_MEMBERS = (
    ("word/document", "word"),
    ("xl/workbook", "sheet"),
    ("ofd.xml", "ofd"),
    ("content.xml", "open"),
)
_WORD_XML = re.compile(
    rb"<\?mso-application\s+progid=\"Word\.Document\"|<pkg:package|<w:wordDocument"
)
_ENTRY = 128
_OPEN_SHEET = b"application/vnd.oasis.opendocument.spreadsheet"


def is_pdf(data: bytes) -> bool:
    """Whether bytes are a PDF; some stand behind a few bytes of another program."""
    return bool(_PDF.search(data, 0, _HEAD))


def is_office(data: bytes) -> bool:
    """Whether bytes are a Word, Excel, WPS, RTF, OFD or OpenDocument file."""
    return _kind(data) is not None


def read(data: bytes, place: Path) -> Content:
    """The content of an office file by its own reader. Raises SourceError as that does."""
    kind = _kind(data)
    if kind == "word":
        from pipeline.read.word import document as reader  # noqa: PLC0415
    elif kind == "sheet":
        from pipeline.read.sheet import workbook as reader  # type: ignore[no-redef] # noqa: PLC0415
    elif kind == "ofd":
        from pipeline.read.drawn import ofd as reader  # type: ignore[no-redef] # noqa: PLC0415
    elif kind == "encrypted":
        remedy = "open it with its password and save it without"
        raise SourceError(place, "the document is encrypted", remedy)
    else:
        from pipeline.read import legacy as reader  # type: ignore[no-redef] # noqa: PLC0415
    return reader.read(data, place)


def _kind(data: bytes) -> str | None:
    if data.startswith(_ZIP):
        return _zip_kind(data)
    if data.startswith(_OLE):
        if _has_stream(data, "EncryptedPackage"):
            return "encrypted"
        # a Word file may hold a workbook, and hardly the other way round
        is_book = _has_stream(data, "Workbook") or _has_stream(data, "Book")
        return "sheet" if is_book and not _has_stream(data, "WordDocument") else "legacy"
    if _RTF.match(data) or _WORD_XML.search(data, 0, _HEAD):
        return "legacy"
    return None


def _has_stream(data: bytes, name: str) -> bool:
    """Whether an OLE file's directory has an entry of this name."""
    mark = name.encode("utf-16-le") + b"\0\0"
    at = data.find(mark)
    while at >= 0 and at % _ENTRY:
        at = data.find(mark, at + 1)
    return at >= 0


def _zip_kind(data: bytes) -> str | None:
    """The kind of a zip file by its members, of a torn one by the names in its first bytes."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [name.replace("\\", "/").lstrip("/").lower() for name in archive.namelist()]
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        names = _names_at_start(data)
    for member, kind in _MEMBERS:
        if any(name.startswith(member) for name in names):
            if kind == "open":
                return "sheet" if _OPEN_SHEET in data[:200] else "legacy"
            return kind
    return None


def _names_at_start(data: bytes) -> list[str]:
    """The name of a torn file's first member, with the folder that office formats begin with."""
    head = data[:_HEAD]
    if b"[Content_Types].xml" in head or b"_rels/" in head or b"docProps/" in head:
        return ["xl/workbook.xml"] if b"xl/" in data[:65536] else ["word/document.xml"]
    return ["ofd.xml"] if b"OFD.xml" in head else []
