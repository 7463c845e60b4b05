"""fengong fetch: a notice and its attachments from the web into raw/."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.cli.terminal import print_json, say, say_error, tell
from pipeline.crawl.addresses import AddressRules
from pipeline.crawl.fetcher import Fetcher, agent_of
from pipeline.crawl.keep import Places, keep_notice, tidy
from pipeline.crawl.notices import fetch_notice
from pipeline.crawl.paced import PacedSite
from pipeline.crawl.recorder import record_answers
from pipeline.crawl.state import State
from pipeline.crawl.watch import take_notes
from pipeline.errors import PipelineError, hold_errors

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from pipeline.crawl.keep import Kept
    from pipeline.crawl.notices import FetchedNotice

# Something may be wrong with a file, though nothing failed: a person should look.
ALARM = 3
_FATE_MESSAGES = {
    "added": "{count} added",
    "changed": "{count} changed",
    "unchanged": "{count} unchanged",
}


def run(args: argparse.Namespace) -> int:
    """Fetch notices; exit 1 where one could not be fetched, 3 where an attachment could not be read."""
    rules = AddressRules(frozenset(args.allow_host or ()), args.allow_private)
    places = Places(args.raw, args.state / "warc", say)
    errors: list[PipelineError] = []
    kept: list[Kept] = []
    state_file = args.state / "state.sqlite"
    with State(state_file) as state, Fetcher(agent_of(args.contact), rules) as fetcher:
        take_notes(tidy(places, state.journal), state)
        site = PacedSite(fetcher, args.delay)
        for url in dict.fromkeys(args.urls):
            with hold_errors(url, errors.append):
                notice = _fetch(args, url, site, rules)
                kept.append(keep_notice(notice, places, state.journal))
    for error in (*errors, *(each for one in kept for each in one.errors)):
        say_error(error)
    if args.json:
        print_json([_summarize(one) for one in kept])
    else:
        _show(kept)
    _say_counts(args, kept, len(errors))
    if errors:
        return 1
    return ALARM if any(one.errors for one in kept) else 0


def _fetch(
    args: argparse.Namespace, url: str, site: PacedSite, rules: AddressRules
) -> FetchedNotice:
    notice = fetch_notice(site.ask, site.ask(url), rules)
    if args.record:
        record_answers(notice.answers, args.record)
    return notice


def _summarize(one: Kept) -> dict[str, object]:
    """Return what --json prints of a notice."""
    return {
        "url": one.url,
        "fate": one.fate,
        "path": one.path,
        "attachments": one.files,
        "title": one.described.title,
        "items": one.described.items,
        "errors": [str(error) for error in one.errors],
    }


def _show(kept: Sequence[Kept]) -> None:
    for one in kept:
        files, tasks = len(one.files), one.described.items
        if one.fate == "unchanged":
            tell(f"{one.path}: is as it was kept")
        else:
            tell(f"{one.path}: {tasks} tasks, {files} attachments")


def _say_counts(args: argparse.Namespace, kept: Sequence[Kept], failed: int) -> None:
    counts = {fate: sum(one.fate == fate for one in kept) for fate in _FATE_MESSAGES}
    shown = [_FATE_MESSAGES[fate].format(count=count) for fate, count in counts.items() if count]
    if failed:
        shown.append(f"{failed} failed")
    say(shown[0], *shown[1:])
    if any(one.fate != "unchanged" for one in kept):
        say(f"to read it with the others: fengong parse {args.raw} -o output")
