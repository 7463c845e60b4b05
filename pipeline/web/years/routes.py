"""The addresses of series, comparisons and threads, and of decisions on them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, HTTPException, Query, Request
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from pipeline.errors import CorrectionError
from pipeline.web.desk import written
from pipeline.web.downloads import download
from pipeline.web.exported_table import ExportFormat
from pipeline.web.page import show_page
from pipeline.web.review.changing import find_author
from pipeline.web.rights import require_writing, rights_of
from pipeline.web.served import change_query, cut_page, library_of, lists_of, years_of
from pipeline.web.spoken import choose_page_language
from pipeline.web.years import tables
from pipeline.web.years.deciding import (
    decide_pairs,
    list_series_decisions,
    pairs_to_join,
    pairs_to_part,
    take_back,
)
from pipeline.web.years.series_index import plan_key
from pipeline.web.years.series_list import list_series, list_similar
from pipeline.web.years.shown_changes import (
    FIELD_MESSAGES,
    KIND_MESSAGES,
    SIGNS,
    STEP_MESSAGES,
    list_refused,
    list_unlinked,
    show_changes,
    show_thread,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.compare.views.cards import Card
    from pipeline.compare.views.thread_cards import ThreadCard
    from pipeline.web.years.deciding import Ids
    from pipeline.web.years.series_index import ComparedPlans, SeriesThreads

router = APIRouter(include_in_schema=False)
# Cards and threads of one page: each has the whole text of its items.
_CARDS, _THREADS = 50, 60


class SeriesListQuery(BaseModel):
    """What the list of series is narrowed by; `all` also shows series of one year."""

    words: str = ""
    place: str = ""
    all: bool = False
    page: int = 1
    format: ExportFormat | None = None


class SeriesQuery(BaseModel):
    """Which series is shown, and which of its threads."""

    name: str
    fate: Literal["", "continuing", "new", "ended"] = ""
    words: str = ""
    page: int = 1
    format: ExportFormat | None = None


class ThreadQuery(BaseModel):
    """Which thread of which series is shown."""

    series: str
    thread: str


class CompareQuery(BaseModel):
    """Which two plans are compared, and which changes are shown: those of a kind, the doubtful, all."""

    previous: str
    current: str
    kind: str = ""
    page: int = 1
    format: ExportFormat | None = None


class LinkForm(BaseModel):
    """A decision on two items; `choice` is a decision and two ids: same|a#1|b#2, back to take it back."""

    previous: str
    current: str
    kind: str = ""
    page: int = 1
    choice: str = ""
    one: str = ""
    other: str = ""
    who: str = ""
    why: str = ""


class SeriesForm(BaseModel):
    """A decision on a series: join another one, part a notice from it, or take decisions back."""

    name: str
    choice: str
    other: str = ""
    who: str = ""
    why: str = ""


@router.get("/years")
def show_series_list(request: Request, wanted: Annotated[SeriesListQuery, Query()]) -> Response:
    """List the series of plans, those of most years first, and the plans that are in none."""
    index = years_of(request).index()
    rows = list_series(index)
    found = [
        one
        for one in rows
        if (wanted.all or len(one.years) > 1)
        and wanted.place in ("", one.place)
        and wanted.words.strip() in one.name + one.title
    ]
    if wanted.format:
        return download(tables.table_of_series(index.rows), wanted.format)
    return show_page(
        request,
        "years/years.html",
        here=partial(change_query, request),
        wanted=wanted,
        page=cut_page(found, wanted.page),
        places=sorted({one.place for one in rows if one.place}),
        plans=[(plan.notice_id, plan.title) for plan in lists_of(request).plans()[:500]],
        left_out=[one for one in index.rows if not one.is_year],
        errors=index.errors,
    )


@router.get("/years/series")
def show_series(request: Request, wanted: Annotated[SeriesQuery, Query()]) -> Response:
    """Show the years of a series and each of its items through them."""
    years = years_of(request)
    threads = years.follow(wanted.name)
    if threads is None:
        raise HTTPException(404)
    cards = [one for one in threads.cards if _is_thread_wanted(one, wanted)]
    if wanted.format:
        return download(tables.table_of_threads(threads, cards), wanted.format)
    index, series = years.index(), threads.series
    return _show(
        request,
        "years/series.html",
        here=partial(change_query, request),
        wanted=wanted,
        series=series,
        plans=[(plan_key(index, one), one) for one in series.notices],
        page=cut_page(cards, wanted.page, _THREADS),
        fates=_count_fates(threads),
        similar=list_similar(index, series),
        decisions=list_series_decisions(library_of(request).output, series),
        titles={one.notice_id: one.title or one.notice_id for one in index.notices.values()},
    )


def _is_thread_wanted(card: ThreadCard, wanted: SeriesQuery) -> bool:
    return wanted.fate in ("", card.fate) and wanted.words.strip() in card.title


def _count_fates(threads: SeriesThreads) -> dict[str, int]:
    fates = ("continuing", "new", "ended")
    return {fate: sum(card.fate == fate for card in threads.cards) for fate in fates}


@router.get("/years/thread")
def show_one_thread(request: Request, wanted: Annotated[ThreadQuery, Query()]) -> Response:
    """Show one item through the years, with what changed in words, names and days."""
    years = years_of(request)
    threads = years.follow(wanted.series)
    cards = threads.cards if threads else ()
    card = next((one for one in cards if one.thread_id == wanted.thread), None)
    if threads is None or card is None:
        raise HTTPException(404)
    index = years.index()
    keys = {one.year: plan_key(index, one) for one in threads.series.notices}
    return _show(
        request, "years/thread.html", card=card, years=show_thread(card), series=threads.series,
        keys=keys,
    )  # fmt: skip


@router.get("/years/compare")
def show_comparison(request: Request, wanted: Annotated[CompareQuery, Query()]) -> Response:
    """Show what became of every item from one plan to another."""
    found = years_of(request).compare(wanted.previous, wanted.current)
    if found is None:
        raise HTTPException(404)
    if wanted.format:
        return download(tables.table_of_changes(found.comparison), wanted.format)
    part = cut_page(_choose_cards(found, wanted.kind), wanted.page, _CARDS)
    dropped, added = list_unlinked(found.cards)
    return _show(
        request,
        "years/compare.html",
        here=partial(change_query, request),
        wanted=wanted,
        found=found,
        summary=found.comparison.summary.speak(choose_page_language(request)),
        page=part,
        shown=list(show_changes(part.rows, found.comparison)),
        doubtful=sum(card.is_doubtful for card in found.cards),
        refused=list_refused(found.comparison),
        names={card.item.item_id: card.name for card in found.cards},
        dropped=dropped,
        added=added,
    )


def _show(request: Request, template: str, **values: object) -> Response:
    """Show a page with the words and signs of kinds and fields."""
    return show_page(
        request,
        template,
        status=200,
        signs=SIGNS,
        kinds=KIND_MESSAGES,
        steps=STEP_MESSAGES,
        fields=FIELD_MESSAGES,
        **values,
    )


def _choose_cards(found: ComparedPlans, kind: str) -> list[Card]:
    if kind == "doubtful":
        return [card for card in found.cards if card.is_doubtful]
    if kind == "changed":
        return [card for card in found.cards if not card.is_unchanged]
    return [card for card in found.cards if kind in ("", card.kind)]


@router.post("/years/links", dependencies=[Depends(require_writing)])
async def decide_link(request: Request, sent: Annotated[LinkForm, Form()]) -> Response:
    """Confirm, refuse or join two items, or take that back."""
    decision, _, ids = (sent.choice or f"same|{sent.one}|{sent.other}").partition("|")
    one, _, other = ids.partition("|")
    await _decide(request, decision, [(one, other)], sent)
    back = {
        "previous": sent.previous,
        "current": sent.current,
        "kind": sent.kind,
        "page": sent.page,
    }
    return RedirectResponse(f"/years/compare?{urlencode(back)}", 303)


@router.post("/years/series", dependencies=[Depends(require_writing)])
async def decide_series(request: Request, sent: Annotated[SeriesForm, Form()]) -> Response:
    """Join a series with another one, part a notice from it, or take decisions on it back."""
    index = await run_in_threadpool(years_of(request).index)
    series = index.series.get(sent.name)
    if series is None:
        raise HTTPException(404)
    kind, _, about = sent.choice.partition("|")
    if kind == "join":
        other = index.series.get(sent.other)
        if other is None or other is series:
            fact = "no other series is named"
            raise CorrectionError(sent.name, fact, "choose the series that it is one with")
        await _decide(request, "same", pairs_to_join(series, other), sent)
    elif kind == "part":
        await _decide(request, "different", pairs_to_part(series, about), sent)
    else:
        one, _, two = about.partition("|")
        await _decide(request, "back", [(one, two)], sent)
    # What is left of the series is shown, not the year that was parted from it.
    anchor = next((one.notice_id for one in reversed(series.notices) if one.notice_id != about), "")
    return RedirectResponse(f"/years/series-of?{urlencode({'notice': anchor})}", 303)


@router.get("/years/series-of")
def go_to_series(request: Request, notice: str) -> Response:
    """Go to the series of a notice: its name may be another one after a decision."""
    for name, series in years_of(request).index().series.items():
        own = [*series.notices, *(out.notice for out in series.left_out)]
        if any(one.notice_id == notice for one in own):
            return RedirectResponse(f"/years/series?{urlencode({'name': name})}", 303)
    return RedirectResponse("/years", 303)


async def _decide(
    request: Request, decision: str, pairs: Sequence[Ids], sent: LinkForm | SeriesForm
) -> None:
    """Write a decision on pairs, and let the pages that follow show it."""
    output = library_of(request).output
    if decision == "back":
        await written(request, lambda waiting: take_back(output, pairs, waiting))
    elif decision in ("same", "different"):
        author = find_author(rights_of(request), sent.who, sent.why)
        kind: Literal["same", "different"] = "same" if decision == "same" else "different"
        await written(request, lambda waiting: decide_pairs(output, pairs, kind, author, waiting))
    else:
        raise HTTPException(422)
