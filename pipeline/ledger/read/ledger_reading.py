"""What was read from a filled-in ledger: changed cells, stray rows, changes of the plan by hand."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections import Counter
    from pathlib import Path

    from pipeline.ledger.progress import WrittenCell


class Stray(NamedTuple):
    """A row of no item, or a value that cannot be taken, with all values of the row by head."""

    sheet: str
    row: int
    reason: str
    values: dict[str, str]


class Difference(NamedTuple):
    """A cell of the plan itself that was changed by hand: the value in force, and the new one."""

    item_id: str
    field: str
    now: str
    written: str

    def command(self, output: Path) -> str:
        """Write the command that makes the change a correction."""
        words = ("fengong", "correct", self.item_id, "--set", f"{self.field}={self.written}")
        return shlex.join((*words, "-o", str(output)))


@dataclass(frozen=True, slots=True)
class LedgerReading:
    """A ledger as it was read: changed cells, stray rows, items without a row, changes by hand.

    A changed cell without a value was emptied. `found` counts rows by how their items were found.
    `has_unread` says that there are words which no table takes in: under no head, on another sheet,
    above the heads, in a comment. `origin` says of which ledger the file is a copy.
    """

    written: list[WrittenCell]
    strays: list[Stray]
    missing: list[str]
    differences: list[Difference]
    remarks: list[str]
    found: Counter[str]
    has_unread: bool
    origin: LedgerOrigin


class LedgerOrigin(NamedTuple):
    """The ledger that a file is a copy of, by its hidden sheet: items, and how many are there now.

    `has_basis` is false where that sheet is lost; `older` are the items of a version of their notice
    that was read before the present one; `paths` are the sources of the items.
    """

    has_basis: bool
    items: int
    found: int
    older: int
    paths: tuple[str, ...]
