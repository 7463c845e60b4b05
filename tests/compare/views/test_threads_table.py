"""Threads as a table."""

from __future__ import annotations

import csv
import io

from pipeline.compare.series import find_series
from pipeline.compare.threads import follow_items
from pipeline.compare.views.threads_table import threads_csv
from tests.compare.small_series import plan


def test_the_table_has_every_step() -> None:
    (series,) = find_series([plan(2016, "school", "river"), plan(2017, "river", "bus")])
    steps = follow_items(series)
    rows = list(csv.DictReader(io.StringIO(threads_csv(steps).decode("utf-8-sig"))))
    assert [row["item_id"] for row in rows] == [step.item_id for step in steps]
