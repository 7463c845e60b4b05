"""fengong names, correct, corrections: what people decide about what was read."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import UTC, datetime
from getpass import getuser
from typing import TYPE_CHECKING

from pipeline.cli.terminal import console, say, table

if TYPE_CHECKING:
    import argparse

    from pipeline.decisions.correction import Correction
    from pipeline.decisions.laying import Fit


def judge_names(args: argparse.Namespace) -> int:
    """List the names of an OUTPUT, propose lexicon rows for them, or apply decisions."""
    from pipeline.lexicon import lay_over  # noqa: PLC0415

    # Before the parser is imported: patterns are made of the tables.
    lay_over(args.lexicon)
    from pipeline.dataset.cells import rows_to_csv  # noqa: PLC0415
    from pipeline.decisions import judgements  # noqa: PLC0415

    if args.judge:
        from pipeline.dataset.folder import read_records  # noqa: PLC0415
        from pipeline.decisions.overlay import lay_anew  # noqa: PLC0415

        decided = judgements.read_judgements(args.judge)
        notices = list(read_records(args.output))
        judgements.keep(decided, args.output)
        changed = lay_anew(args.output, notices)
        say(f"{len(decided)} decisions kept, {changed} mentions have another body")
        return 0
    listed = judgements.list_names(args.output)
    rows = [one.row() for one in listed]
    if args.propose:
        sys.stdout.write(rows_to_csv(judgements.PROPOSED, judgements.propose(listed)).decode())
        return 0
    path = judgements.write_list(args.output, rows)
    if args.csv:
        sys.stdout.write(rows_to_csv(judgements.LISTED, rows).decode())
    else:
        _show_names(rows)
    unknown = sum(one.canonical is None for one in listed)
    say(f"{len(rows)} names, {unknown} without a body; {path}")
    return 0


def _show_names(rows: list[dict[str, str]]) -> None:
    """The names as a table on the terminal."""
    listed = table()
    heads = {
        "name": "名称",
        "count": "次数",
        "first_year": "首年",
        "last_year": "末年",
        "roles": "角色",
    }
    heads |= {"canonical": "规范名称", "near": "相近名称"}
    for key, head in heads.items():
        listed.add_column(head, overflow="fold", justify="right" if key == "count" else "left")
    for row in rows:
        listed.add_row(*(row[key] for key in heads))
    console(140).print(listed)


def correct(args: argparse.Namespace) -> int:
    """Take in corrections, or take them back, and lay all that an OUTPUT keeps over it."""
    from pipeline.lexicon import lay_over  # noqa: PLC0415

    # Before the parser is imported: patterns are made of the tables.
    lay_over(args.lexicon)
    from pipeline.dataset.folder import read_records  # noqa: PLC0415
    from pipeline.dataset.manifest import CORRECTIONS  # noqa: PLC0415
    from pipeline.decisions import correction, correction_file, corrections  # noqa: PLC0415
    from pipeline.decisions.overlay import lay_anew  # noqa: PLC0415

    if not args.file and not (args.item_id and (args.set or args.undo)):
        say("name an ITEM_ID with --set FIELD=VALUE or --undo FIELD, or a --file of corrections")
        return 2
    who = args.who or _user()
    if not who:
        say("nobody is known to correct it; name a person by --who")
        return 2
    day = datetime.now(UTC).date().isoformat()
    when = correction.check_day("--when", "the day", args.when) if args.when else day
    # All are read before anything is written: a damaged record stops it with nothing done.
    notices = list(read_records(args.output))
    made: list[Correction] = []
    for told in args.set or ():
        field, mark, value = told.partition("=")
        if not mark:
            say(f"--set {told}: no '='; write --set host_units=区财政局、区民政局")
            return 2
        by = (who, when, args.why or "")
        made.append(corrections.make_correction(notices, args.item_id, field, value, by))
    for read in correction_file.read_corrections(args.file) if args.file else ():
        by = (read.who or who, read.when or when, read.why or args.why or "")
        one = read._replace(who=by[0], when=by[1], why=by[2])
        made.append(corrections.complete(one, notices))
    undone = [(args.item_id, field) for field in args.undo or ()]
    kept = corrections.correct(args.output, notices, made, undone)
    lay_anew(args.output, notices)
    for one in made:
        values = f"{one.value or 'nothing'} (read: {one.read or 'nothing'})"
        say(f"{one.anchor.item_id} {one.field}: {values}")
    say(f"{len(kept)} corrections kept in {args.output / CORRECTIONS}")
    return 0


def _user() -> str:
    """The user of the machine, empty where it does not tell, as in a container."""
    try:
        return getuser()
    except (OSError, KeyError):
        return ""


def list_corrections(args: argparse.Namespace) -> int:
    """List what people corrected in an OUTPUT, and how it fits what is read now."""
    from pipeline.lexicon import lay_over  # noqa: PLC0415

    # Before the parser is imported: patterns are made of the tables.
    lay_over(args.lexicon)
    from pipeline.dataset.folder import read_records  # noqa: PLC0415
    from pipeline.decisions import corrections, laying  # noqa: PLC0415

    notices = list(read_records(args.output))
    if args.tidy:
        fits = corrections.tidy(args.output, notices)
    else:
        fits = laying.find_fits(notices, corrections.kept_corrections(args.output))
    if args.json:
        import json  # noqa: PLC0415

        told: list[dict[str, str | None]] = [
            {**one.correction.row(), "status": one.status, "now": one.item_id, "reason": one.reason}
            for one in fits
        ]
        print(json.dumps(told, ensure_ascii=False, indent=1))
    elif fits:
        _show_fits(fits)
    counts = Counter(one.status for one in fits)
    words = ", ".join(f"{count} {status}" for status, count in counts.items())
    say(f"{len(fits)} corrections" + (f": {words}" if words else ""))
    if args.tidy:
        from pipeline.decisions.overlay import lay_anew  # noqa: PLC0415

        lay_anew(args.output, notices)
        say("those that are read right by now were let go, those that moved anchored anew")
    return 0


def _show_fits(fits: list[Fit]) -> None:
    """The corrections as a table on the terminal."""
    listed = table()
    judgements = {
        "in force": "有效", "moved": "有效(已移位)", "read": "已能读对", "unfit": "不再适用",
    }  # fmt: skip
    for head in ("事项", "字段", "原读作", "更正为", "更正人", "日期", "理由", "状态"):
        listed.add_column(head, overflow="fold")
    for fit in fits:
        one = fit.correction
        state = judgements[fit.status] + (f": {fit.reason}" if fit.reason else "")
        place = fit.item_id or one.anchor.item_id
        cells = (place, one.field, one.read, one.value, one.who, one.when, one.why, state)
        listed.add_row(*cells)
    console(160).print(listed)
