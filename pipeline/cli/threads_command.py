"""fengong threads: every item followed through the years of its plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.cli.terminal import say
from pipeline.compare.series import describe_left_out, find_series
from pipeline.compare.threads import find_later_names, follow_items
from pipeline.compare.views.flow import flow_svg
from pipeline.compare.views.threads_table import threads_csv
from pipeline.dataset.described_tables import write_made_files
from pipeline.dataset.in_force import in_force
from pipeline.dataset.record_files import read_records

if TYPE_CHECKING:
    import argparse


def run(args: argparse.Namespace) -> int:
    """Follow every item of an OUTPUT through the years of its plan; write a table and pictures."""
    found = find_series(map(in_force, read_records(args.output)))
    for line in describe_left_out(found):
        say(line)
    steps = []
    pictures: dict[str, bytes] = {}
    for one in found:
        made = follow_items(one)
        steps += made
        if len(one.notices) > 1:
            picture = flow_svg(one.name, made, find_later_names(one)).encode()
            pictures[f"threads/{one.name}.svg"] = picture
    # The table has no threads of a series that is gone.
    write_made_files(args.output, {**pictures, "threads.csv": threads_csv(steps)}, "threads")
    many = len({step.thread_id for step in steps})
    years = sum(len(one.notices) > 1 for one in found)
    say(f"{len(found)} series, {years} of several years, {many} threads")
    return 0
