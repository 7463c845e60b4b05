"""fengong diff: what changed from one plan to another."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from pipeline.batch.jobs import Job, load_parser, run_job
from pipeline.batch.worker import Worker
from pipeline.cli.first_steps import is_dataset
from pipeline.cli.language import spoken
from pipeline.cli.terminal import printable, say, write_data, write_json
from pipeline.cli.usage import UsageError
from pipeline.compare.diff import diff_notices
from pipeline.compare.views.as_csv import to_csv
from pipeline.compare.views.as_json import to_json
from pipeline.compare.views.as_markdown import to_markdown
from pipeline.compare.views.as_text import to_text
from pipeline.dataset.files import write_whole
from pipeline.dataset.in_force import in_force
from pipeline.dataset.record_files import read_record
from pipeline.errors import SourceError, name_errors

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from pipeline.comparison import Comparison
    from pipeline.model import Notice


def run(args: argparse.Namespace) -> int:
    """Print or write what changed from one plan to another."""
    _check_files(args.previous, args.current)
    with name_errors(args.previous):
        previous = _read_notice(args.previous)
    with name_errors(args.current):
        current = _read_notice(args.current)
        comparison = diff_notices(previous, current)
        shown = _render(args, comparison, previous, current)
    for warning in comparison.warnings:
        say(warning)
    if args.output:
        write_whole(args.output, shown.encode())
        say(comparison.summary.zh if spoken() == "zh" else comparison.summary.en)
    elif args.format == "text":
        sys.stdout.write(shown)
    elif args.format == "json":
        write_json(shown)
    else:
        write_data(shown)
    return 0


def _check_files(previous: Path, current: Path) -> None:
    """Refuse folders: a comparison is of two plans. Raises UsageError."""
    for path in (previous, current):
        if is_dataset(path):
            fact = "is a dataset of many plans, and diff compares two"
            remedy = (
                f"fengong threads {path} follows all its years; or name two records in {path}/json"
                if previous.resolve() == current.resolve() or not is_dataset(current)
                else "parse the sources of both into one folder and run fengong threads on it; "
                f"or name two records, as in {path}/json"
            )
            raise UsageError(path, fact, remedy)
        if path.is_dir():
            remedy = "name a document in it, or run fengong parse on it"
            raise UsageError(path, "is a folder, and diff compares two plans", remedy)


def _render(
    args: argparse.Namespace, comparison: Comparison, previous: Notice, current: Notice
) -> str:
    """Return what is printed or written: a text for the terminal has colours there."""
    if args.format != "text" or args.output:
        return _format(args.format, comparison, previous, current)
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    return to_text(comparison, previous, current, colour=colour, show=printable)


def _read_notice(path: Path) -> Notice:
    """Read a record, or read and parse a document. Raises PipelineError."""
    if path.suffix.lower() == ".json":
        return in_force(read_record(path))
    load_parser()
    with Worker(run_job) as worker:
        outcomes = list(worker.run(Job(path, path.name)))
    found = [outcome.notice for outcome in outcomes if outcome.notice]
    if len(found) > 1:
        # A message or an archive may contain more than the plan: forms, the covering notice.
        found = [notice for notice in found if notice.items] or found[:1]
    if len(found) > 1:
        fact = f"holds {len(found)} plans"
        raise SourceError(path, fact, "parse it and name two of its records")
    error = next((outcome.error for outcome in outcomes if outcome.error), None)
    if not found:
        raise error or SourceError(path, "holds no document", "name a document or a record")
    return found[0]


def _format(kind: str, comparison: Comparison, previous: Notice, current: Notice) -> str:
    """Return a comparison in one format."""
    if kind == "json":
        return to_json(comparison)
    if kind == "csv":
        return to_csv(comparison)
    if kind == "html":
        # Only the page needs the template engine.
        from pipeline.compare.views.comparison_page import to_page  # noqa: PLC0415

        return to_page(comparison, previous, current)
    if kind == "md":
        return to_markdown(comparison, previous, current)
    return to_text(comparison, previous, current)
