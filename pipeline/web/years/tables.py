"""The tables of the pages of years, as they are downloaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.compare.views.as_csv import CHANGE_COLUMNS, change_rows
from pipeline.web.downloads import PageTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.compare.views.thread_cards import ThreadCard
    from pipeline.comparison import Comparison, SeriesRow
    from pipeline.web.years.series_index import SeriesThreads


def table_of_series(rows: Iterable[SeriesRow]) -> PageTable:
    """Return the years of all series and what is left out, as series.csv has them."""
    columns = (
        "series", "notice_id", "plan_title", "year", "issuing_body", "items", "is_year", "reason",
        "decided",
    )  # fmt: skip
    return PageTable(
        "series", columns, tuple(tuple(getattr(one, name) for name in columns) for one in rows)
    )


def table_of_threads(threads: SeriesThreads, cards: Sequence[ThreadCard]) -> PageTable:
    """Return the steps of some threads: a row for each item, in the order of the page."""
    columns = (
        "thread_id", "series", "year", "notice_id", "item_id", "kind", "previous", "score",
        "title", "content", "host_units", "co_host_units", "decided",
    )  # fmt: skip
    rows = tuple(
        (
            card.thread_id, threads.series.name, step.year, step.notice_id, step.item_id, step.kind,
            "、".join(step.previous), step.score, step.title, step.content,
            "、".join(step.host_units), "、".join(step.co_host_units), step.decided,
        )
        for card in cards
        for step in (one.step for one in card.steps)
    )  # fmt: skip
    return PageTable("threads", columns, rows)


def table_of_changes(comparison: Comparison) -> PageTable:
    """Return the changes of a comparison, the rows of `fengong diff --to csv`."""
    rows = (tuple(row.get(name) for name in CHANGE_COLUMNS) for row in change_rows(comparison))
    return PageTable("changes", CHANGE_COLUMNS, tuple(rows))
