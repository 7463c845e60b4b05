"""fengong cluster parse: sources -> partitions, on all workers of a cluster."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipeline.batch.cluster.run import Cluster, parse_on_cluster
from pipeline.cli.language import translate
from pipeline.cli.terminal import say, say_error
from pipeline.errors import SourceError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

    from pipeline.batch.cluster.run import ClusterReport, Progress

# A file or a pipe gets a line in so many seconds.
_EVERY = 10.0
_LISTED_FAILURES = 5


def run(args: argparse.Namespace) -> int:
    """Parse on a cluster and print a summary; exit 1 where something failed."""
    cluster = Cluster(args.scheduler, args.scheduler_file, args.local)
    with _show_progress() as show:
        report = parse_on_cluster(args.sources, args.target, cluster, show)
    for line in report.found.unopened:
        say(line)
    for error in report.found.errors:
        say_error(error)
    for place, fact, remedy in report.errors:
        say_error(SourceError(place, fact, remedy))
    _say_failures(report)
    if not report.batches:
        say("no notice was read, nothing was written")
        return 1
    _say_counts(report, args.target)
    return 1 if report.found.errors or report.errors or report.failures else 0


@contextmanager
def _show_progress() -> Iterator[Callable[[Progress], None]]:
    """Show how far the run is: a bar on a terminal, else a line each ten seconds."""
    if sys.stderr.isatty():
        from rich.console import Console  # noqa: PLC0415
        from rich.progress import Progress as Bar  # noqa: PLC0415

        with Bar(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(translate("parsing"), total=None)
            yield lambda now: bar.update(task, completed=now.sources, total=now.all_sources)
        return
    last = begun = time.monotonic()

    def show(now: Progress) -> None:
        nonlocal last
        if time.monotonic() - last < _EVERY:
            return
        last = time.monotonic()
        rate = now.sources / (last - begun)
        batches, workers = now.batches, now.workers
        say(f"{batches} of {now.all_batches} batches, {rate:.0f} files a second, {workers} workers")

    yield show


def _say_failures(report: ClusterReport) -> None:
    """Print what kept batches from being done, each once."""
    told = {str(one): one for one in report.failures}
    for one in list(told.values())[:_LISTED_FAILURES]:
        say_error(one)
    more = len(told) - _LISTED_FAILURES
    if more > 0:
        say(f"… and {more} more errors of this kind")


def _say_counts(report: ClusterReport, target: str) -> None:
    records, failed = report.records, len(report.errors) + len(report.found.errors)
    batches, new, skipped = report.batches, report.new, len(report.found.skipped_files)
    told = [f"{batches} batches, {new} of them new"]
    told += [f"{skipped} files skipped"] if skipped else []
    told += [f"{failed} failed"] if failed else []
    say(f"{records} notices", *told)
    if report.is_complete:
        say(f"to make an OUTPUT of them: fengong cluster gather {target} -o output")
    else:
        say("not complete: run the same command again, it makes only what is missing")
