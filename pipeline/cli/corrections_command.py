"""fengong corrections: every correction of an OUTPUT, and whether it still fits."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pipeline.cli.language import colon, translate
from pipeline.cli.terminal import make_console, make_table, print_json, say, say_errors
from pipeline.dataset.record_files import read_records
from pipeline.decisions.correction_fits import find_fits
from pipeline.decisions.corrections import read_kept_corrections, tidy
from pipeline.decisions.overlay import all_or_nothing, apply_anew

if TYPE_CHECKING:
    import argparse

    from pipeline.decisions.correction_fits import Fit
    from pipeline.errors import PipelineError


_STATE_MESSAGES = {
    "in force": "有效",
    "moved": "有效（已移位）",
    "read": "已能读对",
    "unfit": "不再适用",
}
_COUNT_MESSAGES = {
    "in force": "{count} in force",
    "moved": "{count} moved",
    "read": "{count} read",
    "unfit": "{count} unfit",
}


def run(args: argparse.Namespace) -> int:
    """Print what people corrected in an OUTPUT, and how it fits what is read now."""
    notices = list(read_records(args.output))
    errors: list[PipelineError] = []
    if args.tidy:
        with all_or_nothing(args.output):
            fits = tidy(args.output, notices)
            apply_anew(args.output, notices, errors.append)
    else:
        fits = find_fits(notices, read_kept_corrections(args.output))
    if args.json:
        listed: list[dict[str, str | None]] = [
            {**one.correction.row(), "status": one.status, "now": one.item_id, "reason": one.reason}
            for one in fits
        ]
        print_json(listed)
    elif fits:
        _show_fits(fits)
    counts = Counter(one.status for one in fits)
    states = [_COUNT_MESSAGES[status].format(count=count) for status, count in counts.items()]
    say(f"{len(fits)} corrections", *states)
    if args.tidy:
        say("those that are read right by now were let go, those that moved anchored anew")
    return say_errors(errors)


def _show_fits(fits: list[Fit]) -> None:
    """Print the corrections as a table."""
    listed = make_table()
    for head in ("事项", "字段", "原读作", "更正为", "更正人", "日期", "理由", "状态"):
        listed.add_column(translate(head), overflow="fold")
    for fit in fits:
        one = fit.correction
        state = translate(_STATE_MESSAGES[fit.status])
        state += f"{colon()}{translate(fit.reason)}" if fit.reason else ""
        place = fit.item_id or one.anchor.item_id
        cells = (place, one.field, one.read, one.value, one.who, one.when, one.why, state)
        listed.add_row(*cells)
    make_console(160).print(listed)
