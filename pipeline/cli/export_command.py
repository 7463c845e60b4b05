"""fengong export: an OUTPUT as files for other programs."""

from __future__ import annotations

import argparse
from itertools import chain
from typing import TYPE_CHECKING

from pipeline.cli.terminal import say, say_errors
from pipeline.dataset.output_lock import lock_output
from pipeline.dataset.record_files import read_chosen
from pipeline.errors import OutputError, PipelineError
from pipeline.export.csv_files import write_csv
from pipeline.export.jsonl_files import write_jsonl
from pipeline.export.parquet_files import write_parquet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipeline.errors import OnError
    from pipeline.model import Notice


# Formats that are one file, and its name in a folder of several formats; the others are folders.
_FILES = {"xlsx": "ledger.xlsx", "sqlite": "fengong.sqlite"}


def run(args: argparse.Namespace) -> int:
    """Write an OUTPUT in each of the formats; one that fails does not keep the others back."""
    formats = list(dict.fromkeys(args.to))
    if len(formats) == 1:
        return _export(args, formats[0], args.target)
    if args.target is not None:
        _make_folder(args.target)
    status = 0
    for form in formats:
        target = args.target and args.target / _FILES.get(form, form)
        try:
            status = max(status, _export(args, form, target))
        except PipelineError as error:
            status = say_errors([error])
    return status


def _make_folder(path: Path) -> None:
    """Make the folder of several formats. Raises OutputError where a file is in its place."""
    if path.exists() and not path.is_dir():
        raise OutputError(path, "is a file", "name a folder for several formats")
    path.mkdir(parents=True, exist_ok=True)


def _export(args: argparse.Namespace, form: str, target: Path | None) -> int:
    args = argparse.Namespace(**{**vars(args), "to": form, "target": target})
    # Workbooks and databases need libraries that the other formats do without.
    if form == "xlsx":
        from pipeline.cli.ledger_export import export_ledger  # noqa: PLC0415

        return export_ledger(args)
    if form == "sqlite":
        from pipeline.cli.store_loading import STORE, load_into  # noqa: PLC0415

        place = str(target or args.output / STORE)
        return load_into(place, args.output, args.notice or ())
    return export_files(args)


def export_files(args: argparse.Namespace) -> int:
    """Write records and tables as Parquet, JSON Lines or CSV, into OUTPUT/FORMAT or a folder."""
    folder = args.target or args.output / args.to
    errors: list[PipelineError] = []
    notices = read_chosen(args.output, args.notice or (), errors.append)
    # Read now, so that an OUTPUT without readable records fails before a folder is made.
    first = next(notices, None)
    if first is None:
        return say_errors(errors)
    # Exports of two datasets into one folder would mix their files.
    with lock_output(folder, say, create=True, is_passing=True):
        sizes = _write_folder(args, chain([first], notices), folder, errors.append)
    status = say_errors(errors)
    notice_count, items = sizes["notices"], sizes["items"]
    say(
        f"{notice_count} notices, {items} items: {len(sizes)} files and datapackage.json in {folder}"
    )
    return status


def _write_folder(
    args: argparse.Namespace, notices: Iterator[Notice], folder: Path, on_error: OnError
) -> dict[str, int]:
    if args.to == "parquet":
        return write_parquet(notices, folder, on_error)
    if args.to == "jsonl":
        return write_jsonl(notices, folder, on_error)
    return write_csv(notices, folder, bom=not args.no_bom, on_error=on_error)
