"""A table with a row for each body or person as lines by their keys, of which few are read or changed."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from pipeline.dataset.csv_rows import restore, rows_to_csv
from pipeline.dataset.table_columns import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from pipeline.dataset.aggregates import Person

_Key = TypeVar("_Key", str, "Person")


class TableBytes(NamedTuple):
    """A table as the bytes of its file, and its number of rows."""

    data: bytes
    size: int


class KeyedLines(Generic[_Key]):
    """The rows of a table in the order of their keys, which `key_of` makes of their first cells."""

    def __init__(self, table: str, data: bytes, key_of: Callable[..., _Key], columns: str) -> None:
        self._heads = [column.name for column in COLUMNS[table]]
        at = [self._heads.index(one) for one in columns.split()]
        rows = _split_rows(data.decode("utf-8-sig"))
        self._head = next(rows)[0]
        self._rows: dict[_Key, tuple[str, list[str]]] = {
            key_of(*(restore(cells[n]) for n in at)): (line, cells) for line, cells in rows
        }

    @property
    def keys(self) -> list[_Key]:
        """The keys of all rows, in their order."""
        return list(self._rows)

    def get(self, key: _Key) -> dict[str, str] | None:
        """Return the row of a key as texts, None where there is none."""
        found = self._rows.get(key)
        return dict(zip(self._heads, map(restore, found[1]), strict=True)) if found else None

    def replace(
        self, gone: Collection[_Key], new: Mapping[_Key, Mapping[str, object]]
    ) -> TableBytes:
        """Return the table without some rows and with new ones, its other lines as they are."""
        lines = {key: line for key, (line, _) in self._rows.items() if key not in gone}
        made = rows_to_csv(self._heads, new.values(), mark=False).decode()
        own = _split_rows(made)
        next(own)
        lines |= {key: line for key, (line, _) in zip(new, own, strict=True)}
        text = self._head + "".join(lines[key] for key in sorted(lines))
        return TableBytes(text.encode("utf-8-sig"), len(lines))


def _split_rows(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the rows of a table with their lines, its head first; a row may go over several lines."""
    taken: list[str] = []

    def take() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            taken.append(line)
            yield line

    for cells in csv.reader(take()):
        yield "".join(taken), cells
        taken.clear()
