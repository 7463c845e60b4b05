"""fengong threads: every item followed through the years of its plan."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from pipeline.cli.terminal import say, say_errors
from pipeline.compare.decided_links import DecidedPairs, read_decided_pairs
from pipeline.compare.series import NO_YEAR, SEVERAL_YEARS, describe_left_out, find_series
from pipeline.compare.series_rows import make_series_rows
from pipeline.compare.thread_ids import KnownThreads, ThreadNames, read_known_threads
from pipeline.compare.threads import find_later_names, follow_items
from pipeline.compare.views.flow import flow_svg
from pipeline.compare.views.thread_cards import make_thread_cards
from pipeline.compare.views.threads_book import threads_book
from pipeline.compare.views.threads_page import threads_page
from pipeline.compare.views.threads_table import series_csv, threads_csv
from pipeline.dataset.described_tables import write_made_files
from pipeline.dataset.duplicates import mark_of
from pipeline.dataset.in_force import in_force
from pipeline.dataset.record_files import read_records
from pipeline.decisions.anchors import PresentAnchors
from pipeline.errors import OutputError, hold_errors

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from pathlib import Path

    from pipeline.compare.series import Series
    from pipeline.comparison import Step
    from pipeline.errors import PipelineError
    from pipeline.model import Notice

_TABLE = "threads.csv"
# More plans that are left out are counted, not named.
_MOST_LINES = 10


class _Found(NamedTuple):
    """The notices of an OUTPUT with the values in force, and what people decided about pairs.

    `duplicates` are notices that are there a second time.
    """

    notices: list[Notice]
    duplicates: list[Notice]
    decided: DecidedPairs


def run(args: argparse.Namespace) -> int:
    """Follow every item of an OUTPUT through the years of its plan; write tables and pictures."""
    errors: list[PipelineError] = []
    notices, duplicates, decided = _read_in_force(args.output, errors)
    found = find_series(notices, decided.judged_series)
    _say_left_out(found)
    names = ThreadNames(_read_ids(args))
    steps: list[Step] = []
    views: dict[str, bytes] = {}
    # A picture or page that cannot be made anew stays as it is.
    kept = {name for one in found if len(one.notices) > 1 for name in _name_views(one)}
    for one in found:
        with hold_errors(one.name, errors.append):
            made = follow_items(one, names, decided)
            if len(one.notices) > 1:
                views |= _show_series(one, made)
            steps += made
    # The tables have no threads of a series that is gone.
    rows = make_series_rows(found, notices, duplicates)
    tables = {_TABLE: threads_csv(steps), "series.csv": series_csv(rows)}
    write_made_files(args.output, {**views, **tables}, "threads", kept)
    _say_counts(found, steps, decided)
    return say_errors(errors)


def _read_ids(args: argparse.Namespace) -> KnownThreads:
    """Read the ids of an earlier run. Raises OutputError where the file that is named is not there."""
    path: Path = args.ids or args.output / _TABLE
    if args.ids and not path.is_file():
        raise OutputError(path, "is no file", "name the threads.csv of an earlier run")
    known = read_known_threads(path)
    if path.is_file() and path.stat().st_size and not known.by_item:
        say(f"{path} has no ids of threads that can be read: all are made anew")
    return known


def _say_left_out(found: list[Series]) -> None:
    """Name the notices that are left out; where they are very many, count those without one year."""
    lines = list(describe_left_out(found))
    is_long = len(lines) > _MOST_LINES
    for line in describe_left_out(found, versions_only=True) if is_long else lines:
        say(line)
    if is_long:
        reasons = Counter(out.reason for one in found for out in one.left_out)
        say(
            f"{len(lines)} plans are left out, of these {reasons[NO_YEAR]} without a year and "
            f"{reasons[SEVERAL_YEARS]} of several years; series.csv names each"
        )


def _say_counts(found: list[Series], steps: list[Step], decided: DecidedPairs) -> None:
    many = len({step.thread_id for step in steps})
    years = sum(len(one.notices) > 1 for one in found)
    say(f"{len(found)} series, {years} of several years, {many} threads")
    if decided.links or decided.series:
        say(f"obeyed: {len(decided.links)} decisions on links, {len(decided.series)} on series")
    if decided.unfit:
        say(f"{len(decided.unfit)} decisions fit nothing any more: see fengong corrections")


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


def _read_in_force(output: Path, errors: list[PipelineError]) -> _Found:
    notices: list[Notice] = []
    duplicates: list[Notice] = []
    present = PresentAnchors()
    for notice in read_records(output, errors.append):
        with hold_errors(notice.notice_id, errors.append):
            # Decisions are found again by the words as they were read.
            present.add(notice)
            (duplicates if mark_of(notice) else notices).append(in_force(notice))
    return _Found(notices, duplicates, read_decided_pairs(output, present))
