"""Write files atomically: each is written beside its place and then moved there."""

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
    from collections.abc import Iterator

_PREFIX = ".fengong-"
# The name of a file that a run is writing, with the id of its process: .fengong-4711-x8k2.
_TEMPORARY = re.compile(rf"{re.escape(_PREFIX)}(\d{{1,9}})-", re.ASCII)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that a killed run leaves the old file or the new one, never a part.

    Raises OutputError if the folder cannot be made or written (rights, quota, a full disk).
    """
    with replace_whole(path) as (file,):
        file.write(data)


@contextmanager
def replace_whole(*paths: Path) -> Iterator[list[BinaryIO]]:
    """Open files that are moved to their places together when the block ends without an error.

    Where the block fails, no file is moved. Raises OutputError as `write_whole` does.
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
            # On a full disk the unwritten rest fails again when the file is closed.
            with suppress(OSError):
                file.close()
        for temporary in beside:
            temporary.unlink(missing_ok=True)


def _make_beside(path: Path) -> tuple[int, Path]:
    """Open a temporary file in the folder of a path; its name contains our process id."""
    path.parent.mkdir(parents=True, exist_ok=True)
    remove_leftovers(path.parent)
    handle, name = tempfile.mkstemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=path.parent)
    return handle, Path(name)


def write_changed(path: Path, data: bytes) -> bool:
    """Write a file unless it has these bytes already; return whether it was written."""
    try:
        if path.read_bytes() == data:
            return False
    except OSError:
        pass
    write_whole(path, data)
    return True


@cache
def remove_leftovers(folder: Path) -> None:
    """Remove the temporary files of killed runs from a folder, once in each process."""
    for path in folder.iterdir() if folder.is_dir() else ():
        name = _TEMPORARY.match(path.name)
        if name and not _is_alive(int(name[1])):
            path.unlink(missing_ok=True)


def _is_alive(process: int) -> bool:
    """Answer whether a process runs; one that we may not signal (EPERM) does."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
