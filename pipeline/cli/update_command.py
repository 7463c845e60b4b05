"""fengong update: parse what is new, load the store, compare with last year, write a digest."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pipeline.batch.cores import count_cores
from pipeline.batch.source_files import find_jobs
from pipeline.batch.update import Means, update_dataset
from pipeline.cli.fetch_command import ALARM
from pipeline.cli.language import spoken
from pipeline.cli.long_jobs import LongJobs
from pipeline.cli.store_loading import STORE, load_into
from pipeline.cli.terminal import print_json, say, say_error
from pipeline.cli.watch_command import REPORT
from pipeline.compare.decided_links import read_decided_pairs
from pipeline.crawl.digest import (
    SiteEvent,
    SiteNews,
    make_outline,
    summarize_plan,
    title_of,
    to_atom,
    to_html,
    to_markdown,
)
from pipeline.crawl.news import News, find_news
from pipeline.crawl.state import Told, ToldNotice
from pipeline.dataset.described_tables import write_made_files
from pipeline.dataset.in_force import in_force
from pipeline.dataset.manifest import read_manifest
from pipeline.dataset.record_files import read_records
from pipeline.decisions.anchors import PresentAnchors
from pipeline.errors import PipelineError, hold_errors

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable
    from pathlib import Path


# A feed reader shows the newest; older entries it has already.
_MOST_ENTRIES = 100


def run(args: argparse.Namespace) -> int:
    """Bring an OUTPUT up to date and write a digest; exit 3 where a plan has far fewer tasks."""
    errors: list[PipelineError] = []
    known = set(read_manifest(args.output).records)
    with Told(args.state / "state.sqlite") as told:
        if not told.ids() and known:
            # What was parsed before the first digest is no news.
            told.add(ToldNotice(one, "", "", "", "") for one in known)
        if not _parse(args, errors):
            say("no notice was read, nothing was written")
            return 1
        store = args.store or str(args.output / STORE)
        failed = load_into(store, args.output, ())
        news = _find_news(args.output, told, errors)
        _write(args, news, told)
    for error in errors:
        say_error(error)
    _show(args, news)
    if news.short:
        return ALARM
    return 1 if errors or failed else 0


def _parse(args: argparse.Namespace, errors: list[PipelineError]) -> bool:
    """Parse what is new; return whether the OUTPUT has any notice."""
    found = find_jobs(args.sources, args.output)
    with LongJobs(say) as watch:
        report = update_dataset(
            found.jobs,
            args.output,
            take_over=False,
            unread=found.list_unread(),
            means=Means(count_cores(), watch.begin),
        )
    errors += [*found.errors, *report.errors]
    return bool(report.records)


def _find_news(output: Path, told: Told, errors: list[PipelineError]) -> News:
    present = PresentAnchors()
    notices = []
    for notice in read_records(output, errors.append):
        with hold_errors(notice.notice_id, errors.append):
            # Decisions are found again by the words as they were read.
            present.add(notice)
            notices.append(in_force(notice))
    new = {one.notice_id for one in notices} - told.ids()
    return find_news(notices, new, read_decided_pairs(output, present), errors.append)


def _write(args: argparse.Namespace, news: News, told: Told) -> None:
    """Write the digest in its forms, and note what it tells; the feed has earlier plans too."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    language = spoken()
    outline = make_outline(news, _read_sites(args.state / REPORT), now[:10], language)
    flat = _tell(news, now)
    latest = sorted(
        [*(one for one in flat if one.words), *told.latest(_MOST_ENTRIES)],
        key=lambda one: one.told_at,
        reverse=True,
    )
    feed = to_atom(latest[:_MOST_ENTRIES], read_manifest(args.output).output_id, language)
    made = {
        "digest/digest.md": to_markdown(outline).encode("utf-8", "replace"),
        "digest/digest.html": to_html(outline).encode("utf-8", "replace"),
        "digest/feed.atom": feed.encode("utf-8", "replace"),
    }
    write_made_files(args.output, made, "digest")
    told.add(flat)


def _tell(news: News, now: str) -> list[ToldNotice]:
    """Return what is noted of each new notice, once; the feed tells plans alone."""
    found: dict[str, ToldNotice] = {}
    for one in news.others:
        found[one.notice.notice_id] = ToldNotice(one.notice.notice_id, title_of(one), "", now, "")
    for one in news.plans:
        notice = one.notice
        words = summarize_plan(one, spoken())
        known = found.get(notice.notice_id)
        words = f"{known.words}\n{words}" if known else words
        url = notice.source.url or ""
        found[notice.notice_id] = ToldNotice(notice.notice_id, title_of(one), url, now, words)
    return list(found.values())


def _read_sites(path: Path) -> SiteNews:
    """Read what the last watch told; nothing where there was none."""
    try:
        sites: Iterable[dict[str, Any]] = json.loads(path.read_bytes())["sites"]
        return SiteNews(
            [f"{one['site']}: {alarm}" for one in sites for alarm in one["alarms"]],
            [
                SiteEvent(event["fate"], event["title"], event["url"], event["told"])
                for one in sites
                for event in one["events"]
                if event["fate"] in ("vanished", "failed")
            ],
        )
    except (OSError, ValueError, KeyError, TypeError):
        return SiteNews()


def _show(args: argparse.Namespace, news: News) -> None:
    plans, compared = len(news.plans), len(news.compared)
    if args.json:
        print_json(
            {
                "plans": [
                    {
                        "notice_id": one.notice.notice_id,
                        "title": title_of(one),
                        "items": len(one.notice.items),
                        "previous": one.previous.notice_id if one.previous else None,
                        "counts": one.comparison.counts if one.comparison else None,
                        "doubts": [list(doubt) for doubt in one.doubts],
                    }
                    for one in news.plans
                ],
                "others": [one.notice.notice_id for one in news.others],
            }
        )
    say(f"{plans} new plans", f"{compared} compared with last year's")
    folder = args.output / "digest"
    say(f"the digest is in {folder}: digest.md, digest.html, feed.atom")
