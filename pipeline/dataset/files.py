"""Whole files or none: every output is written beside its place and moved there."""

from __future__ import annotations

import os
import re
import tempfile
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from pipeline.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PREFIX = ".fengong-"
_OWN = re.compile(rf"{re.escape(_PREFIX)}(\d+)-")


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that a killed run leaves the old file or the new one, never a part.

    Raises OutputError if the folder cannot be made or written (rights, quota, a full disk).
    """
    with replace_whole(path) as (file,):
        file.write(data)


@contextmanager
def replace_whole(*paths: Path) -> Iterator[list[BinaryIO]]:
    """Files to be written bit by bit, moved to their places together when the block ends.

    Where it fails, none is. Raises OutputError as `write_whole` does.
    """
    beside: list[Path] = []
    files: list[BinaryIO] = []
    try:
        for path in paths:
            handle, temporary = _make_beside(path)
            beside.append(temporary)
            files.append(os.fdopen(handle, "wb"))
        yield files
        for file in files:
            file.flush()
            os.fsync(file.fileno())
            file.close()
        for temporary, path in zip(beside, paths, strict=True):
            temporary.chmod(0o644)
            temporary.replace(path)
    except OSError as error:
        fact = f"cannot be written ({error.strerror or error})"
        place = paths[0] if len(paths) == 1 else paths[0].parent
        raise OutputError(place, fact, "check rights and free space") from error
    finally:
        for file in files:
            # What a full disk did not take fails again here.
            with suppress(OSError):
                file.close()
        for temporary in beside:
            temporary.unlink(missing_ok=True)


def _make_beside(path: Path) -> tuple[int, Path]:
    """An open file in a path's folder, under a name that tells whose it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sweep(path.parent)
    handle, name = tempfile.mkstemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=path.parent)
    return handle, Path(name)


def write_changed(path: Path, data: bytes) -> bool:
    """Write a file unless it holds these bytes already; returns whether it was written."""
    try:
        if path.read_bytes() == data:
            return False
    except OSError:
        pass
    write_whole(path, data)
    return True


@cache
def sweep(folder: Path) -> None:
    """Remove what a run that was killed left half-written here, once a process."""
    for path in folder.iterdir() if folder.is_dir() else ():
        own = _OWN.match(path.name)
        if own and not _is_alive(int(own[1])):
            path.unlink(missing_ok=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


@contextmanager
def alone(folder: Path, wait: Callable[[], None]) -> Iterator[None]:
    """Keep other runs out of a folder until the block ends, or the process, however it does.

    `wait` is called where another run is there first. A folder that is not there yet, or a system
    without such locks, keeps nobody out.
    """
    try:
        import fcntl  # noqa: PLC0415
    except ImportError:
        yield
        return
    if not folder.is_dir():
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            wait()
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
