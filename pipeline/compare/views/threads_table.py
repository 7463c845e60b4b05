"""Items followed over the years, and the series, as tables: one row an item, or a notice, of a year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.compare.views.phrases import SEPARATOR
from pipeline.comparison import SeriesRow, Step
from pipeline.dataset.csv_rows import rows_to_csv

if TYPE_CHECKING:
    from collections.abc import Iterable


def threads_csv(steps: Iterable[Step]) -> bytes:
    """The table as CSV that a spreadsheet opens; lists joined by 、, `ends` and `decided` 1 or 0."""
    return rows_to_csv(Step.model_fields, (_make_row(step) for step in steps))


def series_csv(rows: Iterable[SeriesRow]) -> bytes:
    """The notices of each series as CSV, in the same way."""
    return rows_to_csv(SeriesRow.model_fields, (_make_row(row) for row in rows))


def _make_row(record: Step | SeriesRow) -> dict[str, object]:
    return {name: _make_cell(value) for name, value in record.model_dump().items()}


def _make_cell(value: object) -> object:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (tuple, list)):
        return SEPARATOR.join(map(str, value))
    return "" if value is None else value
