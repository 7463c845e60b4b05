"""fengong names: every name of an OUTPUT, and decisions about which body it means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.cli.language import translate
from pipeline.cli.terminal import make_console, make_table, say, say_errors, write_data
from pipeline.dataset.csv_rows import rows_to_csv
from pipeline.dataset.record_files import read_records
from pipeline.decisions.judgements import keep_judgements, read_judgements
from pipeline.decisions.name_list import (
    LIST_COLUMNS,
    PROPOSAL_COLUMNS,
    list_names,
    list_rows,
    propose_lexicon_rows,
    write_name_list,
)
from pipeline.decisions.overlay import all_or_nothing, apply_anew

if TYPE_CHECKING:
    import argparse

    from pipeline.errors import PipelineError

_HEAD_MESSAGES = {
    "name": "名称",
    "count": "次数",
    "first_year": "首年",
    "last_year": "末年",
    "roles": "角色",
    "canonical": "规范名称",
    "near": "相近名称",
}
_ROLE_MESSAGES = {
    "leader": "leader {count}",
    "host": "host {count}",
    "co_host": "co-host {count}",
}


def run(args: argparse.Namespace) -> int:
    """List the names of an OUTPUT, propose lexicon rows for them, or apply decisions."""
    errors: list[PipelineError] = []
    if args.judge:
        decided = read_judgements(args.judge)
        notices = list(read_records(args.output))
        with all_or_nothing(args.output):
            keep_judgements(decided, args.output)
            changed = apply_anew(args.output, notices, errors.append)
        say(f"{len(decided)} decisions kept, {changed} mentions have another body")
        return say_errors(errors)
    listed = list_names(args.output, errors.append)
    if args.propose:
        proposed = propose_lexicon_rows(listed, errors.append)
        write_data(rows_to_csv(PROPOSAL_COLUMNS, proposed).decode())
        return say_errors(errors)
    rows = list_rows(listed, errors.append)
    path = write_name_list(args.output, rows)
    if args.csv:
        write_data(rows_to_csv(LIST_COLUMNS, rows).decode())
    else:
        _show_names(rows)
    unknown = sum(one.canonical is None for one in listed)
    say(f"{len(rows)} names, {unknown} without a body; {path}")
    return say_errors(errors)


def _show_names(rows: list[dict[str, str]]) -> None:
    """Print the names as a table."""
    listed = make_table()
    for key, head in _HEAD_MESSAGES.items():
        listed.add_column(
            translate(head), overflow="fold", justify="right" if key == "count" else "left"
        )
    for row in rows:
        shown = {**row, "roles": _say_roles(row["roles"])}
        listed.add_row(*(shown[key] for key in _HEAD_MESSAGES))
    make_console(140).print(listed)


def _say_roles(counted: str) -> str:
    """Return the roles of a name with their counts in the language of the run: host 1 -> 主办 1."""
    roles = (one.partition(" ") for one in counted.split("、") if one)
    said = (translate(_ROLE_MESSAGES[role].format(count=count)) for role, _, count in roles)
    return "、".join(said)
