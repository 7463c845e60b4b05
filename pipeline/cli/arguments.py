"""The commands and their arguments."""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from pipeline import __version__
from pipeline.cli.terminal import printable
from pipeline.readable import make_readable

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

_STORE = "output/fengong.sqlite"
# An address of a database in the place of a path.
_ADDRESS = re.compile(r"://|pass\w*\s*=")


class _Parser(argparse.ArgumentParser):
    """A parser whose messages repeat no password of a store's address and no control character.

    Help that cannot be printed fails; argparse passes over that.
    """

    def error(self, message: str) -> NoReturn:
        """Print the usage and a message, and exit with 2."""
        if "=" in message or ":" in message:
            # An address in the wrong place of a command is repeated by the message.
            from pipeline.store.address import hide_passwords  # noqa: PLC0415

            message = hide_passwords(message)
        super().error(printable(make_readable(message)))

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        if file is sys.stdout:
            print(message, end="")
        else:
            super()._print_message(message, file)


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line; the arguments' `module` is the command's module."""
    parser = _Parser(
        prog="fengong",
        description="Annual plans of Chinese governments -> structured records, JSON and CSV.",
    )
    parser.add_argument("--version", action="version", version=f"fengong {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_parse(commands.add_parser("parse", help="notices -> records and tables"))
    verify = commands.add_parser("verify", help="re-check every span, id, hash and table row")
    verify.add_argument("output", type=_parse_path, metavar="OUTPUT")
    verify.set_defaults(module="verify_command")
    _add_names(commands.add_parser("names", help="every unit named, and the body that it is"))
    _add_diff(commands.add_parser("diff", help="what changed from one plan to another"))
    threads = commands.add_parser("threads", help="every item followed through its plan's years")
    threads.add_argument("output", type=_parse_path, metavar="OUTPUT", help="folder of a dataset")
    threads.set_defaults(module="threads_command")
    _add_export(commands.add_parser("export", help="a workbook, Parquet, JSON Lines, CSV, SQLite"))
    _add_ledger(commands.add_parser("ledger", help="read a ledger that was filled in by hand"))
    _add_load(commands.add_parser("load", help="records into a database"))
    _add_search(commands.add_parser("search", help="items by words, units, leaders, years"))
    _add_correct(commands.add_parser("correct", help="put right what was read wrong"))
    listed = commands.add_parser("corrections", help="every correction, and whether it still fits")
    listed.add_argument("output", type=_parse_path, metavar="OUTPUT")
    listed.add_argument("--json", action="store_true", help="print the list as JSON")
    _add_lexicon(listed)
    listed.add_argument(
        "--tidy", action="store_true", help="let go of those that the parser needs no more"
    )
    listed.set_defaults(module="corrections_command")
    schema = commands.add_parser("schema", help="print the JSON Schema of a record")
    schema.add_argument("--comparison", action="store_true", help="of what fengong diff tells")
    schema.set_defaults(module="schema_command")
    return parser


def _add_parse(parse: argparse.ArgumentParser) -> None:
    parse.add_argument(
        "sources", nargs="+", type=_parse_path, metavar="SOURCE", help="file or folder"
    )
    parse.add_argument(
        "-o", "--output", type=_parse_path, required=True, help="folder of the dataset"
    )
    parse.add_argument("--strict", action="store_true", help="exit 1 on problems of severity error")
    parse.add_argument("--json", action="store_true", help="print the summary as JSON")
    parse.add_argument(
        "--anew", action="store_true", help="parse also what has not changed since the last run"
    )
    parse.add_argument(
        "--take-over",
        action="store_true",
        help="write into a folder that is not of fengong: files with the names of ours are overwritten",
    )
    _add_lexicon(parse)
    parse.set_defaults(module="parse_command")


def _add_lexicon(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--lexicon", type=_parse_path, metavar="FOLDER", help="tables laid over ours"
    )


def _add_names(names: argparse.ArgumentParser) -> None:
    names.add_argument("output", type=_parse_path, metavar="OUTPUT")
    _add_lexicon(names)
    does = names.add_mutually_exclusive_group()
    does.add_argument(
        "--propose", action="store_true", help="print lexicon rows for the names without a body"
    )
    does.add_argument("--judge", type=_parse_path, metavar="FILE", help="apply a file of decisions")
    does.add_argument("--csv", action="store_true", help="print the list as CSV")
    names.set_defaults(module="names_command")


def _add_diff(diff: argparse.ArgumentParser) -> None:
    diff.add_argument(
        "previous", type=_parse_path, metavar="PREVIOUS", help="a document or a record"
    )
    diff.add_argument("current", type=_parse_path, metavar="CURRENT", help="a document or a record")
    diff.add_argument(
        "--to",
        "--format",
        dest="format",
        choices=("text", "json", "csv", "html", "md", "docx", "xlsx"),
        default="text",
        help="docx and xlsx are files for an office and need -o",
    )
    diff.add_argument("-o", "--output", type=_parse_path, help="write to this file, not to stdout")
    diff.set_defaults(module="diff_command")


def _add_export(export: argparse.ArgumentParser) -> None:
    export.add_argument("output", type=_parse_path, metavar="OUTPUT", help="folder of a dataset")
    export.add_argument(
        "--to",
        choices=("xlsx", "parquet", "jsonl", "csv", "sqlite"),
        required=True,
        help="xlsx is the task ledger; sqlite is what fengong load makes",
    )
    export.add_argument(
        "-o", dest="target", type=_parse_path, metavar="PATH", help="file or folder; else in OUTPUT"
    )
    export.add_argument(
        "--notice",
        action="append",
        type=_parse_name,
        metavar="NOTICE_ID",
        help="only this notice; may be repeated",
    )
    export.add_argument(
        "--no-bom", action="store_true", help="CSV without the byte-order mark that Excel needs"
    )
    export.set_defaults(module="export_command")


def _add_ledger(ledger: argparse.ArgumentParser) -> None:
    does = ledger.add_subparsers(required=True, metavar="read")
    read = does.add_parser("read", help="what people wrote into a ledger, into OUTPUT/progress.csv")
    read.add_argument("file", type=_parse_path, metavar="FILE", help="a ledger of fengong export")
    read.add_argument(
        "-o", "--output", type=_parse_path, default=Path("output"), help="folder of its dataset"
    )
    read.add_argument("--json", action="store_true", help="print what was read as JSON")
    read.set_defaults(module="ledger_command")


def _add_load(load: argparse.ArgumentParser) -> None:
    load.add_argument("output", type=_parse_path, metavar="OUTPUT", help="folder of a dataset")
    load.add_argument(
        "--store", metavar="STORE", help="a file, or the URL of a database; else in OUTPUT"
    )
    load.set_defaults(module="load_command")


def _add_search(search: argparse.ArgumentParser) -> None:
    search.add_argument(
        "words", nargs="*", type=make_readable, metavar="WORDS", help="each is found as it stands"
    )
    search.add_argument("--store", metavar="STORE", default=_STORE, help=f"default {_STORE}")
    search.add_argument("--year", type=_parse_year, action="append", help="may be repeated")
    search.add_argument("--region", type=make_readable, help="a place, or a part of its name")
    search.add_argument("--unit", type=make_readable, help="a unit, by any of its names")
    search.add_argument("--leader", type=make_readable, help="a leader's name")
    search.add_argument(
        "--role",
        choices=("leader", "host", "co_host"),
        help="the words, the unit or the leader in this role",
    )
    search.add_argument("--limit", type=_parse_count, default=20, help="most hits shown; 0 is all")
    search.add_argument("--json", action="store_true", help="print the hits as JSON")
    search.set_defaults(module="search_command")


def _add_correct(correct: argparse.ArgumentParser) -> None:
    correct.add_argument(
        "item_id", nargs="?", type=_parse_name, metavar="ITEM_ID", help="an item, or a notice"
    )
    correct.add_argument(
        "-o", "--output", type=_parse_path, default=Path("output"), help="folder of the dataset"
    )
    correct.add_argument(
        "--set",
        action="append",
        type=_parse_assignment,
        metavar="FIELD=VALUE",
        help="may be repeated",
    )
    correct.add_argument(
        "--undo",
        action="append",
        type=_parse_name,
        metavar="FIELD",
        help="take a correction back",
    )
    correct.add_argument("--file", type=_parse_path, help="corrections as CSV or YAML")
    correct.add_argument(
        "--who", type=make_readable, help="who corrects it; else the user of the machine"
    )
    correct.add_argument("--when", type=_parse_name, help="the day, such as 2024-06-30; else today")
    correct.add_argument("--why", type=make_readable, help="the reason")
    _add_lexicon(correct)
    correct.set_defaults(module="correct_command")


def _parse_path(word: str) -> Path:
    """Parse a path; an address of a database is none, and is not repeated: it may have a password."""
    if _ADDRESS.search(word) and not os.path.lexists(word):
        fact = "an address of a database; name a path, or load --store"
        raise argparse.ArgumentTypeError(fact)
    return Path(word)


def _parse_name(word: str) -> str:
    """Parse an id, a field or a day; no address of a database, as `_parse_path`."""
    if _ADDRESS.search(word):
        fact = "an address of a database; name it by load --store"
        raise argparse.ArgumentTypeError(fact)
    return make_readable(word)


def _parse_assignment(word: str) -> str:
    """Parse FIELD=VALUE; a value may be any text, also one with an address of a page."""
    _parse_name(word.partition("=")[0])
    return make_readable(word)


def _parse_year(word: str) -> int:
    year = int(word)
    if not 1 <= year <= 9999:
        raise argparse.ArgumentTypeError(f"{word} is no year")
    return year


def _parse_count(word: str) -> int:
    count = int(word)
    if not 0 <= count <= 10**9:
        raise argparse.ArgumentTypeError(f"{word} is no number of hits")
    return count
