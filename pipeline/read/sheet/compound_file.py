"""Read one stream of a compound file (OLE), the container of old Office formats."""

from __future__ import annotations

import struct
from collections.abc import Sequence

_HEADER = 512
_END = 0xFFFFFFFA
_ENTRY = 128
# Smaller streams are kept in small sectors.
_CUTOFF = 4096
# Names in the directory of an office file; damaged ones go round in circles.
_MOST_ENTRIES = 20_000


def read_stream(data: bytes, names: Sequence[str]) -> bytes | None:
    """The first of some streams that a compound file has, None where it has none of them.

    Raises ValueError where the file is damaged.
    """
    try:
        return _CompoundFile(data).stream(names)
    except (struct.error, IndexError) as error:
        fact = f"no whole compound file ({error})"
        raise ValueError(fact) from error


class _CompoundFile:
    def __init__(self, data: bytes) -> None:
        self._data = data
        sector, mini = struct.unpack_from("<2H", data, 30)
        if not (7 <= sector <= 16 and 3 <= mini <= sector):
            fact = "no whole compound file (sizes of sectors)"
            raise ValueError(fact)
        self._size, self._mini_size = 1 << sector, 1 << mini
        (first_directory,) = struct.unpack_from("<I", data, 48)
        self._table = self._read_table()
        self._directory = self._chain(first_directory)[: _MOST_ENTRIES * _ENTRY]

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        if start >= len(self._data):
            fact = f"no whole compound file (sector {number} is missing)"
            raise ValueError(fact)
        return self._data[start : start + self._size]

    def _read_table(self) -> list[int]:
        """For each sector the next one of its stream."""
        numbers = list(struct.unpack_from("<109I", self._data, 76))
        following, count = struct.unpack_from("<2I", self._data, 68)
        most = len(self._data) // self._size + 1
        for _ in range(min(count, most)):
            if following >= _END:
                break
            words = self._words(self._sector(following))
            numbers += words[:-1]
            following = words[-1]
        sectors = [self._sector(one) for one in numbers[:most] if one < _END]
        return [word for sector in sectors for word in self._words(sector)]

    @staticmethod
    def _words(sector: bytes) -> list[int]:
        return list(struct.unpack(f"<{len(sector) // 4}I", sector[: len(sector) // 4 * 4]))

    def _chain(self, number: int) -> bytes:
        parts = []
        # A circle would be as long as there are sectors, at most.
        for _ in range(len(self._table)):
            if number >= _END:
                break
            parts.append(self._sector(number))
            number = self._table[number]
        return b"".join(parts)

    def stream(self, names: Sequence[str]) -> bytes | None:
        found: dict[str, tuple[int, int]] = {}
        root = 0
        for start in range(0, len(self._directory) - _ENTRY + 1, _ENTRY):
            entry = self._directory[start : start + _ENTRY]
            length = min(struct.unpack_from("<H", entry, 64)[0], 64)
            name = entry[: max(0, length - 2)].decode("utf-16-le", "replace").lower()
            first, size = struct.unpack_from("<2I", entry, 116)
            if entry[66] == 5:
                root = first
            elif entry[66] == 2:
                found.setdefault(name, (first, size))
        for wanted in names:
            if wanted.lower() in found:
                first, size = found[wanted.lower()]
                return (
                    self._small(root, first, size) if size < _CUTOFF else self._large(first, size)
                )
        return None

    def _large(self, first: int, size: int) -> bytes:
        return self._chain(first)[:size]

    def _small(self, root: int, number: int, size: int) -> bytes:
        """A stream below the cut-off, which is kept in small sectors inside another stream."""
        (first_table,) = struct.unpack_from("<I", self._data, 60)
        table = self._words(self._chain(first_table))
        inside = self._chain(root)
        parts = []
        for _ in range(size // self._mini_size + 1):
            if number >= _END or number >= len(table):
                break
            parts.append(inside[number * self._mini_size : (number + 1) * self._mini_size])
            number = table[number]
        return b"".join(parts)[:size]
