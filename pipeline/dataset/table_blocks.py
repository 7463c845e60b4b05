"""Find the rows of one notice in the bytes of a CSV table, whose rows come notice by notice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.dataset.csv_rows import rows_to_csv

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

_PART = 2**22
# The first cell of each line; a line inside a quoted cell gives one too.
_FIRST_CELLS = re.compile(rb"^([^,\n]*),", re.MULTILINE)


def split_rows(file: BinaryIO) -> Iterator[bytes]:
    """Yield a table in parts of whole rows, of some megabytes each."""
    while part := file.read(_PART):
        part += file.readline()
        # Within a quoted cell the number of quotation marks is odd.
        while part.count(b'"') % 2 and (more := file.readline()):
            part += more
        yield part


def find_block(data: bytes, notice_id: str) -> tuple[int, int] | None:
    """Return the start and the end of a notice's rows in a table; None where it has no row."""
    key = first_cell(notice_id)
    at = data.find(b"\n" + key)
    # Inside a quoted cell the number of quotation marks before is odd.
    while at >= 0 and data.count(b'"', 0, at) % 2:
        at = data.find(b"\n" + key, at + 1)
    if at < 0:
        return None
    start = end = at + 1
    while data.startswith(key, end):
        end = _find_row_end(data, end)
    return start, end


def find_place(data: bytes, earlier: Sequence[str]) -> int:
    """Return where the rows of a notice begin that has none; `earlier` are the notices before it."""
    present = set(_FIRST_CELLS.findall(data))
    for notice_id in reversed(earlier):
        key = first_cell(notice_id)
        if (key[:-1] in present or key.startswith(b'"')) and (block := find_block(data, notice_id)):
            return block[1]
    return data.index(b"\n") + 1


def first_cell(notice_id: str) -> bytes:
    """Return the first cell of a notice's rows, with the comma behind it."""
    rows = rows_to_csv(("notice_id", ""), [{"notice_id": notice_id, "": ""}], mark=False)
    return rows.partition(b"\n")[2].removesuffix(b"\n")


def _find_row_end(data: bytes, start: int) -> int:
    end = data.index(b"\n", start)
    while data.count(b'"', start, end) % 2:
        end = data.index(b"\n", end + 1)
    return end + 1
