"""Find the files to parse, on this machine and by address, and put them together in batches."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from pipeline.batch.cluster.storage import Storage, is_address
from pipeline.batch.jobs import Job
from pipeline.batch.origins import ORIGINS, Origin, read_origins
from pipeline.batch.source_files import (
    NO_ORIGIN,
    SAVED,
    Found,
    find_jobs,
    join_attachments,
    why_skipped,
)
from pipeline.errors import PipelineError, SourceError
from pipeline.read.web.saved_page import is_companion, page_stems
from pipeline.readable import make_readable
from pipeline.scratch import scratch_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

# A batch of ordinary notices takes some seconds; the cluster's own work for one takes milliseconds.
_FEWEST_BYTES, _MOST_BYTES = 2**20, 2**22
_MOST_SOURCES = 1000
# Between these sizes a batch ends behind one of so many files, by its name, so that a file that is
# new or gone changes the batches near it only.
_ONE_OF = 32

_LOCAL = frozenset({"file", "local"})
_HOSTED = frozenset({"hdfs", "webhdfs"})


class Listed(NamedTuple):
    """A job, the bytes of its files, and the address of its store; that is empty for a path."""

    job: Job
    size: int
    store: str


class Listing(NamedTuple):
    """What is to be parsed, in its order, and what was found beside it."""

    jobs: list[Listed]
    found: Found


def list_sources(sources: Sequence[str], target: Storage) -> Listing:
    """List every file to parse: of paths first, as `fengong parse` finds them, then of addresses.

    A source that cannot be listed is an error of the listing.
    """
    output = Path(target.address) if target.is_local and not is_address(target.address) else None
    found = find_jobs([Path(one) for one in sources if not is_address(one)], output)
    jobs = [Listed(job, _measure(job), "") for job in found.jobs]
    homes = dict.fromkeys((job.key for job in found.jobs), "")
    for address in (one for one in sources if is_address(one)):
        try:
            listed = _list_store(address, found)
        except PipelineError as error:
            found.errors.append(SourceError(error.place, error.fact, error.remedy))
            continue
        home = _find_home(address)
        for one in listed:
            if one.job.key not in homes:
                homes[one.job.key] = home
                jobs.append(one)
            elif homes[one.job.key] != home:
                fact = f"{address}: has the path of a file of another store, which is parsed"
                remedy = "parse the stores into outputs of their own"
                found.errors.append(SourceError(one.job.shown, fact, remedy))
    return Listing(jobs, found)


def _find_home(address: str) -> str:
    """Return the store of an address, which its paths do not name; empty for files of this machine."""
    parts = urlsplit(address)
    # In other stores the first part of a path is the bucket.
    host = parts.netloc if parts.scheme in _HOSTED else ""
    return "" if parts.scheme in _LOCAL else f"{parts.scheme}://{host}"


def _measure(job: Job) -> int:
    size = sum(map(_measure, job.attached))
    try:
        return size + os.stat(job.place).st_size  # noqa: PTH116 - a fifth of the time of Path.stat
    except OSError:
        return size


class _Tree(NamedTuple):
    """The files of a store by the folder that they are in, and the folders by the one above."""

    files: dict[str, list[str]]
    folders: dict[str, list[str]]


def _list_store(address: str, found: Found) -> list[Listed]:
    """List the files of an address in the order in which those of a folder are."""
    storage = Storage(address)
    sizes = storage.find_files()
    if not sizes:
        raise SourceError(address, "has no files", "check the address")
    top = storage.root
    if set(sizes) == {top}:
        # The address of one file.
        name = top.rpartition("/")[2]
        return [Listed(Job(top, name), sizes[top], address)]
    tree = _make_tree(sizes, top)
    origins = _read_origins(storage) if ORIGINS in tree.files.get("", ()) else {}
    jobs: list[Job] = []
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        names = tree.files.get(folder, [])
        for name in names:
            path, why = f"{top}/{folder}{name}", why_skipped(name, names)
            if why:
                found.skip(path, why)
                continue
            origin = origins.get(make_readable(folder + name), NO_ORIGIN)
            url, retrieved_at = origin.url or None, origin.retrieved_at or None
            jobs.append(Job(path, folder + name, url, retrieved_at))
        pages = page_stems(names)
        for name in reversed(tree.folders.get(folder, [])):
            if is_companion(f"{name}/", pages):
                inside = f"{top}/{folder}{name}/"
                for one in (one for one in sizes if one.startswith(inside)):
                    found.skip(one, SAVED)
            else:
                waiting.append(f"{folder}{name}/")
    joined = join_attachments(jobs, origins)
    return [Listed(job, _measure_objects(job, sizes), address) for job in joined]


def _make_tree(names: Iterable[str], top: str) -> _Tree:
    tree = _Tree({}, {})
    known: set[str] = set()
    for name in sorted(names):
        folder, _, file = name.removeprefix(f"{top}/").rpartition("/")
        tree.files.setdefault(f"{folder}/" if folder else "", []).append(file)
        while folder and folder not in known:
            known.add(folder)
            above, _, last = folder.rpartition("/")
            tree.folders.setdefault(f"{above}/" if above else "", []).append(last)
            folder = above
    for inner in tree.folders.values():
        inner.sort()
    return tree


def _measure_objects(job: Job, sizes: Mapping[str, int]) -> int:
    return sizes.get(job.place, 0) + sum(_measure_objects(one, sizes) for one in job.attached)


def _read_origins(storage: Storage) -> dict[str, Origin]:
    with scratch_folder() as folder:
        storage.copy_here(ORIGINS, folder / ORIGINS)
        return read_origins(folder)


def split_into_batches(listed: Iterable[Listed]) -> Iterator[tuple[Listed, ...]]:
    """Yield the files in their order, hundreds of notices together by their bytes."""
    batch: list[Listed] = []
    size = 0
    for one in listed:
        if batch and one.store != batch[0].store:
            yield tuple(batch)
            batch, size = [], 0
        batch.append(one)
        size += one.size
        is_full = size >= _MOST_BYTES or len(batch) >= _MOST_SOURCES
        if is_full or (size >= _FEWEST_BYTES and _is_end(one.job)):
            yield tuple(batch)
            batch, size = [], 0
    if batch:
        yield tuple(batch)


def _is_end(job: Job) -> bool:
    digest = hashlib.sha256(job.relative.encode("utf-8", "surrogateescape")).digest()
    return digest[0] % _ONE_OF == 0
