"""A comparison as a table for a spreadsheet: one row a change, a rename, a dropped or added item."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from pipeline.compare.views.phrases import SEPARATOR, join_value
from pipeline.dataset.csv_rows import defuse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.comparison import Change, Comparison, Link

_Row = dict[str, object]

CHANGE_COLUMNS = (
    "previous_notice", "current_notice", "kind", "responsibility", "previous", "current", "score",
    "field", "before", "after", "gained", "lost", "moved", "figures",
)  # fmt: skip


def to_csv(comparison: Comparison) -> str:
    """The table as CSV with a byte-order mark, formulas defused."""
    out = io.StringIO()
    writer = csv.DictWriter(out, CHANGE_COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for row in change_rows(comparison):
        writer.writerow({key: defuse(value) for key, value in row.items()})
    return "\ufeff" + out.getvalue()


def change_rows(comparison: Comparison) -> Iterator[dict[str, object]]:
    """Yield the rows of the table; a column that says nothing of a change is left out."""
    notices: _Row = {
        "previous_notice": comparison.previous,
        "current_notice": comparison.current,
    }
    yield from (notices | row for row in _make_rows(comparison))


def _make_rows(comparison: Comparison) -> Iterator[_Row]:
    for link in comparison.links:
        yield from _make_link_rows(link)
    for item_id in comparison.dropped:
        yield {"kind": "dropped", "previous": item_id}
    for item_id in comparison.added:
        yield {"kind": "added", "current": item_id}


def _make_link_rows(link: Link) -> Iterator[_Row]:
    head: _Row = {
        "kind": link.kind, "responsibility": link.responsibility, "score": link.score, "previous": SEPARATOR.join(link.previous),
        "current": SEPARATOR.join(link.current),
    }  # fmt: skip
    for change in link.changes:
        yield head | _make_change_row(change)
    for one in link.renames:
        renamed: _Row = {
            "field": f"{one.field} renamed", "before": one.before, "after": one.after,
        }  # fmt: skip
        yield head | renamed


def _make_change_row(change: Change) -> _Row:
    moves = (f"{one.name}: {one.before} -> {one.after}" for one in change.moved)
    figures = (f"{one.about} {one.before} -> {one.after}" for one in change.figures)
    return {
        "field": change.field,
        "before": join_value(change.before),
        "after": join_value(change.after),
        "gained": SEPARATOR.join(change.gained),
        "lost": SEPARATOR.join(change.lost),
        "moved": "; ".join(moves),
        "figures": "; ".join(figures),
    }
