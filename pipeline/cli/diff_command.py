"""fengong diff: what changed from one plan to another."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from pipeline.batch.jobs import Job, load_parser, run_job
from pipeline.batch.worker import Worker
from pipeline.cli.terminal import printable, say, write_data, write_json
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

# The formats that are files, and no text for a terminal.
_FILES = ("docx", "xlsx")


def run(args: argparse.Namespace) -> int:
    """Print or write what changed from one plan to another."""
    if args.format in _FILES and not args.output:
        say(f"--to {args.format} makes a file: name it with -o, such as -o changes.{args.format}")
        return 2
    with name_errors(args.previous):
        previous = _read_notice(args.previous)
    with name_errors(args.current):
        current = _read_notice(args.current)
        comparison = diff_notices(previous, current)
        shown = _render(args, comparison, previous, current)
    for warning in comparison.warnings:
        say(warning)
    if isinstance(shown, bytes) or args.output:
        write_whole(args.output, shown.encode() if isinstance(shown, str) else shown)
        say(comparison.summary.zh)
    elif args.format == "text":
        sys.stdout.write(shown)
    elif args.format == "json":
        write_json(shown)
    else:
        write_data(shown)
    return 0


def _render(
    args: argparse.Namespace, comparison: Comparison, previous: Notice, current: Notice
) -> str | bytes:
    """Return what is printed or written: a text for the terminal has colours there."""
    if args.format in _FILES:
        return _make_file(args.format, comparison, previous, current)
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


def _make_file(kind: str, comparison: Comparison, previous: Notice, current: Notice) -> bytes:
    """Return a comparison as a Word document or a workbook."""
    # Only these need the libraries that write such files.
    if kind == "docx":
        from pipeline.compare.views.as_docx import to_docx  # noqa: PLC0415

        return to_docx(comparison, previous, current)
    from pipeline.compare.views.as_xlsx import to_xlsx  # noqa: PLC0415

    return to_xlsx(comparison, previous, current)


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
