"""Find the rows of each notice in the tables that an earlier run wrote, to be copied as they are."""

from __future__ import annotations

import re
from array import array
from contextlib import ExitStack
from typing import TYPE_CHECKING, NamedTuple, Self

from pipeline.dataset.table_blocks import first_cell
from pipeline.dataset.table_set import NOTICE_TABLES, Block

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path
    from typing import BinaryIO

_FIRST_CELL = re.compile(rb'"(?:[^"]|"")*",|[^",]*,')
# No row begins so.
_HEAD = b"\n"


class _Table(NamedTuple):
    """An open table, and of each notice by its number the start, the end and the count of its rows."""

    file: BinaryIO
    starts: array[int]
    ends: array[int]
    sizes: array[int]


class EarlierTables:
    """The tables of an OUTPUT as the manifest describes them; used as a context."""

    def __init__(self, output: Path, notice_ids: Iterable[str]) -> None:
        numbers = {notice_id: n for n, notice_id in enumerate(notice_ids)}
        keys = {first_cell(notice_id): n for notice_id, n in numbers.items()}
        self._numbers = numbers
        self._tables: dict[str, _Table] = {}
        with ExitStack() as stack:
            for table in NOTICE_TABLES:
                file = stack.enter_context((output / f"{table}.csv").open("rb"))
                self._tables[table] = _index(file, keys)
            self._open = stack.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def find(self, notice_id: str) -> dict[str, Block]:
        """Return a notice's rows in each table."""
        number = self._numbers[notice_id]
        return {name: _read(table, number) for name, table in self._tables.items()}


def _index(file: BinaryIO, keys: Mapping[bytes, int]) -> _Table:
    """Find the rows of each notice; those of one stand together."""
    # One place more, for rows of no notice.
    starts, ends, sizes = (array("Q", bytes(8 * (len(keys) + 1))) for _ in range(3))
    at, number, is_inside, key = 0, len(keys), False, _HEAD
    for line in file:
        # A line inside a quoted cell begins no row, and neither does the head.
        if at and not is_inside:
            if not line.startswith(key):
                key = _find_first_cell(line)
                number = keys.get(key, len(keys))
                starts[number] = at
            sizes[number] += 1
        at += len(line)
        ends[number] = at
        if line.count(b'"') % 2:
            is_inside = not is_inside
    return _Table(file, starts, ends, sizes)


def _find_first_cell(line: bytes) -> bytes:
    """Return the first cell of a row with the comma behind it."""
    match = _FIRST_CELL.match(line)
    return match[0] if match else line


def _read(table: _Table, number: int) -> Block:
    start, end = table.starts[number], table.ends[number]
    table.file.seek(start)
    return Block(table.file.read(end - start), table.sizes[number])
