"""Put the plans of all archives where fengong parse reads them: a file for each content, a row in SOURCES.csv."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from pipeline.batch.origins import Origin, add_origins, read_origins
from pipeline.dataset.file_moves import remove_temporary, write_failures
from pipeline.sieve.notes import kept_path, read_notes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pipeline.sieve.notes import Found, Note

_NOT_IN_HOSTS = re.compile(r"[^0-9a-z.-]+")
_LONGEST_HOST = 100


class _Record(NamedTuple):
    """A record whose document is a plan, in the order of archives and places; it is one of `found`."""

    address: str
    offset: int
    found: Found


def arrange(folder: Path) -> int:
    """Move what was kept to its place, and write the table of a folder; return how many files are there.

    What is written hangs on the archives alone and not on the order in which they were read. A content
    keeps its file when it is found again elsewhere. Raises OutputError.
    """
    origins = read_origins(folder)
    paths = {one.sha256: path for path, one in origins.items() if one.warc}
    by_content: dict[str, list[_Record]] = {}
    for note in read_notes(folder):
        for one in note.found:
            record = _Record(note.address, one.offset, one)
            by_content.setdefault(one.sha256, []).append(record)
    rows = []
    for digest, records in by_content.items():
        first, *further = sorted(records, key=lambda one: (one.address, one.offset))
        path = paths.get(digest) or f"{_host_of(first.found.url)}/{first.found.name}"
        if _put(kept_path(folder, first.found.name), folder / path):
            rows.append(_row_of(path, first, further))
    if rows:
        add_origins(folder, rows)
    return len(rows)


def are_files_there(folder: Path, note: Note, present: set[str]) -> bool:
    """Answer whether every plan of an archive is kept: at its place, by `present`, or waiting for it."""
    return all(one.sha256 in present or kept_path(folder, one.name).is_file() for one in note.found)


def find_present(folder: Path) -> set[str]:
    """The contents, by their hashes, whose files are at their places."""
    origins = read_origins(folder)
    return {one.sha256 for path, one in origins.items() if (folder / path).is_file()}


def _put(waiting: Path, place: Path) -> bool:
    """Move a file to its place unless it is there; return whether it is."""
    if place.is_file():
        remove_temporary(waiting)
        return True
    if not waiting.is_file():
        return False
    with write_failures(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        os.replace(waiting, place)  # noqa: PTH105 - as everywhere where files are moved
    return True


def _host_of(url: str) -> str:
    """The host of an address as the name of a folder that cannot lead elsewhere."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        host = ""
    return _NOT_IN_HOSTS.sub("-", host)[:_LONGEST_HOST].strip(".-") or "unknown-host"


def _row_of(path: str, first: _Record, further: Sequence[_Record]) -> Origin:
    found = first.found
    return Origin(
        path=path,
        url=found.url,
        retrieved_at=found.retrieved_at,
        sha256=found.sha256,
        media_type=found.media_type,
        status=found.status,
        warc=first.address,
        warc_offset=str(found.offset),
        warc_length=str(found.length or ""),
        copies="\n".join(
            f"{one.address} {one.offset} {one.found.length or ''} {one.found.url}"
            for one in further
        ),
    )
