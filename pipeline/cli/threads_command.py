"""fengong threads: every item followed through the years of its plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.cli.terminal import say, say_errors
from pipeline.compare.series import describe_left_out, find_series
from pipeline.compare.threads import find_later_names, follow_items
from pipeline.compare.views.flow import flow_svg
from pipeline.compare.views.thread_cards import make_thread_cards
from pipeline.compare.views.threads_book import threads_book
from pipeline.compare.views.threads_page import threads_page
from pipeline.compare.views.threads_table import threads_csv
from pipeline.dataset.described_tables import write_made_files
from pipeline.dataset.duplicates import without_duplicates
from pipeline.dataset.in_force import in_force
from pipeline.dataset.record_files import read_records
from pipeline.errors import hold_errors

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pipeline.compare.series import Series
    from pipeline.comparison import Step
    from pipeline.errors import PipelineError
    from pipeline.model import Notice


def run(args: argparse.Namespace) -> int:
    """Follow every item of an OUTPUT through the years of its plan; write a table and pictures."""
    errors: list[PipelineError] = []
    found = find_series(_read_in_force(args.output, errors))
    for line in describe_left_out(found):
        say(line)
    steps = []
    views: dict[str, bytes] = {}
    # A picture or page that cannot be made anew stays as it is.
    kept = {name for one in found if len(one.notices) > 1 for name in _name_views(one)}
    for one in found:
        with hold_errors(one.name, errors.append):
            made = follow_items(one)
            if len(one.notices) > 1:
                views |= _show_series(one, made)
            steps += made
    # The table has no threads of a series that is gone.
    files = {**views, "threads.csv": threads_csv(steps)}
    write_made_files(args.output, files, "threads", kept)
    many = len({step.thread_id for step in steps})
    years = sum(len(one.notices) > 1 for one in found)
    say(f"{len(found)} series, {years} of several years, {many} threads")
    return say_errors(errors)


def _name_views(series: Series) -> tuple[str, str, str]:
    """The names of the picture, the page and the workbook of a series."""
    picture, page, book = (f"threads/{series.name}.{kind}" for kind in ("svg", "html", "xlsx"))
    return picture, page, book


def _show_series(series: Series, steps: Sequence[Step]) -> dict[str, bytes]:
    """Return the picture, the page and the workbook of a series by their names."""
    later_names = find_later_names(series)
    cards = make_thread_cards(series, steps)
    years = [notice.year or 0 for notice in series.notices]
    picture = flow_svg(series.name, steps, later_names)
    page = threads_page(series, cards, later_names)
    book = threads_book(cards, years, later_names)
    made = (picture.encode(), page.encode("utf-8", "replace"), book)
    return dict(zip(_name_views(series), made, strict=True))


def _read_in_force(output: Path, errors: list[PipelineError]) -> Iterator[Notice]:
    for notice in without_duplicates(read_records(output, errors.append)):
        forced = None
        with hold_errors(notice.notice_id, errors.append):
            forced = in_force(notice)
        if forced:
            yield forced
