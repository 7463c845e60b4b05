"""Keep two runs out of one OUTPUT: the second would overwrite what the first has read."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import BaseFileLock, FileLock, Timeout

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

LOCK = ".fengong.lock"
# Everyone who may write into the folder may take the lock.
_MODE = 0o666


@contextmanager
def lock_output(folder: Path, on_wait: Callable[[], None]) -> Iterator[None]:
    """Keep other runs out of a folder until the block or the process ends.

    `on_wait` is called once where another run is there first. A folder that does not exist yet, or
    that this user may not write into, is not locked.
    """
    if not folder.is_dir():
        yield
        return
    lock = FileLock(folder / LOCK, mode=_MODE)
    is_locked = _acquire(lock, on_wait)
    try:
        yield
    finally:
        if is_locked:
            lock.release()


def _acquire(lock: BaseFileLock, on_wait: Callable[[], None]) -> bool:
    """Take a lock, waiting for it where needed; return False where this folder allows none."""
    try:
        try:
            lock.acquire(blocking=False)
        except Timeout:
            on_wait()
            lock.acquire()
    except OSError:
        # A run that only reads needs no lock here; one that writes meets the error itself.
        return False
    return True
