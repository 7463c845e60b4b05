"""Arguments -> the rooms below -> exit code; the only place that prints.

Data go to files or stdout, words to stderr. Exit 0 done, 1 a source or an output failed (the
rest was done), 2 wrong usage.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import __version__
from pipeline.errors import PipelineError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.batch import Found, Outcome
    from pipeline.comparison import Comparison
    from pipeline.model import Notice

# More items than this are counted, not listed.
_LISTED_ITEMS = 40
_PROGRESS_FROM = 50


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    args = _arguments().parse_args(argv)
    try:
        return int(args.run(args))
    except PipelineError as error:
        _say(str(error))
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        _say("stopped; what was written is whole")
        return 130


def _say(words: str) -> None:
    print(f"fengong: {words}", file=sys.stderr)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="fengong",
        description="Annual plans of Chinese governments -> structured records, JSON and CSV.",
    )
    parser.add_argument("--version", action="version", version=f"fengong {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    parse = commands.add_parser("parse", help="notices -> records and tables")
    parse.add_argument("sources", nargs="+", type=Path, metavar="SOURCE", help="file or folder")
    parse.add_argument("-o", "--output", type=Path, required=True, help="folder of the dataset")
    parse.add_argument("--strict", action="store_true", help="exit 1 on problems of severity error")
    parse.add_argument("--json", action="store_true", help="print the summary as JSON")
    parse.add_argument("--lexicon", type=Path, metavar="FOLDER", help="tables laid over ours")
    parse.set_defaults(run=_parse)
    verify = commands.add_parser("verify", help="re-check every span, id, hash and table row")
    verify.add_argument("output", type=Path, metavar="OUTPUT")
    verify.set_defaults(run=_verify)
    names = commands.add_parser("names", help="every unit named, and the body that it is")
    names.add_argument("output", type=Path, metavar="OUTPUT")
    names.add_argument("--lexicon", type=Path, metavar="FOLDER", help="tables laid over ours")
    does = names.add_mutually_exclusive_group()
    does.add_argument(
        "--propose", action="store_true", help="print lexicon rows for the names without a body"
    )
    does.add_argument("--judge", type=Path, metavar="FILE", help="apply a file of decisions")
    does.add_argument("--csv", action="store_true", help="print the list as CSV")
    names.set_defaults(run=_names)
    _diff_arguments(commands.add_parser("diff", help="what changed from one plan to another"))
    threads = commands.add_parser("threads", help="every item followed through its plan's years")
    threads.add_argument("output", type=Path, metavar="OUTPUT", help="folder of a dataset")
    threads.set_defaults(run=_threads)
    schema = commands.add_parser("schema", help="print the JSON Schema of a record")
    schema.add_argument("--comparison", action="store_true", help="of what fengong diff tells")
    schema.set_defaults(run=_schema)
    return parser


def _diff_arguments(diff: argparse.ArgumentParser) -> None:
    diff.add_argument("previous", type=Path, metavar="PREVIOUS", help="a document or a record")
    diff.add_argument("current", type=Path, metavar="CURRENT", help="a document or a record")
    diff.add_argument(
        "--format", choices=("text", "json", "csv", "html", "md"), default="text", help="of stdout"
    )
    diff.add_argument("-o", "--output", type=Path, help="write to this file, not to stdout")
    diff.set_defaults(run=_diff)


def _parse(args: argparse.Namespace) -> int:
    from pipeline.lexicon import lay_over  # noqa: PLC0415

    # Before the parser is imported: patterns are made of the tables.
    lay_over(args.lexicon)
    from pipeline.batch import find_jobs, run_jobs  # noqa: PLC0415
    from pipeline.export import write_dataset  # noqa: PLC0415

    # Records are trees without cycles; looking for cycles takes half the time of a long run.
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    found = find_jobs(args.sources, args.output)
    if args.output.exists() and not args.output.is_dir():
        _say(f"{args.output}: is a file; name a folder for the output")
        return 2
    outcomes = list(_with_progress(run_jobs(found.jobs), len(found.jobs)))
    for error in found.errors:
        _say(str(error))
    for outcome in outcomes:
        if outcome.error:
            _say(str(outcome.error))
    notices = [outcome.notice for outcome in outcomes if outcome.notice]
    failed = len(found.errors) + len(outcomes) - len(notices)
    if notices:
        write_dataset(_judged(notices, args.output), args.output)
    else:
        _say("no notice was read, nothing was written")
        failed = failed or 1
    if args.json:
        print(json.dumps(_summary(notices, found, outcomes), ensure_ascii=False, indent=1))
    else:
        _show(notices, found, failed)
    severe = any(p.severity == "error" for notice in notices for p in notice.problems)
    return 1 if failed or (args.strict and severe) else 0


def _judged(notices: list[Notice], output: Path) -> Iterable[Notice]:
    """The notices under the decisions that the output folder keeps."""
    if not (output / "judgements.csv").is_file():
        return notices
    from pipeline.names import JUDGEMENTS, judge_notice, read_judgements  # noqa: PLC0415

    judgements = read_judgements(output / JUDGEMENTS)
    return (judge_notice(notice, judgements) for notice in notices)


def _names(args: argparse.Namespace) -> int:
    from pipeline import names  # noqa: PLC0415
    from pipeline.lexicon import lay_over  # noqa: PLC0415

    lay_over(args.lexicon)
    if args.judge:
        judgements = names.read_judgements(args.judge)
        changed = names.judge(args.output, judgements)
        _say(f"{len(judgements)} decisions kept, {changed} mentions have another body")
        return 0
    listed = names.list_names(args.output)
    rows = [one.row() for one in listed]
    if args.propose:
        sys.stdout.write(names.to_csv(names.PROPOSED, names.propose(listed)).decode())
        return 0
    path = names.write_list(args.output, rows)
    if args.csv:
        sys.stdout.write(names.to_csv(names.LISTED, rows).decode())
    else:
        _show_names(rows)
    unknown = sum(one.canonical is None for one in listed)
    _say(f"{len(rows)} names, {unknown} without a body; {path}")
    return 0


def _show_names(rows: list[dict[str, str]]) -> None:
    """The names as a table on the terminal."""
    from rich import box  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    heads = {
        "name": "名称",
        "count": "次数",
        "first_year": "首年",
        "last_year": "末年",
        "roles": "角色",
    }
    heads |= {"canonical": "规范名称", "near": "相近名称"}
    for key, head in heads.items():
        table.add_column(head, overflow="fold", justify="right" if key == "count" else "left")
    for row in rows:
        table.add_row(*(row[key] for key in heads))
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 140)
    console.print(table)


def _with_progress(outcomes: Iterable[Outcome], total: int) -> Iterable[Outcome]:
    """A bar on a terminal when there is something to wait for, nothing in a pipe."""
    if total < _PROGRESS_FROM or not sys.stderr.isatty():
        return outcomes
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import track  # noqa: PLC0415

    console = Console(stderr=True)
    return track(outcomes, "parsing", total=total, console=console, transient=True)


def _summary(notices: list[Notice], found: Found, outcomes: list[Outcome]) -> dict[str, object]:
    errors = [*found.errors, *(outcome.error for outcome in outcomes if outcome.error)]
    return {
        "notices": [
            {
                "notice_id": notice.notice_id,
                "path": notice.source.path,
                "title": notice.title,
                "year": notice.year,
                "items": len(notice.items),
                "problems": _problem_counts(notice),
            }
            for notice in notices
        ],
        "items": sum(len(notice.items) for notice in notices),
        "skipped": found.skipped,
        "failed": [{"path": error.place, "fact": error.fact} for error in errors],
    }


def _problem_counts(notice: Notice) -> dict[str, int]:
    counts = dict.fromkeys(("error", "warning", "info"), 0)
    for problem in notice.problems:
        counts[problem.severity] += 1
    return counts


def _show(notices: list[Notice], found: Found, failed: int) -> None:
    """The summary for a person: the items where they are few, else a line a notice."""
    from rich.console import Console  # noqa: PLC0415

    console = Console(highlight=False, width=None if sys.stdout.isatty() else 110)
    items = sum(len(notice.items) for notice in notices)
    if items <= _LISTED_ITEMS:
        for notice in notices:
            _show_items(console, notice)
    else:
        _show_notices(console, notices)
    words = f"{len(notices)} notices, {items} items"
    words += f", {found.skipped} files skipped" if found.skipped else ""
    words += f", {failed} failed" if failed else ""
    _say(words)


def _show_items(console: object, notice: Notice) -> None:
    from rich import box  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    from pipeline.model import Item  # noqa: PLC0415

    assert isinstance(console, Console)  # noqa: S101
    about = " · ".join(filter(None, (notice.document_number, notice.issued_on, notice.region)))
    title = notice.title or notice.source.path or notice.notice_id
    table = Table(title=title, caption=about or None, box=box.SIMPLE_HEAD, pad_edge=False)
    fields = Item.model_fields
    leaders = any(item.leaders for item in notice.items)
    shown = ["label", "title", *(["leaders"] if leaders else []), "host_units", "co_host_units"]
    for name in shown:
        ratio = 3 if name in ("title", "co_host_units") else None
        table.add_column(fields[name].title or name, ratio=ratio, overflow="fold")
    for item in notice.items:
        cells = [item.label or "", item.title.rstrip("。")]
        cells += ["、".join(name.name for name in getattr(item, role)) for role in shown[2:]]
        table.add_row(*cells)
    console.print(table)
    for problem in notice.problems:
        console.print(f"{problem.severity}: {problem.code}: {problem.message}", markup=False)


def _show_notices(console: object, notices: list[Notice]) -> None:
    from rich import box  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    assert isinstance(console, Console)  # noqa: S101
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("标题", ratio=1, overflow="fold")
    for name in ("年度", "事项", "错误", "警告", "提示"):
        table.add_column(name, justify="right")
    for notice in notices:
        counts = _problem_counts(notice)
        numbers = [str(counts[key] or "") for key in ("error", "warning", "info")]
        year = str(notice.year or "")
        table.add_row(notice.title or notice.notice_id, year, str(len(notice.items)), *numbers)
    console.print(table)


def _verify(args: argparse.Namespace) -> int:
    from pipeline.verify import find_faults  # noqa: PLC0415

    count = 0
    for fault in find_faults(args.output):
        print(fault)
        count += 1
    _say(f"{count} faults" if count else "every span, id, hash and row is right")
    return 1 if count else 0


def _schema(args: argparse.Namespace) -> int:
    from pipeline.comparison import Comparison  # noqa: PLC0415
    from pipeline.model import Notice  # noqa: PLC0415

    model = Comparison if args.comparison else Notice
    print(json.dumps(model.model_json_schema(), ensure_ascii=False, indent=2))
    return 0


def _diff(args: argparse.Namespace) -> int:
    from pipeline.diff import diff_notices  # noqa: PLC0415
    from pipeline.export.files import write_whole  # noqa: PLC0415

    previous, current = _notice(args.previous), _notice(args.current)
    comparison = diff_notices(previous, current)
    for warning in comparison.warnings:
        _say(warning)
    colour = args.output is None and sys.stdout.isatty() and "NO_COLOR" not in os.environ
    words = _shown(args.format, comparison, previous, current, colour=colour)
    if args.output:
        write_whole(args.output, words.encode())
        _say(comparison.summary.zh)
    else:
        sys.stdout.write(words)
    return 0


def _notice(path: Path) -> Notice:
    """A record, or the record of a document. Raises PipelineError."""
    from pipeline.batch import Job, run_job  # noqa: PLC0415
    from pipeline.errors import SourceError  # noqa: PLC0415
    from pipeline.export.dataset import read_record  # noqa: PLC0415

    if path.suffix.lower() == ".json":
        return read_record(path)
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
    from pipeline.export import changes  # noqa: PLC0415
    from pipeline.export.page import to_page  # noqa: PLC0415

    if kind == "json":
        return changes.to_json(comparison)
    if kind == "csv":
        return changes.to_csv(comparison)
    if kind == "html":
        return to_page(comparison, previous, current)
    if kind == "md":
        return changes.to_markdown(comparison, previous, current)
    return changes.to_text(comparison, previous, current, colour=colour)


def _threads(args: argparse.Namespace) -> int:
    from pipeline.export.dataset import read_records  # noqa: PLC0415
    from pipeline.export.files import write_whole  # noqa: PLC0415
    from pipeline.export.flow import flow_svg, threads_csv  # noqa: PLC0415
    from pipeline.threads import find_heirs, find_series, follow, left_out  # noqa: PLC0415

    found = find_series(read_records(args.output))
    for line in left_out(found):
        _say(line)
    steps = []
    pictures: set[Path] = set()
    for one in found:
        made = follow(one)
        steps += made
        if len(one.notices) > 1:
            path = args.output / "threads" / f"{one.name}.svg"
            write_whole(path, flow_svg(one.name, made, find_heirs(one)).encode())
            pictures.add(path)
    # A picture of an earlier run whose series is no more would tell what the table does not.
    for path in set((args.output / "threads").glob("*.svg")) - pictures:
        path.unlink()
    write_whole(args.output / "threads.csv", threads_csv(steps).encode())
    many = len({step.thread_id for step in steps})
    years = sum(len(one.notices) > 1 for one in found)
    _say(f"{len(found)} series, {years} of several years, {many} threads")
    return 0
