"""Find the files to parse: as they were named, or by walking folders."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline.batch.jobs import Job
from pipeline.batch.origins import ORIGINS, SIEVED, Origin, read_origins
from pipeline.dataset.manifest import PACKAGE, UnreadFile
from pipeline.errors import OutputError, SourceError
from pipeline.read import Skipped, skip_reason, special_kind
from pipeline.read.web.saved_page import is_companion, page_stems
from pipeline.readable import make_readable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

NO_ORIGIN = Origin("")
SAVED = "saved with a page by a browser"
# Files of a folder that are ours and nobody misses.
_OWN_TABLE = "a table of fengong"
_OWN_ORIGINS = "the list of origins"
OWN_FILES = (_OWN_TABLE, _OWN_ORIGINS)
_Origins = dict[str, Origin]


@dataclass(slots=True)
class Found:
    """The jobs of a run, the files passed over with the reason, the places that cannot be entered.

    `unopened` has a line for each file passed over that is no regular file, and for each link to a
    folder, which is not followed.
    """

    jobs: list[Job] = field(default_factory=list)
    skipped_files: list[Skipped] = field(default_factory=list)
    unopened: list[str] = field(default_factory=list)
    errors: list[SourceError] = field(default_factory=list)

    @property
    def skipped(self) -> int:
        """How many files were passed over."""
        return len(self.skipped_files)

    def list_unread(self) -> list[UnreadFile]:
        """Return the files that are no jobs, for the table of sources."""
        skipped = [UnreadFile(path, "", "skipped", why) for path, why in self.skipped_files]
        return skipped + [UnreadFile(str(e.place), "", "failed", e.fact) for e in self.errors]

    def skip(self, path: str, why: str) -> None:
        """Note a file that is passed over."""
        self.skipped_files.append(Skipped(make_readable(path), why))


@dataclass(slots=True)
class _Walk:
    """What is found so far, the real paths of its files, and the output folder's identity."""

    found: Found
    seen: set[str]
    output: tuple[int, int] | None


class _Folder(NamedTuple):
    """A folder to walk: its path, its real path, its path below the source with a slash."""

    path: Path
    real: str
    inside: str

    def enter(self, name: str) -> _Folder:
        return _Folder(self.path / name, f"{self.real}/{name}", f"{self.inside}{name}/")


def find_jobs(sources: Iterable[Path], output: Path | None = None) -> Found:
    """Every file to parse: files as given, folders walked for what can be read, sorted.

    The output folder is never read, though it may lie inside a source folder. A file that is
    reached twice is one job. Nothing but SOURCES.csv is opened.
    """
    walk = _Walk(Found(), set(), _identify(output) if output else None)
    for source in sources:
        if os.path.isdir(source):  # noqa: PTH112 - a Path raises where it may not look
            _walk_folder(source, walk)
        elif not _is_missing(source):
            _add(Job(str(source), source.name), os.path.realpath(source), walk)
        else:
            walk.found.errors.append(SourceError(source, "does not exist", "check the path"))
    return walk.found


def _is_missing(source: Path) -> bool:
    """Whether there is no such file; one in a folder without rights may be there."""
    try:
        source.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def _identify(folder: Path) -> tuple[int, int] | None:
    """What is the same for a folder by whatever path it is reached; None where there is none."""
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _add(job: Job, real: str, walk: _Walk) -> None:
    if real not in walk.seen:
        walk.seen.add(real)
        walk.found.jobs.append(job)


def _walk_folder(source: Path, walk: _Walk) -> None:
    """Add the files of a folder and of the folders in it, however deep they lie."""
    origins = _read_origins(source, walk)
    before = len(walk.found.jobs)
    waiting = [_Folder(source, os.path.realpath(source), "")]
    while waiting:
        folder = waiting.pop()
        try:
            entries = _list(folder.path)
        except OSError as error:
            fact = f"cannot be entered ({error.strerror})"
            remedy = "check its rights, or give it a shorter path"
            walk.found.errors.append(SourceError(folder.path, fact, remedy))
            continue
        inner = [entry for entry in entries if _is_folder(entry) and entry.name != SIEVED]
        files = [entry for entry in entries if not _is_folder(entry)]
        pages = page_stems([entry.name for entry in files])
        _add_files(folder, files, origins, walk)
        for entry in reversed(inner):
            if is_companion(f"{entry.name}/", pages):
                for one in _find_files(Path(entry.path)):
                    walk.found.skip(one.path, SAVED)
            elif walk.output is None or _identify(Path(entry.path)) != walk.output:
                waiting.append(folder.enter(entry.name))
    walk.found.jobs[before:] = join_attachments(walk.found.jobs[before:], origins)


def _read_origins(source: Path, walk: _Walk) -> _Origins:
    """Read where the files of a folder are from; a table that cannot be read is an error of its own."""
    try:
        return read_origins(source)
    except OutputError as error:
        # What is no file is told as skipped.
        if (source / ORIGINS).is_file():
            remedy = (
                "mend it: without it files have no address, and attachments are not read as one"
            )
            walk.found.errors.append(SourceError(error.place, error.fact, remedy))
        return {}


def join_attachments(jobs: list[Job], origins: Mapping[str, Origin]) -> list[Job]:
    """Return jobs with the files that the list of origins calls attachments in the job of their page."""
    by_path = {make_readable(job.relative): job for job in jobs}
    pages = {path: one.part_of for path, one in origins.items() if one.part_of}
    parts: dict[str, list[Job]] = {}
    for path, page in sorted(pages.items()):
        if path in by_path and page in by_path and page not in pages:
            parts.setdefault(page, []).append(by_path[path])
    joined = {id(one) for own in parts.values() for one in own}
    return [
        replace(job, attached=tuple(parts.get(make_readable(job.relative), ())))
        for job in jobs
        if id(job) not in joined
    ]


def _add_files(
    folder: _Folder, files: list[os.DirEntry[str]], origins: _Origins, walk: _Walk
) -> None:
    names = [entry.name for entry in files]
    for entry in files:
        special_fact = _find_special(entry)
        if special_fact:
            walk.found.unopened.append(f"{make_readable(entry.path)}: {special_fact}, skipped")
        why = special_fact or why_skipped(entry.name, names)
        if why:
            walk.found.skip(entry.path, why)
            continue
        inside = folder.inside + entry.name
        is_link = entry.is_symlink()
        real = os.path.realpath(entry.path) if is_link else f"{folder.real}/{entry.name}"
        origin = origins.get(make_readable(inside), NO_ORIGIN)
        job = Job(str(Path(entry.path)), inside, origin.url or None, origin.retrieved_at or None)
        _add(job, real, walk)


def _list(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: entry.name)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    return entry.is_dir(follow_symlinks=False)


def _find_special(entry: os.DirEntry[str]) -> str | None:
    """What an entry is that is not to be opened; None for a file, and for a broken link."""
    if entry.is_file(follow_symlinks=False):
        return None
    try:
        mode = entry.stat().st_mode
    except OSError:
        return None
    return "a link to a folder" if stat.S_ISDIR(mode) else special_kind(mode)


def why_skipped(name: str, names: Sequence[str]) -> str | None:
    """Why a file is no document: our own tables, the list of origins, or by its name."""
    if name.endswith(".csv") and PACKAGE in names:
        return _OWN_TABLE
    return _OWN_ORIGINS if name == ORIGINS else skip_reason(name)


def _find_files(folder: Path) -> Iterator[os.DirEntry[str]]:
    """The files in a folder that a browser saved beside a page."""
    return (entry for entry in _iterate(folder) if not _is_folder(entry))


def _iterate(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Everything in a folder and in those below it that can be entered."""
    waiting = [folder]
    while waiting:
        try:
            entries = _list(waiting.pop())
        except OSError:
            continue
        yield from entries
        waiting += [Path(entry.path) for entry in entries if _is_folder(entry)]
