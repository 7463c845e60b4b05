"""Bytes -> Source: the only rooms that open documents."""

from __future__ import annotations

import hashlib
from pathlib import Path
from urllib.parse import urljoin

from pipeline.errors import SourceError
from pipeline.model import Attachment, Source
from pipeline.read.content import Content
from pipeline.read.kinds import KINDS

SUFFIXES = frozenset({".txt", ".text", ".md", ".html", ".htm", ".shtml", ".xhtml"})


def read_source(
    path: str | Path, *, url: str | None = None, retrieved_at: str | None = None
) -> Source:
    """The document in a file, with its text as a reader sees it.

    Raises SourceError if the file is missing, may not be read, is empty, is not text or holds
    bytes of no known encoding.
    """
    place = Path(path)
    try:
        data = place.read_bytes()
    except OSError as error:
        fact = error.strerror or str(error)
        raise SourceError(place, f"cannot be read ({fact})", "check path and rights") from error
    return to_source(_read(data, place), data, place.as_posix(), url, retrieved_at)


def _read(data: bytes, place: Path) -> Content:
    """The content of a file by what its bytes are, whatever its name says."""
    return next(kind for kind in KINDS if kind.holds(data)).read(data, place)


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
