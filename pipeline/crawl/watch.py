"""Watch sites: walk their lists, fetch what is new or changed, and tell what became of each page."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from pipeline.crawl.addresses import parse_address
from pipeline.crawl.fetcher import Fetcher, FetchLimits
from pipeline.crawl.keep import keep_notice
from pipeline.crawl.notices import fetch_notice
from pipeline.crawl.paced import Clock, PacedSite
from pipeline.crawl.page_check import may_be_cut
from pipeline.crawl.state import PageState, Run
from pipeline.crawl.titles import is_plan_title
from pipeline.crawl.walk import walk_list
from pipeline.errors import CrawlError, PipelineError, hold_errors

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.crawl.answers import Answer
    from pipeline.crawl.keep import Kept, Places
    from pipeline.crawl.lists import Entry
    from pipeline.crawl.sites import Site
    from pipeline.crawl.state import State
    from pipeline.crawl.walk import Walked

_GONE = frozenset({404, 410})
_NOT_MODIFIED = 304
# The fates that a report names one by one.
FATES = ("added", "changed", "vanished", "failed")


class Event(NamedTuple):
    """What became of a page: its fate, address and title, its path in raw/, and what failed."""

    site: str
    fate: str
    url: str
    title: str = ""
    path: str = ""
    told: str = ""


@dataclass(slots=True)
class SiteReport:
    """What a watch found at a site. `listed` are the notices on its lists, `taken` those of plans."""

    site: str
    listed: int = 0
    taken: int = 0
    events: list[Event] = field(default_factory=list)
    errors: list[PipelineError] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)
    unchanged: int = 0
    requests: int = 0
    bytes: int = 0
    entries: list[Entry] = field(default_factory=list)


class Visit(NamedTuple):
    """What all sites of a run share: where notices are kept, the state, the run, who asks."""

    places: Places
    state: State
    run: Run
    agent: str
    clock: Clock = Clock()
    limits: FetchLimits | None = None
    # When each host was asked last: several lists may be on one host.
    last: dict[str, float] | None = None


def take_notes(notes: Iterable[str], state: State) -> None:
    """Take over what a killed run was about to note of pages that it had kept."""
    for note in notes:
        state.save_page(PageState(**json.loads(note)))


def check_site(site: Site, agent: str, clock: Clock | None = None) -> SiteReport:
    """Walk the lists of a site and tell what would be taken; nothing is kept."""
    report = SiteReport(site.name)
    with hold_errors(site.name, report.errors.append):
        always = site.read_headers()
        with Fetcher(agent, site.rules) as fetcher:
            paced = PacedSite(fetcher, site.delay, clock, always)
            walked = walk_list(site, paced, None, 0)
            _note_walk(report, walked, paced)
            report.entries = choose_entries(site, walked.entries)
            report.taken = len(report.entries)
            if not report.entries:
                report.alarms.append("the list yields nothing that would be taken")
    return report


def watch_site(site: Site, visit: Visit) -> SiteReport:
    """Walk the lists of a site and bring raw/ up to date with it; errors are in the report."""
    report = SiteReport(site.name)
    with hold_errors(site.name, report.errors.append):
        always = site.read_headers()
        with Fetcher(visit.agent, site.rules, visit.limits) as fetcher:
            paced = PacedSite(fetcher, site.delay, visit.clock, always, visit.last)
            try:
                _watch(site, visit, paced, report)
            finally:
                # A run that goes on after a kill tells the alarms of its first part too.
                visit.state.add_alarms(visit.run.number, site.name, report.alarms)
                report.alarms = visit.state.alarms(visit.run.number, site.name)
                report.requests, report.bytes = paced.requests, paced.bytes
    return report


def _watch(site: Site, visit: Visit, paced: PacedSite, report: SiteReport) -> None:
    before = visit.state.found_before(site.name)
    is_fresh = before is not None and not _is_older(before[1], site.recheck_days)
    walked = walk_list(site, paced, visit.state, visit.run.number, is_fresh=is_fresh)
    _note_walk(report, walked, paced)
    entries = choose_entries(site, walked.entries)
    report.taken = len(entries)
    _check_yield(site, visit, walked, report, before)
    listed = {one.url for one in entries}
    for entry in entries:
        _visit_page(entry, site, visit, paced, report)
    # What is on the list no more may have vanished, or only have moved to another page of it. Of a
    # list that failed nobody knows.
    for known in visit.state.pages_of(site.name) if not walked.errors else ():
        if known.url not in listed and known.path and known.outcome != "vanished":
            _visit_known(known, site, visit, paced, report)


def choose_entries(site: Site, entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries of plans, or those that the site's entry in sites.toml wishes."""
    if site.take == "all":
        return list(entries)
    if site.take == "plans":
        return [one for one in entries if is_plan_title(one.title)]
    return [one for one in entries if any(word in one.title for word in site.take)]


def _note_walk(report: SiteReport, walked: Walked, paced: PacedSite) -> None:
    report.listed = len(walked.entries)
    report.errors += walked.errors
    report.alarms += walked.alarms
    report.requests, report.bytes = paced.requests, paced.bytes


def _check_yield(
    site: Site, visit: Visit, walked: Walked, report: SiteReport, earlier: tuple[int, str] | None
) -> None:
    """Note an alarm where a list yields nothing, or so much less than before that it has changed."""
    before, walked_at = earlier or (0, "")
    now = report.taken
    if walked.errors:
        return
    if not walked.entries:
        report.alarms.append("the list has no entries: its layout may have changed")
    elif not now and before:
        report.alarms.append(f"the list yields nothing, and had {before} notices before")
    elif not now:
        report.alarms.append("the list yields nothing that would be taken")
    elif before and now * 2 < before:
        report.alarms.append(f"the list yields {now} notices, and had {before} before")
    if now or not before:
        walked_at = _now() if walked.is_whole else walked_at
        visit.state.save_found(site.name, now, walked_at)


def _visit_page(
    entry: Entry, site: Site, visit: Visit, paced: PacedSite, report: SiteReport
) -> None:
    """Ask a page of a list where this run has not, and keep what is new."""
    known = visit.state.page(entry.url)
    if known and known.run == visit.run.number:
        _tell_again(known, report)
        return
    before = known or PageState(entry.url, site.name)
    is_new_entry = bool(known) and (known.title, known.date) != (entry.title, entry.date)  # type: ignore[union-attr]
    now = replace(before, title=entry.title, date=entry.date, is_listed=1)
    _ask_page(now, site, visit, paced, report, anew=not known or is_new_entry)


def _visit_known(
    known: PageState, site: Site, visit: Visit, paced: PacedSite, report: SiteReport
) -> None:
    """Ask for a page that was kept and is on no list any more: it may be gone.

    It is asked at once when it leaves the list, and then as seldom as a page that is as it was.
    """
    if known.run == visit.run.number:
        _tell_again(known, report)
        return
    now = replace(known, is_listed=0)
    _ask_page(now, site, visit, paced, report, anew=bool(known.is_listed))


def _ask_page(
    page: PageState,
    site: Site,
    visit: Visit,
    paced: PacedSite,
    report: SiteReport,
    *,
    anew: bool,
) -> None:
    """Ask a page, keep its notice, and note its fate. A failure is an event of the page alone."""
    has_marks = bool(page.etag or page.modified)
    is_fresh = page.outcome == "kept" and not _is_older(page.checked_at, site.recheck_days)
    if not anew and is_fresh and not (has_marks and page.is_listed):
        _note(replace(page, told="unchanged", run=visit.run.number), visit, report)
        return
    errors: list[PipelineError] = []
    with hold_errors(page.url, errors.append):
        _check_host(page, site)
        marks = (page.etag, page.modified) if page.outcome == "kept" else ("", "")
        answer = paced.ask_again(page.url, *marks)
        if answer.status == _NOT_MODIFIED:
            same = replace(page, told="unchanged", checked_at=_now(), run=visit.run.number)
            _note(same, visit, report)
            return
        notice = fetch_notice(paced.ask, answer, site.rules)
        # Of a page that may be cut its marks would say for ever that it is as it was.
        seen = None if may_be_cut(answer) else _marks_of(answer)

        def note(kept: Kept) -> str:
            _note_kept(page, kept, notice.remarks, report)
            visit.state.add_alarms(visit.run.number, site.name, report.alarms)
            return json.dumps(asdict(_after(page, kept, seen, visit)))

        kept = keep_notice(notice, visit.places, visit.state.journal, note)
        if kept.fate == "unchanged":
            note(kept)
        _note(_after(page, kept, seen, visit), visit, report)
    for error in errors:
        _note_failure(page, error, visit, report)


def _marks_of(answer: Answer) -> tuple[str, str]:
    return answer.header("etag"), answer.header("last-modified")


def _check_host(page: PageState, site: Site) -> None:
    """Raise CrawlError where a list leads to a host that does not belong to its site."""
    host = parse_address(page.url).host
    if not site.rules.may_lead(parse_address(site.url).host, host):
        fact = f"is listed by {site.name} and at the host {host}"
        raise CrawlError(page.url, fact, "name it in allow_hosts if it belongs to the site")


def _after(page: PageState, kept: Kept, seen: tuple[str, str] | None, visit: Visit) -> PageState:
    """Return the state of a page that was kept; one with a file that failed is asked again whole.

    `seen` are ETag and Last-Modified, None where the page may be cut.
    """
    is_sound = not kept.errors and seen is not None
    etag, modified = seen if seen and is_sound else ("", "")
    return replace(
        page,
        etag=etag,
        modified=modified,
        outcome="kept" if is_sound else "partly",
        path=kept.path,
        items=kept.described.items or page.items,
        told=_find_fate(page, kept, visit.run),
        checked_at=_now(),
        run=visit.run.number,
    )


def _find_fate(page: PageState, kept: Kept, run: Run) -> str:
    """Return the fate of a page; of one that was kept just before this run was killed, that of then."""
    if kept.fate == "unchanged" and kept.path != page.path and kept.retrieved_at >= run.started:
        return "changed" if page.path else "added"
    return kept.fate


def _note_kept(page: PageState, kept: Kept, remarks: list[str], report: SiteReport) -> None:
    """Note alarms of a page that was kept: no area of content, an attachment that cannot be read."""
    if "page-area" in remarks:
        report.alarms.append(f"{page.url}: no part of the page stands out as the document")
    report.alarms += [f"{error.place}: {error.fact}" for error in kept.errors]
    items, before = kept.described.items, page.items
    if before and kept.fate == "changed" and items * 2 < before:
        report.alarms.append(f"{page.url}: has {items} tasks, and had {before} before")


def _note_failure(page: PageState, error: PipelineError, visit: Visit, report: SiteReport) -> None:
    """Note that a page failed; one that was kept before and is gone has vanished."""
    status = getattr(error, "status", None)
    is_gone = status in _GONE and bool(page.path)
    fate = "vanished" if is_gone else "failed"
    outcome = fate if is_gone else page.outcome or fate
    state = replace(page, outcome=outcome, told=f"{fate}: {error.fact}", run=visit.run.number)
    _note(state, visit, report)


def _note(page: PageState, visit: Visit, report: SiteReport) -> None:
    visit.state.save_page(page)
    _tell_again(page, report)


def _tell_again(page: PageState, report: SiteReport) -> None:
    """Add what this run knows of a page to the report, also where it was asked before a kill."""
    fate, _, words = page.told.partition(": ")
    if fate in FATES:
        report.events.append(Event(page.site, fate, page.url, page.title, page.path, words))
    else:
        report.unchanged += 1


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _is_older(checked_at: str, days: float) -> bool:
    """Answer whether bytes were last seen longer ago than some days."""
    try:
        seen = datetime.fromisoformat(checked_at)
    except ValueError:
        return True
    return datetime.now(UTC) - seen > timedelta(days=days)
