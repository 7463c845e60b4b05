"""The page of one notice, and the address that corrections are sent to."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse, Response

from pipeline.dataset.edited_items import EDIT_KINDS, REVIEWED
from pipeline.web.desk import desk_of
from pipeline.web.library import NoticeView
from pipeline.web.page import show_page
from pipeline.web.review.changing import (
    SentChanges,
    find_author,
    list_conflict,
    read_changes,
)
from pipeline.web.review.item_view import FIELD_MESSAGES, make_cards, number_problems
from pipeline.web.review.shown_notice import (
    Reader,
    hash_text,
    render_card,
    render_cards,
    render_source,
)
from pipeline.web.rights import require_writing, rights_of
from pipeline.web.spoken import choose_page_language

router = APIRouter(include_in_schema=False)


@router.get("/notices/{notice_id}")
def show_notice(request: Request, notice_id: str) -> Response:
    """Show a notice: its source on one side, its items on the other."""
    desk = desk_of(request)
    view = desk.library.current().notice(notice_id)
    reader = reader_of(request)
    source = render_source(desk, view, reader)
    problems = number_problems(view.notice)
    return show_page(
        request,
        "review/notice.html",
        view=view,
        notice=view.notice,
        version=view.version,
        source=source,
        layout=hash_text(source),
        cards=render_cards(desk, view, reader),
        general=[(n, one) for n, one in enumerate(problems) if one.item_id is None],
        edits=[one for one in view.record.edits if one.kind != REVIEWED],
        fields=FIELD_MESSAGES,
    )


@router.get("/notices/{notice_id}/version")
def tell_version(request: Request, notice_id: str) -> Response:
    """Tell a page that is open whether its notice has changed since."""
    view = desk_of(request).library.current().notice(notice_id)
    return JSONResponse({"version": view.version})


@router.post("/notices/{notice_id}/changes", dependencies=[Depends(require_writing)])
def change_notice(request: Request, notice_id: str, sent: SentChanges) -> Response:
    """Write what a person decided; return the cards that are another now, or the conflicts."""
    desk = desk_of(request)
    changes = read_changes(sent, notice_id)
    conflicts = desk.writer.write(changes, find_author(sent, rights_of(request)))
    if conflicts:
        told = [list_conflict(one) for one in conflicts]
        return JSONResponse({"conflicts": told}, 409)
    view = desk.library.current().notice(notice_id)
    is_edit = any(one.field in EDIT_KINDS and one.field != REVIEWED for one in changes)
    cards = {} if is_edit else _render_changed(request, view, {one.item_id for one in changes})
    return JSONResponse({"version": view.version, "is_edit": is_edit, "cards": cards})


def _render_changed(request: Request, view: NoticeView, item_ids: set[str]) -> dict[str, str]:
    reader = reader_of(request)
    cards = make_cards(view, number_problems(view.notice), item_ids)
    return {one.item.item_id: render_card(one, reader) for one in cards}


def reader_of(request: Request) -> Reader:
    """Return for whom the parts of a page are rendered."""
    return Reader(choose_page_language(request), rights_of(request).writing)
