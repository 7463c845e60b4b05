"""Keep two runs out of one OUTPUT: the second would overwrite what the first has read."""

from __future__ import annotations

import errno
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from filelock import BaseFileLock, FileLock, Timeout

from pipeline.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

LOCK = ".fengong.lock"
# Everyone who may write into the folder may take the lock.
_MODE = 0o666
_NO_RIGHTS = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


@contextmanager
def lock_output(
    folder: Path, say: Callable[[str], None], *, create: bool = False, is_passing: bool = False
) -> Iterator[None]:
    """Keep other runs out of a folder until the block or the process ends.

    `say` is told where another run is there first, and where the file system has no locks. With
    `create`, a folder that does not exist is made before it is locked, and removed if nothing came
    into it. With `is_passing` the lock's file goes with the lock. A folder that this user may not write
    into is not locked. Raises OutputError.
    """
    new = [one for one in (folder, *folder.parents) if not one.exists()] if create else []
    if new:
        _make_folder(folder)
    if not folder.is_dir():
        yield
        return
    lock = FileLock(folder / LOCK, mode=_MODE)
    is_locked = _acquire(lock, folder, say)
    try:
        yield
    finally:
        if is_passing and is_locked:
            # While it is locked: who waits for it sees that it is gone, and makes another.
            with suppress(OSError):
                (folder / LOCK).unlink()
        if new:
            _remove_empty(new)
        if is_locked:
            lock.release()


def _remove_empty(new: Sequence[Path]) -> None:
    """Remove a new folder into which nothing came but the lock, then its new parents."""
    with suppress(OSError):
        if not any(path.name != LOCK for path in new[0].iterdir()):
            (new[0] / LOCK).unlink(missing_ok=True)
            for folder in new:
                folder.rmdir()


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        fact = f"cannot be made ({error.strerror or error})"
        raise OutputError(folder, fact, "check path and rights") from error


def _acquire(lock: BaseFileLock, folder: Path, say: Callable[[str], None]) -> bool:
    """Take a lock, waiting for it where needed; return False where this folder allows none."""
    try:
        try:
            lock.acquire(blocking=False)
        except Timeout:
            say(f"{folder}: another run is at work, waiting")
            lock.acquire()
    except FileNotFoundError:
        # Another run has removed the folder, into which it had written nothing.
        _make_folder(folder)
        return _acquire(lock, folder, say)
    except OSError as error:
        # A run that only reads needs no lock here; one that writes meets the error itself.
        if error.errno not in _NO_RIGHTS:
            say(f"{folder}: cannot be locked ({error.strerror or error}); keep other runs away")
        return False
    except NotImplementedError:
        say(f"{folder}: the file system has no locks; keep other runs away")
        return False
    return True
