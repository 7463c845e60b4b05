"""fengong ledger collect: what units wrote into the files that they returned."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pipeline.cli.language import semicolon, translate
from pipeline.cli.ledger_command import show_differences, show_strays, take_first
from pipeline.cli.ledger_export import show_others
from pipeline.cli.terminal import make_console, make_table, print_json, say
from pipeline.collector import collector_at_rest
from pipeline.dataset.record_files import read_records
from pipeline.errors import name_errors
from pipeline.ledger.answers import Answers
from pipeline.ledger.collect import collect, find_files
from pipeline.ledger.columns import MAIN
from pipeline.ledger.content import gather
from pipeline.ledger.progress import PROGRESS, read_progress, write_progress

if TYPE_CHECKING:
    import argparse

    from pipeline.ledger.collect import Collection, ReturnedFile
    from pipeline.ledger.content import Ledger
    from pipeline.ledger.progress import Progress, WrittenCell
_FILES_MESSAGES = "{count} files; the first {listed}, --json tells all"
_CONFLICTS_MESSAGES = "{count} conflicts; the first {listed}, --json tells all"
_REPLACED_MESSAGES = "{count} values were replaced; the first {listed}, --json tells all"


@collector_at_rest()
def run(args: argparse.Namespace) -> int:
    """Read all files, and keep what they say with their OUTPUT in one step."""
    # All of it or nothing: rows whose notice is missing could be taken for those of others.
    with name_errors(args.output):
        ledger = gather(read_records(args.output))
        before = read_progress(args.output, ledger.anchors)
        collection = collect(find_files(args.files), ledger, before)
    kept = write_progress(args.output, ledger.anchors, collection.written, collection.others)
    if args.json:
        print_json(_to_json(collection, ledger, kept))
    else:
        _show(collection, args)
    shown = {_key(one) for one in collection.others}
    show_others([one for one in kept.others if _key(one) not in shown])
    _say_silent(ledger, kept)
    read = [one for one in collection.files if one.reading]
    emptied = sum(not one.value for one in collection.written)
    say(
        f"{len(read)} of {len(collection.files)} files read",
        f"{len(collection.written) - emptied} cells written, {emptied} emptied",
        f"{len(collection.conflicts)} conflicts",
        f"{kept.count} kept in {args.output / PROGRESS}",
    )
    return 1 if any(one.is_failed for one in collection.files) else 0


def _key(one: WrittenCell) -> tuple[str, str, str, str]:
    return one.anchor.item_id, one.unit, one.column, one.value


def _show(collection: Collection, args: argparse.Namespace) -> None:
    """Print every file, and then what a person should look at."""
    listed = make_table(translate("收回的文件"))
    for head in ("文件", "单位", "填报格数", "说明"):
        listed.add_column(translate(head), overflow="fold")
    for one in take_first(collection.files, _FILES_MESSAGES):
        filled = sum(bool(cell.value) for cell in one.reading.written) if one.reading else 0
        listed.add_row(str(one.path), _name_units(one), str(filled), semicolon().join(_notes(one)))
    make_console(160).print(listed)
    for one in collection.files:
        if one.reading and one.reading.strays:
            show_strays(one.reading.strays, str(one.path))
    for one in collection.files:
        for words in (*one.facts, *(one.reading.remarks if one.reading else ())):
            say(f"{one.path}: {words}")
    for conflict in take_first(collection.conflicts, _CONFLICTS_MESSAGES):
        first = conflict.values[0].cell
        where = " ".join(filter(None, _key(first)[:3]))
        values = "、".join(f"{one.cell.value} ({one.path})" for one in conflict.values)
        say(f"{where}: {values} differ; {conflict.counts!r} counts, all are kept")
    for change in take_first(collection.replaced, _REPLACED_MESSAGES):
        where = " ".join(filter(None, _key(change.now.cell)[:3]))
        if now := change.now.cell.value:
            say(f"{where}: {change.before!r} was kept, now {now!r} from {change.now.path}")
        else:
            say(f"{where}: {change.before!r} was kept, emptied in {change.now.path}")
    for one in collection.files:
        show_differences(one.reading.differences if one.reading else [], args.output)


def _name_units(one: ReturnedFile) -> str:
    return "、".join(unit or MAIN for unit in one.units)


def _notes(one: ReturnedFile) -> list[str]:
    """What the list says of a file: left out, rows of no item, words that were not read."""
    if one.reading is None:
        return [translate("未收入")]
    strays, remarks = len(one.reading.strays), len(one.reading.remarks)
    notes = [translate(f"未对应 {strays} 行")] if strays else []
    return [*notes, *([translate(f"另有 {remarks} 处说明")] if remarks else [])]


def _silent(ledger: Ledger, kept: Progress) -> list[str]:
    return [one.name for one in Answers(ledger, kept.marks, ()).silent_units()]


def _say_silent(ledger: Ledger, kept: Progress) -> None:
    silent = _silent(ledger, kept)
    count = len(ledger.units)
    names = "、".join(silent[:40]) + ("…" if len(silent) > 40 else "")
    answered = f"{count - len(silent)} of {count} units have answered"
    say(answered, f"not yet: {names}") if silent else say(answered)


def _to_json(collection: Collection, ledger: Ledger, kept: Progress) -> dict[str, object]:
    """Return what --json prints."""
    return {
        "files": [_file_json(one) for one in collection.files],
        "written": [one.row() for one in collection.written],
        "conflicts": [
            {
                **dict(zip(("item_id", "unit", "column"), _key(one.values[0].cell), strict=False)),
                "counts": one.counts,
                "values": [
                    {"value": value.cell.value, "file": str(value.path)} for value in one.values
                ],
            }
            for one in collection.conflicts
        ],
        "replaced": [
            {**one.now.cell.row(), "before": one.before, "file": str(one.now.path)}
            for one in collection.replaced
        ],
        "not_answered": _silent(ledger, kept),
    }


def _file_json(one: ReturnedFile) -> dict[str, object]:
    reading = one.reading
    return {
        "file": str(one.path),
        "is_read": reading is not None,
        "facts": list(one.facts),
        "units": one.units,
        "found": dict(reading.found if reading else Counter()),
        "strays": [stray._asdict() for stray in reading.strays] if reading else [],
        "differences": [change._asdict() for change in reading.differences] if reading else [],
        "remarks": reading.remarks if reading else [],
    }
