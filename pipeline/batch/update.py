"""A folder of sources and its OUTPUT brought together: only what changed is read and parsed.

A source is as it was if its bytes, what SOURCES.csv tells of it, the parser and its tables, the
decisions of people and the records that came of it are all as they were.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

from pipeline.batch.jobs import run_job
from pipeline.dataset.folder import DatasetWriter, is_intact, read_record, record_path
from pipeline.dataset.manifest import OVERLAYS, Read, file_hash, overlay_hashes, parser_version
from pipeline.errors import SourceError
from pipeline.lexicon import folder

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pipeline.batch.jobs import Job
    from pipeline.dataset.manifest import Summary
    from pipeline.decisions.overlay import Decisions
    from pipeline.errors import PipelineError
    from pipeline.model import Notice

Fate = Literal["added", "updated", "unchanged", "gone"]
_FATES: tuple[Fate, ...] = get_args(Fate)


@dataclass(slots=True)
class Report:
    """What a run found: the records of the OUTPUT now, what became of each path, and errors."""

    records: list[Summary] = field(default_factory=list)
    fates: dict[Fate, list[str]] = field(default_factory=lambda: {fate: [] for fate in _FATES})
    errors: list[PipelineError] = field(default_factory=list)

    def count(self) -> Counter[str]:
        """How many notices were added, updated, unchanged and gone."""
        return Counter({fate: len(paths) for fate, paths in self.fates.items()})


def update_dataset(jobs: Iterable[Job], output: Path, *, anew: bool = False) -> Report:
    """Bring an OUTPUT up to date with its sources; it then holds exactly what these jobs give.

    A source that cannot be read now, and could before, keeps its earlier records. With `anew`
    everything is read and parsed again. Nothing is written where no notice was read. Raises
    OutputError.
    """
    run = _Run(output, parser_version(folder()), anew=anew)
    for job in jobs:
        run.take(job)
    return run.close()


class _Run:
    """One run over the jobs of an OUTPUT."""

    def __init__(self, output: Path, parser: str, *, anew: bool) -> None:
        self.writer = DatasetWriter(output)
        self.parser = parser
        self.sources: dict[str, Read] = {}
        self.report = Report()
        self.decisions = _decisions(output)
        told = self.writer.manifest
        self.told = dict(told.records)
        self.is_same = (
            not anew and told.parser == parser and told.overlays == overlay_hashes(output)
        )
        # What each record was laid under: as the last run left the OUTPUT, until all is known.
        self.laid = self.decisions.assign(self.told.values()) if self.decisions else {}

    def take(self, job: Job) -> None:
        """Keep a job's records where nothing has changed, else make them."""
        key = job.path.as_posix()
        digest = file_hash(job.path)
        before = self.writer.manifest.sources.get(key)
        now = Read(digest, job.url, job.retrieved_at, before.notices if before else [])
        if digest and self.is_same and now == before and all(map(self._is_intact, before.notices)):
            for notice_id in before.notices:
                self.writer.keep(notice_id)
            self.sources[key] = before
        else:
            self.sources[key] = self._make(job, digest, before.notices if before else [])

    def _is_intact(self, notice_id: str) -> bool:
        return is_intact(self.writer.manifest, self.writer.output, notice_id)

    def _make(self, job: Job, digest: str, earlier: list[str]) -> Read:
        """Read and parse a source; what cannot be read of it keeps its earlier record."""
        made: list[str] = []
        failed: set[str] = set()
        for outcome in run_job(job):
            error = outcome.error
            if outcome.notice and outcome.notice.notice_id in self.writer.records:
                fact = "has the path and the bytes of another source"
                error = SourceError(job.path, fact, "name the folder above both, or one of them")
            if error:
                self.report.errors.append(error)
                failed.add(error.place)
            elif outcome.notice:
                self.writer.add(self._lay(outcome.notice))
                made.append(outcome.notice.notice_id)
        for notice_id in earlier if failed else ():
            if self._is_left(notice_id, failed, job):
                self.writer.keep(notice_id)
                made.append(notice_id)
        return Read("" if failed else digest, job.url, job.retrieved_at, made)

    def _is_left(self, notice_id: str, failed: set[str], job: Job) -> bool:
        """Whether an earlier record is of something that cannot be read now, and still lies there."""
        told = self.told.get(notice_id)
        if told is None or notice_id in self.writer.records:
            return False
        is_failed = told.path in failed or job.path.as_posix() in failed
        return is_failed and self._is_intact(notice_id)

    def _lay(self, notice: Notice) -> Notice:
        """A notice under what people decided, as far as one notice tells what is its own."""
        if self.decisions is None:
            return notice
        notice_id = notice.notice_id
        if notice_id not in self.told:
            self.laid[notice_id] = self.decisions.made_for(notice_id)
        return self.decisions.lay(notice, self.laid.get(notice_id, ()))

    def _lay_rest(self) -> None:
        """Corrections whose notice is gone go to the one that took its place, now that all is known."""
        if self.decisions is None:
            return
        final = self.decisions.assign(self.writer.records.values())
        for notice_id in list(self.writer.records):
            own = final.get(notice_id, [])
            if own != self.laid.get(notice_id, []):
                notice = read_record(record_path(self.writer.output, notice_id))
                self.writer.add(self.decisions.lay(notice, own))

    def close(self) -> Report:
        """Write the tables, and tell what became of every notice."""
        report, records = self.report, self.writer.records
        if not records:
            return report
        self._lay_rest()
        report.records = list(records.values())
        known = {one.path for one in self.told.values()}
        for notice_id, one in records.items():
            if notice_id in self.writer.before:
                fate: Fate = "updated" if notice_id in self.writer.changed else "unchanged"
            else:
                fate = "updated" if one.path in known else "added"
            report.fates[fate].append(one.path or notice_id)
        paths = {one.path for one in report.records}
        gone = (one for one in self.told.values() if one.notice_id not in records)
        report.fates["gone"] = sorted(one.path or "" for one in gone if one.path not in paths)
        self.writer.close(self.sources, self.parser)
        return report


def _decisions(output: Path) -> Decisions | None:
    """What people decided in an OUTPUT, where they did."""
    if not any((output / name).is_file() for name in OVERLAYS):
        return None
    from pipeline.decisions.overlay import Decisions  # noqa: PLC0415  (pydantic is not needed otherwise)

    return Decisions(output)
