"""Choose the reader of a file by its bytes: the first kind that matches.

A new format is a row of KINDS and a module with `read(data, place) -> Content`; one that contains
other files has a row with `members` too. Readers and their libraries are imported when a file of
their kind is met.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from pipeline.errors import SourceError
from pipeline.read.file_signatures import is_html, is_pdf, office_format

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipeline.read.bundle.members import Budget, Holder, Member
    from pipeline.read.document_content import Content

_MAIL_START = re.compile(rb"[A-Za-z][A-Za-z-]{1,40}:|From ")
_TABLE_SUFFIXES = (".csv", ".tsv")
_UNPACK_MESSAGE = "unpack it and give the folder"
_CONVERT_MESSAGE = "give the document as text, page or PDF"
_REFUSED_MESSAGES = (
    (b"Rar!\x1a\x07", "a RAR archive", _UNPACK_MESSAGE),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", _UNPACK_MESSAGE),
    (b"\x1f\x8b", "a gzip archive", _UNPACK_MESSAGE),
    (b"\x89PNG\r\n\x1a\n", "a picture", _CONVERT_MESSAGE),
    (b"\xff\xd8\xff", "a picture", _CONVERT_MESSAGE),
    (b"GIF8", "a picture", _CONVERT_MESSAGE),
)
# The kinds that are read inside a Word file; a Word file there might contain itself.
_CHUNKS = frozenset({"html", "mail", "plain"})


@dataclass(frozen=True, slots=True)
class Kind:
    """A format: its name, the test of its bytes, its reader, and a way to the files inside it."""

    name: str
    matches: Callable[[bytes], bool]
    read: Callable[[bytes, Path], Content] | None
    members: Holder | None = None


def kind_of(data: bytes) -> Kind:
    """The first of KINDS that matches the bytes."""
    return next(kind for kind in KINDS if kind.matches(data))


def _read_pdf(data: bytes, place: Path) -> Content:
    if find_spec("pypdfium2") is None:
        remedy = "install it: pip install pdfplumber pypdfium2"
        raise SourceError(place, "PDF needs the extra pdf", remedy)
    from pipeline.read.drawn import pdf  # noqa: PLC0415

    return pdf.read(data, place)


def _is_office(data: bytes) -> bool:
    return office_format(data) is not None


def _read_office(data: bytes, place: Path) -> Content:
    found = office_format(data)
    if found == "flat":
        from pipeline.read.flat_package import zip_parts  # noqa: PLC0415

        data = zip_parts(data, place)
        found = office_format(data)
    if found == "encrypted":
        remedy = "open it with its password and save it without"
        raise SourceError(place, "the document is encrypted", remedy)
    if found == "sheet":
        from pipeline.read.sheet import workbook  # noqa: PLC0415

        return workbook.read(data, place)
    if found == "ofd":
        from pipeline.read.drawn import ofd  # noqa: PLC0415

        return ofd.read(data, place)
    if found == "word":
        from pipeline.read.word import document  # noqa: PLC0415

        return document.read(data, place, read_chunk)
    from pipeline.read import legacy  # noqa: PLC0415

    return legacy.read(data, place, read_chunk)


def read_chunk(data: bytes, place: Path) -> Content | None:
    """The content of a page, message or text embedded in a Word file, None for other formats."""
    kind = kind_of(data)
    return kind.read(data, place) if kind.name in _CHUNKS and kind.read else None


def _read_html(data: bytes, place: Path) -> Content:
    from pipeline.read.web import page  # noqa: PLC0415

    return page.read(data, place)


def _is_mail(data: bytes) -> bool:
    # The head of a message is letters and a colon; only such bytes are worth the import.
    if not _MAIL_START.match(data):
        return False
    from pipeline.read.bundle import mail  # noqa: PLC0415

    return mail.is_mail(data)


def _read_mail(data: bytes, place: Path) -> Content:
    from pipeline.read.bundle import mail  # noqa: PLC0415

    return mail.read(data, place)


def _mail_members(data: bytes, place: str, budget: Budget) -> Iterator[Member]:
    from pipeline.read.bundle import mail  # noqa: PLC0415

    return mail.members(data, place, budget)


def _is_archive(data: bytes) -> bool:
    if not data.startswith(b"PK"):
        return False
    from pipeline.read.bundle import archive  # noqa: PLC0415

    return archive.is_archive(data)


def _archive_members(data: bytes, place: str, budget: Budget) -> Iterator[Member]:
    from pipeline.read.bundle import archive  # noqa: PLC0415

    return archive.members(data, place, budget)


def _is_refused(data: bytes) -> bool:
    return data.startswith(tuple(mark for mark, _, _ in _REFUSED_MESSAGES))


def _refuse(data: bytes, place: Path) -> Content:
    _, kind_fact, remedy = next(one for one in _REFUSED_MESSAGES if data.startswith(one[0]))
    raise SourceError(place, f"{kind_fact}, which is not read", remedy)


def _is_anything(data: bytes) -> bool:
    del data
    return True


def _read_plain(data: bytes, place: Path) -> Content:
    """Read text; only the file's name distinguishes a table of values from prose with commas."""
    if place.suffix.lower() in _TABLE_SUFFIXES:
        from pipeline.read.sheet import workbook  # noqa: PLC0415

        return workbook.read_csv(data, place)
    from pipeline.read import plain  # noqa: PLC0415

    return plain.read(data, place)


# The order matters: a message contains pages; whatever matches nothing else is text.
KINDS: tuple[Kind, ...] = (
    Kind("pdf", is_pdf, _read_pdf),
    Kind("office", _is_office, _read_office),
    Kind("mail", _is_mail, _read_mail, _mail_members),
    Kind("html", is_html, _read_html),
    Kind("archive", _is_archive, None, _archive_members),
    Kind("refused", _is_refused, _refuse),
    Kind("plain", _is_anything, _read_plain),
)
