"""Run jobs: a file through reader and parser; one failure never stops the rest."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.batch.joined_sources import join_sources
from pipeline.errors import PipelineError, SourceError, hold_errors
from pipeline.read import Skipped, read_sources
from pipeline.readable import make_readable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.model import Notice, Source

# A plan has some 100,000 characters; the record of a dense one takes up to 460 bytes of memory for each.
MOST_CHARACTERS = 2_000_000
_SLUG = re.compile(r"[^0-9a-z\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Job:
    """A file to parse, and its path below the folder that was given.

    Both are as the system names the file, with surrogates for bytes that are no text. `attached` are
    the files of the same notice, such as those that a page links to. The place is kept as a text, since
    a Path takes a kilobyte, a third of all that a run remembers of a source.
    """

    place: str
    relative: str
    url: str | None = None
    retrieved_at: str | None = None
    # The files attached to a page, which are read as a part of its notice.
    attached: tuple[Job, ...] = ()
    # Where its bytes are, for a file of another system that was copied here.
    copied: Path | None = None

    @property
    def opened(self) -> Path:
        """The file that is opened to read it."""
        return self.copied or self.path

    @property
    def size(self) -> int:
        """The bytes of the file, by which its time and memory are limited; 0 where it is not there."""
        try:
            # A Path would take five times as long.
            return os.stat(self.copied or self.place).st_size  # noqa: PTH116
        except OSError:
            return 0

    @property
    def path(self) -> Path:
        """The file."""
        return Path(self.place)

    @property
    def shown(self) -> str:
        """The path as people read it, which is that of the record's source."""
        return make_readable(self.place)

    @property
    def key(self) -> str:
        """The path in printable characters, one for each file: two may look the same."""
        raw = self.place.encode("utf-8", "surrogateescape")
        return raw.decode("utf-8", "backslashreplace")


@dataclass(frozen=True, slots=True)
class Outcome:
    """A job's record, the error that it met, or a member of it that is no document."""

    job: Job
    notice: Notice | None = None
    error: PipelineError | None = None
    skipped: Skipped | None = None


def notice_id(relative: str, data_hash: str) -> str:
    """An id that follows from a file's path and bytes alone: yantian-2011-reform-plan-1c0ffee5."""
    stem = make_readable(relative).rsplit(".", 1)[0].lower()
    slug = _SLUG.sub("-", stem).strip("-")[-80:].strip("-") or "notice"
    # The bytes of the name: two names that look the same are two notices.
    raw = f"{relative}\n{data_hash}".encode("utf-8", "surrogateescape")
    digest = hashlib.sha256(raw).hexdigest()
    return f"{slug}-{digest[:8]}"


def load_parser() -> None:
    """Import the parser and its tables, which a run where nothing has changed does not need."""
    import_module("pipeline.parse.notice")


def run_job(job: Job) -> Iterator[Outcome]:
    """Read and parse one file, and every document in it, one by one.

    Errors are the last outcomes, and never raised.
    """
    from pipeline.parse.notice import parse_notice  # noqa: PLC0415  (see load_parser)

    errors: list[PipelineError] = []
    skipped: list[Skipped] = []
    root = job.shown
    with hold_errors(job.path, errors.append):
        for source in _read(job, errors, skipped):
            place = source.path or root
            notice = None
            with hold_errors(place, errors.append):
                check_length(source)
                notice = parse_notice(
                    source, notice_id(job.relative + _inner(place, root), source.sha256)
                )
            if notice:
                yield Outcome(job, notice)
    for one in skipped:
        yield Outcome(job, skipped=one)
    for error in errors:
        yield Outcome(job, error=_without_frames(error))


def _read(job: Job, errors: list[PipelineError], skipped: list[Skipped]) -> Iterator[Source]:
    """Yield the sources of a file; those of a page with attachments are joined to one."""

    def read(one: Job) -> Iterator[Source]:
        return read_sources(
            one.opened,
            place=one.path,
            url=one.url,
            retrieved_at=one.retrieved_at,
            on_error=errors.append,
            on_skip=skipped.append,
        )

    if not job.attached:
        yield from read(job)
        return
    own = [source for one in (job, *job.attached) for source in read(one)]
    if own:
        joined = join_sources(own)
        parts = {one.path for one in joined.files or ()} or {joined.path or ""}
        left_out = [path for path in (one.path or "" for one in own) if path not in parts]
        skipped += [Skipped(path, f"prints what {job.shown} prints") for path in left_out]
        yield joined


def _inner(place: str, root: str) -> str:
    """Return what a member's path has behind that of its file; of an attachment read alone its name."""
    return place[len(root) :] if place.startswith(root) else f"!/{place.rpartition('/')[2]}"


def check_length(source: Source) -> None:
    """Raise SourceError for a text that would take more memory than a run should."""
    if len(source.text) > MOST_CHARACTERS:
        fact = f"a text of {len(source.text):,} characters, above the limit of {MOST_CHARACTERS:,}"
        raise SourceError(source.path, fact, "give the plan's own text, or split it")


def _without_frames(error: PipelineError) -> PipelineError:
    """The error alone: its frames would keep the bytes of every failed file until the run ends."""
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)
