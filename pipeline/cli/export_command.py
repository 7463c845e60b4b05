"""fengong export: an OUTPUT as files for other programs."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from pipeline.cli.terminal import say, say_errors
from pipeline.dataset.record_files import read_chosen
from pipeline.export.csv_files import write_csv
from pipeline.export.jsonl_files import write_jsonl
from pipeline.export.parquet_files import write_parquet

if TYPE_CHECKING:
    import argparse

    from pipeline.errors import PipelineError


def run(args: argparse.Namespace) -> int:
    """Write an OUTPUT in one format."""
    # Workbooks and databases need libraries that the other formats do without.
    if args.to == "xlsx":
        from pipeline.cli.ledger_export import export_ledger  # noqa: PLC0415

        return export_ledger(args)
    if args.to == "sqlite":
        from pipeline.cli.store_loading import STORE, load_into  # noqa: PLC0415

        place = str(args.target or args.output / STORE)
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
    notices = chain([first], notices)
    if args.to == "parquet":
        sizes = write_parquet(notices, folder, errors.append)
    elif args.to == "jsonl":
        sizes = write_jsonl(notices, folder, errors.append)
    else:
        sizes = write_csv(notices, folder, bom=not args.no_bom, on_error=errors.append)
    status = say_errors(errors)
    counts = f"{sizes['notices']} notices, {sizes['items']} items"
    say(f"{counts}: {len(sizes)} files and datapackage.json in {folder}")
    return status
