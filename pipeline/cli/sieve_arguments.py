"""The arguments of fengong sieve."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.cli.argument_values import (
    add_lexicon,
    parse_mebibytes,
    parse_path,
    parse_processes,
)
from pipeline.readable import make_readable

if TYPE_CHECKING:
    from pipeline.cli.parser import Parser


def add_sieve(sieve: Parser) -> None:
    """Add the arguments of fengong sieve."""
    sieve.add_argument(
        "archives",
        nargs="*",
        type=make_readable,
        metavar="WARC",
        help="a WARC or WET file, a folder of them, or an address such as s3://bucket/*.warc.gz",
    )
    sieve.add_argument(
        "--list",
        type=parse_path,
        metavar="FILE",
        help="a text with an archive in each line",
    )
    sieve.add_argument(
        "-o",
        "--raw",
        type=parse_path,
        required=True,
        metavar="FOLDER",
        help="where the plans are kept, for fengong parse",
    )
    sieve.add_argument(
        "--files",
        action="store_true",
        help="read PDF and office files too, each of which takes far longer than a page",
    )
    sieve.add_argument(
        "--largest",
        type=parse_mebibytes,
        default=16,
        metavar="MIB",
        help="pass over records with more MiB; default 16",
    )
    sieve.add_argument(
        "--jobs",
        type=parse_processes,
        metavar="N",
        help="archives read at once; else as many as there are cores for this process",
    )
    sieve.add_argument("--json", action="store_true", help="print the counts as JSON")
    add_lexicon(sieve)
    sieve.set_defaults(module="sieve_command")
