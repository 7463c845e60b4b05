"""Messages on stderr, tables and data on stdout; nothing in them can steer a terminal."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING, Any

from pipeline.cli.language import describe, join, spoken, translate
from pipeline.cli.streams import discard
from pipeline.readable import make_readable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console
    from rich.table import Table

    from pipeline.errors import PipelineError

_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
# Must match: ESC, BEL, C1 codes such as CSI, marks that turn the direction of writing, half a
# surrogate pair. Must not match: a tab, a line feed.
_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


def printable(text: str) -> str:
    """Return a text that a terminal shows and does not obey: ESC becomes ␛, U+202E <U+202E>."""
    return _STEERING.sub(_picture, text)


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"<U+{code:04X}>"


def say(words: str, *more: str) -> None:
    """Print messages to stderr as one line, in the language of the run.

    Where stderr cannot be written, nobody can be told.
    """
    _print_message(join([words, *more]) if more else translate(words))


def say_error(error: PipelineError) -> None:
    """Print an error to stderr, in the language of the run."""
    _print_message(describe(error))


def _print_message(said: str) -> None:
    prefix = "fengong：" if spoken() == "zh" else "fengong: "
    try:
        print(f"{prefix}{_one_line(said)}", file=sys.stderr, flush=True)
    except OSError:
        discard(sys.stderr)


def say_errors(errors: Iterable[PipelineError]) -> int:
    """Print the errors of what was left out; return the exit code, 1 where there are any."""
    status = 0
    for error in errors:
        say_error(error)
        status = 1
    return status


def tell(words: str) -> None:
    """Print a message of one line to stdout, in the language of the run."""
    print(_one_line(translate(words)))


def _one_line(words: str) -> str:
    return printable(" ".join(make_readable(words).splitlines()))


def write_data(text: str) -> None:
    """Write data to stdout: as they are into a pipe or a file, made printable on a terminal."""
    sys.stdout.write(printable(text) if sys.stdout.isatty() else text)


def print_json(value: object, indent: int = 1) -> None:
    """Print a value as JSON, as `write_json` does."""
    write_json(json.dumps(value, ensure_ascii=False, indent=indent) + "\n")


def write_json(text: str) -> None:
    """Print a JSON text; where stdout's encoding lacks a character, all of them are escaped."""
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = _NOT_ASCII.sub(lambda match: json.dumps(match[0])[1:-1], text)
    write_data(text)


def make_console(width: int) -> Console:
    """Return the terminal, or a console of `width` columns where stdout is a pipe.

    Texts are shown as they are: [b] and :name: are no markup, controls are made printable.
    """
    from rich.console import Console  # noqa: PLC0415

    class PlainConsole(Console):
        """Every text of a table, a title or a line comes through `render_str`."""

        def render_str(self, text: str, **options: Any) -> Any:  # noqa: ANN401
            return super().render_str(printable(text), **options)

    shown = None if sys.stdout.isatty() else width
    return PlainConsole(highlight=False, markup=False, emoji=False, width=shown)


def make_table(title: str | None = None, caption: str | None = None) -> Table:
    """Return a table with a line under its heads."""
    from rich import box  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    return Table(title=title, caption=caption, box=box.SIMPLE_HEAD, pad_edge=False)
