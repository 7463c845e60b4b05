"""fengong diff: what changed from one plan to another, and over several years."""

from __future__ import annotations

import json
import os
import sys
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from pipeline.batch.jobs import Job, load_parser, run_job
from pipeline.batch.worker import Worker
from pipeline.cli.first_steps import is_dataset
from pipeline.cli.language import spoken
from pipeline.cli.terminal import printable, say, write_data, write_json
from pipeline.cli.usage import UsageError
from pipeline.compare.decided_links import DecidedPairs, read_decided_pairs
from pipeline.compare.diff import diff_notices
from pipeline.compare.plans import choose_plan, split_plans, unite_plans
from pipeline.compare.series import Series
from pipeline.compare.threads import follow_items
from pipeline.compare.views.as_csv import to_csv
from pipeline.compare.views.as_json import to_json
from pipeline.compare.views.as_markdown import to_markdown
from pipeline.compare.views.as_text import to_text
from pipeline.compare.views.threads_table import threads_csv
from pipeline.dataset.files import write_whole
from pipeline.dataset.in_force import in_force
from pipeline.dataset.record_files import read_record
from pipeline.decisions.anchors import PresentAnchors
from pipeline.errors import SourceError, name_errors

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from pathlib import Path

    from pipeline.comparison import Comparison
    from pipeline.model import Notice

# What a decision on two items did, by the decision and its effect.
_DECIDED_MESSAGES = {
    ("same", "confirmed"): "{one} and {other}: same, by {who} (confirmed)",
    ("same", "joined"): "{one} and {other}: same, by {who} (joined)",
    (
        "same",
        "none",
    ): "{one} and {other}: same, by {who} (not applied: it would be split and merged)",
    ("different", "confirmed"): "{one} and {other}: different, by {who} (confirmed)",
    ("different", "refused"): "{one} and {other}: different, by {who} (refused)",
}
# The formats that are files, and no text for a terminal.
_FILES = ("docx", "xlsx")
_ENDINGS = {"text": "txt"}


class _Compared(NamedTuple):
    """What changed from one plan to another, and how it is shown."""

    comparison: Comparison
    shown: str | bytes


def run(args: argparse.Namespace) -> int:
    """Print or write what changed from one plan to the next."""
    _check_output(args)
    first = [args.previous, *(args.others or ())]
    _check_files([*first, *args.current])
    notices = _read_all([*first, *args.current])
    decided = _read_decided(notices)
    plans = []
    for notice, path in notices:
        with name_errors(path):
            plans.append(_choose(in_force(notice), args.plan))
    years = [unite_plans(plans[: len(first)]), *plans[len(first) :]]
    compared = []
    for (before, after), path in zip(pairwise(years), args.current, strict=True):
        with name_errors(path):
            comparison = diff_notices(before, after, decided)
            compared.append(_Compared(comparison, _render(args, comparison, before, after)))
    for one in compared:
        for warning in one.comparison.warnings:
            say(warning)
        _say_decided(one.comparison)
    if len(compared) == 1:
        _give(args, compared[0])
    else:
        _give_years(args, compared, Series("plan", tuple(years)), decided)
    return 0


def _check_output(args: argparse.Namespace) -> None:
    """Refuse files and pages without a place. Raises UsageError."""
    if args.output:
        return
    named = f"--to {args.format}"
    if len(args.current) > 1 and args.format in ("html", *_FILES):
        raise UsageError(named, "several years make several files", "name a folder for them by -o")
    if args.format in _FILES:
        remedy = f"name it with -o, such as -o changes.{args.format}"
        raise UsageError(named, "makes a file", remedy)


def _check_files(paths: Sequence[Path]) -> None:
    """Refuse folders: a comparison is of plans. Raises UsageError."""
    for path in paths:
        if is_dataset(path):
            fact = "is a dataset of many plans, and diff compares single ones"
            remedy = (
                f"fengong threads {path} follows all its years; or name records in {path}/json"
                if all(one.resolve() == path.resolve() or not is_dataset(one) for one in paths)
                else "parse the sources of both into one folder and run fengong threads on it; "
                f"or name records, as in {path}/json"
            )
            raise UsageError(path, fact, remedy)
        if path.is_dir():
            remedy = "name a document in it, or run fengong parse on it"
            raise UsageError(path, "is a folder, and diff compares plans", remedy)


def _read_all(paths: Sequence[Path]) -> list[tuple[Notice, Path]]:
    """Read the notices as they are printed, with their paths. Raises PipelineError."""
    notices = []
    for path in paths:
        with name_errors(path):
            notices.append((_read_notice(path), path))
    return notices


def _read_decided(notices: Sequence[tuple[Notice, Path]]) -> DecidedPairs:
    """Read what people decided about pairs in the OUTPUT folders that the records are from."""
    present = PresentAnchors(notice for notice, _ in notices)
    folders = {path.resolve().parent for _, path in notices if path.suffix.lower() == ".json"}
    outputs = {folder.parent for folder in folders if folder.name == "json"}
    found = [read_decided_pairs(output, present) for output in sorted(outputs)]
    return DecidedPairs(
        {ids: fit for one in found for ids, fit in one.links.items()},
        {ids: fit for one in found for ids, fit in one.series.items()},
    )


def _choose(notice: Notice, words: str | None) -> Notice:
    """Return the plan of a notice of several whose title has some words; else all its plans.

    Raises SourceError where not exactly one has them.
    """
    plans = split_plans(notice)
    if len(plans) == 1:
        return notice
    if words:
        return choose_plan(notice, words)
    titles = "; ".join(one.title or "(no title)" for one in plans)
    say(f"{notice.notice_id} has {len(plans)} plans, compared as one; --plan chooses: {titles}")
    return notice


def _say_decided(comparison: Comparison) -> None:
    """Say which links are as people decided."""
    for one in comparison.decided:
        template = _DECIDED_MESSAGES[one.decision, one.effect]
        say(template.format(one=one.one, other=one.other, who=one.who))


def _render(
    args: argparse.Namespace, comparison: Comparison, previous: Notice, current: Notice
) -> str | bytes:
    """Return what is printed or written: a text for the terminal has colours there."""
    if args.format in _FILES:
        return _make_file(args.format, comparison, previous, current)
    if args.format != "text" or args.output:
        return _format(args.format, comparison, previous, current)
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    language = spoken()
    return to_text(comparison, previous, current, colour=colour, show=printable, language=language)


def _give(args: argparse.Namespace, one: _Compared) -> None:
    """Print or write one comparison."""
    if args.output:
        write_whole(args.output, _encode(one.shown))
        say(one.comparison.summary.speak(spoken()))
    else:
        _print(args.format, str(one.shown))


def _encode(shown: str | bytes) -> bytes:
    return shown.encode() if isinstance(shown, str) else shown


def _print(kind: str, shown: str) -> None:
    """Print a comparison; a text is fit for a terminal already."""
    if kind == "text":
        sys.stdout.write(shown)
    elif kind == "json":
        write_json(shown)
    else:
        write_data(shown)


def _give_years(
    args: argparse.Namespace, compared: Sequence[_Compared], years: Series, decided: DecidedPairs
) -> None:
    """Print comparisons one after the other, or write each into a folder; a table follows the items."""
    if args.output:
        ending = _ENDINGS.get(args.format, args.format)
        for n, one in enumerate(compared, 1):
            before, after = (side.year or side.notice_id for side in one.comparison.plans)
            write_whole(args.output / f"{n}-{before}-{after}.{ending}", _encode(one.shown))
            say(one.comparison.summary.speak(spoken()))
        table = threads_csv(follow_items(years, decided=decided))
        write_whole(args.output / "threads.csv", table)
    elif args.format == "csv":
        write_data(threads_csv(follow_items(years, decided=decided)).decode("utf-8-sig"))
    elif args.format == "json":
        all_years = [json.loads(one.shown) for one in compared]
        write_json(json.dumps(all_years, ensure_ascii=False, indent=1) + "\n")
    else:
        _print(args.format, "\n".join(str(one.shown) for one in compared))


def _read_notice(path: Path) -> Notice:
    """Read a record, or read and parse a document. Raises PipelineError."""
    if path.suffix.lower() == ".json":
        return read_record(path)
    load_parser()
    with Worker(run_job) as worker:
        outcomes = list(worker.run(Job(str(path), path.name)))
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
        return to_markdown(comparison, previous, current, language=spoken())
    return to_text(comparison, previous, current, language=spoken())
