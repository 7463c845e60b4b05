"""Write the task ledger, for fengong export --to xlsx."""

from __future__ import annotations

import gc
from datetime import datetime
from typing import TYPE_CHECKING

from pipeline.cli.terminal import say, say_error
from pipeline.dataset.duplicates import without_duplicates
from pipeline.dataset.files import write_whole
from pipeline.dataset.manifest import file_hash
from pipeline.dataset.record_files import read_chosen, read_records
from pipeline.errors import OutputError
from pipeline.ledger.content import Mark, gather
from pipeline.ledger.progress import read_progress
from pipeline.ledger.read import read_filled
from pipeline.ledger.write import LedgerOptions, write_gathered

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from pipeline.errors import PipelineError
    from pipeline.ledger.content import Ledger
    from pipeline.ledger.progress import WrittenCell

_LEDGER = "ledger.xlsx"


def export_ledger(args: argparse.Namespace) -> int:
    """Write the task ledger of an OUTPUT with the progress that it keeps."""
    # Records and cells are trees without cycles; searching for cycles takes a third of the time.
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    errors: list[PipelineError] = []
    path = args.target or args.output / _LEDGER
    seen = file_hash(path)
    if args.notice:
        # What was filled in is looked for in all notices, whichever are written.
        chosen = read_chosen(args.output, args.notice, errors.append)
        _check_unread(path, args.output, None)
        ledger = gather(chosen, errors.append)
    else:
        records = without_duplicates(read_records(args.output, errors.append))
        ledger = gather(records, errors.append)
        _check_unread(path, args.output, ledger)
    progress = read_progress(args.output, ledger.anchors)
    options = LedgerOptions(args.paper, args.today or "")
    others = [Mark(one.anchor.item_id, one.unit, one.column, one.value) for one in progress.others]
    warnings = write_gathered(ledger, path, progress.marks, seen, others=others, options=options)
    for words in warnings:
        say(words)
    for error in errors:
        say_error(error)
    show_others(progress.others)
    for one in progress.gone if not args.notice else ():
        say(
            f"{_where(one)}: {one.value!r} is of an item that is there no more; "
            "it stays in progress.csv"
        )
    count = f"{len(ledger.anchors.items)} items of {len(ledger.anchors.origins)} notices"
    say(f"{count}, {len(progress.marks)} cells of progress; {path}")
    return 1 if errors else 0


def _check_unread(path: Path, output: Path, ledger: Ledger | None) -> None:
    """Refuse to replace a workbook that is no ledger, or has cells that were not read back.

    One whose other words differ from the records is copied first. `ledger` is that of all notices,
    if they have been read already.
    """
    if not path.is_file():
        return
    # A record that cannot be read has been reported by now.
    ledger = ledger or gather(read_records(output, lambda _error: None), lambda _error: None)
    try:
        marks = read_progress(output, ledger.anchors).marks
        reading = read_filled(path, ledger, marks)
    except OutputError as error:
        fact = f"is there already and cannot be read as a ledger ({error.fact})"
        raise OutputError(path, fact, "move it away, or name another file by -o") from error
    kept = {(mark.item_id, mark.unit, mark.column): mark.value for mark in marks}
    unread = [
        one
        for one in reading.written
        if kept.get((one.anchor.item_id, one.unit, one.column), "") != one.value
    ]
    if unread:
        first = unread[0]
        fact = f"has {len(unread)} cells that were not read back, first {_where(first)}: {first.value!r}"
        remedy = f"run fengong ledger read {path} -o {output}, or name another file by -o"
        raise OutputError(path, fact, remedy)
    if reading.strays or reading.differences or reading.has_unread:
        # A person may have changed these, or the notice did since; a copy loses neither.
        say(f"{path}: has other words than the records have now; kept as {_keep_copy(path)}")


def _keep_copy(path: Path) -> Path:
    """Copy a workbook to a name with the time of its last change; return the copy's path."""
    changed = datetime.fromtimestamp(path.stat().st_mtime).astimezone()
    copy = path.with_name(f"{path.stem}-{changed:%Y%m%d-%H%M%S}{path.suffix}")
    write_whole(copy, path.read_bytes())
    return copy


def show_others(others: list[WrittenCell]) -> None:
    """Print the values that are kept of a cell beside the one that counts."""
    for one in others:
        say(
            f"{_where(one)}: {one.value!r} is kept of a cell that has other words now; "
            "delete one of both rows in progress.csv"
        )


def _where(one: WrittenCell) -> str:
    return " ".join(filter(None, (one.anchor.item_id, one.unit, one.column)))
