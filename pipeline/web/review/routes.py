"""The page of one notice, and the address that corrections are sent to."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from pipeline.dataset.edited_items import EDIT_KINDS, REVIEWED
from pipeline.decisions.found_right import digest_values
from pipeline.errors import PipelineError
from pipeline.web.desk import desk_of
from pipeline.web.event_stream import EventStream
from pipeline.web.library import NoticeView
from pipeline.web.page import show_failure, show_page
from pipeline.web.review.changing import (
    SentChanges,
    find_author,
    list_conflict,
    read_changes,
)
from pipeline.web.review.item_view import FIELD_MESSAGES, make_cards, number_problems
from pipeline.web.review.notice_card import NOTICE_MESSAGES, make_notice_card
from pipeline.web.review.shown_notice import (
    Reader,
    hash_text,
    render_card,
    render_cards,
    render_decisions,
    render_source,
)
from pipeline.web.rights import require_writing, rights_of
from pipeline.web.served import keep_written
from pipeline.web.spoken import choose_page_language

router = APIRouter(include_in_schema=False)


@router.get("/notices/{notice_id}")
def show_notice(request: Request, notice_id: str) -> Response:
    """Show a notice: its source on one side, its items on the other."""
    desk = desk_of(request)
    view = desk.library.current().notice(notice_id)
    reader = reader_of(request)
    source = render_source(desk, view, reader)
    return show_page(
        request,
        "review/notice.html",
        view=view,
        notice=view.notice,
        version=view.version,
        source=source,
        layout=hash_text(source),
        cards=render_cards(desk, view, reader),
        own=make_notice_card(view, number_problems(view.notice)),
        decisions=render_decisions(view, reader),
        fields=FIELD_MESSAGES,
        notice_fields=NOTICE_MESSAGES,
    )


@router.get("/notices/{notice_id}/version")
def tell_version(request: Request, notice_id: str) -> Response:
    """Tell a page that is open whether its notice has changed since, and whether writing waits."""
    desk = desk_of(request)
    version = desk.library.current().version_of(notice_id)
    return JSONResponse({"version": version, "is_waiting": desk.is_waiting})


@router.post("/notices/{notice_id}/changes", dependencies=[Depends(require_writing)])
async def change_notice(request: Request, notice_id: str, sent: SentChanges) -> Response:
    """Write what a person decided; return the cards that are another now, or the conflicts.

    No thread of the server is held while another run is waited for.
    """
    changes = read_changes(sent, notice_id)
    by = find_author(rights_of(request), sent.who, sent.why)
    conflicts = await asyncio.wrap_future(desk_of(request).writer.submit(changes, by))
    if conflicts:
        told = [list_conflict(one) for one in conflicts]
        return JSONResponse({"conflicts": told}, 409)
    answer = await run_in_threadpool(_answer, request, notice_id, sent)
    keep_written(request, answer)
    return answer


def _answer(request: Request, notice_id: str, sent: SentChanges) -> Response:
    """Return the cards that are another now; where items come or go the page asks for all of them."""
    desk = desk_of(request)
    answer = {"version": sent.version, "is_edit": True, "cards": {}}
    try:
        view = desk.library.current().notice(notice_id)
    except PipelineError:
        # It is written, and no failure of what shows it may say otherwise: the page asks for the cards.
        return JSONResponse(answer)
    answer["version"] = view.version
    before = desk.library.earlier(notice_id, sent.version)
    changed = _find_changed(view, before, sent)
    if changed is None:
        return JSONResponse(answer)
    answer["is_edit"] = False
    reader = reader_of(request)
    cards = make_cards(view, number_problems(view.notice), changed)
    answer["cards"] = {one.item.item_id: render_card(one, reader) for one in cards}
    answer["decisions"] = render_decisions(view, reader)
    return JSONResponse(answer)


def _find_changed(
    view: NoticeView, before: NoticeView | None, sent: SentChanges
) -> set[str] | None:
    """Return the items that are another than those of the page, whoever changed them.

    None where it shows other items, or the notice itself has changed.
    """
    changed = {one.item_id for one in sent.changes}
    is_edit = any(one.field in EDIT_KINDS and one.field != REVIEWED for one in sent.changes)
    if is_edit or view.notice.notice_id in changed:
        return None
    if not sent.version:
        return changed
    if before is None or list(view.reviews) != list(before.reviews):
        return None
    if digest_values(view.notice) != digest_values(before.notice) or view.review != before.review:
        return None
    pairs = zip(view.notice.items, before.notice.items, strict=True)
    changed |= {now.item_id for now, was in pairs if now != was}
    return changed | {one for one in view.reviews if view.reviews[one] != before.reviews[one]}


@router.get("/notices/{notice_id}/news")
async def send_news(request: Request, notice_id: str) -> Response:
    """Send the version of a notice whenever it is another one, as server-sent events."""
    desk = desk_of(request)
    snapshot = await run_in_threadpool(desk.library.current)
    snapshot.version_of(notice_id)
    if desk.news.is_full:
        fact = "many pages are open already"
        return show_failure(request, 503, fact, "the page asks from time to time instead")
    return EventStream(desk.news.follow(notice_id))


def reader_of(request: Request) -> Reader:
    """Return for whom the parts of a page are rendered."""
    return Reader(choose_page_language(request), rights_of(request).writing)
