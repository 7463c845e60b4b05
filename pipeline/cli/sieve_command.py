"""fengong sieve: web archives -> the plans in them, as a folder of sources."""

from __future__ import annotations

import time
from importlib.util import find_spec
from typing import TYPE_CHECKING

from pipeline.batch.cores import count_cores
from pipeline.cli.long_jobs import LongJobs
from pipeline.cli.terminal import print_json, say, say_error
from pipeline.cli.usage import UsageError
from pipeline.dataset.output_lock import lock_output
from pipeline.errors import PipelineError, SourceError

if TYPE_CHECKING:
    import argparse

    from pipeline.sieve.run import SieveReport

_NEEDED = ("fastwarc", "ahocorasick_rs", "fsspec")
_MIB = 2**20
# The fates of records, from the first door to the last, as they are told.
_FATE_MESSAGES = {
    "records": "{count} records",
    "other-record": "{count} of requests and other kinds",
    "status": "{count} with a status of failure",
    "media-type": "{count} of pictures, sounds and programs",
    "empty": "{count} empty",
    "too-large": "{count} too large",
    "document": "{count} PDF and office files, read with --files",
    "no-stem": "{count} without any word of plans",
    "few-words": "{count} with few words of plans",
    "unread": "{count} that could not be read",
    "no-plan": "{count} read that are no plan",
    "kept": "{count} plans",
}


def run(args: argparse.Namespace) -> int:
    """Read web archives and keep their plans; exit 1 where an archive or a record failed."""
    command = args.module.partition("_")[0]
    if any(find_spec(name) is None for name in _NEEDED):
        remedy = "install it: pip install fastwarc ahocorasick-rs fsspec"
        raise SourceError(command, "web archives need the extra sieve", remedy)
    from pipeline.sieve.archives import find_archives, read_list  # noqa: PLC0415
    from pipeline.sieve.run import make_options, sieve  # noqa: PLC0415

    if args.raw.exists() and not args.raw.is_dir():
        raise UsageError(args.raw, "is a file", "name a folder for the plans")
    words = [*args.archives, *(read_list(args.list) if args.list else ())]
    if not words:
        raise UsageError(command, "no archive is named", "name one, or a file with --list")
    errors: list[PipelineError] = []
    archives = find_archives(words, errors.append)
    options = make_options(args.raw, args.largest * _MIB, files=args.files)
    start = time.monotonic()
    with lock_output(args.raw, say, create=True, is_passing=True), LongJobs(say) as watch:
        report = sieve(archives, options, args.jobs or count_cores(), watch.begin)
    for error in (*errors, *report.errors):
        say_error(error)
    failed = len(errors) + len(report.errors)
    if args.json:
        print_json(_summarize(report, failed))
    else:
        _show(args, report, failed, time.monotonic() - start)
    return 1 if failed else 0


def _summarize(report: SieveReport, failed: int) -> dict[str, object]:
    """Return what --json prints."""
    return {
        "archives": report.archives,
        "known": report.known,
        "bytes": report.size,
        "records": {fate: report.counts[fate] for fate in _FATE_MESSAGES if report.counts[fate]},
        "files": report.files,
        "errors": failed,
    }


def _show(args: argparse.Namespace, report: SieveReport, failed: int, seconds: float) -> None:
    told = [
        text.format(count=f"{report.counts[fate]:,}")
        for fate, text in _FATE_MESSAGES.items()
        if report.counts[fate]
    ]
    if told:
        say(*told)
    if report.known:
        say(f"{report.known} archives were read by an earlier run")
    size = report.size / 1e6
    rate = report.read / 1e6 / max(seconds, 0.001)
    say(f"{report.archives} archives, {size:,.0f} MB unpacked", f"{rate:,.0f} MB a second")
    ending = [f"{failed} failed"] if failed else []
    say(f"{report.files} files of plans are in {args.raw}", *ending)
