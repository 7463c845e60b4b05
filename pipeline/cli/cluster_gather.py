"""fengong cluster gather: the partitions of a cluster -> an OUTPUT."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from pipeline.batch.cluster.gather import gather, read_partitions
from pipeline.batch.cores import count_cores
from pipeline.cli.parse_command import show_counts, show_progress
from pipeline.cli.terminal import say, say_error
from pipeline.cli.usage import UsageError

if TYPE_CHECKING:
    import argparse

    from pipeline.batch.jobs import Job


def run(args: argparse.Namespace) -> int:
    """Bring an OUTPUT up to date with partitions, and print a summary; exit 1 where something failed."""
    # Records are trees without cycles; searching for cycles takes half the time of a long run.
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    if args.output.exists() and not args.output.is_dir():
        raise UsageError(args.output, "is a file", "name a folder for the output")
    found = read_partitions(args.partitions)
    with show_progress(found.sources) as advance:

        def begin(job: Job | None) -> None:
            if job:
                advance()

        report = gather(found, args.output, args.jobs or count_cores(), begin)
    for error in report.errors:
        say_error(error)
    if not report.records:
        say("no notice was read, nothing was written")
        return 1
    skipped = [one for one in report.unread if one.fate == "skipped"]
    show_counts(report, skipped, len(report.errors))
    return 1 if report.errors else 0
