"""Whole files or none: every output is written beside its place and moved there."""

from __future__ import annotations

import os
import re
import tempfile
from functools import cache
from pathlib import Path

from pipeline.errors import OutputError

_PREFIX = ".fengong-"
_OWN = re.compile(rf"{re.escape(_PREFIX)}(\d+)-")


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that a killed run leaves the old file or the new one, never a part.

    Raises OutputError if the folder cannot be made or written (rights, quota, a full disk).
    """
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path.parent)
        prefix = f"{_PREFIX}{os.getpid()}-"
        handle, temporary = tempfile.mkstemp(prefix=prefix, dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        fact = f"cannot be written ({error.strerror or error})"
        raise OutputError(path, fact, "check rights and free space") from error


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
def _sweep(folder: Path) -> None:
    """Remove what a run that was killed left half-written here, once a process."""
    for path in folder.iterdir():
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
