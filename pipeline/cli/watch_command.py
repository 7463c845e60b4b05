"""fengong watch: the lists of many sites, what is new on them into raw/, and a report."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pipeline.cli.fetch_command import ALARM
from pipeline.cli.terminal import print_json, say, say_error, tell, write_data
from pipeline.cli.usage import UsageError
from pipeline.crawl.fetcher import agent_of
from pipeline.crawl.keep import Places, tidy
from pipeline.crawl.sites import read_sites, sample_sites
from pipeline.crawl.state import State
from pipeline.crawl.watch import FATES, Visit, check_site, take_notes, watch_site
from pipeline.dataset.files import write_whole
from pipeline.dataset.output_lock import lock_output

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from pipeline.crawl.sites import Site
    from pipeline.crawl.watch import SiteReport

REPORT = "report.json"
# So many sites are named to somebody who named another one.
_MOST_NAMES = 8
_FATE_MESSAGES = {
    "added": "{count} added",
    "changed": "{count} changed",
    "vanished": "{count} vanished",
    "failed": "{count} failed",
    "unchanged": "{count} unchanged",
}
_EVENT_MESSAGES = {
    "added": "added: {title} ({url})",
    "changed": "changed: {title} ({url})",
    "vanished": "vanished: {title} ({url})",
    "failed": "failed: {title} ({url})",
}


def run(args: argparse.Namespace) -> int:
    """Watch sites; exit 3 where there is an alarm, else 1 where something failed."""
    if args.sample:
        write_data(sample_sites())
        return 0
    if args.sites is None:
        remedy = "write fengong watch sites.toml; fengong watch --sample prints one to begin with"
        place = "sites.toml"
        raise UsageError(place, "no file of sites is named", remedy)
    sites = read_sites(args.sites)
    chosen = _choose(args, sites.site)
    agent = agent_of(args.contact or sites.contact)
    if not (args.contact or sites.contact):
        say("nobody is told whom to write to: set contact in sites.toml")
    untested = sum(not one.tested for one in chosen)
    if untested and not args.check:
        say(f"{untested} sites are marked as untested: see with --check first what they give")
    if args.check:
        reports = [check_site(site, agent) for site in chosen]
        _show_check(reports, is_json=args.json)
    else:
        with lock_output(args.state, say, create=True):
            reports = _watch(args, chosen, agent)
        _show(reports, is_json=args.json)
    for one in reports:
        for error in one.errors:
            say_error(error)
    alarms = [alarm for one in reports for alarm in one.alarms]
    failed = any(one.errors or _count(one)["failed"] for one in reports)
    return ALARM if alarms else int(failed)


def _choose(args: argparse.Namespace, sites: Sequence[Site]) -> list[Site]:
    """Return the sites that are named, all where none is. Raises UsageError for an unknown name."""
    wished = args.site or [one.name for one in sites]
    known = {one.name: one for one in sites}
    for name in wished:
        if name not in known:
            names = ", ".join([*known][:_MOST_NAMES])
            raise UsageError(name, "is no site of the file", f"it has {names}")
    return [known[name] for name in dict.fromkeys(wished)]


def _watch(args: argparse.Namespace, sites: Sequence[Site], agent: str) -> list[SiteReport]:
    """Watch the sites one after the other; a run that was killed goes on."""
    places = Places(args.raw, args.state / "warc", say)
    with State(args.state / "state.sqlite") as state:
        take_notes(tidy(places, state.journal), state)
        run = state.start_run(_now())
        if run.is_continued:
            say(f"the run of {run.started} was stopped and goes on")
        visit = Visit(places, state, run, agent, last={})
        reports = [watch_site(site, visit) for site in sites]
        write_whole(args.state / REPORT, _report_bytes(reports, run.started))
        state.finish_run(run.number, _now())
    return reports


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _report_bytes(reports: Sequence[SiteReport], started: str) -> bytes:
    """Return the report as JSON, which fengong update reads."""
    value = {"started": started, "sites": [_summarize(one) for one in reports]}
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"


def _summarize(one: SiteReport) -> dict[str, object]:
    return {
        "site": one.site,
        "listed": one.listed,
        "taken": one.taken,
        **_count(one),
        "requests": one.requests,
        "bytes": one.bytes,
        "events": [event._asdict() for event in one.events],
        "alarms": one.alarms,
        "errors": [str(error) for error in one.errors],
    }


def _count(one: SiteReport) -> dict[str, int]:
    counts = {fate: sum(event.fate == fate for event in one.events) for fate in FATES}
    return counts | {"unchanged": one.unchanged}


def _show(reports: Sequence[SiteReport], *, is_json: bool) -> None:
    if is_json:
        print_json([_summarize(one) for one in reports])
    for one in reports:
        counts = {fate: count for fate, count in _count(one).items() if count}
        told = [_FATE_MESSAGES[fate].format(count=count) for fate, count in counts.items()]
        say(f"{one.site}: {one.taken} plans of {one.listed} notices", *told)
        for event in one.events if not is_json else ():
            tell(_EVENT_MESSAGES[event.fate].format(title=event.title, url=event.url))
            if event.told:
                tell(f"{event.url}: {event.told}")
        for alarm in one.alarms:
            say(f"alarm: {alarm}")


def _show_check(reports: Sequence[SiteReport], *, is_json: bool) -> None:
    if is_json:
        print_json(
            [asdict(one) | {"errors": [str(error) for error in one.errors]} for one in reports]
        )
        return
    for one in reports:
        say(f"{one.site}: {one.taken} plans of {one.listed} notices")
        for entry in one.entries:
            tell(f"{entry.title} ({entry.url})")
        for alarm in one.alarms:
            say(f"alarm: {alarm}")
