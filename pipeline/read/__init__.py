"""Bytes -> Source: the only rooms that open documents."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import urljoin

from pipeline.errors import PipelineError, SourceError, hold_errors
from pipeline.model import Attachment, Source
from pipeline.read.bundle.members import (
    DEEPEST,
    Budget,
    Holder,
    Member,
    inner_name,
    is_companion,
    page_stems,
)
from pipeline.read.content import Content
from pipeline.read.kinds import kind_of

_PAGES = ".txt .text .md .html .htm .shtml .xhtml .mht .mhtml .eml .zip"
_OFFICE = ".docx .docm .doc .wps .rtf .odt .xlsx .xlsm .xls .et .ods .csv .tsv .pdf .ofd"
SUFFIXES = frozenset(f"{_PAGES} {_OFFICE}".split())
MAX_FILE = 512 * 2**20
_NO_DOCUMENT = "holds no document that can be read"


def read_source(
    path: str | Path, *, url: str | None = None, retrieved_at: str | None = None
) -> Source:
    """The document in a file, with its text as a reader sees it.

    Raises SourceError if the file is missing, may not be read, is empty, is above 512 MiB, is of
    no kind that can be read, or is an archive of several documents.
    """
    place = Path(path)
    data = _bytes(place)
    kind = kind_of(data)
    if kind.read is not None:
        return to_source(kind.read(data, place), data, place.as_posix(), url, retrieved_at)
    found = list(read_sources(place, url=url, retrieved_at=retrieved_at))
    if len(found) > 1:
        fact = f"an archive of {len(found)} documents"
        raise SourceError(place, fact, "use read_sources, or give it to fengong parse")
    return found[0]


def read_sources(
    path: str | Path,
    *,
    url: str | None = None,
    retrieved_at: str | None = None,
    on_error: Callable[[PipelineError], None] | None = None,
) -> Iterator[Source]:
    """Every document in a file: one, or those of an archive or a message with attachments.

    A member's path is "a.zip!/b.docx". Without `on_error`, the first document that cannot be read
    raises SourceError; with it, each such error is handed over and the rest is read.
    """
    try:
        data = _bytes(Path(path))
    except SourceError as error:
        (on_error or _raise)(error)
        return
    yield from sources_of(data, path, url=url, retrieved_at=retrieved_at, on_error=on_error)


def sources_of(
    data: bytes,
    path: str | Path,
    *,
    url: str | None = None,
    retrieved_at: str | None = None,
    on_error: Callable[[PipelineError], None] | None = None,
) -> Iterator[Source]:
    """Every document in the bytes of a file, as `read_sources` yields them; opens no file."""
    told = _Told(url, retrieved_at, on_error or _raise, Budget())
    yield from _sources(data, Path(path), told, 0)


@dataclass(slots=True)
class _Told:
    """What goes for all members of a file, and how many of them were refused."""

    url: str | None
    retrieved_at: str | None
    on_error: Callable[[PipelineError], None]
    budget: Budget
    refused: int = 0

    def refuse(self, error: PipelineError) -> None:
        self.refused += 1
        self.on_error(error)


def _raise(error: PipelineError) -> None:
    raise error


def _bytes(place: Path) -> bytes:
    try:
        if place.stat().st_size > MAX_FILE:
            fact = f"above the limit of {MAX_FILE >> 20} MiB"
            raise SourceError(place, fact, "give the documents one by one")
        return place.read_bytes()
    except OSError as error:
        fact = error.strerror or str(error)
        raise SourceError(place, f"cannot be read ({fact})", "check path and rights") from error


def _sources(data: bytes, place: Path, told: _Told, depth: int) -> Iterator[Source]:
    """The source of these bytes, then those of the members, each read when it is asked for."""
    kind = kind_of(data)
    before = told.refused
    found = 0
    errors: list[PipelineError] = []
    source: Source | None = None
    if kind.read is not None:
        with hold_errors(place, errors.append):
            content = kind.read(data, place)
            source = to_source(content, data, place.as_posix(), told.url, told.retrieved_at)
    if source:
        found = 1
        yield source
    if kind.members is not None:
        for source in _members(kind.members, data, place, told, depth):
            found += 1
            yield source
    if not found and told.refused == before:
        remedy = "give the documents themselves"
        told.refuse(errors[0] if errors else SourceError(place, _NO_DOCUMENT, remedy))


def _members(holder: Holder, data: bytes, place: Path, told: _Told, depth: int) -> Iterator[Source]:
    """The sources of the members that can be read, companions of saved pages left out."""
    if depth >= DEEPEST:
        fact = f"archives nested deeper than {DEEPEST}"
        told.refuse(SourceError(place, fact, "unpack it and give the folder"))
        return
    members: list[Member] = []
    with hold_errors(place, told.refuse):
        members = list(holder(data, place.as_posix(), told.budget))
    pages = page_stems([member.name for member in members])
    for member in members:
        if is_companion(member.name, pages) or not _may_be_read(member.name):
            continue
        found = None
        with hold_errors(f"{place.as_posix()}!/{member.name}", told.refuse):
            inner = Path(f"{place.as_posix()}!/{inner_name(member.name, place.as_posix())}")
            found = member.read()
        if found is None:
            continue
        key = (inner.as_posix(), hashlib.sha256(found).digest())
        if key not in told.budget.seen:
            told.budget.seen.add(key)
            yield from _sources(found, inner, told, depth + 1)


def _may_be_read(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in SUFFIXES


def to_source(
    content: Content, data: bytes, path: str, url: str | None, retrieved_at: str | None
) -> Source:
    """The source of a content that was read from these bytes; links of a known page are whole."""
    url = url or content.url
    return Source(
        path=path,
        url=url,
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=content.media_type,
        encoding=content.encoding,
        retrieved_at=retrieved_at,
        text=content.text,
        particulars=content.particulars,
        attachments=tuple(_resolved(one, url) for one in content.attachments),
        locations=content.locations,
        remarks=content.remarks,
    )


def _resolved(attachment: Attachment, url: str | None) -> Attachment:
    """The attachment with its whole address, where the page's own is known."""
    if not url or not url.startswith(("http:", "https:")):
        return attachment
    try:
        return Attachment(text=attachment.text, url=urljoin(url, attachment.url))
    except ValueError:
        return attachment
