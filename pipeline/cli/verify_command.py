"""fengong verify: check an OUTPUT."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.batch.verify import find_faults
from pipeline.cli.terminal import say, tell

if TYPE_CHECKING:
    import argparse


def run(args: argparse.Namespace) -> int:
    """Print one line for every fault of an OUTPUT; return 1 where there is any."""
    count = 0
    for fault in find_faults(args.output):
        tell(fault)
        count += 1
    say(f"{count} faults" if count else "every span, id, hash and row is right")
    return 1 if count else 0
