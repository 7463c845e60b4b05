"""fengong threads: every item followed through the years of its plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.cli.terminal import say
from pipeline.compare.series import describe_left_out, find_series
from pipeline.compare.threads import find_later_names, follow_items
from pipeline.compare.views.flow import flow_svg
from pipeline.compare.views.threads_table import threads_csv
from pipeline.dataset.described_tables import write_table
from pipeline.dataset.files import write_whole
from pipeline.dataset.in_force import in_force
from pipeline.dataset.record_files import read_records

if TYPE_CHECKING:
    import argparse
    from pathlib import Path


def run(args: argparse.Namespace) -> int:
    """Follow every item of an OUTPUT through the years of its plan; write a table and pictures."""
    found = find_series(map(in_force, read_records(args.output)))
    for line in describe_left_out(found):
        say(line)
    steps = []
    pictures: set[Path] = set()
    for one in found:
        made = follow_items(one)
        steps += made
        if len(one.notices) > 1:
            path = args.output / "threads" / f"{one.name}.svg"
            write_whole(path, flow_svg(one.name, made, find_later_names(one)).encode())
            pictures.add(path)
    # Remove the pictures of earlier runs whose series is gone: the table has no such threads.
    for path in set((args.output / "threads").glob("*.svg")) - pictures:
        path.unlink()
    write_table(args.output, "threads", threads_csv(steps))
    many = len({step.thread_id for step in steps})
    years = sum(len(one.notices) > 1 for one in found)
    say(f"{len(found)} series, {years} of several years, {many} threads")
    return 0
