"""Run the commands of a cluster, where the libraries of their extra are installed."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from pipeline.errors import ClusterError

if TYPE_CHECKING:
    import argparse

_NEEDED = ("distributed", "fsspec", "pyarrow")


def run(args: argparse.Namespace) -> int:
    """Run the command of `args.step`. Raises ClusterError where a library of the extra is missing."""
    if any(find_spec(name) is None for name in _NEEDED):
        command = "fengong cluster"
        fact = "working on a cluster needs the extra cluster"
        remedy = "install it: pip install distributed fsspec pyarrow"
        raise ClusterError(command, fact, remedy)
    return int(import_module(f"pipeline.cli.{args.step}").run(args))
