"""fengong export --to xlsx, ledger read: the task ledger to paper and back."""

from __future__ import annotations

import gc
import json
from typing import TYPE_CHECKING, TypeVar

from pipeline.cli.terminal import console, say, table

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from pipeline.ledger.progress import WrittenCell
    from pipeline.ledger.read import LedgerReading, Stray

# More rows than this are counted, not listed; --json tells all.
_LISTED = 40
_LEDGER = "ledger.xlsx"
_T = TypeVar("_T")


def export_ledger(args: argparse.Namespace) -> int:
    """Write the task ledger of an OUTPUT, with the progress that it keeps."""
    from pipeline.dataset.folder import read_chosen  # noqa: PLC0415
    from pipeline.ledger.progress import read_progress  # noqa: PLC0415
    from pipeline.ledger.write import write_ledger  # noqa: PLC0415

    # Records and cells are trees without cycles; looking for cycles takes a third of the time.
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    notices = list(read_chosen(args.output, args.notice or ()))
    progress = read_progress(args.output, notices)
    path = args.target or args.output / _LEDGER
    for words in write_ledger(notices, path, progress.marks):
        say(words)
    _show_others(progress.others)
    for one in progress.gone if not args.notice else ():
        say(
            f"{_where(one)}: {one.value!r} is of an item that is there no more; "
            "it stays in progress.csv"
        )
    items = sum(len(notice.items) for notice in notices)
    say(f"{items} items of {len(notices)} notices, {len(progress.marks)} cells of progress; {path}")
    return 0


def _show_others(others: list[WrittenCell]) -> None:
    """What is kept of a cell beside what counts there."""
    for one in others:
        say(
            f"{_where(one)}: {one.value!r} is kept of a cell that has other words now; "
            "delete one of both rows in progress.csv"
        )


def _where(one: WrittenCell) -> str:
    return " ".join(filter(None, (one.anchor.item_id, one.unit, one.column)))


def read_ledger(args: argparse.Namespace) -> int:
    """Read what people wrote into a ledger, and keep it with its OUTPUT."""
    from pipeline.dataset.folder import read_records  # noqa: PLC0415
    from pipeline.ledger.progress import PROGRESS, read_progress, write_progress  # noqa: PLC0415
    from pipeline.ledger.read import read_ledger as read  # noqa: PLC0415

    notices = list(read_records(args.output))
    reading = read(args.file, notices, read_progress(args.output, notices).marks)
    kept = write_progress(args.output, notices, reading.written)
    if args.json:
        print(json.dumps(_told(reading, args.output), ensure_ascii=False, indent=1))
    else:
        _show(reading, args.output)
    _show_others(kept.others)
    emptied = sum(not one.value for one in reading.written)
    rows = ", ".join(f"{count} by {how}" for how, count in reading.found.items())
    say(f"{sum(reading.found.values())} rows found ({rows or 'none'}), {len(reading.strays)} not")
    say(
        f"{len(reading.written) - emptied} cells written, {emptied} emptied; "
        f"{kept.count} kept in {args.output / PROGRESS}"
    )
    return 0


def _told(reading: LedgerReading, output: Path) -> dict[str, object]:
    """A reading as JSON tells it."""
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
    """What a person should look at: rows of no item, cells changed by hand, items of no row."""
    if reading.strays:
        _show_strays(reading.strays)
    for one in _some(reading.differences, "cells of the plan changed by hand"):
        say(
            f"{one.item_id} {one.field}: {one.written or 'nothing'}, in force: {one.now or 'nothing'}"
        )
        say(f"  to take it in: {one.command(output)}")
    for remark in reading.remarks:
        say(remark)
    if reading.missing:
        named = ", ".join(reading.missing[:5]) + (" …" if len(reading.missing) > 5 else "")
        say(f"{len(reading.missing)} items have no row in the ledger: {named}")


def _some(values: list[_T], what: str) -> list[_T]:
    if len(values) > _LISTED:
        say(f"{len(values)} {what}; the first {_LISTED}, --json tells all")
    return values[:_LISTED]


def _show_strays(strays: list[Stray]) -> None:
    """Rows that could not be taken in, as a table on the terminal."""
    listed = table("未能对应的行")
    for head in ("工作表", "行", "原因", "内容"):
        listed.add_column(head, overflow="fold")
    for one in _some(strays, "rows of no item"):
        values = "; ".join(f"{head}: {text}" for head, text in one.values.items())
        listed.add_row(one.sheet, str(one.row), one.reason, values)
    console(140).print(listed)
