"""fengong schema: the JSON Schema of a record or of a comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.cli.terminal import print_json
from pipeline.comparison import Comparison
from pipeline.model import Notice

if TYPE_CHECKING:
    import argparse


def run(args: argparse.Namespace) -> int:
    """Print the JSON Schema of a record or a comparison."""
    model = Comparison if args.comparison else Notice
    print_json(model.model_json_schema(), 2)
    return 0
