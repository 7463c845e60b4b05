"""The arguments of the commands that work on a cluster."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cli.argument_values import add_lexicon, parse_processes
from pipeline.readable import make_readable

if TYPE_CHECKING:
    from pipeline.cli.parser import Parser

_SCHEDULER = re.compile(r"(?:tcp|tls|ws|wss|ucx)://[^/\s]+")


def add_cluster(cluster: Parser) -> None:
    """Add fengong cluster parse and fengong cluster gather."""
    add = cluster.add_commands("commands", "COMMAND")
    _add_parse(add("parse", "notices -> partitions of records and tables, on all workers"))
    _add_gather(add("gather", "partitions -> an OUTPUT, as fengong parse would have made it"))


def _add_parse(parse: Parser) -> None:
    parse.add_argument(
        "sources",
        nargs="+",
        type=make_readable,
        metavar="SOURCE",
        help="file or folder that all workers see, or an address such as s3://bucket/plans",
    )
    parse.add_argument(
        "-o",
        dest="target",
        required=True,
        type=make_readable,
        metavar="PARTITIONS",
        help="folder that all workers see, or an address such as s3://bucket/parsed",
    )
    where = parse.add_mutually_exclusive_group(required=True)
    where.add_argument(
        "--scheduler", type=_parse_scheduler, metavar="ADDRESS", help="such as tcp://host:8786"
    )
    where.add_argument(
        "--scheduler-file", type=Path, metavar="FILE", help="that dask scheduler has written"
    )
    where.add_argument(
        "--local", type=parse_processes, metavar="N", help="start N workers on this machine"
    )
    add_lexicon(parse)
    parse.set_defaults(module="cluster_command", step="cluster_parse")


def _add_gather(gather: Parser) -> None:
    gather.add_argument(
        "partitions", type=make_readable, metavar="PARTITIONS", help="what cluster parse has made"
    )
    gather.add_argument("-o", "--output", type=Path, required=True, help="folder of the dataset")
    gather.add_argument(
        "--jobs",
        type=parse_processes,
        metavar="N",
        help="processes that share the work; else as many as there are cores for this process",
    )
    gather.set_defaults(module="cluster_command", step="cluster_gather")


def _parse_scheduler(word: str) -> str:
    if not _SCHEDULER.fullmatch(word):
        fact = f"{word!r} is no address of a scheduler; write it as dask scheduler prints it"
        raise argparse.ArgumentTypeError(fact)
    return word
