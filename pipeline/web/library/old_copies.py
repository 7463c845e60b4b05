"""Remove copies of OUTPUTs that no desk has used for long: of an OUTPUT that is gone, or of an earlier format."""

from __future__ import annotations

import os
import re
import time
from contextlib import suppress
from pathlib import Path

# The name of a copy and of the files that SQLite keeps beside it: <24 digits>-<format>.sqlite-wal
_COPY = re.compile(r"(?P<copy>[0-9a-f]{24}-[0-9.]{1,20}\.sqlite)(?:-wal|-shm)?")
_UNUSED_SECONDS = 30 * 86_400


def remove_old_copies(folder: Path, own: str) -> None:
    """Remove the copies in a folder that have not been used for 30 days, but for the one named `own`.

    Only regular files with the name of a copy are looked at. A copy that was removed is made anew when
    its OUTPUT is opened again.
    """
    found: dict[str, list[os.DirEntry[str]]] = {}
    with suppress(OSError), os.scandir(folder) as entries:
        for one in entries:
            name = _COPY.fullmatch(one.name)
            if name and name["copy"] != own and one.is_file(follow_symlinks=False):
                found.setdefault(name["copy"], []).append(one)
    oldest = time.time() - _UNUSED_SECONDS
    for files in found.values():
        with suppress(OSError):
            if max(one.stat(follow_symlinks=False).st_mtime for one in files) < oldest:
                for one in files:
                    Path(one.path).unlink()


def mark_used(copy: Path) -> None:
    """Say that a copy is in use now."""
    with suppress(OSError):
        os.utime(copy)
