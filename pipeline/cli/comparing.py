"""fengong diff, threads: what changed from plan to plan."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cli.terminal import say

if TYPE_CHECKING:
    import argparse

    from pipeline.comparison import Comparison
    from pipeline.model import Notice


def diff(args: argparse.Namespace) -> int:
    """What changed from one plan to another."""
    from pipeline.compare.diff import diff_notices  # noqa: PLC0415
    from pipeline.dataset.files import write_whole  # noqa: PLC0415

    previous, current = _notice(args.previous), _notice(args.current)
    comparison = diff_notices(previous, current)
    for warning in comparison.warnings:
        say(warning)
    colour = args.output is None and sys.stdout.isatty() and "NO_COLOR" not in os.environ
    words = _shown(args.format, comparison, previous, current, colour=colour)
    if args.output:
        write_whole(args.output, words.encode())
        say(comparison.summary.zh)
    else:
        sys.stdout.write(words)
    return 0


def _notice(path: Path) -> Notice:
    """A record, or the record of a document. Raises PipelineError."""
    from pipeline.batch.jobs import Job, run_job  # noqa: PLC0415
    from pipeline.dataset.folder import read_record  # noqa: PLC0415
    from pipeline.dataset.in_force import in_force  # noqa: PLC0415
    from pipeline.errors import SourceError  # noqa: PLC0415

    if path.suffix.lower() == ".json":
        return in_force(read_record(path))
    outcomes = run_job(Job(path, path.name))
    found = [outcome.notice for outcome in outcomes if outcome.notice]
    if len(found) > 1:
        # A message or an archive may hold more than the plan: forms, the covering notice.
        found = [notice for notice in found if notice.items] or found[:1]
    if len(found) > 1:
        fact = f"holds {len(found)} plans"
        raise SourceError(path, fact, "parse it and name two of its records")
    error = next((outcome.error for outcome in outcomes if outcome.error), None)
    if not found:
        raise error or SourceError(path, "holds no document", "name a document or a record")
    return found[0]


def _shown(
    kind: str, comparison: Comparison, previous: Notice, current: Notice, *, colour: bool
) -> str:
    if kind == "html":
        # Only the page needs the template engine.
        from pipeline.compare.views.comparison_page import to_page  # noqa: PLC0415

        return to_page(comparison, previous, current)
    from pipeline.compare.views.as_csv import to_csv  # noqa: PLC0415
    from pipeline.compare.views.as_json import to_json  # noqa: PLC0415
    from pipeline.compare.views.as_markdown import to_markdown  # noqa: PLC0415
    from pipeline.compare.views.as_text import to_text  # noqa: PLC0415

    if kind == "json":
        return to_json(comparison)
    if kind == "csv":
        return to_csv(comparison)
    if kind == "md":
        return to_markdown(comparison, previous, current)
    return to_text(comparison, previous, current, colour=colour)


def threads(args: argparse.Namespace) -> int:
    """Every item of an OUTPUT followed through its plan's years."""
    from pipeline.compare.series import describe_left_out, find_series  # noqa: PLC0415
    from pipeline.compare.threads import find_later_names, follow_items  # noqa: PLC0415
    from pipeline.compare.views.flow import flow_svg  # noqa: PLC0415
    from pipeline.compare.views.threads_table import threads_csv  # noqa: PLC0415
    from pipeline.dataset.files import write_whole  # noqa: PLC0415
    from pipeline.dataset.folder import read_records, write_table  # noqa: PLC0415
    from pipeline.dataset.in_force import in_force  # noqa: PLC0415

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
    # A picture of an earlier run whose series is no more would tell what the table does not.
    for path in set((args.output / "threads").glob("*.svg")) - pictures:
        path.unlink()
    write_table(args.output, "threads", threads_csv(steps))
    many = len({step.thread_id for step in steps})
    years = sum(len(one.notices) > 1 for one in found)
    say(f"{len(found)} series, {years} of several years, {many} threads")
    return 0
