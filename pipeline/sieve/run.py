"""Read many web archives, several at once, and keep the plans in them as a folder of sources."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import lexicon
from pipeline.batch.pool import Pool
from pipeline.dataset.parser_version import parser_version
from pipeline.errors import OutputError, PipelineError, SourceError
from pipeline.sieve.gates import load_automata
from pipeline.sieve.keep import are_files_there, arrange, find_present
from pipeline.sieve.notes import Note, read_note
from pipeline.sieve.reading import load_reader
from pipeline.sieve.sift import ArchiveJob, Options, sift

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pipeline.batch.pool import Done
    from pipeline.sieve.archives import Archive
    from pipeline.sieve.sift import Sifted


@dataclass(slots=True)
class SieveReport:
    """What became of the archives of a run: their records by their fate, their bytes, and errors.

    `known` archives were read by an earlier run, with the same result. Of all their bytes, unpacked,
    this run read `read`. `files` are in the folder now.
    """

    archives: int = 0
    known: int = 0
    size: int = 0
    read: int = 0
    files: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    errors: list[PipelineError] = field(default_factory=list)


def sieve(
    archives: Sequence[Archive],
    options: Options,
    jobs: int,
    begin: Callable[[ArchiveJob | None], None],
) -> SieveReport:
    """Read archives and keep their plans; `begin` is called with each, and with None at the end.

    Raises OutputError where the folder cannot be written; what is read by then is noted.
    """
    report = SieveReport()
    present = find_present(options.folder)
    todo = []
    for one in archives:
        note = read_note(options.folder, one)
        if note and _is_done(note, one, options, present):
            report.known += 1
            _add(report, note)
        else:
            todo.append(_make_job(one, options))
    if todo:
        # Before the processes are made, so that they share what is loaded.
        load_automata()
        load_reader()
    with Pool(sift, max(1, min(jobs, len(todo))), lambda: None) as pool:
        for done in pool.run(todo, lambda job: job.relative):
            begin(done.job if isinstance(done.job, ArchiveJob) else None)
            _add_done(report, done)
    begin(None)
    report.files = arrange(options.folder)
    return report


def make_options(folder: Path, largest: int, *, files: bool) -> Options:
    """Return the options of a run; an archive that was read with others is read again."""
    made_with = f"{parser_version(lexicon.folder())} {largest} {files}"
    return Options(folder, largest, files, made_with)


def _is_done(note: Note, archive: Archive, options: Options, present: set[str]) -> bool:
    is_same = (note.stamp, note.made_with) == (archive.stamp, options.made_with)
    is_settled = note.is_complete and not note.is_passing
    return is_same and is_settled and are_files_there(options.folder, note, present)


def _make_job(archive: Archive, options: Options) -> ArchiveJob:
    return ArchiveJob(archive.address, archive.address, archive=archive, options=options)


def _add_done(report: SieveReport, done: Done[Sifted]) -> None:
    try:
        results: Iterable[Sifted] = list(done.results)
    except SourceError as error:
        # The process died at it.
        report.archives += 1
        report.errors.append(type(error)(done.job.relative, error.fact, error.remedy))
        return
    for one in results:
        if isinstance(one.error, OutputError):
            raise one.error
        if one.note:
            report.read += one.note.size
            _add(report, one.note)


def _add(report: SieveReport, note: Note) -> None:
    report.archives += 1
    report.size += note.size
    report.counts.update(note.counts)
    report.errors += [SourceError(*one) for one in note.errors]
