"""Run the commands that visit sites, where the libraries of their extra are installed."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from pipeline.errors import CrawlError

if TYPE_CHECKING:
    import argparse

_NEEDED = ("httpcore", "protego", "warcio")


def run(args: argparse.Namespace) -> int:
    """Run the command of `args.visit`. Raises CrawlError where a library of the extra is missing."""
    if any(find_spec(name) is None for name in _NEEDED):
        remedy = "install it: pip install httpcore protego warcio"
        fact = "visiting sites needs the extra crawl"
        raise CrawlError(args.visit.partition("_")[0], fact, remedy)
    return int(import_module(f"pipeline.cli.{args.visit}").run(args))
