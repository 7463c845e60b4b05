"""fengong correct: put right what was read wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from getpass import getuser
from typing import TYPE_CHECKING, NamedTuple

from pipeline.cli.terminal import say, say_errors
from pipeline.cli.usage import UsageError
from pipeline.collector import collector_at_rest
from pipeline.dataset.manifest import CORRECTIONS
from pipeline.decisions.concerned import apply_concerned, read_concerned
from pipeline.decisions.correction import check_day
from pipeline.decisions.correction_file import read_corrections
from pipeline.decisions.corrections import complete, correct, make_correction
from pipeline.decisions.overlay import all_or_nothing

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from pipeline.decisions.correction import Correction
    from pipeline.errors import PipelineError
    from pipeline.model import Notice


_COMMAND = "correct"
_WHO = "--who"


class _Author(NamedTuple):
    """Who corrects, on which day, and why."""

    who: str
    when: str
    why: str


@collector_at_rest()
def run(args: argparse.Namespace) -> int:
    """Add corrections or take them back, and apply all that an OUTPUT keeps to its records."""
    if not args.file and not (args.item_id and (args.set or args.undo)):
        remedy = (
            "name an ITEM_ID with --set FIELD=VALUE or --undo FIELD, or a --file of corrections"
        )
        raise UsageError(_COMMAND, "nothing is named to correct", remedy)
    who = args.who or _find_user()
    if not who:
        raise UsageError(_WHO, "nobody is known to correct it", "name a person by --who")
    today = datetime.now(UTC).date().isoformat()
    when = check_day("--when", "when", args.when) if args.when else today
    by = _Author(who, when, args.why or "")
    for assignment in args.set or ():
        if "=" not in assignment:
            remedy = "write --set host_units=区财政局、区民政局"
            raise UsageError(f"--set {assignment}", "has no =", remedy)
    listed = read_corrections(args.file) if args.file else []
    # Everything is read before anything is written: a damaged record stops the run with nothing done.
    item_ids = [args.item_id] if args.item_id else []
    concerned = read_concerned(args.output, item_ids, listed)
    notices = concerned.notices
    more = [*_make_corrections(args, notices, by), *_complete_file(listed, notices, by)]
    undone = [(args.item_id, field) for field in args.undo or ()]
    errors: list[PipelineError] = []
    with all_or_nothing(args.output):
        kept = correct(args.output, notices, more, undone, concerned.origins)
        apply_concerned(args.output, concerned, errors.append)
    for one in more:
        item_id, now, before = one.anchor.item_id, one.value or "-", one.read or "-"
        say(f"{item_id} {one.field}: {now} (read: {before})")
    say(f"{len(kept)} corrections kept in {args.output / CORRECTIONS}")
    return say_errors(errors)


def _make_corrections(
    args: argparse.Namespace, notices: Sequence[Notice], by: _Author
) -> Iterator[Correction]:
    """Yield the corrections that --set states."""
    for assignment in args.set or ():
        field, _, value = assignment.partition("=")
        yield make_correction(notices, args.item_id, field, value, by)


def _complete_file(
    listed: Sequence[Correction], notices: Sequence[Notice], by: _Author
) -> Iterator[Correction]:
    """Yield the corrections of --file; what a row leaves out is as the arguments say."""
    for one in listed:
        who, when, why = one.who or by.who, one.when or by.when, one.why or by.why
        yield complete(one._replace(who=who, when=when, why=why), notices)


def _find_user() -> str:
    """Return the user of the machine; empty where it is unknown, as in a container."""
    try:
        return getuser()
    except (OSError, KeyError):
        return ""
