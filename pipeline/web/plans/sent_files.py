"""Keep files that are sent to the desk: named by their bytes, nothing overwritten, no path from outside."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO

from pipeline.errors import OutputError

# Letters, digits, Chinese, blanks and a few marks; no slash, no control, no leading dot.
_UNSAFE = re.compile(r"[^\w\u3000-\u303f（）()《》〔〕\[\]【】+., -]")
# The name of a file that is being sent, which nobody else gives a file: .0f3a9c2e51b7d846.part
_PART = re.compile(r"\.[0-9a-f]{16}\.part")
_LONGEST_NAME = 60
_PORTION = 1 << 20
# An SHA-256 in hexadecimal begins the names of kept files.
_DIGEST_LENGTH = 16


def keep_file(folder: Path, name: str, file: IO[bytes]) -> Path:
    """Keep a file as FOLDER/<hash>/<its name>; return where it is. Raises OutputError."""
    digest = hashlib.sha256()
    temporary = folder / f".{os.urandom(8).hex()}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with temporary.open("xb") as out:
            # As long as it is sent: another desk that starts here leaves it alone.
            # A file system without locks keeps files all the same.
            with suppress(OSError):
                _lock(out)
            for portion in iter(lambda: file.read(_PORTION), b""):
                digest.update(portion)
                out.write(portion)
            out.flush()
            os.fsync(out.fileno())
            kept = folder / digest.hexdigest()[:_DIGEST_LENGTH] / make_name(name)
            kept.parent.mkdir(exist_ok=True)
            if not kept.exists():
                temporary.rename(kept)
    except OSError as error:
        fact = f"the file cannot be kept ({error.strerror or error})"
        raise OutputError(folder, fact, "check rights and free space") from error
    finally:
        temporary.unlink(missing_ok=True)
    return kept


def remove_unfinished(folder: Path) -> None:
    """Remove the files whose sending was cut short by a kill: those of this name that no desk writes."""
    with suppress(OSError), os.scandir(folder) as entries:
        names = [one.path for one in entries if _PART.fullmatch(one.name)]
        for path in names:
            _remove_abandoned(Path(path))


def _remove_abandoned(path: Path) -> None:
    with suppress(OSError):
        handle = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(handle, "rb+") as file:
            if stat.S_ISREG(os.fstat(handle).st_mode):
                _lock(file)
                path.unlink()


def _lock(file: IO[bytes]) -> None:
    """Lock a file that nobody else has locked. Raises OSError."""
    if sys.platform != "win32":
        import fcntl  # noqa: PLC0415

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def make_name(name: str) -> str:
    """Return a name under which a file may be kept: ../../etc/passwd -> passwd."""
    own = re.split(r"[/\\]", name)[-1]
    safe = _UNSAFE.sub("_", own).strip(" .")
    stem, dot, suffix = safe.rpartition(".")
    if not dot:
        return (safe or "document")[:_LONGEST_NAME]
    return f"{(stem or 'document')[:_LONGEST_NAME]}.{suffix[:10]}"


def list_folders(inbox: Path) -> list[str]:
    """Return the names of the folders in the inbox that may be parsed; links are not followed."""
    try:
        with os.scandir(inbox) as entries:
            names = [one.name for one in entries if one.is_dir(follow_symlinks=False)]
    except OSError:
        return []
    return sorted(one for one in names if not one.startswith("."))
