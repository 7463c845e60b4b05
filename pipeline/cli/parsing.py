"""fengong parse, verify, schema: sources -> an OUTPUT, re-checked, and what its records are."""

from __future__ import annotations

import gc
import json
import sys
from typing import TYPE_CHECKING

from pipeline.cli.terminal import console, say, table

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable
    from pathlib import Path

    from pipeline.batch.jobs import Found, Job
    from pipeline.batch.update import Report
    from pipeline.dataset.manifest import Summary
    from pipeline.model import Notice

# More items than this are counted, not listed.
_LISTED_ITEMS = 40
_PROGRESS_FROM = 50


def parse(args: argparse.Namespace) -> int:
    """Bring an OUTPUT up to date with its sources."""
    from pipeline.lexicon import lay_over  # noqa: PLC0415

    # Before the parser is imported: patterns are made of the tables.
    lay_over(args.lexicon)
    from pipeline.batch.jobs import find_jobs  # noqa: PLC0415
    from pipeline.batch.update import update_dataset  # noqa: PLC0415

    # Records are trees without cycles; looking for cycles takes half the time of a long run.
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    found = find_jobs(args.sources, args.output)
    if args.output.exists() and not args.output.is_dir():
        say(f"{args.output}: is a file; name a folder for the output")
        return 2
    report = update_dataset(_with_progress(found.jobs), args.output, anew=args.anew)
    for error in (*found.errors, *report.errors):
        say(str(error))
    failed = len(found.errors) + len(report.errors)
    if not report.records:
        say("no notice was read, nothing was written")
        failed = failed or 1
    if args.json:
        print(json.dumps(_summary(report, found), ensure_ascii=False, indent=1))
    else:
        _show(report, found, failed, args.output)
    severe = any(record.problems["error"] for record in report.records)
    return 1 if failed or (args.strict and severe) else 0


def _with_progress(jobs: list[Job]) -> Iterable[Job]:
    """A bar on a terminal when there is something to wait for, nothing in a pipe."""
    if len(jobs) < _PROGRESS_FROM or not sys.stderr.isatty():
        return jobs
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import track  # noqa: PLC0415

    return track(jobs, "parsing", console=Console(stderr=True), transient=True)


def _summary(report: Report, found: Found) -> dict[str, object]:
    return {
        "notices": [
            {
                "notice_id": one.notice_id,
                "path": one.path,
                "title": one.title,
                "year": one.year,
                "items": one.items,
                "problems": one.problems,
            }
            for one in report.records
        ],
        "items": sum(one.items for one in report.records),
        "added": report.fates["added"],
        "updated": report.fates["updated"],
        "unchanged": report.count()["unchanged"],
        "gone": report.fates["gone"],
        "skipped": found.skipped,
        "failed": [{"path": e.place, "fact": e.fact} for e in (*found.errors, *report.errors)],
    }


def _show(report: Report, found: Found, failed: int, output: Path) -> None:
    """The summary for a person: the items where they are few, else a line a notice that changed."""
    from pipeline.dataset.folder import record_path  # noqa: PLC0415

    items = sum(one.items for one in report.records)
    if items <= _LISTED_ITEMS:
        from pipeline.dataset.folder import read_record  # noqa: PLC0415

        for one in report.records:
            _show_items(read_record(record_path(output, one.notice_id)))
    else:
        changed = {*report.fates["added"], *report.fates["updated"]}
        listed = [one for one in report.records if (one.path or one.notice_id) in changed]
        if listed:
            _show_notices(listed)
    counts = report.count()
    told = ", ".join(f"{counts[fate]} {fate}" for fate in report.fates if counts[fate])
    words = f"{len(report.records)} notices, {items} items"
    words += f" ({told})" if told else ""
    words += f", {found.skipped} files skipped" if found.skipped else ""
    words += f", {failed} failed" if failed else ""
    say(words)


def _show_items(notice: Notice) -> None:
    from pipeline.dataset.in_force import in_force  # noqa: PLC0415
    from pipeline.model import Item  # noqa: PLC0415

    notice = in_force(notice)
    about = " · ".join(filter(None, (notice.document_number, notice.issued_on, notice.region)))
    title = notice.title or notice.source.path or notice.notice_id
    shown_table = table(title, about or None)
    fields = Item.model_fields
    leaders = any(item.leaders for item in notice.items)
    shown = ["label", "title", *(["leaders"] if leaders else []), "host_units", "co_host_units"]
    for name in shown:
        ratio = 3 if name in ("title", "co_host_units") else None
        shown_table.add_column(fields[name].title or name, ratio=ratio, overflow="fold")
    for item in notice.items:
        cells = [item.label or "", item.title.rstrip("。")]
        cells += ["、".join(name.name for name in getattr(item, role)) for role in shown[2:]]
        shown_table.add_row(*cells)
    terminal = console(110)
    terminal.print(shown_table)
    for problem in notice.problems:
        terminal.print(f"{problem.severity}: {problem.code}: {problem.message}", markup=False)


def _show_notices(records: list[Summary]) -> None:
    listed = table()
    listed.add_column("标题", ratio=1, overflow="fold")
    for name in ("年度", "事项", "错误", "警告", "提示"):
        listed.add_column(name, justify="right")
    for one in records:
        numbers = [str(one.problems[key] or "") for key in ("error", "warning", "info")]
        listed.add_row(one.title or one.notice_id, str(one.year or ""), str(one.items), *numbers)
    console(110).print(listed)


def verify(args: argparse.Namespace) -> int:
    """Re-check an OUTPUT."""
    from pipeline.batch.verify import find_faults  # noqa: PLC0415

    count = 0
    for fault in find_faults(args.output):
        print(fault)
        count += 1
    say(f"{count} faults" if count else "every span, id, hash and row is right")
    return 1 if count else 0


def schema(args: argparse.Namespace) -> int:
    """Print the JSON Schema of a record or a comparison."""
    from pipeline.comparison import Comparison  # noqa: PLC0415
    from pipeline.model import Notice  # noqa: PLC0415

    model = Comparison if args.comparison else Notice
    print(json.dumps(model.model_json_schema(), ensure_ascii=False, indent=2))
    return 0
