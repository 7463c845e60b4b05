"""Which reader a file needs, by its bytes: the first kind whose test holds.

A new format is a row of KINDS and a module with `read(data, place) -> Content`; one that holds
other files has a row with `members` too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.errors import SourceError
from pipeline.read import office

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipeline.read.bundle.members import Budget, Holder, Member
    from pipeline.read.content import Content

_HEAD = 4096
_ELEMENTS = (
    rb"!doctype\s+html|html|head|body|div|p|table|tbody|tr|td|span|meta|title|script|style|link|br|"
    rb"h[1-6]|a|ul|ol|li|dl|font|center|form|section|article|main|iframe|img|b|strong|header|nav|"
    rb"base|blockquote|pre|noscript|ucapcontent"
)
_PAGE = re.compile(
    rb"\s*+(?:(?><\?xml[^>]*>|<!--.*?(?:-->|\Z))\s*+)*+<(?:" + _ELEMENTS + rb")[\s/>]",
    re.IGNORECASE | re.DOTALL,
)
# A page behind some words of a server or a script.
_PAGE_INSIDE = re.compile(rb"<(?:!doctype\s+html|html|body)[\s>]", re.IGNORECASE)
_ENDS = re.compile(rb"</(?:p|div|span|td|font)>", re.IGNORECASE)
_FIELD = re.compile(rb"[A-Za-z][A-Za-z-]{1,40}:|From ")
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x84\x31\x95\x33")


@dataclass(frozen=True, slots=True)
class Kind:
    """A format: its name, the test that its bytes pass, its reader, the files that it holds."""

    name: str
    holds: Callable[[bytes], bool]
    read: Callable[[bytes, Path], Content] | None
    members: Holder | None = None


def is_html(data: bytes) -> bool:
    """Whether bytes are a web page or a piece of one."""
    head = data[:_HEAD]
    for mark in _MARKS:
        head = head.removeprefix(mark)
    if data[:2] in _WIDE or head[:2] in (b"<\0", b"\0<"):
        head = head.replace(b"\0", b"")
    if _PAGE.match(head):
        return True
    inside = _PAGE_INSIDE.search(head) or len(_ENDS.findall(head)) > 2
    return bool(inside) and b"\0" not in head


def _html(data: bytes, place: Path) -> Content:
    from pipeline.read.web import page  # noqa: PLC0415

    return page.read(data, place)


def _is_mail(data: bytes) -> bool:
    # The head of a message is letters and a colon; only such bytes are worth the import.
    if not _FIELD.match(data):
        return False
    from pipeline.read.bundle import mail  # noqa: PLC0415

    return mail.is_mail(data)


def _mail(data: bytes, place: Path) -> Content:
    from pipeline.read.bundle import mail  # noqa: PLC0415

    return mail.read(data, place)


def _is_archive(data: bytes) -> bool:
    if not data.startswith(b"PK"):
        return False
    from pipeline.read.bundle import archive  # noqa: PLC0415

    return archive.is_archive(data)


def _archived(data: bytes, place: str, budget: Budget) -> Iterator[Member]:
    from pipeline.read.bundle import archive  # noqa: PLC0415

    return archive.members(data, place, budget)


def _attached(data: bytes, place: str, budget: Budget) -> Iterator[Member]:
    from pipeline.read.bundle import mail  # noqa: PLC0415

    return mail.members(data, place, budget)


def _pdf(data: bytes, place: Path) -> Content:
    from pipeline.read.drawn import pdf  # noqa: PLC0415

    return pdf.read(data, place)


def _plain(data: bytes, place: Path) -> Content:
    """Text; a table of values is told from prose with commas by its name alone."""
    if place.suffix.lower() in (".csv", ".tsv"):
        from pipeline.read.sheet import workbook  # noqa: PLC0415

        return workbook.read_csv(data, place)
    from pipeline.read import plain  # noqa: PLC0415

    return plain.read(data, place)


def _refused(data: bytes, place: Path) -> Content:
    name, remedy = next(told for mark, told in _UNREAD if data.startswith(mark))
    raise SourceError(place, f"{name}, which is not read", remedy)


def _is_refused(data: bytes) -> bool:
    return data.startswith(tuple(mark for mark, _ in _UNREAD))


def _is_anything(data: bytes) -> bool:
    del data
    return True


_UNPACK, _READ_OFF = "unpack it and give the folder", "give the document as text, page or PDF"
_UNREAD = (
    (b"Rar!\x1a\x07", ("a RAR archive", _UNPACK)),
    (b"7z\xbc\xaf\x27\x1c", ("a 7z archive", _UNPACK)),
    (b"\x1f\x8b", ("a gzip archive", _UNPACK)),
    (b"\x89PNG\r\n\x1a\n", ("a picture", _READ_OFF)),
    (b"\xff\xd8\xff", ("a picture", _READ_OFF)),
    (b"GIF8", ("a picture", _READ_OFF)),
)

# In this order: a message holds pages; what is nothing else is text.
KINDS: tuple[Kind, ...] = (
    Kind("pdf", office.is_pdf, _pdf),
    Kind("office", office.is_office, office.read),
    Kind("mail", _is_mail, _mail, _attached),
    Kind("html", is_html, _html),
    Kind("archive", _is_archive, None, _archived),
    Kind("refused", _is_refused, _refused),
    Kind("plain", _is_anything, _plain),
)


def kind_of(data: bytes) -> Kind:
    """The kind that bytes are of."""
    return next(kind for kind in KINDS if kind.holds(data))
