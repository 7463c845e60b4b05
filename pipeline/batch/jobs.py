"""Many files through one parser; one failure never stops the rest."""

from __future__ import annotations

import csv
import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.dataset.manifest import PACKAGE
from pipeline.errors import PipelineError, SourceError, hold_errors
from pipeline.read import SUFFIXES, read_sources
from pipeline.read.bundle.members import is_companion, page_stems

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.model import Notice

_SLUG = re.compile(r"[^0-9a-z\u4e00-\u9fff]+")
ORIGINS = "SOURCES.csv"


@dataclass(frozen=True, slots=True)
class Job:
    """A file to parse, and its path below the folder that was given."""

    path: Path
    relative: str
    url: str | None = None
    retrieved_at: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A job's record, or the error that it met."""

    job: Job
    notice: Notice | None = None
    error: PipelineError | None = None


@dataclass(slots=True)
class Found:
    """The jobs of a run, the files passed over, and the places that could not be entered."""

    jobs: list[Job]
    skipped: int
    errors: list[SourceError]


def find_jobs(sources: Iterable[Path], output: Path | None = None) -> Found:
    """Every file to parse: files as given, folders walked for what can be read, sorted.

    The output folder is never read, though it may lie inside a source folder. A file that is
    reached twice is one job.
    """
    found = Found([], 0, [])
    seen: set[Path] = set()
    outside = output.resolve() if output else None
    for source in sources:
        if source.is_dir():
            _walk(source, outside, found, seen)
        elif source.exists() or source.is_symlink():
            _add(Job(source, source.name), found, seen)
        else:
            found.errors.append(SourceError(source, "does not exist", "check the path"))
    return found


def _add(job: Job, found: Found, seen: set[Path]) -> None:
    real = job.path.resolve()
    if real not in seen:
        seen.add(real)
        found.jobs.append(job)


def _walk(folder: Path, outside: Path | None, found: Found, seen: set[Path]) -> None:
    origins = _read_origins(folder / ORIGINS)

    def refuse(error: OSError) -> None:
        fact = f"cannot be entered ({error.strerror})"
        found.errors.append(SourceError(error.filename, fact, "check rights"))

    for here, folders, files in os.walk(folder, onerror=refuse):
        place = Path(here)
        folders[:] = sorted(name for name in folders if (place / name).resolve() != outside)
        pages = page_stems(files)
        saved = [name for name in folders if is_companion(f"{name}/", pages)]
        found.skipped += sum(_count(place / name) for name in saved)
        folders[:] = [name for name in folders if name not in saved]
        for name in sorted(files):
            path = place / name
            relative = path.relative_to(folder).as_posix()
            if path.suffix.lower() not in SUFFIXES or _is_own(name, files):
                found.skipped += 1
                continue
            url, retrieved_at = origins.get(relative, (None, None))
            _add(Job(path, relative, url, retrieved_at), found, seen)


def _count(folder: Path) -> int:
    """How many files lie in a folder that a browser saved beside a page."""
    return sum(len(files) for _, _, files in os.walk(folder))


def _is_own(name: str, files: list[str]) -> bool:
    """Whether a file is no document: our own tables, or a mark that an office program left."""
    is_table = name.endswith(".csv") and PACKAGE in files
    return is_table or name == ORIGINS or name.startswith(("~$", ".~"))


def _read_origins(table: Path) -> dict[str, tuple[str | None, str | None]]:
    """Where the files of a folder were collected: SOURCES.csv with path, url, retrieved_at."""
    try:
        with table.open(encoding="utf-8-sig", newline="") as file:
            return {
                row["path"]: (row.get("url") or None, row.get("retrieved_at") or None)
                for row in csv.DictReader(file)
                if row.get("path")
            }
    except (OSError, UnicodeDecodeError, csv.Error):
        return {}


def notice_id(relative: str, data_hash: str) -> str:
    """An id that follows from a file's path and bytes alone: yantian-2011-reform-plan-1c0ffee5."""
    stem = relative.rsplit(".", 1)[0].lower()
    slug = _SLUG.sub("-", stem).strip("-")[-80:].strip("-") or "notice"
    digest = hashlib.sha256(f"{relative}\n{data_hash}".encode()).hexdigest()
    return f"{slug}-{digest[:8]}"


def run_job(job: Job) -> list[Outcome]:
    """Read and parse one file, and every document in it; errors are outcomes, never raised."""
    from pipeline.parse.notice import parse_notice  # noqa: PLC0415  (not where nothing has changed)

    errors: list[PipelineError] = []
    found: list[Outcome] = []
    root = job.path.as_posix()
    with hold_errors(job.path, errors.append):
        for source in read_sources(
            job.path, url=job.url, retrieved_at=job.retrieved_at, on_error=errors.append
        ):
            place = source.path or root
            with hold_errors(place, errors.append):
                notice = parse_notice(
                    source, notice_id(job.relative + place[len(root) :], source.sha256)
                )
                found.append(Outcome(job, notice))
    return found + [Outcome(job, error=error) for error in errors]
