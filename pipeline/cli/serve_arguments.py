"""The arguments of fengong serve, site and mcp."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.readable import make_readable

if TYPE_CHECKING:
    from pipeline.cli.parser import Parser

_LAST_PORT = 65_535


def add_serve(serve: Parser) -> None:
    """Add the arguments of fengong serve."""
    # Not called `output`: the desk locks its OUTPUT only while it writes.
    serve.add_argument("dataset", type=Path, metavar="OUTPUT", help="folder of a dataset")
    serve.add_argument(
        "--host", default="127.0.0.1", type=make_readable, help="address; default 127.0.0.1"
    )
    serve.add_argument(
        "--port", default=8400, type=_parse_port, help="port; default 8400, 0 for any free one"
    )
    serve.add_argument(
        "--read-token-env",
        metavar="VARIABLE",
        help="variable of the environment with the token for reading",
    )
    serve.add_argument(
        "--write-token-env",
        metavar="VARIABLE",
        help="variable of the environment with the token for reading and writing",
    )
    serve.add_argument(
        "--behind-proxy-user",
        metavar="HEADER",
        help="header in which a proxy names the user; the proxy must drop it where others send it",
    )
    serve.add_argument("--read-only", action="store_true", help="nobody may change anything")
    serve.add_argument(
        "--allow-host",
        action="append",
        type=make_readable,
        metavar="NAME",
        help="a name under which the desk may be opened; may be repeated",
    )
    serve.add_argument(
        "--inbox",
        type=Path,
        metavar="FOLDER",
        help="a folder whose subfolders may be parsed from the page",
    )
    serve.add_argument(
        "--uploads",
        type=Path,
        metavar="FOLDER",
        help="a folder that keeps the files that are sent; without it none can be sent",
    )
    serve.add_argument(
        "--largest-upload",
        default=50,
        type=_parse_megabytes,
        metavar="MB",
        help="megabytes that may be sent at once; default 50",
    )
    serve.set_defaults(module="serve_command")


def add_site(site: Parser) -> None:
    """Add the arguments of fengong site."""
    site.add_argument("dataset", type=Path, metavar="OUTPUT", help="folder of a dataset")
    site.add_argument(
        "folder", type=Path, metavar="FOLDER", help="folder that the files are written to"
    )
    site.set_defaults(module="site_command")


def add_mcp(mcp: Parser) -> None:
    """Add the arguments of fengong mcp."""
    mcp.add_argument("dataset", type=Path, metavar="OUTPUT", help="folder of a dataset")
    mcp.add_argument(
        "--folder",
        action="append",
        type=Path,
        help="a folder of which files may be parsed; may be repeated, without it none may",
    )
    mcp.add_argument("--writable", action="store_true", help="the assistant may correct items")
    mcp.set_defaults(module="mcp_command")


def _parse_port(word: str) -> int:
    if not (word.isascii() and word.isdigit() and int(word) <= _LAST_PORT):
        raise argparse.ArgumentTypeError(f"{word!r} is no port; write a number such as 8400")
    return int(word)


def _parse_megabytes(word: str) -> int:
    if not (word.isascii() and word.isdigit() and 0 < int(word) <= 2000):
        raise argparse.ArgumentTypeError(
            f"{word!r} is no number of megabytes; write one from 1 to 2000"
        )
    return int(word)
