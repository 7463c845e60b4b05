"""Web archives wherever they lie: on this machine, or in a store that fsspec reaches (s3://, hdfs://, memory://)."""

from __future__ import annotations

import io
import os
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import SplitResult, urlsplit

from pipeline.errors import SourceError
from pipeline.read import special_kind
from pipeline.readable import make_readable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

SUFFIXES = (".warc", ".warc.gz", ".warc.zst", ".wet", ".wet.gz", ".wet.zst")
# What is fetched of a remote archive at once.
_BLOCK = 8 * 2**20
# What stores call the hash or the time of a file that changes with its content.
_STAMPS = ("ETag", "etag", "mtime", "LastModified", "modified", "created")
_GLOB = frozenset("*?[")
_WITH_HOST = frozenset({"hdfs", "webhdfs"})
_ABSOLUTE = frozenset({"file", "local"})


@dataclass(frozen=True, slots=True)
class Archive:
    """A web archive: its address, its bytes, and a text that changes when its content does."""

    address: str
    size: int
    stamp: str


class Section(io.RawIOBase):
    """The bytes of an open archive from a place up to its size when the run found it.

    What is appended meanwhile is not read. Of a file it has what FastWARC asks for: `read` and `tell`.
    """

    def __init__(self, file: BinaryIO, start: int, end: int) -> None:
        super().__init__()
        self._file = file
        self._end = end
        self._at = start
        file.seek(start)

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes, at most `size`."""
        left = self._end - self._at
        data = self._file.read(left if size < 0 else min(size, left))
        self._at += len(data)
        return data

    def tell(self) -> int:
        """Return the place of the next byte in the archive."""
        return self._at


def read_list(path: Path) -> list[str]:
    """The archives that a text names, one in each line. Raises SourceError where it cannot be read."""
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        fact = f"cannot be read ({error})"
        raise SourceError(path, fact, "name a text with an archive in each line") from error
    return [line.strip() for line in lines if line.strip()]


def find_archives(words: Iterable[str], report: Callable[[SourceError], None]) -> list[Archive]:
    """The archives of paths, folders, addresses and patterns of addresses, each once, sorted.

    What cannot be found is reported.
    """
    found: dict[str, Archive] = {}
    for word in words:
        try:
            addresses = _expand(word, report)
        except SourceError as error:
            report(error)
            continue
        for address in addresses:
            try:
                found[address] = look_up(address)
            except SourceError as error:
                report(error)
    return [found[address] for address in sorted(found)]


def look_up(address: str) -> Archive:
    """Find out how large an archive is, and its stamp. Raises SourceError where it cannot be reached."""
    if is_remote(address):
        with _named_failures(address):
            system, path = _reach(address)
            about = system.info(path)
            size = int(about["size"] or 0)
            changed = next((about[name] for name in _STAMPS if about.get(name)), "")
            return Archive(address, size, f"{size} {changed}")
    try:
        status = os.stat(address)  # noqa: PTH116 - a name with surrogates stays as it is
    except OSError as error:
        raise _refused(address, error.strerror or str(error)) from error
    special_fact = special_kind(status.st_mode)
    if special_fact:
        remedy = "write what it gives to a file and give that"
        raise SourceError(address, f"is {special_fact}, which is not opened", remedy)
    return Archive(address, status.st_size, f"{status.st_size} {status.st_mtime_ns}")


@contextmanager
def open_archive(archive: Archive) -> Iterator[BinaryIO]:
    """Open an archive for reading; whatever a store raises while it is read is a SourceError of it."""
    with _named_failures(archive.address):
        if is_remote(archive.address):
            system, path = _reach(archive.address)
            with system.open(path, "rb", block_size=_BLOCK, cache_type="readahead") as file:
                yield file
        else:
            with Path(archive.address).open("rb", buffering=0) as file:
                yield file


def is_remote(address: str) -> bool:
    """Answer whether an address is one of fsspec, and no path of this machine."""
    return "://" in address and not os.path.lexists(address)


@contextmanager
def _named_failures(address: str) -> Iterator[None]:
    try:
        yield
    except SourceError:
        raise
    except Exception as error:
        # Each store has exceptions of its own: of its client, of its network, of its rights.
        words = " ".join(str(error).split()) or type(error).__name__
        raise _refused(address, words[:200]) from error


def _refused(address: str, error: str) -> SourceError:
    fact = f"cannot be read ({error})"
    return SourceError(address, fact, "check the address, its rights and the connection")


def _reach(address: str) -> tuple[Any, str]:
    from fsspec.core import url_to_fs  # noqa: PLC0415 - a tenth of a second, for remote archives only

    system, path = url_to_fs(address)
    return system, str(path)


def _name_found(asked: SplitResult, found: str) -> str:
    """The address of what a store lists; each kind of store leaves out another part of it."""
    if "://" in found:
        return found
    if asked.scheme in _WITH_HOST:
        return f"{asked.scheme}://{asked.netloc}/{found.lstrip('/')}"
    # In a store of objects the first part of a path is the bucket.
    return f"{asked.scheme}://{found if asked.scheme in _ABSOLUTE else found.lstrip('/')}"


def _expand(word: str, report: Callable[[SourceError], None]) -> list[str]:
    """The addresses that a word of the command names; folders in it that cannot be entered are reported."""
    if is_remote(word):
        parts = urlsplit(word)
        if parts.password or parts.query:
            # It would be written into SOURCES.csv with each page.
            bare = f"{parts.scheme}://{parts.hostname or ''}{parts.path}"
            remedy = "give them by the environment or the settings of the store"
            raise SourceError(bare, "has a password or a query in its address", remedy)
        with _named_failures(word):
            system, path = _reach(word)
            if _GLOB & set(path):
                found = system.glob(path)
            elif system.isdir(path):
                found = [one for one in system.find(path) if one.endswith(SUFFIXES)]
            else:
                return [word]
        addresses = [_name_found(parts, one) for one in found]
    elif os.path.isdir(word):  # noqa: PTH112 - a Path raises where it may not look
        closed: list[OSError] = []
        addresses = [
            str(Path(folder) / name)
            for folder, _, names in os.walk(word, onerror=closed.append)
            for name in names
            if name.endswith(SUFFIXES) and (Path(folder) / name).is_file()
        ]
        for error in closed:
            report(_refused(make_readable(str(error.filename)), error.strerror or str(error)))
    else:
        return [word]
    if not addresses:
        raise SourceError(
            make_readable(word), "holds no web archive", "name .warc or .warc.gz files"
        )
    return addresses
