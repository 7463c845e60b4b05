"""Items followed over the years as a table: one row an item of a year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.compare.views.phrases import SEPARATOR
from pipeline.comparison import Step
from pipeline.dataset.csv_rows import rows_to_csv

if TYPE_CHECKING:
    from collections.abc import Iterable


def threads_csv(steps: Iterable[Step]) -> bytes:
    """The table as CSV that a spreadsheet opens; lists joined by 、, `ends` 1 or 0."""
    rows = (
        step.model_dump()
        | {key: SEPARATOR.join(getattr(step, key)) for key in ("previous", "host_units")}
        | {"ends": int(step.ends)}
        for step in steps
    )
    return rows_to_csv(Step.model_fields, rows)
