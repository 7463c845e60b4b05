"""A folder of sources and its OUTPUT brought together: only what changed is read and parsed.

A source is as it was if its bytes, what SOURCES.csv tells of it, the parser and its tables, the
decisions of people and the records that came of it are all as they were.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pipeline.batch import run_job
from pipeline.errors import SourceError
from pipeline.export.dataset import DatasetWriter, is_intact
from pipeline.export.manifest import Read, file_hash, overlay_hashes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pipeline.batch import Job
    from pipeline.errors import PipelineError
    from pipeline.export.manifest import Manifest, Summary
    from pipeline.model import Notice

Fate = Literal["added", "updated", "unchanged", "gone"]
# Packages that decide what is read; another version of one is another parser.
_READERS = (
    "beautifulsoup4", "lxml", "opencc", "pdfplumber", "pypdfium2", "python-calamine", "rapidocr",
    "trafilatura",
)  # fmt: skip
# Rooms that take records and make none.
_APART = frozenset({"cli", "ledger", "store"})


@dataclass(slots=True)
class Report:
    """What a run found: the records of the OUTPUT now, what became of each path, and errors."""

    records: list[Summary] = field(default_factory=list)
    fates: dict[Fate, list[str]] = field(default_factory=dict)
    errors: list[PipelineError] = field(default_factory=list)

    def count(self) -> Counter[str]:
        """How many notices were added, updated, unchanged and gone."""
        return Counter({fate: len(paths) for fate, paths in self.fates.items()})


def update_dataset(
    jobs: Iterable[Job], output: Path, lexicon: Path | None = None, *, anew: bool = False
) -> Report:
    """Bring an OUTPUT up to date with its sources; it then holds exactly what these jobs give.

    A source that cannot be read now, and could before, keeps its earlier records. With `anew`
    everything is read and parsed again. Nothing is written where no notice was read. Raises
    OutputError.
    """
    run = _Run(output, parser_version(lexicon), anew=anew)
    for job in jobs:
        run.take(job)
    return run.close()


@cache
def parser_version(lexicon: Path | None) -> str:
    """What records depend on beside their sources: our code, our tables, tables laid over, readers."""
    digest = hashlib.sha256()
    home = Path(__file__).parent
    files = sorted(
        path
        for path in (*home.rglob("*.py"), *home.rglob("*.csv"))
        if not _APART & set(path.relative_to(home).parts)
    )
    for path in [*files, *(sorted(lexicon.glob("*.csv")) if lexicon else ())]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    for name in _READERS:
        try:
            digest.update(f"{name} {metadata.version(name)}\0".encode())
        except metadata.PackageNotFoundError:
            continue
    return digest.hexdigest()


class _Run:
    """One run over the jobs of an OUTPUT."""

    def __init__(self, output: Path, parser: str, *, anew: bool) -> None:
        self.writer = DatasetWriter(output)
        self.parser = parser
        self.sources: dict[str, Read] = {}
        self.report = Report(fates={"added": [], "updated": [], "unchanged": [], "gone": []})
        self.lay = _overlay(output)
        told = self.writer.manifest
        self.is_same = (
            not anew and told.parser == parser and told.overlays == overlay_hashes(output)
        )

    @property
    def told(self) -> Manifest:
        """What the last run left."""
        return self.writer.manifest

    def take(self, job: Job) -> None:
        """Keep a job's records where nothing has changed, else make them."""
        key = job.path.as_posix()
        digest = file_hash(job.path)
        before = self.told.sources.get(key)
        now = Read(digest, job.url, job.retrieved_at, before.notices if before else [])
        if digest and self.is_same and now == before and self._are_intact(before.notices):
            self._keep(before.notices)
            self.sources[key] = before
        else:
            self.sources[key] = self._make(job, digest, before)

    def _are_intact(self, notice_ids: Iterable[str]) -> bool:
        return all(is_intact(self.told, self.writer.output, one) for one in notice_ids)

    def _keep(self, notice_ids: Iterable[str]) -> None:
        for notice_id in notice_ids:
            self.writer.keep(notice_id)
            self.report.fates["unchanged"].append(self._path(notice_id))

    def _path(self, notice_id: str) -> str:
        return self.writer.records[notice_id].path or notice_id

    def _make(self, job: Job, digest: str, before: Read | None) -> Read:
        """Read and parse a source; where a part of it fails, what it gave before stays."""
        earlier = before.notices if before else []
        made: list[str] = []
        failed = False
        for outcome in run_job(job):
            error = outcome.error
            if outcome.notice and outcome.notice.notice_id in self.writer.records:
                fact = "has the path and the bytes of another source"
                error = SourceError(job.path, fact, "name the folder above both, or one of them")
            if error:
                self.report.errors.append(error)
                failed = True
            elif outcome.notice:
                self._add(self.lay(outcome.notice), earlier)
                made.append(outcome.notice.notice_id)
        if failed:
            paths = {self._path(one) for one in made}
            left = [one for one in earlier if self._is_left(one, paths)]
            self._keep(left)
            made += left
        return Read("" if failed else digest, job.url, job.retrieved_at, made)

    def _is_left(self, notice_id: str, paths: set[str]) -> bool:
        """Whether a record of an earlier run has none in its place and still lies there."""
        told = self.told.records.get(notice_id)
        if told is None or notice_id in self.writer.records or told.path in paths:
            return False
        return is_intact(self.told, self.writer.output, notice_id)

    def _add(self, notice: Notice, earlier: list[str]) -> None:
        """Write a record; it is updated where its source gave one for the same path before."""
        self.writer.add(notice)
        path = self._path(notice.notice_id)
        known = any((told := self.told.records.get(one)) and told.path == path for one in earlier)
        if notice.notice_id not in self.writer.changed and notice.notice_id in earlier:
            self.report.fates["unchanged"].append(path)
        else:
            self.report.fates["updated" if known else "added"].append(path)

    def close(self) -> Report:
        """Write the tables, and tell what is gone."""
        report = self.report
        report.records = list(self.writer.records.values())
        if not report.records:
            return report
        paths = {one.path for one in report.records}
        before = {one.path or one.notice_id for one in self.told.records.values()}
        report.fates["gone"] = sorted(before - paths)
        self.writer.close(self.sources, self.parser)
        return report


def _overlay(output: Path) -> Callable[[Notice], Notice]:
    """What lays the decisions that an OUTPUT keeps over a notice."""
    corrections, judgements = output / "corrections.csv", output / "judgements.csv"
    if not corrections.is_file() and not judgements.is_file():
        return lambda notice: notice
    from pipeline.overlay import lay_decisions  # noqa: PLC0415

    return lay_decisions(output)
