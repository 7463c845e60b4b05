"""Keep values that take long to make, until the files that they were made of change."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable
    from pathlib import Path

_T = TypeVar("_T")
# The state of files: times and sizes; a file that is not there has neither.
Stamp = tuple[tuple[int, int, int], ...]


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
