"""Write files of raw/ once: a file that is there is never written over."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING

from pipeline.dataset.file_moves import remove_temporary, write_failures
from pipeline.dataset.files import make_beside

if TYPE_CHECKING:
    from pathlib import Path

# All characters but letters, digits and ideographs become a hyphen in the name of a file.
_NOT_IN_NAMES = re.compile(r"[^0-9A-Za-z\u3400-\u9fff]+")
# A name in UTF-8 is no longer than 255 bytes; a suffix and a number come behind this.
_LONGEST = 150
# What Windows keeps for devices.
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


def name_part(words: str, otherwise: str) -> str:
    """Return words as a part of a path that cannot lead out of its folder: ../甲区 plan -> 甲区-plan."""
    name = _NOT_IN_NAMES.sub("-", words).strip("-")
    name = name.encode()[:_LONGEST].decode("utf-8", "ignore").strip("-")
    return otherwise if not name or _DEVICES.fullmatch(name) else name


def write_new(path: Path, data: bytes) -> None:
    """Write a file that is not there yet, whole or not at all.

    Raises FileExistsError where it is there, OutputError where it cannot be written.
    """
    handle, temporary = make_beside(path)
    try:
        with write_failures(path), os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(temporary, path)
        except FileExistsError:
            raise
        except OSError:
            # A file system without links: the file may be half written if the machine fails now.
            with write_failures(path), path.open("xb") as file:
                file.write(data)
    finally:
        remove_temporary(temporary)


def remove_file(path: Path) -> None:
    """Remove a file that a killed run left; one that cannot be removed stays."""
    with suppress(OSError):
        path.unlink(missing_ok=True)
