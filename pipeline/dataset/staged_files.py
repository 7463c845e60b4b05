"""Write several files so that all of them take their places together, or none does."""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Self

from pipeline.dataset.file_moves import move_together, remove_temporary, write_failures
from pipeline.dataset.files import find_target, has_bytes, make_beside
from pipeline.dataset.manifest import file_hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence


# Waiting for each of more files takes longer than for all that any program has written.
_MANY = 50


class HashedFile:
    """A file that is written part by part; `digest` is the SHA-256 of what it has."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self._path = path
        self._file = file
        self._hash = hashlib.sha256()

    def write(self, data: bytes) -> None:
        """Write one more part. Raises OutputError."""
        with write_failures(self._path):
            self._file.write(data)
        self._hash.update(data)

    @property
    def digest(self) -> str:
        """The SHA-256 of all parts."""
        return self._hash.hexdigest()


class StagedFiles:
    """Files that are written, and paths that are removed, when `commit` is called.

    Used as a context; what was not committed when the block ends leaves nothing behind.
    """

    def __init__(self) -> None:
        # Texts, which take less memory than paths: a run may write 100,000 files.
        self._written: dict[str, str] = {}
        self._removed: set[Path] = set()
        self._folders: list[Path] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.discard()

    def discard(self) -> None:
        """Remove what was written and not committed, and the folders that were made for it."""
        for temporary in self._written.values():
            remove_temporary(Path(temporary))
        for folder in reversed(self._folders):
            # Only a folder that has stayed empty goes.
            with suppress(OSError):
                folder.rmdir()

    def add(self, path: Path, data: bytes) -> bool:
        """Write a file beside its place; return False, with nothing to do, where it has these bytes.

        Raises OutputError as `write_whole` does.
        """
        with write_failures(path):
            self._forget(path)
            if has_bytes(path, data):
                return False
            target = find_target(path)
            self._note_new_folders(path.parent)
            handle, temporary = make_beside(target)
            self._written[str(path)] = str(temporary)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
        return True

    @contextmanager
    def open(self, path: Path) -> Iterator[HashedFile]:
        """Open a file beside its place, to be written part by part.

        Where it has the bytes of the present file in the end, that one stays. Raises OutputError.
        """
        with write_failures(path):
            target = find_target(path)
            self._note_new_folders(path.parent)
            handle, temporary = make_beside(target)
            self._forget(path)
            self._written[str(path)] = str(temporary)
        file = os.fdopen(handle, "wb")
        try:
            made = HashedFile(path, file)
            yield made
        finally:
            with write_failures(path):
                file.close()
        with write_failures(path):
            if made.digest == file_hash(path):
                self._forget(path)

    def remove(self, path: Path) -> None:
        """Remove a path when the files take their places."""
        self._removed.add(path)

    def find(self, path: Path) -> Path:
        """Return where the bytes of a path are until the commit."""
        kept = self._written.get(str(path))
        return Path(kept) if kept else path

    def commit(self) -> None:
        """Move all files to their places, in the order in which they came. Raises OutputError.

        Where it fails, every path has its earlier file.
        """
        moves = [(kept, str(find_target(Path(path)))) for path, kept in self._written.items()]
        _bring_to_disk([kept for kept, _ in moves])
        move_together(moves, self._removed)
        self._written.clear()
        self._folders.clear()
        self._removed.clear()

    def _forget(self, path: Path) -> None:
        """Remove what was written for a path."""
        earlier = self._written.pop(str(path), None)
        if earlier:
            remove_temporary(Path(earlier))

    def _note_new_folders(self, folder: Path) -> None:
        """Note the folders that writing into a folder will make, the outermost first."""
        new = [one for one in (folder, *folder.parents) if not one.exists()]
        self._folders += reversed(new)


def _bring_to_disk(paths: Sequence[str]) -> None:
    """Wait until files are on the disk: each by itself, or where they are many all that is unwritten.

    A system that stops before leaves the earlier manifest, and files of other bytes than it says.
    """
    if len(paths) > _MANY:
        os.sync()
        return
    for path in map(Path, paths):
        with write_failures(path), path.open("rb") as file:
            os.fsync(file.fileno())


def write_together(files: Mapping[Path, bytes], removed: Iterable[Path] = ()) -> None:
    """Write files and remove others: all of it is done, or nothing. Raises OutputError."""
    with StagedFiles() as staged:
        for path, data in files.items():
            staged.add(path, data)
        for path in removed:
            staged.remove(path)
        staged.commit()
