"""Bytes -> Source: the only rooms that open documents."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pipeline.errors import SourceError
from pipeline.model import Source
from pipeline.read import plain

SUFFIXES = frozenset({".txt", ".text", ".md"})


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
    text, encoding = plain.decode(data, place)
    return Source(
        path=place.as_posix(),
        url=url,
        sha256=hashlib.sha256(data).hexdigest(),
        media_type="text/plain",
        encoding=encoding,
        retrieved_at=retrieved_at,
        text=text,
    )
