"""Bring an OUTPUT up to date with its sources: only what changed is read and parsed.

A source is unchanged if its bytes, its row in SOURCES.csv, the parser with its tables, people's
decisions and the records made from it are all what they were.
"""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from pipeline.batch.jobs import load_parser, run_job
from pipeline.batch.pool import Pool
from pipeline.dataset.dataset_writer import DatasetWriter, prepare_record
from pipeline.dataset.duplicates import find_marks, mark_notice
from pipeline.dataset.manifest import (
    OVERLAYS,
    SourceState,
    UnreadFile,
    file_hash,
    overlay_hashes,
)
from pipeline.dataset.parser_version import parser_version
from pipeline.dataset.source_table import sort_unread
from pipeline.errors import SourceError, hold_errors
from pipeline.lexicon import folder
from pipeline.read import check_readable
from pipeline.readable import make_readable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pipeline.batch.jobs import Job, Outcome
    from pipeline.dataset.dataset_writer import PreparedRecord
    from pipeline.dataset.manifest import Manifest, RecordSummary
    from pipeline.decisions.correction import Correction
    from pipeline.decisions.overlay import Decisions
    from pipeline.errors import OnError, PipelineError
    from pipeline.model import Notice
    from pipeline.read import Skipped

Fate = Literal["added", "updated", "unchanged", "gone"]
_FATES: tuple[Fate, ...] = get_args(Fate)


@dataclass(frozen=True, slots=True)
class UpdateReport:
    """The records of the OUTPUT after a run, the source paths by their fate, and the errors.

    `unread` are the files of the sources that were skipped or failed.
    """

    records: list[RecordSummary] = field(default_factory=list)
    fates: dict[Fate, list[str]] = field(default_factory=lambda: {fate: [] for fate in _FATES})
    errors: list[PipelineError] = field(default_factory=list)
    unread: list[UnreadFile] = field(default_factory=list)

    def count(self) -> Counter[str]:
        """Return how many notices were added, updated, unchanged and gone."""
        return Counter({fate: len(paths) for fate, paths in self.fates.items()})


class Reading(NamedTuple):
    """How sources are read: which bytes one has now, and in a child process what is found in it.

    `load` is called before that. `parser` is the version of the parser that finds it, None for this one.
    """

    find_hash: Callable[[Job], str]
    run: Callable[[Job], Iterator[Outcome]] = run_job
    load: Callable[[], None] = load_parser
    parser: str | None = None


class Means(NamedTuple):
    """How many processes share the work, and what is called with each source when its turn has come.

    It is called with None when all sources have been parsed. `reading` is None for files of this system.
    With `keeps_others`, sources of the OUTPUT that are no jobs of this run keep their records; without,
    they are gone.
    """

    processes: int = 1
    begin: Callable[[Job | None], None] = lambda _: None
    reading: Reading | None = None
    keeps_others: bool = False


class _Parsed(NamedTuple):
    """What one source gives: its state for the manifest, the errors met in it, what was not read."""

    state: SourceState
    errors: list[PipelineError]
    unread: list[UnreadFile]


def update_dataset(
    jobs: Iterable[Job],
    output: Path,
    *,
    anew: bool = False,
    take_over: bool = False,
    unread: Iterable[UnreadFile] = (),
    means: Means = Means(),  # noqa: B008 - it cannot change
) -> UpdateReport:
    """Bring an OUTPUT up to date with its sources, so that it has exactly what these jobs give.

    A source that cannot be read now, and could be before, keeps its earlier records. With `anew`
    everything is read and parsed again; with `take_over` a folder that is not of fengong may be
    overwritten. `unread` are files that were found and are no jobs. What is written is the same for any
    number of processes; nothing is where no notice was read. Raises OutputError.
    """
    reading = means.reading or Reading(hash_source)
    parser = reading.parser or parser_version(folder())
    with DatasetWriter(output, take_over=take_over) as writer:
        decisions = _read_decisions(output)
        applied = _find_earlier_corrections(decisions, writer.manifest)
        is_same_parser = not anew and _is_made_by(writer.manifest, parser, output)
        find_change = partial(
            _find_change, find_hash=reading.find_hash, writer=writer, anew=not is_same_parser
        )
        sources: dict[str, SourceState] = {}
        errors: list[PipelineError] = []
        not_read = list(unread)
        if means.keeps_others:
            jobs = list(jobs)
            not_read += _keep_others(jobs, writer, sources)
            # Where the parser is another one now, the next run over all sources parses them anew.
            parser = parser if is_same_parser else ""
        known = writer.manifest.records
        prepare = partial(_prepare_records, run=reading.run, applied=applied, known=known)
        with Pool(prepare, means.processes, reading.load) as pool:
            for job, digest, results in pool.run(jobs, find_change):
                means.begin(job)
                if digest is None:
                    before = writer.manifest.sources[job.key]
                    for notice_id in before.notices:
                        writer.keep(notice_id)
                    sources[sys.intern(job.key)] = before
                    not_read += _find_members(job, writer.manifest.unread)
                    continue
                reading.load()
                parsed = _parse_source(job, digest, writer, results)
                sources[sys.intern(job.key)] = parsed.state
                errors += parsed.errors
                not_read += parsed.unread
        means.begin(None)
        if not writer.records:
            return UpdateReport(errors=errors)
        corrected = _apply_moved_corrections(writer, applied, errors.append)
        _mark_duplicates(writer, errors.append)
        not_read = sort_unread(not_read)
        report = UpdateReport(list(writer.records.values()), _find_fates(writer), errors, not_read)
        writer.close(sources, parser, errors.append, not_read, corrected)
    return report


def _keep_others(
    jobs: Sequence[Job], writer: DatasetWriter, sources: dict[str, SourceState]
) -> list[UnreadFile]:
    """Keep the records of all sources that are no jobs; return the files of these that were not read."""
    keys = {job.key for job in jobs}
    for key, before in writer.manifest.sources.items():
        if key not in keys:
            sources[key] = before
            for notice_id in before.notices:
                writer.keep(notice_id)
    own = tuple(f"{job.shown}!/" for job in jobs)
    shown = {job.shown for job in jobs}
    unread = writer.manifest.unread
    return [one for one in unread if one.path not in shown and not one.path.startswith(own)]


def _find_change(
    job: Job, find_hash: Callable[[Job], str], writer: DatasetWriter, *, anew: bool
) -> str | None:
    """Return the hash of a source that is to be parsed, None where it and its records are as before."""
    before = writer.manifest.sources.get(job.key)
    digest = find_hash(job)
    is_as_before = before and not anew and _is_unchanged(job, digest, before, writer)
    return None if is_as_before else digest


def _find_members(job: Job, unread: Iterable[UnreadFile]) -> Iterator[UnreadFile]:
    """Yield the files inside a source that the last run did not read, and the source if it skipped it."""
    return (one for one in unread if one.path == job.shown or one.path.startswith(f"{job.shown}!/"))


def _mark_duplicates(writer: DatasetWriter, on_error: OnError) -> None:
    """Mark the notices that are in the OUTPUT already; which they are is known after all are parsed."""
    for notice_id, mark in find_marks(writer.records.values()).items():
        if mark == writer.records[notice_id].duplicate:
            continue
        writer.unfinished.add(notice_id)
        with writer.hold(notice_id, on_error):
            writer.add(mark_notice(writer.read(notice_id), mark))
            writer.unfinished.remove(notice_id)


def hash_source(job: Job) -> str:
    """Return the SHA-256 of a source, or an empty text for one that is not to be read."""
    try:
        check_readable(job.opened)
    except SourceError:
        return ""
    own = file_hash(job.opened)
    if not job.attached:
        return own
    # A page whose attachment changes is another source; one that is missing has an empty hash.
    hashes = [own, *(f"{one.key} {hash_source(one)}" for one in job.attached)]
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()


def _is_made_by(manifest: Manifest, parser: str, output: Path) -> bool:
    """Answer whether the records were made by this parser, under the decisions there are now."""
    return manifest.parser == parser and manifest.overlays == overlay_hashes(output)


def _is_unchanged(job: Job, digest: str, before: SourceState, writer: DatasetWriter) -> bool:
    """Answer whether a source and the records made from it are what they were."""
    now = SourceState(digest, job.url, job.retrieved_at, before.notices)
    return bool(digest) and now == before and all(map(writer.is_intact, before.notices))


class _Prepared(NamedTuple):
    """A notice ready to be written, or the error met at it."""

    record: PreparedRecord | None = None
    error: PipelineError | None = None
    # A file inside the source that is no document.
    skipped: Skipped | None = None


def _prepare_records(
    job: Job,
    run: Callable[[Job], Iterator[Outcome]],
    applied: _Corrections,
    known: Mapping[str, RecordSummary],
) -> Iterator[_Prepared]:
    """Read and parse a source, apply what people decided; the work of the child process."""
    errors: list[PipelineError] = []
    for outcome in run(job):
        notice, record = outcome.notice, None
        if outcome.error:
            yield _Prepared(error=outcome.error)
        elif outcome.skipped:
            yield _Prepared(skipped=outcome.skipped)
        elif notice:
            with hold_errors(notice.source.path or job.path, errors.append):
                earlier = known.get(notice.notice_id)
                marked = mark_notice(notice, earlier.duplicate if earlier else "")
                record = prepare_record(applied.apply(marked))
        if record:
            yield _Prepared(record)
    for error in errors:
        yield _Prepared(error=error)


def _parse_source(
    job: Job, digest: str, writer: DatasetWriter, results: Iterator[_Prepared]
) -> _Parsed:
    """Have a source read and parsed; a part that cannot be read keeps its earlier record."""
    notice_ids: list[str] = []
    errors: list[PipelineError] = []
    unread: list[UnreadFile] = []
    with hold_errors(job.path, errors.append):
        for one in results:
            if one.error:
                errors.append(one.error)
            elif one.skipped:
                unread.append(_unread_skipped(one.skipped, job, digest))
            elif one.record:
                summary = one.record.summary
                with hold_errors(summary.path or job.path, errors.append):
                    _add_record(one.record, job, writer)
                    notice_ids.append(summary.notice_id)
    if errors:
        for notice_id in _find_kept(job, {error.place for error in errors}, writer):
            writer.keep(notice_id)
            notice_ids.append(notice_id)
    state = SourceState("" if errors else sys.intern(digest), job.url, job.retrieved_at, notice_ids)
    unread += [_unread_failure(error, job, digest) for error in errors]
    return _Parsed(state, errors, unread)


def _unread_skipped(skipped: Skipped, job: Job, digest: str) -> UnreadFile:
    own = digest if skipped.path == job.shown else ""
    return UnreadFile(skipped.path, own, "skipped", skipped.why)


def _unread_failure(error: PipelineError, job: Job, digest: str) -> UnreadFile:
    place = make_readable(error.place)
    return UnreadFile(place, digest if place == job.shown else "", "failed", error.fact)


def _add_record(record: PreparedRecord, job: Job, writer: DatasetWriter) -> None:
    """Write a record. Raises SourceError where another source has given one with its id."""
    if record.summary.notice_id in writer.records:
        fact = "has the path and the bytes of another source"
        raise SourceError(job.path, fact, "name the folder above both, or one of them")
    writer.add_prepared(record)


def _find_kept(job: Job, failed: set[str], writer: DatasetWriter) -> list[str]:
    """Return the earlier records of what cannot be read now; `failed` are the errors' places."""
    before = writer.manifest.sources.get(job.key)
    known = writer.manifest.records
    return [
        notice_id
        for notice_id in (before.notices if before else ())
        if notice_id in known
        and notice_id not in writer.records
        and (known[notice_id].path in failed or job.shown in failed)
        and writer.is_intact(notice_id)
    ]


class _Corrections(NamedTuple):
    """People's decisions, and the corrections of each record that the last run left."""

    decisions: Decisions | None
    earlier: dict[str, list[Correction]]
    known: frozenset[str]

    def of_notice(self, notice_id: str) -> Sequence[Correction]:
        """Return a notice's own corrections, as far as it can be known before all are parsed."""
        if self.decisions is None:
            return ()
        if notice_id in self.known:
            return self.earlier.get(notice_id, [])
        return self.decisions.made_for(notice_id)

    def apply(self, notice: Notice) -> Notice:
        """Return a notice with its own corrections and the judgements applied."""
        if self.decisions is None:
            return notice
        return self.decisions.apply(notice, self.of_notice(notice.notice_id))


def _find_earlier_corrections(decisions: Decisions | None, manifest: Manifest) -> _Corrections:
    earlier = decisions.group_corrections(manifest.records.values()) if decisions else {}
    return _Corrections(decisions, earlier, frozenset(manifest.records))


def _apply_moved_corrections(
    writer: DatasetWriter, applied: _Corrections, on_error: OnError
) -> list[str]:
    """Give corrections of a notice that is gone to the one that took its place; return those with any.

    Which notice that is can be known only after all sources have been parsed. A notice with which it
    fails keeps the record that it has, and the next run tries again.
    """
    if applied.decisions is None:
        return []
    final = applied.decisions.group_corrections(writer.records.values())
    for notice_id in list(writer.records):
        own = final.get(notice_id, [])
        if own != list(applied.of_notice(notice_id)):
            writer.unfinished.add(notice_id)
            with writer.hold(notice_id, on_error):
                writer.add(applied.decisions.apply(writer.read(notice_id), own))
                writer.unfinished.remove(notice_id)
    return list(final)


def _find_fates(writer: DatasetWriter) -> dict[Fate, list[str]]:
    """Return the paths of the notices that were added, updated, unchanged and gone."""
    fates: dict[Fate, list[str]] = {fate: [] for fate in _FATES}
    before, after = writer.manifest.records, writer.records
    earlier_paths = {one.path for one in before.values()}
    for notice_id, one in after.items():
        if notice_id in writer.earlier_ids:
            fate: Fate = "updated" if notice_id in writer.changed else "unchanged"
        else:
            # Another path or other bytes give another id; the same path is the same notice.
            fate = "updated" if one.path in earlier_paths else "added"
        fates[fate].append(one.path or notice_id)
    paths = {one.path for one in after.values()}
    gone = (one for one in before.values() if one.notice_id not in after)
    fates["gone"] = sorted(one.path or "" for one in gone if one.path not in paths)
    return fates


def _read_decisions(output: Path) -> Decisions | None:
    """Read what people decided in an OUTPUT; None where there are no decisions."""
    if not any((output / name).is_file() for name in OVERLAYS):
        return None
    # The tables of names are not loaded for an OUTPUT without decisions.
    from pipeline.decisions.overlay import Decisions  # noqa: PLC0415

    return Decisions(output)
