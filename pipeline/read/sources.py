"""Read every document in a file: bytes -> Source."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urljoin

from pipeline.errors import PipelineError, SourceError, hold_errors
from pipeline.model import Attachment, Source
from pipeline.read.bundle.members import DEEPEST, MOST_MEMBERS, Budget, Holder, Member, inner_name
from pipeline.read.document_content import Content
from pipeline.read.file_signatures import is_xml_document
from pipeline.read.kinds import kind_of
from pipeline.read.own_reports import refuse_own_report
from pipeline.read.skipped import MIXED_SUFFIXES, NO_DOCUMENT, Skipped, skip_reason
from pipeline.read.web.saved_page import is_companion, page_stems
from pipeline.readable import make_readable

MAX_FILE = 512 * 2**20
_NO_DOCUMENT = "holds no document that can be read"
# The kinds of files that are never opened: reading a FIFO waits for ever, a device may act.
_SPECIAL_MESSAGES = (
    (stat.S_ISFIFO, "a FIFO"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)

_SYSTEM_FOLDERS = ("/proc", "/sys")


def read_source(
    path: str | Path, *, url: str | None = None, retrieved_at: str | None = None
) -> Source:
    """The only document in a file.

    `url` is the address it was fetched from, `retrieved_at` the time of that in ISO form.
    Raises SourceError if the file is missing, may not be read, is empty, is above 512 MiB, is of no
    kind that can be read, or is an archive of several documents.
    """
    data = _bytes(Path(path))
    place = Path(make_readable(os.fspath(path)))
    kind = kind_of(data)
    if kind.read is not None:
        return to_source(_read(kind.read, data, place), data, place.as_posix(), url, retrieved_at)
    found = list(sources_of(data, place, url=url, retrieved_at=retrieved_at))
    if len(found) > 1:
        fact = f"an archive of {len(found)} documents"
        raise SourceError(place, fact, "use read_sources, or give it to fengong parse")
    return found[0]


def read_sources(
    path: str | Path,
    *,
    place: str | Path | None = None,
    url: str | None = None,
    retrieved_at: str | None = None,
    on_error: Callable[[PipelineError], None] | None = None,
    on_skip: Callable[[Skipped], None] | None = None,
) -> Iterator[Source]:
    """Every document in a file: one, or those of an archive or a message with attachments.

    `place` is the path that its records have, for a copy of a file. A member's path is
    "a.zip!/b.docx". Without `on_error`, the first document that cannot be read
    raises SourceError; with it, it is called with each such error, and the others are read. `on_skip`
    is called with each member that is no document by its name, or a copy of one that was read, and with
    an .xml file that is no document by its bytes.
    """
    known_as = Path(make_readable(os.fspath(path if place is None else place)))
    try:
        data = _bytes(Path(path))
    except SourceError as error:
        (on_error or _raise)(SourceError(known_as, error.fact, error.remedy))
        return
    run = _SourceRun(url, retrieved_at, on_error or _raise, on_skip or _pass_over, Budget())
    yield from _sources(data, known_as, run, 0)


def sources_of(
    data: bytes,
    path: str | Path,
    *,
    url: str | None = None,
    retrieved_at: str | None = None,
    on_error: Callable[[PipelineError], None] | None = None,
) -> Iterator[Source]:
    """Every document in the bytes of a file, as `read_sources` yields them; opens no file."""
    run = _SourceRun(url, retrieved_at, on_error or _raise, _pass_over, Budget())
    yield from _sources(data, Path(make_readable(os.fspath(path))), run, 0)


@dataclass(slots=True)
class _SourceRun:
    """The options and limits for all members of a file, and the count of refused ones."""

    url: str | None
    retrieved_at: str | None
    on_error: Callable[[PipelineError], None]
    on_skip: Callable[[Skipped], None]
    budget: Budget
    refused: int = 0

    def refuse(self, error: PipelineError) -> None:
        self.refused += 1
        self.on_error(error)


def _raise(error: PipelineError) -> None:
    raise error


def _pass_over(skipped: Skipped) -> None:
    del skipped


def special_kind(mode: int) -> str | None:
    """What a file is that is no regular file, by its mode: "a FIFO"; None for a regular one."""
    if stat.S_ISREG(mode):
        return None
    return next((name for is_one, name in _SPECIAL_MESSAGES if is_one(mode)), "no regular file")


def check_readable(place: Path) -> None:
    """Raise SourceError for what is no regular file, is empty or above 512 MiB, before it is opened.

    Files in /proc and /sys look like regular ones; reading some of them never ends.
    """
    try:
        status = place.stat()
    except OSError as error:
        raise _unreadable(place, error) from error
    special_fact = special_kind(status.st_mode)
    if special_fact and not stat.S_ISDIR(status.st_mode):
        fact = f"is {special_fact}, which is not opened"
        raise SourceError(place, fact, "write what it gives to a file and give that")
    if status.st_dev in _system_devices():
        fact = "is made by the system while it is read, and is not opened"
        raise SourceError(place, fact, "write what it gives to a file and give that")
    if not status.st_size:
        raise SourceError(place, "the file is empty", "give a file with the notice's text")
    if status.st_size > MAX_FILE:
        fact = f"above the limit of {MAX_FILE >> 20} MiB"
        raise SourceError(place, fact, "give the documents one by one")


@cache
def _system_devices() -> frozenset[int]:
    """The devices of the file systems that are no disk."""
    found: set[int] = set()
    for folder in map(Path, _SYSTEM_FOLDERS):
        with suppress(OSError):
            device = folder.stat().st_dev
            # Where nothing is mounted, it is a folder of the disk.
            found |= {device} - {Path("/").stat().st_dev}
    return frozenset(found)


def _bytes(place: Path) -> bytes:
    check_readable(place)
    try:
        return place.read_bytes()
    except OSError as error:
        raise _unreadable(place, error) from error


def _unreadable(place: Path, error: OSError) -> SourceError:
    fact = f"cannot be read ({error.strerror or error})"
    return SourceError(place, fact, "check path and rights")


def _sources(data: bytes, place: Path, run: _SourceRun, depth: int) -> Iterator[Source]:
    """The source of these bytes, then those of the members, each read when it is needed."""
    kind = kind_of(data)
    if place.suffix.lower() in MIXED_SUFFIXES and not is_xml_document(data):
        run.on_skip(Skipped(place.as_posix(), NO_DOCUMENT))
        return
    before = run.refused
    found = 0
    errors: list[PipelineError] = []
    source: Source | None = None
    if kind.read is not None:
        with hold_errors(place, errors.append):
            content = _read(kind.read, data, place)
            source = to_source(content, data, place.as_posix(), run.url, run.retrieved_at)
    if source:
        found = 1
        yield source
    if kind.members is not None:
        for source in _members(kind.members, data, place, run, depth):
            found += 1
            yield source
    if not found and run.refused == before:
        remedy = "give the documents themselves"
        run.refuse(errors[0] if errors else SourceError(place, _NO_DOCUMENT, remedy))


def _read(read: Callable[[bytes, Path], Content], data: bytes, place: Path) -> Content:
    """What a reader makes of a file. Raises SourceError for our own reports and for blanks alone."""
    refuse_own_report(data, place)
    content = read(data, place)
    if not content.text.strip():
        raise SourceError(place, "the document has no text", "give the notice's own file")
    return content


def _members(
    holder: Holder, data: bytes, place: Path, run: _SourceRun, depth: int
) -> Iterator[Source]:
    """The sources of the readable members, without the files saved beside a page."""
    if depth >= DEEPEST:
        fact = f"archives nested deeper than {DEEPEST}"
        run.refuse(SourceError(place, fact, "unpack it and give the folder"))
        return
    members: list[Member] = []
    with hold_errors(place, run.refuse):
        # One by one: those that came before an error are read.
        for member in holder(data, place.as_posix(), run.budget):
            members.append(member)  # noqa: PERF402
    pages = page_stems([member.name for member in members])
    documents: list[Member] = []
    for member in members:
        why = "saved with a page" if is_companion(member.name, pages) else skip_reason(member.name)
        if why:
            run.on_skip(Skipped(f"{place.as_posix()}!/{member.name}", why))
        else:
            documents.append(member)
    for member in documents[:MOST_MEMBERS]:
        found = None
        with hold_errors(f"{place.as_posix()}!/{member.name}", run.refuse):
            inner = Path(f"{place.as_posix()}!/{inner_name(member.name, place.as_posix())}")
            found = member.read()
        if found is None:
            continue
        key = (inner.as_posix(), hashlib.sha256(found).digest())
        if key not in run.budget.seen:
            run.budget.seen.add(key)
            yield from _sources(found, inner, run, depth + 1)
        else:
            run.on_skip(Skipped(inner.as_posix(), "the same name and bytes as a member before"))
    if len(documents) > MOST_MEMBERS:
        left_out = (
            f"{len(documents) - MOST_MEMBERS:,} of {len(documents):,} documents were left out"
        )
        fact = f"{left_out}: an archive is read up to {MOST_MEMBERS:,}"
        run.refuse(SourceError(place, fact, "unpack it and give the folder"))


def to_source(
    content: Content, data: bytes, path: str, url: str | None, retrieved_at: str | None
) -> Source:
    """The source of a content read from these bytes; with the page's address, links are absolute."""
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
    """The attachment with an absolute address, where that of the page is known."""
    if not url or not url.startswith(("http:", "https:")):
        return attachment
    try:
        return Attachment(text=attachment.text, url=urljoin(url, attachment.url))
    except ValueError:
        return attachment
