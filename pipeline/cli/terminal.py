"""Messages on stderr and tables on stdout."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table


def say(words: str) -> None:
    """Print a message to stderr."""
    print(f"fengong: {words}", file=sys.stderr)


def make_console(width: int) -> Console:
    """Return the terminal, or a console of `width` columns where stdout is a pipe."""
    from rich.console import Console  # noqa: PLC0415

    return Console(highlight=False, width=None if sys.stdout.isatty() else width)


def make_table(title: str | None = None, caption: str | None = None) -> Table:
    """Return a table with a line under its heads."""
    from rich import box  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    return Table(title=title, caption=caption, box=box.SIMPLE_HEAD, pad_edge=False)
