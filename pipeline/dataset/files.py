"""Write files atomically: each is written beside its place and then moved there."""

from __future__ import annotations

import os
import re
import stat
from contextlib import contextmanager, nullcontext, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from pipeline.dataset.file_moves import (
    PREFIX,
    move_together,
    name_beside,
    remove_temporary,
    write_failures,
)
from pipeline.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager

# The name of a file that a run is writing, with the id of its process: .fengong-4711-x8k2.
_TEMPORARY = re.compile(rf"{re.escape(PREFIX)}(\d{{1,9}})-", re.ASCII)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that a killed run leaves the old file or the new one, never a part.

    A file that is replaced keeps its mode, and its owner and group where that is allowed; of a
    symbolic link, the file that it names is replaced. What is no regular file, such as /dev/stdout or
    a pipe, is written to. Raises OutputError if the folder cannot be made or written (rights, quota, a
    full disk).
    """
    if _is_stream(path):
        _write_through(path, data)
        return
    with replace_whole(path) as (file,):
        file.write(data)


def _is_stream(path: Path) -> bool:
    """Answer whether a path names something that can only be written to, never replaced."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _write_through(path: Path, data: bytes) -> None:
    try:
        with path.open("wb") as file:
            file.write(data)
    except OSError as error:
        fact = f"cannot be written ({error.strerror or error})"
        raise OutputError(path, fact, "name a file") from error


@contextmanager
def replace_whole(
    *paths: Path, removed: Iterable[Path] = (), moving: AbstractContextManager[None] | None = None
) -> Iterator[list[BinaryIO]]:
    """Open files that are moved to their places together when the block ends without an error.

    With them the files `removed` go, inside of the context `moving`. Where the block or a move fails,
    every path keeps its earlier file. Raises OutputError as `write_whole` does, and where a path names
    a device, a pipe or a folder.
    """
    paths = tuple(find_target(path) for path in paths)
    place = paths[0] if len(paths) == 1 else paths[0].parent
    beside: list[Path] = []
    files: list[BinaryIO] = []
    try:
        with write_failures(place):
            for path in paths:
                handle, temporary = make_beside(path)
                beside.append(temporary)
                files.append(os.fdopen(handle, "wb"))
            yield files
            for file in files:
                file.flush()
                os.fsync(file.fileno())
                file.close()
        with moving or nullcontext():
            move_together([*zip(map(str, beside), map(str, paths), strict=True)], removed)
    finally:
        for file in files:
            # On a full disk the unwritten rest fails again when the file is closed.
            with suppress(OSError):
                file.close()
        for temporary in beside:
            remove_temporary(temporary)


def make_beside(path: Path) -> tuple[int, Path]:
    """Open a temporary file in the folder of a path; its name contains our process id."""
    path.parent.mkdir(parents=True, exist_ok=True)
    remove_leftovers(path.parent)
    temporary = name_beside(path)
    before = path.stat() if path.exists() else None
    # The umask takes from this mode what the user does not want to give.
    mode = stat.S_IMODE(before.st_mode) if before else 0o666
    handle = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_RDWR, mode)
    if before:
        _keep_owner(handle, before)
        # A file system without modes keeps none.
        with suppress(OSError):
            os.fchmod(handle, mode)
    return handle, temporary


def _keep_owner(handle: int, before: os.stat_result) -> None:
    """Give a file the owner and the group of the one that it replaces, as far as that is allowed."""
    # Who may not give a file away may still give it to another one of their own groups.
    for owner, group in ((-1, before.st_gid), (before.st_uid, -1)):
        with suppress(OSError):
            os.fchown(handle, owner, group)


def find_target(path: Path) -> Path:
    """Return the file that a path names, behind links. Raises OutputError if it cannot be replaced."""
    target = path
    if path.is_symlink():
        # Of a link to itself, Python 3.11 raises RuntimeError and 3.13 gives the link again.
        with suppress(OSError, RuntimeError):
            target = path.resolve()
        if target.is_symlink():
            raise OutputError(path, "is a link that leads nowhere", "name a file")
    if target.is_dir():
        raise OutputError(path, "is a folder", "name a file")
    if _is_stream(target):
        raise OutputError(path, "is a device or a pipe and cannot be replaced", "name a file")
    return target


def write_changed(path: Path, data: bytes) -> bool:
    """Write a file unless it has these bytes already; return whether it was written.

    Raises OutputError as `replace_whole` does.
    """
    if has_bytes(path, data):
        return False
    with replace_whole(path) as (file,):
        file.write(data)
    return True


def has_bytes(path: Path, data: bytes) -> bool:
    """Answer whether a file has these bytes; one that cannot be read has not."""
    try:
        found = path.stat()
        # Opening a pipe would wait for somebody to write into it.
        return (
            stat.S_ISREG(found.st_mode) and found.st_size == len(data) and path.read_bytes() == data
        )
    except OSError:
        return False


@cache
def remove_leftovers(folder: Path) -> None:
    """Remove the temporary files of killed runs from a folder, once in each process."""
    for path in folder.iterdir() if folder.is_dir() else ():
        name = _TEMPORARY.match(path.name)
        if name and not _is_alive(int(name[1])):
            # One that cannot be removed is no reason not to write.
            remove_temporary(path)


def is_temporary(path: Path) -> bool:
    """Answer whether a path has the name of a file that a run is writing or has left."""
    return _TEMPORARY.match(path.name) is not None


def _is_alive(process: int) -> bool:
    """Answer whether a process runs; one that we may not signal (EPERM) does."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
