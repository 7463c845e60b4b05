"""Whole files or none: every output is written beside its place and moved there."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from pipeline.errors import OutputError


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that a killed run leaves the old file or the new one, never a part.

    Raises OutputError if the folder cannot be made or written (rights, quota, a full disk).
    """
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=".fengong-", dir=path.parent)
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
