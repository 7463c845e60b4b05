"""fengong correct: put right what was read wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from getpass import getuser
from typing import TYPE_CHECKING

from pipeline.cli.terminal import say, say_errors
from pipeline.cli.usage import UsageError
from pipeline.collector import collector_at_rest
from pipeline.dataset.edited_items import EDIT_KINDS, REVIEWED
from pipeline.dataset.manifest import CORRECTIONS, DECIDED_PAIRS
from pipeline.decisions.anchors import PresentAnchors
from pipeline.decisions.changes import NEW_ITEM, Author, Change, make_changes
from pipeline.decisions.concerned import apply_concerned, read_concerned
from pipeline.decisions.correction import NOTICE_FIELDS, check_day
from pipeline.decisions.correction_file import read_corrections
from pipeline.decisions.corrections import correct
from pipeline.decisions.edit_values import PLACE_JOIN
from pipeline.decisions.overlay import all_or_nothing
from pipeline.decisions.pair_decisions import (
    PAIR_DECISIONS,
    PairDecision,
    keep_pair_decisions,
    make_pair_decision,
)
from pipeline.errors import CorrectionError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pipeline.decisions.correction import Correction
    from pipeline.errors import PipelineError
    from pipeline.model import Notice


_PAIR_MESSAGES = {
    "same": "{one} and {other}: same",
    "different": "{one} and {other}: different",
}
_EDIT_MESSAGES = {
    "split": "{item_id}: split into {new}",
    "join": "{item_id}: joined to {new}",
    "add": "{item_id}: added {new}",
    "delete": "{item_id}: deleted, it is no task",
    "reviewed": "{item_id}: found right",
}
_COMMAND = "correct"
_WHO = "--who"


@collector_at_rest()
def run(args: argparse.Namespace) -> int:
    """Add corrections or take them back, and apply all that an OUTPUT keeps to its records."""
    _check(args)
    who = args.who or _find_user()
    if not who:
        raise UsageError(_WHO, "nobody is known to correct it", "name a person by --who")
    today = datetime.now(UTC).date().isoformat()
    when = check_day("--when", "when", args.when) if args.when else today
    by = Author(who, when, args.why or "")
    listed = read_corrections(args.file, with_pairs=True) if args.file else []
    # Everything is read before anything is written: a damaged record stops the run with nothing done.
    ids = [*filter(None, [args.item_id]), *_list_other_ids(args, listed)]
    concerned = read_concerned(args.output, ids, listed)
    notices = concerned.notices
    pairs = _make_pairs(args, listed, notices, by)
    values = [one for one in listed if one.field not in PAIR_DECISIONS]
    more = make_changes(args.output, concerned, [*_list_changes(args), *values], by)
    undone = [(args.item_id, field) for field in args.undo or () if not _is_id(args, field)]
    apart = [(args.item_id, other) for other in args.undo or () if _is_id(args, other)]
    errors: list[PipelineError] = []
    decided: list[PairDecision] | None = None
    kept: list[Correction] | None = None
    with all_or_nothing(args.output):
        if pairs or apart:
            present = PresentAnchors(notices)
            decided = keep_pair_decisions(args.output, present, pairs, apart, concerned.origins)
        if more or undone or not (pairs or apart):
            kept = correct(args.output, notices, more, undone, concerned.origins)
            apply_concerned(args.output, concerned, errors.append)
    if decided is not None:
        _say_pairs(pairs, decided, args.output)
    if kept is not None:
        _say_corrections(more, kept, args.output)
    return say_errors(errors)


def _check(args: argparse.Namespace) -> None:
    """Refuse arguments that do not go together. Raises UsageError."""
    edits = [name for name in EDIT_KINDS if getattr(args, name)]
    does = args.set or args.undo or args.same or args.different or edits
    if not args.file and not (args.item_id and does):
        remedy = (
            "name an ITEM_ID with --set FIELD=VALUE, --split WORDS, --join ID, --add WORDS, --delete, "
            "--reviewed, --same ID, --different ID or --undo FIELD, or a --file of corrections"
        )
        raise UsageError(_COMMAND, "nothing is named to correct", remedy)
    if does and not args.item_id:
        fact = "no item is named that is corrected"
        raise UsageError(_COMMAND, fact, "name its ITEM_ID before the options")
    changing = [name for name in edits if name != REVIEWED]
    is_twice = len(changing) > 1 or (len(args.add or ()) > 1)
    if is_twice or (args.set and changing not in ([], ["add"])):
        fact = "a run edits one item once, and --set goes with --add alone"
        raise UsageError(_COMMAND, fact, "edit it in one run after the other")
    for assignment in args.set or ():
        if "=" not in assignment:
            remedy = "write --set host_units=区财政局、区民政局"
            raise UsageError(f"--set {assignment}", "has no =", remedy)


def _is_id(args: argparse.Namespace, word: str) -> bool:
    """Answer whether the word of --undo is another id: an item's has a #, a notice's is no field."""
    is_field = word in NOTICE_FIELDS or word in EDIT_KINDS
    return "#" in word or ("#" not in args.item_id and not is_field)


def _list_other_ids(args: argparse.Namespace, listed: Sequence[Correction]) -> list[str]:
    """Return the ids of both sides of all pairs that are decided on or taken back."""
    others = [*(args.same or ()), *(args.different or ())]
    others += [one for one in args.undo or () if _is_id(args, one)]
    in_file = [one for one in listed if one.field in PAIR_DECISIONS]
    return [*others, *(side for one in in_file for side in (one.anchor.item_id, one.value))]


def _make_pairs(
    args: argparse.Namespace, listed: Sequence[Correction], notices: Sequence[Notice], by: Author
) -> list[PairDecision]:
    """Make the decisions on pairs that --same, --different and --file state."""
    made = [
        make_pair_decision(notices, (args.item_id, other), decision, by)
        for decision, others in (("same", args.same), ("different", args.different))
        for other in others or ()
    ]
    for one in listed:
        if one.field in PAIR_DECISIONS:
            own = (one.who or by.who, one.when or by.when, one.why or by.why)
            ids = (one.anchor.item_id, one.value)
            made.append(make_pair_decision(notices, ids, one.field, own))
    seen: dict[frozenset[str], PairDecision] = {}
    for pair in made:
        if seen.setdefault(pair.ids, pair).decision != pair.decision:
            fact = f"it and {pair.other.item_id} are both same and different"
            raise CorrectionError(pair.one.item_id, fact, "keep one of them")
    return list(seen.values())


def _say_pairs(pairs: Sequence[PairDecision], kept: Sequence[PairDecision], output: Path) -> None:
    for one in pairs:
        template = _PAIR_MESSAGES[one.decision]
        say(template.format(one=one.one.item_id, other=one.other.item_id))
    say(f"{len(kept)} decisions kept in {output / DECIDED_PAIRS}")


def _say_corrections(more: Sequence[Correction], kept: Sequence[Correction], output: Path) -> None:
    for one in more:
        item_id, now, before = one.anchor.item_id, one.value or "-", one.read or "-"
        if one.is_edit:
            new = "、".join(one.made_ids)
            say(_EDIT_MESSAGES[one.field].format(item_id=item_id, new=new))
        else:
            say(f"{item_id} {one.field}: {now} (read: {before})")
    say(f"{len(kept)} corrections kept in {output / CORRECTIONS}")


def _list_changes(args: argparse.Namespace) -> Iterator[Change]:
    """Yield the changes that --set and the options of edits state."""
    item_id = args.item_id
    if args.split:
        yield Change(item_id, "split", PLACE_JOIN.join(args.split))
    if args.join:
        yield Change(item_id, "join", PLACE_JOIN.join(args.join))
    for words in args.add or ():
        yield Change(item_id, "add", words)
        # What --set says is then said of the new item.
        item_id = NEW_ITEM
    if args.delete:
        yield Change(item_id, "delete")
    for assignment in args.set or ():
        field, _, value = assignment.partition("=")
        yield Change(item_id, field, value)
    if args.reviewed:
        yield Change(item_id, "reviewed")


def _find_user() -> str:
    """Return the user of the machine; empty where it is unknown, as in a container."""
    try:
        return getuser()
    except (OSError, KeyError):
        return ""
