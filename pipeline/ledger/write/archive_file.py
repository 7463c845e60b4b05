"""The file of a workbook, as the library that writes its archive sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import BinaryIO


class ArchiveFile:
    """A file that an archive is written into until it is let go; what comes later is dropped.

    Where a step fails, the library leaves its archive open, and the archive writes its end when it is
    collected. By then the file is closed.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file: BinaryIO | None = file
        self._place = 0

    def let_go(self) -> None:
        """Drop whatever is still written."""
        self._file = None

    def write(self, data: bytes) -> int:
        """Write bytes; return how many."""
        if self._file:
            self._file.write(data)
        self._place += len(data)
        return len(data)

    def seek(self, place: int) -> int:
        """Go to a place, in bytes from the start; return it."""
        if self._file:
            self._file.seek(place)
        self._place = place
        return place

    def tell(self) -> int:
        """Return the place where the next byte is written."""
        return self._place

    def flush(self) -> None:
        """Hand on to the system what was written."""
        if self._file:
            self._file.flush()
