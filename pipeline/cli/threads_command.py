"""fengong threads: every item followed through the years of its plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.cli.terminal import say
from pipeline.compare.series import describe_left_out, find_series
from pipeline.compare.threads import find_later_names, follow_items
from pipeline.compare.views.flow import flow_svg
from pipeline.compare.views.threads_table import threads_csv
from pipeline.dataset.described_tables import write_made_table
from pipeline.dataset.in_force import in_force
from pipeline.dataset.ownership import remove_made_files, write_made_file
from pipeline.dataset.record_files import read_records

if TYPE_CHECKING:
    import argparse


def run(args: argparse.Namespace) -> int:
    """Follow every item of an OUTPUT through the years of its plan; write a table and pictures."""
    found = find_series(map(in_force, read_records(args.output)))
    for line in describe_left_out(found):
        say(line)
    steps = []
    pictures: set[str] = set()
    for one in found:
        made = follow_items(one)
        steps += made
        if len(one.notices) > 1:
            name = f"threads/{one.name}.svg"
            picture = flow_svg(one.name, made, find_later_names(one)).encode()
            write_made_file(args.output, name, picture)
            pictures.add(name)
    # The table has no threads of a series that is gone.
    remove_made_files(args.output, "threads", pictures)
    write_made_table(args.output, "threads", threads_csv(steps))
    many = len({step.thread_id for step in steps})
    years = sum(len(one.notices) > 1 for one in found)
    say(f"{len(found)} series, {years} of several years, {many} threads")
    return 0
