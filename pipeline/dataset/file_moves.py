"""Move files that are complete to their places, together; where one fails, put the earlier ones back."""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

PREFIX = ".fengong-"


class _Moved(NamedTuple):
    """A path that has another file now, and where its earlier one is kept; None where there was none."""

    path: str
    kept: str | None


def name_beside(path: Path) -> Path:
    """Return a new name in the folder of a path; it contains our process id."""
    return path.parent / f"{PREFIX}{os.getpid()}-{secrets.token_hex(6)}"


@contextmanager
def write_failures(place: Path) -> Iterator[None]:
    """Raise an error of the system as an OutputError of a place."""
    try:
        yield
    except OSError as error:
        fact = f"cannot be written ({error.strerror or error})"
        raise OutputError(place, fact, "check rights and free space") from error


def move_together(moves: Sequence[tuple[str, str]], removed: Iterable[Path] = ()) -> None:
    """Move each temporary file to its place and remove other files: all of it, or nothing.

    The last file is moved last of all: its presence says that everything else was done. Where a
    step fails, every path has its earlier file. Raises OutputError.
    """
    removals = [path for path in removed if path.exists()]
    if len(moves) == 1 and not removals:
        _replace(*moves[0])
        return
    done: list[_Moved] = []
    try:
        for temporary, path in moves[:-1]:
            done.append(_Moved(path, _keep(path)))
            _replace(temporary, path)
        for path in map(str, removals):
            kept = str(name_beside(Path(path)))
            _replace(path, kept)
            done.append(_Moved(path, kept))
        for temporary, path in moves[-1:]:
            # It is one move, which is done or not.
            _replace(temporary, path)
    except BaseException:
        # A signal that stops the run comes here too.
        for one in reversed(done):
            _put_back(one)
        raise
    for one in done:
        if one.kept:
            remove_temporary(Path(one.kept))


@contextmanager
def restore_on_failure(paths: Iterable[Path]) -> Iterator[None]:
    """Give paths their earlier files again where the block fails. Raises OutputError."""
    kept: list[_Moved] = []
    try:
        for path in paths:
            kept.append(_Moved(str(path), _keep(str(path))))  # noqa: PERF401 - those before a failure go too
        yield
    except BaseException:
        for one in kept:
            _put_back(one)
        raise
    for one in kept:
        if one.kept:
            remove_temporary(Path(one.kept))


def _replace(temporary: str, path: str) -> None:
    with write_failures(Path(path)):
        Path(temporary).replace(Path(path))


def _keep(path: str) -> str | None:
    """Keep the file of a path under a second name; the path has it all the while."""
    if not Path(path).exists():
        return None
    kept = str(name_beside(Path(path)))
    with suppress(OSError):
        os.link(path, kept)
        return kept
    # A file system without links.
    try:
        with write_failures(Path(path)):
            shutil.copy2(path, kept)
    except BaseException:
        remove_temporary(Path(kept))
        raise
    return kept


def _put_back(moved: _Moved) -> None:
    with suppress(OSError):
        if moved.kept:
            # Of two names of one file, replacing removes neither.
            Path(moved.kept).replace(Path(moved.path))
            remove_temporary(Path(moved.kept))
        else:
            remove_temporary(Path(moved.path))


def remove_temporary(path: Path) -> None:
    """Remove a temporary file; one that cannot be removed is left for the next run."""
    with suppress(OSError):
        path.unlink(missing_ok=True)
