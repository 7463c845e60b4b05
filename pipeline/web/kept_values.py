"""Keep values that take long to make, until the files that they were made of change."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import TYPE_CHECKING, Generic, TypeVar

from pipeline.dataset.manifest import file_hash, read_manifest
from pipeline.dataset.record_files import find_record_paths, read_own_record
from pipeline.errors import hold_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from pipeline.errors import OnError
    from pipeline.model import Notice

_T = TypeVar("_T")
# The state of what a value was made of: a version, or times and sizes of files.
Stamp = Hashable


class KeptValues(Generic[_T]):
    """The values that were asked for last, each made once for each state of the files behind it.

    Threads that ask for one value at the same time wait for the one that makes it.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._values: OrderedDict[Hashable, tuple[Stamp, _T]] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}

    def get(self, key: Hashable, stamp: Stamp, make: Callable[[], _T]) -> _T:
        """Return the value of a key for a state of the files; make it where it is not kept."""
        with self._lock:
            own = self._making.setdefault(key, threading.Lock())
        with own:
            with self._lock:
                kept = self._values.get(key)
                if kept is not None and kept[0] == stamp:
                    self._values.move_to_end(key)
                    return kept[1]
            value = make()
            with self._lock:
                self._values[key] = (stamp, value)
                self._values.move_to_end(key)
                while len(self._values) > self._most:
                    gone, _ = self._values.popitem(last=False)
                    self._making.pop(gone, None)
            return value


def stamp_files(paths: Iterable[Path]) -> Stamp:
    """Return the state of files without reading them."""
    return tuple(_stamp(path) for path in paths)


def _stamp(path: Path) -> tuple[int, int, int]:
    try:
        found = path.stat()
    except OSError:
        return (0, 0, 0)
    return (found.st_mtime_ns, found.st_size, found.st_ino)


class NoticeParts(Generic[_T]):
    """A part of each record of an OUTPUT, made anew only for the records that have changed."""

    def __init__(self, make: Callable[[Notice], _T]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._parts: dict[str, tuple[str, _T]] = {}

    def read(self, output: Path, on_error: OnError = None) -> dict[str, _T]:
        """Return the part of every notice by its id, in the order of the tables.

        With `on_error`, a record that cannot be read is reported to it and left out. Raises
        OutputError.
        """
        with self._lock:
            known = read_manifest(output).records
            parts: dict[str, tuple[str, _T]] = {}
            for path in find_record_paths(output):
                digest = known[path.stem].sha256 if path.stem in known else ""
                part = self._parts.get(path.stem)
                if part is not None and digest and part[0] == digest:
                    parts[path.stem] = part
                    continue
                with hold_errors(path, on_error):
                    # The file may be newer than the manifest that was read.
                    digest = file_hash(path)
                    parts[path.stem] = (digest, self._make(read_own_record(path)))
            self._parts = parts
            return {notice_id: part for notice_id, (_, part) in parts.items()}
