"""Read one archive through: its records by the gates, what passes by the parser, and keep the plans."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline.batch.jobs import Job
from pipeline.dataset.files import write_changed
from pipeline.errors import OutputError, PipelineError, ResourceError, SourceError, hold_errors
from pipeline.read.file_signatures import OLE, RTF, ZIP, office_format
from pipeline.read.kinds import kind_of
from pipeline.sieve.archives import Archive, look_up
from pipeline.sieve.gates import find_stop
from pipeline.sieve.notes import Found, Note, kept_path, write_note
from pipeline.sieve.reading import Page, PageReader
from pipeline.sieve.records import Answer, read_answers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.sieve.reading import Verdict

# Each archive is given alone: a process that shares the work takes the next one when it is done.
_ALONE = 2**18
# Documents whose words are packed or in no order, so that the gates cannot find them.
_DOCUMENTS = (b"%PDF", ZIP, OLE, RTF)
_SUFFIXES = {"html": ".html", "pdf": ".pdf", "mail": ".mht", "archive": ".zip"}
_OFFICE = {"sheet": ".xls", "ofd": ".ofd", "word": ".docx"}


@dataclass(frozen=True, slots=True)
class Options:
    """Where plans are kept, the bytes of the largest record that is read, and whether files are."""

    folder: Path
    largest: int
    files: bool
    made_with: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveJob(Job):
    """An archive to be read through."""

    archive: Archive
    options: Options

    @property
    def size(self) -> int:
        """The bytes of the archive, by which its time is limited."""
        return max(self.archive.size, _ALONE)


class Sifted(NamedTuple):
    """What became of an archive: what is noted of it, or the error for which nothing could be."""

    note: Note | None
    error: PipelineError | None = None


def sift(job: Job) -> Iterator[Sifted]:
    """Read an archive through, keep the plans in it, and note what became of its records."""
    assert isinstance(job, ArchiveJob)  # noqa: S101 - for the types: the worker knows jobs
    archive, options = job.archive, job.options
    note = Note(archive.address, archive.stamp, options.made_with)
    damages: list[PipelineError] = []
    try:
        with hold_errors(archive.address, damages.append):
            _sift(archive, options, note, damages)
            _check_unchanged(archive)
        for one in damages:
            note.add_error(one)
        note.is_complete = not damages
        write_note(options.folder, note)
        yield Sifted(note)
    except OutputError as error:
        yield Sifted(None, error)


def _sift(archive: Archive, options: Options, note: Note, damages: list[PipelineError]) -> None:
    with PageReader() as reader:
        for answer, length in read_answers(archive, options.largest, damages.append):
            note.size += answer.size
            note.count("records")
            stop = answer.skipped or _find_stop(answer, options)
            if not stop:
                for page, verdict in reader.add(_make_page(archive, answer, length)):
                    _keep(page, verdict, note, options.folder)
                continue
            note.count(stop)
            if stop == "too-large":
                note.add_error(_refuse_large(archive, answer, options))
        for page, verdict in reader.finish():
            _keep(page, verdict, note, options.folder)


def _find_stop(answer: Answer, options: Options) -> str | None:
    """Why a document is not read, None for one that is."""
    if answer.body.startswith(_DOCUMENTS):
        return None if options.files else "document"
    return find_stop(answer.body)


def _make_page(archive: Archive, answer: Answer, length: int) -> Page:
    name = f"page{_find_suffix(answer)}"
    place = f"{archive.address}@{answer.offset} {answer.url}"
    return Page(name, place, answer.url or None, answer=answer, length=length)


def _find_suffix(answer: Answer) -> str:
    """The suffix of a document's file, by its bytes."""
    if answer.is_text:
        return ".txt"
    kind = kind_of(answer.body).name
    if kind == "office":
        return _OFFICE.get(office_format(answer.body) or "", ".doc")
    return _SUFFIXES.get(kind, ".txt")


def _keep(page: Page, verdict: Verdict, note: Note, folder: Path) -> None:
    """Keep a document that is a plan, and note it. Raises OutputError where it cannot be written."""
    if verdict.error:
        note.count("unread")
        note.is_passing |= isinstance(verdict.error, ResourceError)
        fact, remedy = verdict.error.fact, verdict.error.remedy
        note.add_error(SourceError(page.relative, fact, remedy))
        return
    if not verdict.is_plan:
        note.count("no-plan")
        return
    note.count("kept")
    answer = page.answer
    digest = hashlib.sha256(answer.body).hexdigest()
    found = Found(
        name=digest[:16] + page.path.suffix,
        sha256=digest,
        url=answer.url,
        offset=answer.offset,
        length=page.length,
        retrieved_at=answer.retrieved_at,
        status=answer.status,
        media_type=answer.media_type,
    )
    write_changed(kept_path(folder, found.name), answer.body)
    note.found.append(found)


def _refuse_large(archive: Archive, answer: Answer, options: Options) -> SourceError:
    fact = f"a record above the limit of {options.largest / 2**20:g} MiB is passed over"
    place = f"{archive.address}@{answer.offset} {answer.url}"
    return SourceError(place, fact, "read it with a larger --largest")


def _check_unchanged(archive: Archive) -> None:
    """Raise SourceError where an archive is another one than when the run found it."""
    if look_up(archive.address) != archive:
        fact = "changed while it was read; only what it had at first was read"
        raise SourceError(archive.address, fact, "run again when it is whole")
