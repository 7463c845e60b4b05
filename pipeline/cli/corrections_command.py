"""fengong corrections: every correction of an OUTPUT, and whether it still fits."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pipeline.cli.language import colon, translate
from pipeline.cli.terminal import make_console, make_table, print_json, say, say_errors
from pipeline.dataset.record_files import read_records
from pipeline.decisions.anchors import PresentAnchors
from pipeline.decisions.correction_fits import find_fits
from pipeline.decisions.corrections import read_kept_corrections, tidy
from pipeline.decisions.overlay import all_or_nothing, apply_anew
from pipeline.decisions.pair_decisions import (
    find_pair_fits,
    read_pair_decisions,
    tidy_pair_decisions,
)

if TYPE_CHECKING:
    import argparse

    from pipeline.decisions.fit import Fit
    from pipeline.decisions.pair_decisions import PairFit
    from pipeline.errors import PipelineError


_STATE_MESSAGES = {
    "in force": "有效",
    "moved": "有效（已移位）",
    "read": "已能读对",
    "unfit": "不再适用",
}
_DECISION_MESSAGES = {"same": "同一", "different": "不同"}
_COUNT_MESSAGES = {
    "in force": "{count} in force",
    "moved": "{count} moved",
    "read": "{count} read",
    "unfit": "{count} unfit",
}


def run(args: argparse.Namespace) -> int:
    """Print what people corrected in an OUTPUT, and how it fits what is read now."""
    notices = list(read_records(args.output))
    pairs = find_pair_fits(read_pair_decisions(args.output), PresentAnchors(notices))
    errors: list[PipelineError] = []
    if args.tidy:
        with all_or_nothing(args.output):
            fits = tidy(args.output, notices)
            tidy_pair_decisions(args.output, notices, pairs)
            apply_anew(args.output, notices, errors.append)
    else:
        fits = find_fits(notices, read_kept_corrections(args.output))
    if args.json:
        listed: list[dict[str, str | None]] = [
            {**one.correction.row(), "status": one.status, "now": one.item_id, "reason": one.reason}
            for one in fits
        ]
        print_json([*listed, *map(_list_pair, pairs)])
    elif fits or pairs:
        _show_fits(fits, pairs)
    counts = Counter(one.status for one in fits)
    states = [_COUNT_MESSAGES[status].format(count=count) for status, count in counts.items()]
    say(f"{len(fits)} corrections", *states)
    if pairs:
        of_pairs = Counter(one.status for one in pairs)
        states = [_COUNT_MESSAGES[one].format(count=count) for one, count in of_pairs.items()]
        say(f"{len(pairs)} decisions on links and series", *states)
    if args.tidy:
        say("those that are read right by now were let go, those that moved anchored anew")
    return say_errors(errors)


def _list_pair(fit: PairFit) -> dict[str, str | None]:
    """Return a decision on a pair as a correction of the JSON: the field is the decision, the value the other id."""
    one = fit.decision
    return {
        "item_id": one.one.item_id, "field": one.decision, "value": one.other.item_id,
        "who": one.who, "when": one.when, "why": one.why, "status": fit.status,
        "now": "、".join(fit.ids) if fit.ids else None, "reason": fit.reason,
    }  # fmt: skip


def _show_fits(fits: list[Fit], pairs: list[PairFit]) -> None:
    """Print the corrections, and the decisions on pairs, as a table."""
    listed = make_table()
    for head in ("事项", "字段", "原读作", "更正为", "更正人", "日期", "理由", "状态"):
        listed.add_column(translate(head), overflow="fold")
    for fit in fits:
        one = fit.correction
        state = _say_state(fit.status, fit.reason)
        place = fit.item_id or one.anchor.item_id
        cells = (place, one.field, one.read, one.value, one.who, one.when, one.why, state)
        listed.add_row(*cells)
    for pair in pairs:
        about = pair.decision
        state = _say_state(pair.status, pair.reason)
        side, other = pair.ids or (about.one.item_id, about.other.item_id)
        decision = translate(_DECISION_MESSAGES[about.decision])
        listed.add_row(side, decision, "", other, about.who, about.when, about.why, state)
    make_console(160).print(listed)


def _say_state(status: str, reason: str) -> str:
    """Return how a decision fits what is read now, in the language of the run."""
    state = translate(_STATE_MESSAGES[status])
    return f"{state}{colon()}{translate(reason)}" if reason else state
