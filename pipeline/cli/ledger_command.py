"""fengong ledger read: what people wrote into a task ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pipeline.cli.language import colon, semicolon, translate
from pipeline.cli.ledger_export import show_others
from pipeline.cli.terminal import make_console, make_table, print_json, say
from pipeline.collector import collector_at_rest
from pipeline.dataset.record_files import read_records
from pipeline.errors import name_errors
from pipeline.ledger.content import gather
from pipeline.ledger.progress import PROGRESS, read_progress, write_progress
from pipeline.ledger.read import read_filled

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from pipeline.ledger.read import Difference, LedgerReading, Stray

_T = TypeVar("_T")
# More rows than this are counted and not listed; --json prints all.
_LISTED = 40
_FOUND_MESSAGES = {
    "id": "{count} by id",
    "words": "{count} by words",
    "like": "{count} by likeness",
}
_CHANGED_MESSAGES = (
    "{count} cells of the plan changed by hand; the first {listed}, --json tells all"
)
_STRAY_MESSAGES = "{count} rows of no item; the first {listed}, --json tells all"


@collector_at_rest()
def run(args: argparse.Namespace) -> int:
    """Read what people wrote into a ledger, and keep it with its OUTPUT."""
    # All of it or nothing: rows whose notice is missing could be taken for those of others.
    with name_errors(args.file):
        ledger = gather(read_records(args.output))
        marks = read_progress(args.output, ledger.anchors).marks
        reading = read_filled(args.file, ledger, marks)
    kept = write_progress(args.output, ledger.anchors, reading.written)
    if args.json:
        print_json(_to_json(reading, args.output))
    else:
        _show(reading, args.output)
    show_others(kept.others)
    emptied = sum(not one.value for one in reading.written)
    rows = [_FOUND_MESSAGES[how].format(count=count) for how, count in reading.found.items()]
    say(f"{sum(reading.found.values())} rows found", *rows, f"{len(reading.strays)} not found")
    say(
        f"{len(reading.written) - emptied} cells written, {emptied} emptied; "
        f"{kept.count} kept in {args.output / PROGRESS}"
    )
    return 0


def _to_json(reading: LedgerReading, output: Path) -> dict[str, object]:
    """Return what --json prints."""
    return {
        "found": dict(reading.found),
        "written": [one.row() for one in reading.written],
        "strays": [one._asdict() for one in reading.strays],
        "missing": reading.missing,
        "differences": [
            {**one._asdict(), "command": one.command(output)} for one in reading.differences
        ],
        "remarks": reading.remarks,
    }


def _show(reading: LedgerReading, output: Path) -> None:
    """Print what a person should look at: rows without an item, changed cells, items without a row."""
    if reading.strays:
        show_strays(reading.strays)
    show_differences(reading.differences, output)
    for remark in reading.remarks:
        say(remark)
    if reading.missing:
        named = ", ".join(reading.missing[:5]) + (" …" if len(reading.missing) > 5 else "")
        say(f"{len(reading.missing)} items have no row in the ledger: {named}")


def show_differences(differences: list[Difference], output: Path) -> None:
    """Print the cells of the plan that were changed by hand, with the commands that take them in."""
    for one in take_first(differences, _CHANGED_MESSAGES):
        written, now = one.written or "-", one.now or "-"
        say(f"{one.item_id} {one.field}: {written}, in force: {now}")
        say(f"  to take it in: {one.command(output)}")


def take_first(values: list[_T], counted: str) -> list[_T]:
    """Return the first values; where there are more, print how many, by a template."""
    if len(values) > _LISTED:
        say(counted.format(count=len(values), listed=_LISTED))
    return values[:_LISTED]


def show_strays(strays: list[Stray], file: str = "") -> None:
    """Print the rows that fit no item as a table."""
    title = translate("未能对应的行")
    listed = make_table(f"{title}{colon()}{file}" if file else title)
    for head in ("工作表", "行", "原因", "内容"):
        listed.add_column(translate(head), overflow="fold")
    for one in take_first(strays, _STRAY_MESSAGES):
        values = semicolon().join(f"{head}{colon()}{text}" for head, text in one.values.items())
        listed.add_row(one.sheet, str(one.row), translate(one.reason), values)
    make_console(140).print(listed)
