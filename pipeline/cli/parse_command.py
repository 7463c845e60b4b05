"""fengong parse: sources -> an OUTPUT."""

from __future__ import annotations

import gc
import sys
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipeline.batch.cores import count_cores
from pipeline.batch.source_files import OWN_FILES, find_jobs
from pipeline.batch.update import Means, update_dataset
from pipeline.cli.language import translate
from pipeline.cli.long_jobs import LongJobs
from pipeline.cli.record_tables import LISTED_NOTICES, render_items, show_notices
from pipeline.cli.terminal import print_json, say, say_error
from pipeline.cli.usage import UsageError
from pipeline.dataset.record_files import read_own_record, record_path
from pipeline.errors import hold_errors

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from pipeline.batch.jobs import Job
    from pipeline.batch.source_files import Found
    from pipeline.batch.update import UpdateReport
    from pipeline.dataset.manifest import RecordSummary, UnreadFile
    from pipeline.errors import PipelineError

# More items than this are counted and not listed.
_LISTED_ITEMS = 40
_LISTED_SKIPPED = 5
_PROGRESS_FROM = 50
_SEVERITY_MESSAGES = {
    "error": "{count} notices with errors",
    "warning": "{count} notices with warnings",
    "info": "{count} notices with hints",
}
_FATE_MESSAGES = {
    "added": "{count} added",
    "updated": "{count} updated",
    "unchanged": "{count} unchanged",
    "gone": "{count} gone",
}


def run(args: argparse.Namespace) -> int:
    """Bring an OUTPUT up to date with its sources, and print a summary."""
    # Records are trees without cycles; searching for cycles takes half the time of a long run.
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    found = find_jobs(args.sources, args.output)
    if args.output.exists() and not args.output.is_dir():
        raise UsageError(args.output, "is a file", "name a folder for the output")
    for line in found.unopened:
        say(line)
    with LongJobs(say) as watch, show_progress(len(found.jobs)) as advance:

        def begin(job: Job | None) -> None:
            watch.begin(job)
            if job:
                advance()

        report = update_dataset(
            found.jobs,
            args.output,
            anew=args.anew,
            take_over=args.take_over,
            unread=found.list_unread(),
            means=Means(args.jobs or count_cores(), begin),
        )
    for error in (*found.errors, *report.errors):
        say_error(error)
    failed = len(found.errors) + len(report.errors)
    skipped = [one for one in report.unread if one.fate == "skipped"]
    if not report.records:
        skipped = [one for one in found.list_unread() if one.fate == "skipped"]
        say("no notice was read, nothing was written")
        failed = failed or 1
    if args.json:
        print_json(_summary(report, found, skipped))
    else:
        failed += _show_records(report, args.output)
        told = set(found.unopened)
        _show_skipped(
            [
                one
                for one in skipped
                if one.why not in OWN_FILES and f"{one.path}: {one.why}, skipped" not in told
            ]
        )
        show_counts(report, skipped, failed)
    severe = any(record.problems["error"] for record in report.records)
    return 1 if failed or (args.strict and severe) else 0


@contextmanager
def show_progress(count: int) -> Iterator[Callable[[], object]]:
    """Show a progress bar for many files on a terminal; a pipe gets none."""
    if count < _PROGRESS_FROM or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress  # noqa: PLC0415

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(translate("parsing"), total=count)
        yield lambda: progress.advance(task)


def _summary(
    report: UpdateReport, found: Found, skipped: Sequence[UnreadFile]
) -> dict[str, object]:
    """Return what --json prints."""
    return {
        "notices": [
            {
                "notice_id": one.notice_id,
                "path": one.path,
                "title": one.title,
                "year": one.year,
                "items": one.items,
                "problems": one.problems,
                "duplicate": one.duplicate or None,
            }
            for one in report.records
        ],
        "items": _count_items(report),
        "duplicates": sum(bool(one.duplicate) for one in report.records),
        "added": report.fates["added"],
        "updated": report.fates["updated"],
        "unchanged": report.count()["unchanged"],
        "gone": report.fates["gone"],
        "skipped": len(skipped),
        "skipped_files": [{"path": one.path, "why": one.why} for one in skipped],
        "unopened": found.unopened,
        "failed": [{"path": e.place, "fact": e.fact} for e in (*found.errors, *report.errors)],
    }


def _show_records(report: UpdateReport, output: Path) -> int:
    """Print all items where they are few, else one line for each changed notice.

    Return how many notices could not be shown.
    """
    if sum(one.items for one in report.records) <= _LISTED_ITEMS:
        errors: list[PipelineError] = []
        for one in report.records:
            shown = ""
            with hold_errors(one.path or one.notice_id, errors.append):
                shown = render_items(read_own_record(record_path(output, one.notice_id)))
            # Outside: a stdout that cannot be written is no fault of the notice.
            sys.stdout.write(shown)
        for error in errors:
            say_error(error)
        return len(errors)
    changed = {*report.fates["added"], *report.fates["updated"]}
    listed = [one for one in report.records if (one.path or one.notice_id) in changed]
    if listed:
        show_notices(listed)
        left_out = len(listed) - LISTED_NOTICES
        if left_out > 0:
            say(f"{left_out} more notices are not shown; {output}/notices.csv lists all")
        _show_problems(listed, output)
    return 0


def _show_problems(records: Sequence[RecordSummary], output: Path) -> None:
    """Print how many notices have problems, by the gravest of each."""
    gravest = Counter(
        next((one for one in _SEVERITY_MESSAGES if record.problems[one]), "") for record in records
    )
    told = [
        text.format(count=gravest[severity])
        for severity, text in _SEVERITY_MESSAGES.items()
        if gravest[severity]
    ]
    if told:
        say(*told, f"{output}/problems.csv lists them")


def _count_items(report: UpdateReport) -> int:
    """Return the number of items, those of a notice that is there twice once."""
    return sum(one.items for one in report.records if not one.duplicate)


def _show_skipped(skipped: Sequence[UnreadFile]) -> None:
    """Print the first of the files that were passed over, each with the reason."""
    for one in skipped[:_LISTED_SKIPPED]:
        say(f"{one.path}: skipped: {one.why}")
    if len(skipped) > _LISTED_SKIPPED:
        say(f"… and {len(skipped) - _LISTED_SKIPPED} more skipped files, see sources.csv")


def show_counts(report: UpdateReport, skipped: Sequence[UnreadFile], failed: int) -> None:
    """Print how many notices and items there are, and what became of the sources."""
    items = _count_items(report)
    again = sum(bool(one.duplicate) for one in report.records)
    counts = report.count()
    told = [_FATE_MESSAGES[one].format(count=counts[one]) for one in report.fates if counts[one]]
    told += [f"{again} of them duplicates, counted once"] if again else []
    told += [f"{len(skipped)} files skipped"] if skipped else []
    told += [f"{failed} failed"] if failed else []
    say(f"{len(report.records)} notices", f"{items} items", *told)
