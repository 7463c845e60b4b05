"""Count the days since the last permitted day of an item, by formulas that follow its state."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from xlsxwriter.utility import quote_sheetname, xl_range_abs, xl_rowcol_to_cell

from pipeline.ledger.answers import days_over
from pipeline.ledger.columns import DONE, OVERDUE, STATE
from pipeline.ledger.write.paper import TOP, Formula

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.ledger.answers import Answers
    from pipeline.ledger.columns import LedgerColumn
    from pipeline.ledger.content import Entry

_DONE = ",".join(f'"{state}"' for state in DONE)


class OverdueDays:
    """The formulas of a sheet's column of days; `today` is a day, or empty for the day of opening."""

    def __init__(self, columns: Sequence[LedgerColumn], answers: Answers, today: str) -> None:
        places = {one.key or one.head: at for at, one in enumerate(columns)}
        self._due, self._state = places.get("due"), places.get(STATE)
        self._days = places.get(OVERDUE)
        self._answers = answers
        self._today = today

    def of(self, entry: Entry, row: int, unit: str = "") -> dict[str, Formula]:
        """Write the formula of a row by the head of its column; none where nothing is due or it is done."""
        due = entry.cells.get("due", "")
        # Where the sheet's own cell says that it is done, the formula says so too, until it is changed.
        is_done = self._answers.is_done_elsewhere(entry.item_id, unit)
        if not due or is_done or self._due is None or self._state is None:
            return {}
        day = xl_rowcol_to_cell(row, self._due)
        state = xl_rowcol_to_cell(row, self._state)
        now = _write_day(self._today)
        is_open = f"ISNUMBER({day}),ISNA(MATCH(TRIM({state}),{{{_DONE}}},0))"
        text = f'=IF(AND({is_open}),IF({now}>{day},{now}-{day},""),"")'
        return {OVERDUE: Formula(text, self.days(entry, unit) or None)}

    def days(self, entry: Entry, unit: str = "") -> int:
        """Count the days since an item's last day, 0 without a day to count to or where it is done."""
        if self._answers.is_done(entry.item_id, unit):
            return 0
        return days_over(entry.cells.get("due", ""), self._today)

    def range(self, sheet: str, count: int, column: int | None = None) -> str:
        """Write the range of the column of days, or of another one, in so many rows of a sheet."""
        at = self._days if column is None else column
        area = xl_range_abs(TOP + 1, at, TOP + max(1, count), at)
        return f"{quote_sheetname(sheet)}!{area}"


def count_over(entries: Iterable[Entry], days: OverdueDays, least: int, most: int) -> int:
    """Count the items that are late by at least and at most so many days."""
    return sum(least <= days.days(entry) <= most for entry in entries)


def _write_day(today: str) -> str:
    if not today:
        return "TODAY()"
    day = date.fromisoformat(today)
    return f"DATE({day.year},{day.month},{day.day})"
