"""Temporary folders that no killed run leaves behind for longer than until the next one."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

if TYPE_CHECKING:
    from collections.abc import Iterator

_PREFIX = "fengong-scratch-"
_OURS = re.compile(rf"{_PREFIX}\w+")
# The folder is in use for as long as its lock is held; the system releases that of a killed run.
_LOCK = ".lock"


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Give a temporary folder that only this user may read; it is removed with the block.

    Folders of killed runs, which may have texts of documents in them, are removed first.
    """
    _remove_left()
    with tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as name:
        lock = FileLock(Path(name) / _LOCK)
        # Where the file system has no locks, the folder of a killed run stays.
        with suppress(OSError, NotImplementedError):
            lock.acquire(blocking=False)
        try:
            yield Path(name)
        finally:
            lock.release()


def _remove_left() -> None:
    with suppress(OSError):
        for path in Path(tempfile.gettempdir()).iterdir():
            if _OURS.fullmatch(path.name) and _is_own_folder(path):
                _remove_unlocked(path)


def _is_own_folder(path: Path) -> bool:
    """Answer whether a path is a folder of this user that has a lock, and no link to one."""
    is_own = path.lstat().st_uid == os.getuid() if hasattr(os, "getuid") else True
    return is_own and path.is_dir() and not path.is_symlink() and (path / _LOCK).is_file()


def _remove_unlocked(path: Path) -> None:
    lock = FileLock(path / _LOCK)
    with suppress(OSError, Timeout, NotImplementedError):
        lock.acquire(blocking=False)
        try:
            shutil.rmtree(path, ignore_errors=True)
        finally:
            lock.release()
