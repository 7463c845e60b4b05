"""Arrange a ledger before it is written: its columns, the progress of each sheet, links to items."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.ledger.cell_text import fit
from pipeline.ledger.columns import FILLED, MAIN, main_columns
from pipeline.ledger.write.paper import TOP, link

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pipeline.ledger.columns import LedgerColumn
    from pipeline.ledger.content import Entry, Ledger, Mark
    from pipeline.ledger.write.worksheet import Link


class ItemLinks:
    """Links to the rows of items in the main sheet."""

    def __init__(self, item_ids: Iterable[str], column: int) -> None:
        self._rows = {item_id: row for row, item_id in enumerate(item_ids, TOP + 1)}
        self._column = column

    def to(self, item_id: str, text: str) -> Link:
        """Link a text to an item's row."""
        return link(MAIN, self._rows[item_id], self._column, text)


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A ledger with everything that its sheets share.

    `filled` is progress by unit and item, then by column; `extras` are the columns that people
    added, by unit; `present` are the keys with a value in any row; `homeless` is progress without
    a cell.
    """

    ledger: Ledger
    progress: list[Mark]
    entries: dict[str, Entry]
    filled: dict[tuple[str, str], dict[str, str]]
    extras: dict[str, tuple[str, ...]]
    present: set[str]
    columns: list[LedgerColumn]
    links: ItemLinks
    homeless: list[Mark]


def arrange(ledger: Ledger, progress: Iterable[Mark]) -> Arrangement:
    """Arrange a ledger with the progress that was kept of its items."""
    marks = [mark._replace(value=fit(mark.value)) for mark in progress]
    entries = {entry.item_id: entry for entry in ledger.entries}
    filled: dict[tuple[str, str], dict[str, str]] = {}
    extras: dict[str, dict[str, None]] = {}
    for mark in marks:
        filled.setdefault((mark.unit, mark.item_id), {})[mark.column] = mark.value
        if mark.column not in FILLED:
            extras.setdefault(mark.unit, {}).setdefault(mark.column)
    own = {unit: tuple(columns) for unit, columns in extras.items()}
    present = {"item_id"}.union(*(entry.cells.keys() for entry in ledger.entries))
    columns = main_columns(present, own.get("", ()))
    links = ItemLinks((entry.item_id for entry in ledger.entries), find_title(columns))
    homeless = list(_find_homeless(ledger, entries, marks))
    return Arrangement(ledger, marks, entries, filled, own, present, columns, links, homeless)


def find_title(columns: Sequence[LedgerColumn]) -> int:
    """Find the position of the column of titles."""
    return next(n for n, column in enumerate(columns) if column.key == "title")


def _find_homeless(
    ledger: Ledger, entries: Mapping[str, Entry], progress: Iterable[Mark]
) -> Iterator[Mark]:
    """Find progress in the sheet of a unit that does not have the item any more."""
    parties = (*ledger.units, *ledger.leaders)
    homes = {(party.name, item_id) for party in parties for item_id in party.items}
    for mark in progress:
        has_item = mark.item_id in entries and mark.unit
        if has_item and (mark.unit, mark.item_id) not in homes:
            yield mark
