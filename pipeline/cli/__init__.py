"""Arguments -> the rooms below -> exit code; the only place that prints.

Data go to files or stdout, words to stderr. Exit 0 done, 1 a source or an output failed (the
rest was done), 2 wrong usage.
"""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from pipeline.cli.arguments import make_parser
from pipeline.cli.terminal import say
from pipeline.errors import PipelineError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    args = make_parser().parse_args(argv)
    # A command's module is imported when it runs: the others cost their start.
    room, function = args.run
    try:
        with _alone(getattr(args, "output", None)):
            return int(getattr(import_module(f"pipeline.cli.{room}"), function)(args))
    except PipelineError as error:
        say(str(error))
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        say("stopped; what was written is whole")
        return 130


def _alone(output: Path | None) -> AbstractContextManager[None]:
    """Two runs in one OUTPUT would write what the other has read before."""
    if output is None:
        return nullcontext()
    from pipeline.dataset.files import alone  # noqa: PLC0415

    return alone(output, partial(say, f"{output}: another run is at work, waiting"))
