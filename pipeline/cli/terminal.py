"""Words and tables for a person; data go to stdout, words to stderr."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table


def say(words: str) -> None:
    """A line to the person who runs the command."""
    print(f"fengong: {words}", file=sys.stderr)


def console(width: int) -> Console:
    """A terminal, or a pipe that has this many columns."""
    from rich.console import Console  # noqa: PLC0415

    return Console(highlight=False, width=None if sys.stdout.isatty() else width)


def table(title: str | None = None, caption: str | None = None) -> Table:
    """A table with a line under its heads."""
    from rich import box  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    return Table(title=title, caption=caption, box=box.SIMPLE_HEAD, pad_edge=False)
