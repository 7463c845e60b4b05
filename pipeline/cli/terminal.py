"""Messages on stderr and tables on stdout."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING

from pipeline.cli.streams import discard
from pipeline.readable import make_readable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")


def say(words: str) -> None:
    """Print a message to stderr; where that cannot be written, nobody can be told."""
    try:
        print(f"fengong: {make_readable(words)}", file=sys.stderr, flush=True)
    except OSError:
        discard(sys.stderr)


def print_json(value: object, indent: int = 1) -> None:
    """Print a value as JSON, as `write_json` does."""
    write_json(json.dumps(value, ensure_ascii=False, indent=indent) + "\n")


def write_json(text: str) -> None:
    """Print a JSON text; where stdout's encoding lacks a character, all of them are escaped."""
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = _NOT_ASCII.sub(lambda match: json.dumps(match[0])[1:-1], text)
    sys.stdout.write(text)


def make_console(width: int) -> Console:
    """Return the terminal, or a console of `width` columns where stdout is a pipe."""
    from rich.console import Console  # noqa: PLC0415

    return Console(highlight=False, width=None if sys.stdout.isatty() else width)


def make_table(title: str | None = None, caption: str | None = None) -> Table:
    """Return a table with a line under its heads."""
    from rich import box  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    return Table(title=title, caption=caption, box=box.SIMPLE_HEAD, pad_edge=False)
