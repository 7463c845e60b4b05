"""Walk the pages of a site's list: which notices it has, and where that has to be doubted."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from pipeline.crawl.addresses import join_address
from pipeline.crawl.fetcher import Asked
from pipeline.crawl.lists import Entry, read_list
from pipeline.crawl.page_check import may_be_cut
from pipeline.crawl.state import ListState
from pipeline.errors import CrawlError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pipeline.crawl.paced import PacedSite
    from pipeline.crawl.sites import Site
    from pipeline.crawl.state import State

_GONE = frozenset({404, 410})
_NOT_MODIFIED = 304
_NUMBER = "{n}"


@dataclass(slots=True)
class Walked:
    """The entries of a site's list in its order, and the errors and alarms met on the way.

    `is_whole` is false where a page failed or the walk stopped at what is known already.
    """

    entries: list[Entry] = field(default_factory=list)
    errors: list[CrawlError] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)
    pages: int = 0
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class _ListPage:
    """A page to ask: its address, its name in the state, and what is posted."""

    url: str
    key: str
    asked: Asked


def walk_list(
    site: Site, paced: PacedSite, state: State | None, run: int, *, is_fresh: bool = False
) -> Walked:
    """Read the pages of a list, the first one first, until one has nothing new.

    With a state, a page that this run has read is not asked again, and others are asked only for what
    has changed. Where the list was walked not long ago (`is_fresh`) and its first page is as it was,
    the others are taken to be so: what comes or goes moves all entries behind it. Every page is asked
    at most once.
    """
    walked = Walked()
    seen: dict[str, Entry] = {}
    is_same = False
    for number, page in enumerate(_list_pages(site)):
        known = state.list_page(page.key) if state else None
        try:
            if known and (known.run == run or is_same):
                entries = known.entries
            else:
                found = _read_page(page, site, paced, known, run)
                entries = found.entries
                if state:
                    state.save_list(found)
        except CrawlError as error:
            walked.is_whole = False
            if number and error.status in _GONE:
                walked.is_whole = True
            else:
                walked.errors.append(error)
            break
        is_same = is_same or (not number and is_fresh and _is_as_known(known, entries))
        walked.is_whole = walked.is_whole and not is_same
        walked.pages += 1
        new = [one for one in entries if one.url not in seen]
        seen.update((one.url, one) for one in new)
        if not new:
            break
    else:
        if site.page and walked.pages == site.most_pages:
            most = site.most_pages
            walked.alarms.append(f"the list goes on after {most} pages, which is the most allowed")
            walked.is_whole = False
    walked.entries = list(seen.values())
    return walked


def _list_pages(site: Site) -> Iterator[_ListPage]:
    """Yield the pages of a list as they may be asked; a static one is alone."""
    is_numbered = bool(site.page) or _NUMBER in json.dumps(site.form)
    for number in range(site.most_pages if is_numbered else 1):
        behind = 1 if site.page and site.layout == "paged" else 0
        at = site.first + (number - behind) * site.step
        url = site.url
        if site.page and number:
            url = join_address(site.url, site.page.replace(_NUMBER, str(at))) or site.url
        posted = _fill_form(site, str(at)) if site.layout == "post" else Asked()
        key = f"{site.name} {url} {posted.body.decode('utf-8', 'replace')}".strip()
        yield _ListPage(url, key, posted)


def _fill_form(site: Site, number: str) -> Asked:
    """Return what is posted for a page of a list."""
    form = _fill(site.form, number, is_json=site.form_as_json)
    kind: Mapping[str, str]
    if site.form_as_json:
        body, kind = json.dumps(form, ensure_ascii=False), {"Content-Type": "application/json"}
    else:
        body, kind = urlencode(form), {"Content-Type": "application/x-www-form-urlencoded"}
    return Asked("POST", body.encode(), kind)


def _fill(value: object, number: str, *, is_json: bool) -> Any:  # noqa: ANN401 - JSON
    """Return what is posted with the number of a page in it; alone in JSON, as a number."""
    if isinstance(value, dict):
        return {key: _fill(one, number, is_json=is_json) for key, one in value.items()}
    if isinstance(value, list):
        return [_fill(one, number, is_json=is_json) for one in value]
    if not isinstance(value, str):
        return value
    return int(number) if is_json and value == _NUMBER else value.replace(_NUMBER, number)


def _is_as_known(known: ListState | None, entries: tuple[Entry, ...]) -> bool:
    return known is not None and known.entries == entries


def _read_page(
    page: _ListPage, site: Site, paced: PacedSite, known: ListState | None, run: int
) -> ListState:
    """Ask a page for its entries; those that are known where it is as it was. Raises CrawlError."""
    marks = {"If-None-Match": known.etag, "If-Modified-Since": known.modified} if known else {}
    headers = {**page.asked.headers, **{k: v for k, v in marks.items() if v}}
    answer = paced.ask(page.url, Asked(page.asked.method, page.asked.body, headers))
    if known and answer.status == _NOT_MODIFIED:
        return replace(known, run=run)
    etag, modified = answer.header("etag"), answer.header("last-modified")
    if may_be_cut(answer):
        # Its marks would say for ever that a shorter list is as it was.
        etag = modified = ""
    return ListState(page.key, site.name, etag, modified, tuple(read_list(answer, site)), run)
