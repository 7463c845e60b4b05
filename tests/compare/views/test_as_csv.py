"""A comparison as a table."""

from __future__ import annotations

import csv
import io

from pipeline.compare.diff import diff_notices
from pipeline.compare.views.as_csv import to_csv
from pipeline.model import Notice


def test_csv_has_a_row_a_change(years: tuple[Notice, Notice]) -> None:
    made = diff_notices(*years)
    rows = list(csv.DictReader(io.StringIO(to_csv(made).removeprefix("\ufeff"))))
    many = sum(len(link.changes) + len(link.renames) for link in made.links)
    assert len(rows) == many + len(made.dropped) + len(made.added)
    host = next(row for row in rows if row["field"] == "host_units")
    assert host["moved"] == "区财政局: co_host_units -> host_units"
