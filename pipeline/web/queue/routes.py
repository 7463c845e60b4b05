"""The page of the queue, and the address from which it gets the next items beforehand."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import JSONResponse, Response

from pipeline.web.library import ItemFilter, PlanRow
from pipeline.web.page import fill_in, make_environment, show_page
from pipeline.web.queue.doubts import Doubt, count_doubts, read_doubtful_items
from pipeline.web.review.item_view import FIELD_MESSAGES
from pipeline.web.review.routes import reader_of
from pipeline.web.review.shown_notice import render_card
from pipeline.web.served import lists_of

router = APIRouter(include_in_schema=False)
_Text = Annotated[str | None, Query(max_length=200)]
# So many items are shown at once where there is no script to show one after the other.
_AT_ONCE = 3


def _read_filter(place: _Text = None, doubt: _Text = None, notice: _Text = None) -> ItemFilter:
    """Return what the queue is narrowed by; empty texts narrow nothing."""
    return ItemFilter(place=place or None, doubt=doubt or None, notice_id=notice or None)


@router.get("/queue")
def show_queue(
    request: Request, wanted: Annotated[ItemFilter, Depends(_read_filter)], after: _Text = None
) -> Response:
    """Show the most doubtful items and how many are left."""
    snapshot = lists_of(request)
    doubts, following = read_doubtful_items(snapshot, wanted, after, _AT_ONCE)
    facets = snapshot.facets(ItemFilter(doubt="any")).values.get("doubt", [])
    return show_page(
        request,
        "queue/queue.html",
        doubts=[_render(request, one) for one in doubts],
        following=following,
        left=count_doubts(snapshot, wanted),
        notices=[one for one in snapshot.doubtful_notices if _is_wanted(one, wanted)],
        wanted=wanted,
        codes=facets,
        words=snapshot.constant_texts(),
        fields=FIELD_MESSAGES,
    )


def _is_wanted(plan: PlanRow, wanted: ItemFilter) -> bool:
    return wanted.place in (None, plan.place) and wanted.notice_id in (None, plan.notice_id)


@router.get("/queue/next")
def give_next(
    request: Request, wanted: Annotated[ItemFilter, Depends(_read_filter)], after: _Text = None
) -> Response:
    """Give the items behind a cursor, for a page that shows one after the other."""
    doubts, following = read_doubtful_items(lists_of(request), wanted, after, _AT_ONCE)
    html = [_render(request, one) for one in doubts]
    return JSONResponse({"items": html, "following": following})


def _render(request: Request, doubt: Doubt) -> str:
    reader = reader_of(request)
    template = make_environment().get_template("queue/doubt.html")
    return template.render(
        say=partial(fill_in, reader.language),
        doubt=doubt,
        card=render_card(doubt.card, reader),
        notice=doubt.notice,
    )
