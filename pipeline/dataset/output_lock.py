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
_ASKING_SECONDS = 0.2
_NO_RIGHTS = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})

_NO_LOCKS = "{}: the file system has no locks; keep other runs away"


@contextmanager
def lock_output(
    folder: Path,
    say: Callable[[str], None],
    *,
    create: bool = False,
    is_passing: bool = False,
    gives_up: Callable[[], bool] | None = None,
) -> Iterator[None]:
    """Keep other runs out of a folder until the block or the process ends.

    `say` is told where another run is there first, and where the file system has no locks. With
    `create`, a folder that does not exist is made before it is locked, with those above it, and they
    are removed if nothing came into them. With `is_passing` the lock's file goes with the lock. A
    folder that this user may not write into is not locked. While another run is waited for, `gives_up`
    is asked again and again whether to go on waiting. Raises OutputError.
    """
    made = _make_folders(folder) if create else []
    if not folder.is_dir():
        yield
        return
    # A soft lock stays behind a run that is killed, and comes with a warning of the library's own.
    lock = FileLock(folder / LOCK, mode=_MODE, fallback_to_soft=False)
    is_locked = _acquire(lock, folder, say, gives_up)
    try:
        yield
    finally:
        if is_passing and is_locked:
            # While it is locked: who waits for it sees that it is gone, and makes another.
            with suppress(OSError):
                (folder / LOCK).unlink()
        if made:
            _remove_empty(made)
        if is_locked:
            lock.release()


def _make_folders(folder: Path) -> list[Path]:
    """Make a folder and those above it; return those that were not there, the innermost first."""
    missing: list[Path] = []
    try:
        for one in (folder, *folder.parents):
            if one.exists():
                break
            missing.append(one)
        if missing:
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _remove_empty(missing)
        fact = f"cannot be made ({error.strerror or error})"
        raise OutputError(folder, fact, "check path and rights") from error
    return missing


def _remove_empty(folders: Sequence[Path]) -> None:
    """Remove new folders, the innermost first, unless something came into it beside our lock."""
    with suppress(OSError):
        if [path.name for path in folders[0].iterdir()] == [LOCK]:
            (folders[0] / LOCK).unlink()
    for folder in folders:
        # Only one that is empty goes.
        with suppress(OSError):
            folder.rmdir()


def _acquire(
    lock: BaseFileLock,
    folder: Path,
    say: Callable[[str], None],
    gives_up: Callable[[], bool] | None,
) -> bool:
    """Take a lock, waiting for it where needed; return False where this folder allows none."""
    try:
        try:
            lock.acquire(blocking=False)
        except Timeout:
            say(f"{folder}: another run is at work, waiting")
            _wait(lock, folder, gives_up)
    except FileNotFoundError:
        # Another run has removed the folder, into which it had written nothing.
        _make_folders(folder)
        return _acquire(lock, folder, say, gives_up)
    except OSError as error:
        if error.errno == errno.ENOSYS:
            say(_NO_LOCKS.format(folder))
            return False
        # A run that only reads needs no lock here; one that writes meets the error itself.
        if error.errno not in _NO_RIGHTS:
            say(f"{folder}: cannot be locked ({error.strerror or error}); keep other runs away")
        return False
    except NotImplementedError:
        say(_NO_LOCKS.format(folder))
        return False
    return True


def _wait(lock: BaseFileLock, folder: Path, gives_up: Callable[[], bool] | None) -> None:
    """Take a lock when another run lets it go. Raises OutputError where that is given up."""
    if gives_up is None:
        lock.acquire()
        return
    while not gives_up():
        with suppress(Timeout):
            lock.acquire(timeout=_ASKING_SECONDS)
            return
    fact = "another run is at work, and nothing was written"
    raise OutputError(folder, fact, "try again when it has ended")
