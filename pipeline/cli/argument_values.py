"""Values of arguments that several commands have: paths, names, days, numbers."""

from __future__ import annotations

import argparse
import os
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.readable import make_readable

if TYPE_CHECKING:
    from pipeline.cli.parser import Parser

# An address of a database in the place of a path.
_ADDRESS = re.compile(r"://|pass\w*\s*=")
_NUMBER = re.compile(r"[0-9]{1,10}")
# Larger files are read by no command.
_MOST_MEBIBYTES = 512
_MOST_PROCESSES = 256


def add_lexicon(command: Parser) -> None:
    """Add the option that lays tables over ours."""
    command.add_argument(
        "--lexicon", type=parse_path, metavar="FOLDER", help="tables laid over ours"
    )


def parse_path(word: str) -> Path:
    """Parse a path; an address of a database is none, and is not repeated: it may have a password."""
    if _ADDRESS.search(word) and not os.path.lexists(word):
        fact = "an address of a database; name a path, or load --store"
        raise argparse.ArgumentTypeError(fact)
    return Path(word)


def parse_name(word: str) -> str:
    """Parse an id, a field or a day; no address of a database, as `parse_path`."""
    if _ADDRESS.search(word):
        fact = "an address of a database; name it by load --store"
        raise argparse.ArgumentTypeError(fact)
    return make_readable(word)


def parse_assignment(word: str) -> str:
    """Parse FIELD=VALUE; a value may be any text, also one with an address of a page."""
    parse_name(word.partition("=")[0])
    return make_readable(word)


def parse_day(word: str) -> str:
    """Parse a day as 2024-06-30."""
    try:
        return date.fromisoformat(word).isoformat()
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"{word!r} is no day; write one such as 2024-06-30"
        ) from error


def parse_year(word: str) -> int:
    """Parse a year, 1 to 9999."""
    if not _NUMBER.fullmatch(word) or not 1 <= int(word) <= 9999:
        raise argparse.ArgumentTypeError(f"{word!r} is no year; write digits such as 2024")
    return int(word)


def parse_mebibytes(word: str) -> int:
    """Parse a number of MiB, 1 to 512."""
    if not _NUMBER.fullmatch(word) or not 1 <= int(word) <= _MOST_MEBIBYTES:
        fact = f"{word!r} is no number of MiB; write digits such as 16, at most 512"
        raise argparse.ArgumentTypeError(fact)
    return int(word)


def parse_count(word: str) -> int:
    """Parse a number of hits; 0 is all."""
    if not _NUMBER.fullmatch(word) or int(word) > 10**9:
        fact = f"{word!r} is no number of hits; write digits such as 20, or 0 for all"
        raise argparse.ArgumentTypeError(fact)
    return int(word)


def parse_processes(word: str) -> int:
    """Parse a number of processes, 1 to 256."""
    if not _NUMBER.fullmatch(word) or not 1 <= int(word) <= _MOST_PROCESSES:
        fact = f"{word!r} is no number of processes; write digits such as 4, at most 256"
        raise argparse.ArgumentTypeError(fact)
    return int(word)
