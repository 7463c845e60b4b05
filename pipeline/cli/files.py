"""fengong export --to parquet, jsonl, csv: an OUTPUT as files for other programs."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from pipeline.cli.terminal import say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from pipeline.model import Notice


def export_files(args: argparse.Namespace) -> int:
    """Write the records and tables of an OUTPUT in one format, into OUTPUT/FORMAT or a folder."""
    from pipeline.dataset.folder import read_chosen  # noqa: PLC0415
    from pipeline.export import formats  # noqa: PLC0415

    folder = args.target or args.output / args.to
    notices = _begun(read_chosen(args.output, args.notice or ()))
    if args.to == "parquet":
        sizes = formats.write_parquet(notices, folder)
    elif args.to == "jsonl":
        sizes = formats.write_jsonl(notices, folder)
    else:
        sizes = formats.write_csv(notices, folder, bom=not args.no_bom)
    told = f"{sizes['notices']} notices, {sizes['items']} items"
    say(f"{told}: {len(sizes)} files and datapackage.json in {folder}")
    return 0


def _begun(notices: Iterator[Notice]) -> Iterator[Notice]:
    """The same notices, the first read already: an OUTPUT of none fails before a folder is made."""
    return chain([next(notices)], notices)
