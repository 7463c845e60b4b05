"""Keep bytes on disk until they are asked for, where all of them together do not fit into memory."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pipeline.dataset.file_moves import name_beside, write_failures

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

_LENGTH = 8


class Spool:
    """Bytes by key in a file of the folder that has no name any more: nothing is left of it.

    Methods raise OutputError where the disk is full or cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._opened: BinaryIO | None = None
        self._places: dict[str, int] = {}

    def close(self) -> None:
        """Let go of all bytes."""
        if self._opened:
            self._opened.close()

    def __contains__(self, key: str) -> bool:
        return key in self._places

    def put(self, key: str, data: bytes) -> None:
        """Keep bytes under a key, in place of earlier ones."""
        with write_failures(self._folder):
            self._places[key] = self._file.seek(0, os.SEEK_END)
            self._file.write(len(data).to_bytes(_LENGTH))
            self._file.write(data)

    def get(self, key: str) -> bytes:
        """Return the bytes of a key. Raises KeyError where it has none."""
        place = self._places[key]
        with write_failures(self._folder):
            self._file.seek(place)
            return self._file.read(int.from_bytes(self._file.read(_LENGTH)))

    def drop(self, key: str) -> None:
        """Forget a key."""
        self._places.pop(key, None)

    @property
    def _file(self) -> BinaryIO:
        if self._opened is None:
            self._opened = _open_nameless(self._folder)
        return self._opened


def _open_nameless(folder: Path) -> BinaryIO:
    path = name_beside(folder / "spool")
    file = path.open("x+b")
    path.unlink()
    return file
