"""The arguments of the commands that visit sites."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.readable import make_readable

if TYPE_CHECKING:
    from pipeline.cli.parser import Parser


def add_fetch(fetch: Parser) -> None:
    """Add the arguments of fengong fetch."""
    fetch.add_argument(
        "urls", nargs="+", type=make_readable, metavar="URL", help="the page of a notice, or a file"
    )
    _add_places(fetch)
    fetch.add_argument(
        "--contact",
        default="",
        type=make_readable,
        help="an address to write to, told to the server in the User-Agent",
    )
    fetch.add_argument(
        "--delay", type=_parse_seconds, default=2.0, help="seconds between requests; default 2"
    )
    fetch.add_argument(
        "--allow-host",
        action="append",
        metavar="HOST",
        help="a host to which redirects and attachments may lead; may be repeated",
    )
    fetch.add_argument(
        "--allow-private",
        action="store_true",
        help="also ask addresses of this machine and of private networks",
    )
    fetch.add_argument(
        "--record", type=Path, metavar="FOLDER", help="keep the answers as a fixture for tests"
    )
    fetch.add_argument("--json", action="store_true", help="print what was fetched as JSON")
    fetch.set_defaults(module="crawl_command", visit="fetch_command")


def add_watch(watch: Parser) -> None:
    """Add the arguments of fengong watch."""
    watch.add_argument(
        "sites", nargs="?", type=Path, metavar="SITES", help="sites.toml, see docs/crawling.md"
    )
    watch.add_argument(
        "--sample", action="store_true", help="print a file of sites to begin with, untested"
    )
    _add_places(watch)
    watch.add_argument(
        "--check", action="store_true", help="tell what each site would give; nothing is kept"
    )
    watch.add_argument(
        "--site",
        action="append",
        type=make_readable,
        metavar="NAME",
        help="only this site of the file; may be repeated",
    )
    watch.add_argument(
        "--contact",
        default="",
        type=make_readable,
        help="an address to write to, instead of that in the file",
    )
    watch.add_argument("--json", action="store_true", help="print the report as JSON")
    watch.set_defaults(module="crawl_command", visit="watch_command")


def add_update(update: Parser) -> None:
    """Add the arguments of fengong update."""
    update.add_argument(
        "sources",
        nargs="*",
        type=Path,
        default=[Path("raw")],
        metavar="SOURCE",
        help="file or folder; default raw",
    )
    update.add_argument(
        "-o", "--output", type=Path, default=Path("output"), help="folder of the dataset"
    )
    _add_state(update)
    update.add_argument(
        "--store", metavar="STORE", help="a file, or the URL of a database; else in OUTPUT"
    )
    update.add_argument("--json", action="store_true", help="print what is new as JSON")
    update.set_defaults(module="crawl_command", visit="update_command")


def _add_places(command: Parser) -> None:
    command.add_argument(
        "--raw",
        type=Path,
        default=Path("raw"),
        metavar="FOLDER",
        help="of the sources; default raw",
    )
    _add_state(command)


def _add_state(command: Parser) -> None:
    command.add_argument(
        "--state",
        type=Path,
        default=Path("crawl"),
        metavar="FOLDER",
        help="of what is known of the sites, and of the WARC files; default crawl",
    )


def _parse_seconds(word: str) -> float:
    try:
        seconds = float(word)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 3600:
        raise argparse.ArgumentTypeError(f"{word!r} is no number of seconds; write one such as 2")
    return seconds
