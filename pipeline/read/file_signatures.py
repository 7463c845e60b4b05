"""The format of a file by its first bytes and, for zip and OLE files, by the names inside."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import Literal

from pipeline.read.charset_evidence import wide_encoding

OfficeFormat = Literal["word", "sheet", "ofd", "encrypted", "legacy", "flat"]

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
RTF = b"{\\rtf"
_PDF = re.compile(rb"%PDF-\d")
_RTF_START = re.compile(rb"\s{0,16}\{\\rtf")
_WORD_XML = re.compile(
    rb"<\?mso-application\s+progid=\"Word\.Document\"|<(?:\w+:)?wordDocument[\s>]"
    rb"|opendocument\.text"
)
# A package of parts in one XML document.
_FLAT_XML = re.compile(
    rb"<pkg:package[\s>]|\"http://schemas\.microsoft\.com/office/2006/xmlPackage\""
)
_SHEET_XML = re.compile(
    rb"<\?mso-application\s+progid=\"Excel\.Sheet\"|opendocument\.spreadsheet"
    rb"|<(?:\w+:)?Workbook\s[^>]*\"urn:schemas-microsoft-com:office:spreadsheet\""
)
_XHTML = re.compile(rb"<html[\s>]", re.IGNORECASE)
_XML_START = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,64}<[?!\w]")
_HEAD = 1024
# The kind of an OpenDocument file stands behind the addresses of forty vocabularies.
_XML_HEAD = 8192
# The beginning of a member's name -> the format of a zip file that has such a member.
_ZIP_MEMBERS: tuple[tuple[str, OfficeFormat | Literal["open"]], ...] = (
    ("word/document", "word"),
    ("xl/workbook", "sheet"),
    ("ofd.xml", "ofd"),
    ("content.xml", "open"),
)
_OPEN_SHEET = b"application/vnd.oasis.opendocument.spreadsheet"
# The names in the directory of an OLE file are in entries of this many bytes.
_ENTRY = 128

_PAGE_HEAD = 4096
_ELEMENTS = (
    rb"!doctype\s+html|html|head|body|div|p|table|tbody|tr|td|span|meta|title|script|style|link|br|"
    rb"h[1-6]|a|ul|ol|li|dl|font|center|form|section|article|main|iframe|img|b|strong|header|nav|"
    rb"base|blockquote|pre|noscript|ucapcontent"
)
# Matches: <?xml …?><!-- … --><html>, <p>甲</p>. Does not match: 甲<p>, <甲>, 1<2.
_PAGE = re.compile(
    rb"\s*+(?:(?><\?xml[^>]*>|<!--.*?(?:-->|\Z))\s*+)*+<(?:" + _ELEMENTS + rb")[\s/>]",
    re.IGNORECASE | re.DOTALL,
)
# A page after some words of a server or a script.
_PAGE_INSIDE = re.compile(rb"<(?:!doctype\s+html|html|body)[\s>]", re.IGNORECASE)
_END_TAGS = re.compile(rb"</(?:p|div|span|td|font)>", re.IGNORECASE)
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_MARKS = (b"\xef\xbb\xbf", *_UTF16_MARKS, b"\x84\x31\x95\x33")


def is_pdf(data: bytes) -> bool:
    """Whether bytes are a PDF; its mark may follow a few bytes of another program."""
    return bool(_PDF.search(data, 0, _HEAD))


def is_html(data: bytes) -> bool:
    """Whether bytes are a web page or a piece of one."""
    head = data[:_PAGE_HEAD]
    for mark in _MARKS:
        head = head.removeprefix(mark)
    if data[:2] in _UTF16_MARKS or head[:2] in (b"<\0", b"\0<") or wide_encoding(head):
        head = head.replace(b"\0", b"")
    if _PAGE.match(head):
        return True
    inside = _PAGE_INSIDE.search(head) or len(_END_TAGS.findall(head)) > 2
    return bool(inside) and b"\0" not in head


def is_xml_document(data: bytes) -> bool:
    """Whether the bytes of an .xml file are an office document or a page, and no data or settings."""
    return office_format(data) is not None or bool(_XHTML.search(data, 0, _HEAD))


def office_format(data: bytes) -> OfficeFormat | None:
    """The format of a Word, Excel, WPS, RTF, OFD or OpenDocument file, None for other bytes."""
    if data.startswith(ZIP):
        return _zip_format(data)
    if data.startswith(OLE):
        return _ole_format(data)
    if _RTF_START.match(data):
        return "legacy"
    return _xml_format(data) if _XML_START.match(data) else None


def _xml_format(data: bytes) -> OfficeFormat | None:
    """The format of an office document that is one XML file."""
    if _FLAT_XML.search(data, 0, _HEAD):
        return "flat"
    if _SHEET_XML.search(data, 0, _XML_HEAD):
        return "sheet"
    return "legacy" if _WORD_XML.search(data, 0, _XML_HEAD) else None


def _ole_format(data: bytes) -> OfficeFormat:
    if _has_stream(data, "EncryptedPackage"):
        return "encrypted"
    is_book = _has_stream(data, "Workbook") or _has_stream(data, "Book")
    # A workbook is often embedded in a Word file, a Word file hardly ever in a workbook.
    return "sheet" if is_book and not _has_stream(data, "WordDocument") else "legacy"


def _has_stream(data: bytes, name: str) -> bool:
    """Whether the directory of an OLE file has an entry of this name."""
    mark = name.encode("utf-16-le") + b"\0\0"
    at = data.find(mark)
    while at >= 0 and at % _ENTRY:
        at = data.find(mark, at + 1)
    return at >= 0


def _zip_format(data: bytes) -> OfficeFormat | None:
    """The format of a zip file by its members, of a damaged one by the names in its first bytes."""
    kind = data[:200]
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [name.replace("\\", "/").lstrip("/").lower() for name in archive.namelist()]
            if "mimetype" in archive.namelist():
                # Packed again by another program, the kind is no longer plain.
                with archive.open("mimetype") as file:
                    kind = file.read(200)
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, RuntimeError):
        names = _names_at_start(data)
    for member, found in _ZIP_MEMBERS:
        if any(name.startswith(member) for name in names):
            if found == "open":
                return "sheet" if _OPEN_SHEET in kind else "legacy"
            return found
    return None


def _names_at_start(data: bytes) -> list[str]:
    """The main member of a damaged file, inferred from the names with which the formats begin."""
    head = data[:_HEAD]
    if b"[Content_Types].xml" in head or b"_rels/" in head or b"docProps/" in head:
        return ["xl/workbook.xml"] if b"xl/" in data[:65536] else ["word/document.xml"]
    return ["ofd.xml"] if b"OFD.xml" in head else []


def is_encrypted(data: bytes) -> bool:
    """Whether an OLE file is an encrypted package or a Word file with a password."""
    if not data.startswith(OLE):
        return False
    if "EncryptedPackage".encode("utf-16-le") in data:
        return True
    entry = data.find("WordDocument".encode("utf-16-le"))
    if entry < 0 or len(data) < entry + 120:
        return False
    # The directory entry has the stream's first sector; the stream starts with Word's header,
    # one of its flags is set for encryption.
    size = 1 << min(data[30], 16)
    start = (int.from_bytes(data[entry + 116 : entry + 120], "little") + 1) * size
    header = data[start : start + 12]
    is_header = header[:2] in (b"\xec\xa5", b"\xdc\xa5")
    return is_header and len(header) == 12 and bool(header[11] & 1)
