"""fengong load: the records of an OUTPUT into a store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.cli.store_loading import STORE, load_into

if TYPE_CHECKING:
    import argparse


def run(args: argparse.Namespace) -> int:
    """Load an OUTPUT into a store."""
    return load_into(args.store or str(args.output / STORE), args.output, ())
