"""The commands and their arguments."""

from __future__ import annotations

from pathlib import Path

from pipeline import __version__
from pipeline.cli.argument_values import (
    add_lexicon,
    parse_assignment,
    parse_count,
    parse_day,
    parse_name,
    parse_path,
    parse_processes,
    parse_year,
)
from pipeline.cli.cluster_arguments import add_cluster
from pipeline.cli.crawl_arguments import add_fetch, add_update, add_watch
from pipeline.cli.parser import Parser
from pipeline.cli.serve_arguments import add_mcp, add_serve, add_site
from pipeline.cli.sieve_arguments import add_sieve
from pipeline.readable import make_readable

_STORE = "output/fengong.sqlite"


def make_parser() -> Parser:
    """Return the parser of the command line; the arguments' `module` is the command's module."""
    parser = Parser(
        prog="fengong",
        description="Annual plans of Chinese governments -> structured records, JSON and CSV.",
    )
    parser.add_argument("--version", action="version", version=f"fengong {__version__}")
    add = parser.add_commands("commands", "COMMAND")
    _add_parse(add("parse", "notices -> records and tables"))
    add_fetch(add("fetch", "a notice and its attachments from the web into raw/"))
    add_watch(add("watch", "what is new on the lists of many sites, into raw/"))
    add_update(add("update", "parse what is new, compare with last year, write a digest"))
    add_sieve(add("sieve", "web archives -> the plans in them, as a folder to parse"))
    verify = add("verify", "re-check every span, id, hash and table row")
    verify.add_argument("output", type=parse_path, metavar="OUTPUT", help="folder of a dataset")
    verify.set_defaults(module="verify_command")
    add_cluster(add("cluster", "parse on many machines, and gather what they made"))
    _add_names(add("names", "every unit named, and the body that it is"))
    _add_diff(add("diff", "what changed from one plan to another"))
    threads = add("threads", "every item followed through its plan's years")
    threads.add_argument("output", type=parse_path, metavar="OUTPUT", help="folder of a dataset")
    threads.add_argument(
        "--ids",
        type=parse_path,
        metavar="FILE",
        help="an earlier threads.csv whose ids of threads are kept; else that of OUTPUT",
    )
    threads.set_defaults(module="threads_command")
    _add_export(add("export", "a workbook, Parquet, JSON Lines, CSV, SQLite"))
    _add_ledger(add("ledger", "read back ledgers that were filled in"))
    _add_load(add("load", "records into a database"))
    _add_search(add("search", "items by words, units, leaders, years"))
    _add_correct(add("correct", "put right what was read wrong"))
    listed = add("corrections", "every correction, and whether it still fits")
    listed.add_argument("output", type=parse_path, metavar="OUTPUT", help="folder of a dataset")
    listed.add_argument("--json", action="store_true", help="print the list as JSON")
    add_lexicon(listed)
    listed.add_argument(
        "--tidy", action="store_true", help="let go of those that the parser needs no more"
    )
    listed.set_defaults(module="corrections_command")
    add_serve(add("serve", "a desk in the browser: read, check and correct"))
    add_site(add("site", "the desk as plain files that any web server or a memory stick holds"))
    add_mcp(add("mcp", "the records as tools for an assistant (Model Context Protocol)"))
    schema = add("schema", "print the JSON Schema of a record")
    schema.add_argument("--comparison", action="store_true", help="of what fengong diff tells")
    schema.set_defaults(module="schema_command")
    return parser


def _add_parse(parse: Parser) -> None:
    parse.add_argument(
        "sources", nargs="+", type=parse_path, metavar="SOURCE", help="file or folder"
    )
    parse.add_argument(
        "-o", "--output", type=parse_path, required=True, help="folder of the dataset"
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
    parse.add_argument(
        "--jobs",
        type=parse_processes,
        metavar="N",
        help="processes that share the work; else as many as there are cores for this process",
    )
    add_lexicon(parse)
    parse.set_defaults(module="parse_command")


def _add_names(names: Parser) -> None:
    names.add_argument("output", type=parse_path, metavar="OUTPUT", help="folder of a dataset")
    add_lexicon(names)
    does = names.add_mutually_exclusive_group()
    does.add_argument(
        "--propose", action="store_true", help="print lexicon rows for the names without a body"
    )
    does.add_argument("--judge", type=parse_path, metavar="FILE", help="apply a file of decisions")
    does.add_argument("--csv", action="store_true", help="print the list as CSV")
    names.set_defaults(module="names_command")


def _add_diff(diff: Parser) -> None:
    diff.add_argument(
        "previous", type=parse_path, metavar="PREVIOUS", help="a document or a record"
    )
    diff.add_argument(
        "current",
        nargs="+",
        type=parse_path,
        metavar="CURRENT",
        help="the next year; several are each compared with the one before",
    )
    diff.add_argument(
        "--with",
        dest="others",
        action="append",
        type=parse_path,
        metavar="PREVIOUS",
        help="another plan of the first year, as of a district that was merged; may be repeated",
    )
    diff.add_argument(
        "--plan",
        type=make_readable,
        metavar="WORDS",
        help="of a notice with several annexes the plan whose title has these words",
    )
    diff.add_argument(
        "--to",
        "--format",
        dest="format",
        choices=("text", "json", "csv", "html", "md", "docx", "xlsx"),
        default="text",
        help="docx and xlsx are files for an office and need -o",
    )
    diff.add_argument(
        "-o",
        "--output",
        type=parse_path,
        help="write to this file, not to stdout; for several years a folder",
    )
    diff.set_defaults(module="diff_command")


def _add_export(export: Parser) -> None:
    export.add_argument("output", type=parse_path, metavar="OUTPUT", help="folder of a dataset")
    export.add_argument(
        "--to",
        action="append",
        choices=("xlsx", "parquet", "jsonl", "csv", "sqlite"),
        required=True,
        help="xlsx is the task ledger; sqlite is what fengong load makes; may be repeated",
    )
    export.add_argument(
        "-o",
        dest="target",
        type=parse_path,
        metavar="PATH",
        help="file or folder, for several formats a folder; else in OUTPUT",
    )
    export.add_argument(
        "--notice",
        action="append",
        type=parse_name,
        metavar="NOTICE_ID",
        help="only this notice; may be repeated",
    )
    export.add_argument(
        "--no-bom", action="store_true", help="CSV without the byte-order mark that Excel needs"
    )
    export.add_argument(
        "--paper", choices=("A4", "A3"), default="A4", help="of the task ledger; default A4"
    )
    export.add_argument(
        "--today",
        type=parse_day,
        metavar="DAY",
        help="the day, such as 2024-06-30, to which the ledger counts days overdue; "
        "else the day on which it is opened",
    )
    export.set_defaults(module="export_command")


def _add_ledger(ledger: Parser) -> None:
    add = ledger.add_commands("commands", "COMMAND")
    read = add("read", "what people wrote into one ledger, into OUTPUT/progress.csv")
    read.add_argument("file", type=parse_path, metavar="FILE", help="a ledger of fengong export")
    read.add_argument(
        "-o", "--output", type=parse_path, default=Path("output"), help="folder of its dataset"
    )
    read.add_argument("--json", action="store_true", help="print what was read as JSON")
    read.set_defaults(module="ledger_command")
    collect = add(
        "collect", "what units wrote into all files that they returned, into OUTPUT/progress.csv"
    )
    collect.add_argument(
        "files", nargs="+", type=parse_path, metavar="FILE", help="a filled ledger, or a folder"
    )
    collect.add_argument(
        "-o", "--output", type=parse_path, default=Path("output"), help="folder of its dataset"
    )
    collect.add_argument("--json", action="store_true", help="print what was read as JSON")
    collect.set_defaults(module="ledger_collect")


def _add_load(load: Parser) -> None:
    load.add_argument("output", type=parse_path, metavar="OUTPUT", help="folder of a dataset")
    load.add_argument(
        "--store", metavar="STORE", help="a file, or the URL of a database; else in OUTPUT"
    )
    load.set_defaults(module="load_command")


def _add_search(search: Parser) -> None:
    search.add_argument(
        "words", nargs="*", type=make_readable, metavar="WORDS", help="each is found as it stands"
    )
    search.add_argument("--store", metavar="STORE", default=_STORE, help=f"default {_STORE}")
    search.add_argument("--year", type=parse_year, action="append", help="may be repeated")
    search.add_argument("--region", type=make_readable, help="a place, or a part of its name")
    search.add_argument("--unit", type=make_readable, help="a unit, by any of its names")
    search.add_argument("--leader", type=make_readable, help="a leader's name")
    search.add_argument(
        "--role",
        choices=("leader", "host", "co_host"),
        help="the words, the unit or the leader in this role",
    )
    search.add_argument("--limit", type=parse_count, default=20, help="most hits shown; 0 is all")
    search.add_argument("--json", action="store_true", help="print the hits as JSON")
    search.set_defaults(module="search_command")


def _add_correct(correct: Parser) -> None:
    correct.add_argument(
        "item_id", nargs="?", type=parse_name, metavar="ITEM_ID", help="an item, or a notice"
    )
    correct.add_argument(
        "-o", "--output", type=parse_path, default=Path("output"), help="folder of the dataset"
    )
    correct.add_argument(
        "--set",
        action="append",
        type=parse_assignment,
        metavar="FIELD=VALUE",
        help="may be repeated",
    )
    _add_edits(correct)
    correct.add_argument(
        "--same",
        action="append",
        type=parse_name,
        metavar="ID",
        help="an item of another year is the same demand; a notice, a year of the same series",
    )
    correct.add_argument(
        "--different",
        action="append",
        type=parse_name,
        metavar="ID",
        help="an item of another year is another demand; a notice, of another series",
    )
    correct.add_argument(
        "--undo",
        action="append",
        type=parse_name,
        metavar="FIELD",
        help="take a correction back, or with an ID what was decided on the two",
    )
    correct.add_argument("--file", type=parse_path, help="corrections as CSV or YAML")
    correct.add_argument(
        "--who", type=make_readable, help="who corrects it; else the user of the machine"
    )
    correct.add_argument("--when", type=parse_name, help="the day, such as 2024-06-30; else today")
    correct.add_argument("--why", type=make_readable, help="the reason")
    add_lexicon(correct)
    correct.set_defaults(module="correct_command")


def _add_edits(correct: Parser) -> None:
    correct.add_argument(
        "--split",
        action="append",
        type=make_readable,
        metavar="WORDS",
        help="the words that begin the next item, or their offset in the source",
    )
    correct.add_argument(
        "--join",
        action="append",
        type=parse_name,
        metavar="ID",
        help="an item beside it, one with it",
    )
    correct.add_argument(
        "--add",
        action="append",
        type=make_readable,
        metavar="WORDS",
        help="words of a notice's source that are an item; --set says its fields",
    )
    correct.add_argument("--delete", action="store_true", help="the item is no task")
    correct.add_argument(
        "--reviewed", action="store_true", help="the item, or the whole notice, was read right"
    )
