"""fengong threads: every item followed through the years of its plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.cli.terminal import say, say_errors
from pipeline.compare.series import describe_left_out, find_series
from pipeline.compare.threads import find_later_names, follow_items
from pipeline.compare.views.flow import flow_svg
from pipeline.compare.views.threads_table import threads_csv
from pipeline.dataset.described_tables import write_made_files
from pipeline.dataset.duplicates import without_duplicates
from pipeline.dataset.in_force import in_force
from pipeline.dataset.record_files import read_records
from pipeline.errors import hold_errors

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from pathlib import Path

    from pipeline.compare.series import Series
    from pipeline.errors import PipelineError
    from pipeline.model import Notice


def run(args: argparse.Namespace) -> int:
    """Follow every item of an OUTPUT through the years of its plan; write a table and pictures."""
    errors: list[PipelineError] = []
    found = find_series(_read_in_force(args.output, errors))
    for line in describe_left_out(found):
        say(line)
    steps = []
    pictures: dict[str, bytes] = {}
    # A picture that cannot be made anew stays as it is.
    kept = {_name_picture(one) for one in found if len(one.notices) > 1}
    for one in found:
        with hold_errors(one.name, errors.append):
            made = follow_items(one)
            if len(one.notices) > 1:
                picture = flow_svg(one.name, made, find_later_names(one)).encode()
                pictures[_name_picture(one)] = picture
            steps += made
    # The table has no threads of a series that is gone.
    files = {**pictures, "threads.csv": threads_csv(steps)}
    write_made_files(args.output, files, "threads", kept)
    many = len({step.thread_id for step in steps})
    years = sum(len(one.notices) > 1 for one in found)
    say(f"{len(found)} series, {years} of several years, {many} threads")
    return say_errors(errors)


def _name_picture(series: Series) -> str:
    return f"threads/{series.name}.svg"


def _read_in_force(output: Path, errors: list[PipelineError]) -> Iterator[Notice]:
    for notice in without_duplicates(read_records(output, errors.append)):
        forced = None
        with hold_errors(notice.notice_id, errors.append):
            forced = in_force(notice)
        if forced:
            yield forced
