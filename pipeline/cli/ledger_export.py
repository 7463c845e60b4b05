"""Write the task ledger, for fengong export --to xlsx."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from pipeline.cli.terminal import say
from pipeline.dataset.record_files import read_chosen
from pipeline.ledger.progress import read_progress
from pipeline.ledger.write import write_ledger

if TYPE_CHECKING:
    import argparse

    from pipeline.ledger.progress import WrittenCell

_LEDGER = "ledger.xlsx"


def export_ledger(args: argparse.Namespace) -> int:
    """Write the task ledger of an OUTPUT with the progress that it keeps."""
    # Records and cells are trees without cycles; searching for cycles takes a third of the time.
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    notices = list(read_chosen(args.output, args.notice or ()))
    progress = read_progress(args.output, notices)
    path = args.target or args.output / _LEDGER
    for words in write_ledger(notices, path, progress.marks):
        say(words)
    show_others(progress.others)
    for one in progress.gone if not args.notice else ():
        say(
            f"{_where(one)}: {one.value!r} is of an item that is there no more; "
            "it stays in progress.csv"
        )
    items = sum(len(notice.items) for notice in notices)
    say(f"{items} items of {len(notices)} notices, {len(progress.marks)} cells of progress; {path}")
    return 0


def show_others(others: list[WrittenCell]) -> None:
    """Print the values that are kept of a cell beside the one that counts."""
    for one in others:
        say(
            f"{_where(one)}: {one.value!r} is kept of a cell that has other words now; "
            "delete one of both rows in progress.csv"
        )


def _where(one: WrittenCell) -> str:
    return " ".join(filter(None, (one.anchor.item_id, one.unit, one.column)))
