"""The addresses of the API."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.openapi.utils import get_openapi
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from pipeline import __version__
from pipeline.comparison import Comparison
from pipeline.dataset.record_files import record_bytes
from pipeline.decisions.found_right import digest_values
from pipeline.errors import PipelineError
from pipeline.model import Notice
from pipeline.web.api.item_query import After, ItemQuery, Size
from pipeline.web.api.models import (
    Bodies,
    BodyAnswer,
    Conflicts,
    Fault,
    Found,
    Items,
    Leaders,
    OneItem,
    Plans,
    Problems,
    Written,
)
from pipeline.web.api.paging import cut_page, next_address
from pipeline.web.desk import Desk, desk_of
from pipeline.web.library import ItemRow, NotFoundError, Page, Snapshot
from pipeline.web.library.compared import compare
from pipeline.web.library.explained import explain_item
from pipeline.web.library.notice_view import read_notice_view
from pipeline.web.page import fault_answer, show_page
from pipeline.web.review.changing import SentChanges, find_author, list_conflict, read_changes
from pipeline.web.rights import require_writing, rights_of

_FAULT = {
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Fault"}}}
}


def _failing(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe the answers to requests that fail."""
    words = {
        400: "A filter or a cursor is wrong.",
        401: "The desk is read with a token only.",
        403: "The desk may not be changed by this token.",
        404: "There is none of this name.",
        409: "It cannot be read or written now, or somebody else changed it.",
        413: "More was sent than the desk takes.",
        422: "The request cannot be understood.",
        503: "The desk is being closed; nothing was written.",
    }
    return {one: {"description": words[one], **_FAULT} for one in (*statuses, 401, 409, 422)}


router = APIRouter(prefix="/api/v1", tags=["v1"])


def _current(request: Request) -> Snapshot:
    return desk_of(request).library.current()


Current = Annotated[Snapshot, Depends(_current)]
Asked = Annotated[ItemQuery, Query()]


@router.get("/openapi.json", include_in_schema=False)
def tell_openapi() -> Response:
    """Describe this API as OpenAPI."""
    return JSONResponse(make_openapi())


def make_openapi() -> dict[str, Any]:
    """Return the OpenAPI description of the addresses below."""
    described = get_openapi(
        title="fengong", version=__version__, summary=__doc__, routes=router.routes
    )
    schemas = described["components"]["schemas"]
    schemas["Fault"] = Fault.model_json_schema()
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    return described


@router.get("", include_in_schema=False)
def show_api(request: Request) -> Response:
    """Show the addresses of the API on a page."""
    described = make_openapi()
    addresses = [
        (method.upper(), path, one)
        for path, methods in described["paths"].items()
        for method, one in methods.items()
    ]
    return show_page(request, "api/addresses.html", addresses=addresses)


@router.get("/plans", responses=_failing(400))
def list_plans(
    request: Request,
    snapshot: Current,
    year: int | None = None,
    place: str | None = None,
    after: After = None,
    size: Size = 100,
) -> Plans:
    """List the notices, by their ids."""
    rows = [
        one for one in snapshot.plans() if year in (None, one.year) and place in (None, one.place)
    ]
    page, following = cut_page(rows, lambda one: one.notice_id, after, size)
    return Plans(
        rows=[asdict(one) for one in page],
        next=next_address(request, following),
    )


@router.get("/notices/{notice_id}", response_model=Notice, responses=_failing(404))
def read_notice(
    snapshot: Current, notice_id: str, values: Literal["read", "in_force"] = "read"
) -> Response:
    """Read a notice: its record, byte for byte that of its file, or with the values in force.

    Whoever finds it right sends the `fengong-seen` of the answer's head with `reviewed`.
    """
    view = snapshot.notice(notice_id)
    data = snapshot.record(notice_id) if values == "read" else record_bytes(view.notice)
    seen = digest_values(view.notice)
    headers = {"etag": f'"{view.version}-{values}"', "fengong-seen": seen}
    return Response(data, media_type="application/json", headers=headers)


@router.get("/items", responses=_failing(400))
def list_items(
    request: Request,
    snapshot: Current,
    asked: Asked,
) -> Items:
    """List items; one whose notice is corrected while you page may come twice, none is left out."""
    page = _read_page(snapshot, asked)
    return Items(rows=_found(page), next=next_address(request, page.following))


@router.get("/search", responses=_failing(400))
def search(
    request: Request,
    snapshot: Current,
    asked: Asked,
) -> Found:
    """List items as /items does, with how many were found, and by year, place, body, leader …"""
    page = _read_page(snapshot, asked)
    facets = snapshot.facets(asked.wanted)
    return Found(
        rows=_found(page),
        next=next_address(request, page.following),
        total=facets.total,
        facets={
            name: [{"value": value, "items": items} for value, items in values]
            for name, values in facets.values.items()
        },
    )


def _read_page(snapshot: Snapshot, asked: ItemQuery) -> Page[ItemRow]:
    return snapshot.items(asked.wanted, asked.after, asked.size, asked.order)


def _found(page: Page[ItemRow]) -> list[dict[str, object]]:
    return [
        {
            **one.cells,
            "state": one.state,
            "doubt": one.doubt,
            "sentence": one.sentence or None,
            "marks": one.marks,
        }
        for one in page.rows
    ]


@router.get("/items/{item_id}", responses=_failing(404))
def read_item(snapshot: Current, item_id: str) -> OneItem:
    """Read an item in force (write # in its id as %23), with the sentences of its source."""
    found = explain_item(snapshot, item_id)
    notice = found.view.notice
    return OneItem(
        notice_id=notice.notice_id,
        version=found.view.version,
        title=notice.title,
        year=notice.year,
        path=notice.source.path,
        url=notice.source.url,
        item=found.item,
        state=found.review.state,
        doubt=found.review.doubt,
        seen=digest_values(found.item),
        problems=list(found.review.problems),
        text=found.text,
        locations=list(found.locations),
        evidence=[one._asdict() for one in found.evidence],
    )


@router.get("/bodies", responses=_failing())
def list_bodies(
    request: Request, snapshot: Current, after: After = None, size: Size = 100
) -> Bodies:
    """List the bodies, by their canonical names."""
    rows = snapshot.table("units")
    page, following = cut_page(rows, lambda one: str(one["canonical"]), after, size)
    return Bodies(rows=page, next=next_address(request, following))


@router.get("/bodies/{canonical}", response_model=BodyAnswer, responses=_failing(404))
def read_body(snapshot: Current, canonical: str) -> Any:  # noqa: ANN401 - a row by its model
    """Read one body."""
    row = next((one for one in snapshot.table("units") if one["canonical"] == canonical), None)
    if row is None:
        raise NotFoundError(canonical, "no body has this name", "see the list of bodies")
    return row


@router.get("/leaders", responses=_failing())
def list_leaders(
    request: Request, snapshot: Current, after: After = None, size: Size = 100
) -> Leaders:
    """List the leaders: a name with a post in a place is one person."""
    rows = snapshot.table("leaders")
    page, following = cut_page(rows, lambda one: str(one["leader"]), after, size)
    return Leaders(rows=page, next=next_address(request, following))


@router.get("/problems", responses=_failing())
def list_problems(
    request: Request,
    snapshot: Current,
    notice_id: str | None = None,
    code: str | None = None,
    after: After = None,
    size: Size = 100,
) -> Problems:
    """List the problems of notices and items, in the order of the notices' ids."""
    counts: Counter[object] = Counter()
    rows = []
    for row in snapshot.table("problems"):
        counts[row["notice_id"]] += 1
        if notice_id in (None, row["notice_id"]) and code in (None, row["code"]):
            rows.append((f"{row['notice_id']}#{counts[row['notice_id']]:06}", row))
    page, following = cut_page(rows, lambda one: one[0], after, size)
    return Problems(rows=[row for _, row in page], next=next_address(request, following))


@router.get("/comparisons", responses=_failing(404))
def read_comparison(snapshot: Current, previous: str, current: str) -> Comparison:
    """Compare two notices by their ids: what became of every item, as fengong diff says it."""
    return compare(snapshot, previous, current)


@router.post(
    "/notices/{notice_id}/corrections",
    response_model=Written,
    dependencies=[Depends(require_writing)],
    responses={
        **_failing(403, 404, 413, 503),
        409: {
            "description": "Somebody else changed a value since it was seen; nothing was written.",
            "content": {"application/problem+json": {"schema": Conflicts.model_json_schema()}},
        },
    },
)
async def correct_notice(
    request: Request, snapshot: Current, notice_id: str, sent: SentChanges
) -> Written | Response:
    """Correct fields of a notice or its items, together or not at all.

    `seen` is the value in force that you saw: where it is another one now, nothing is written and
    the conflict is told.
    """
    await run_in_threadpool(snapshot.notice, notice_id)
    desk = desk_of(request)
    changes = read_changes(sent, notice_id)
    by = find_author(rights_of(request), sent.who, sent.why)
    conflicts = await asyncio.wrap_future(desk.writer.submit(changes, by))
    if conflicts:
        fact, remedy = "somebody else changed it since it was seen", "look at it and send it again"
        told = [list_conflict(one) for one in conflicts]
        return fault_answer(409, fact, remedy, conflicts=told)
    return Written(version=await run_in_threadpool(_find_version, desk, notice_id))


def _find_version(desk: Desk, notice_id: str) -> str:
    """Return the version of a notice that was just written, also where the desk's copy cannot follow."""
    try:
        return desk.library.refresh().notice(notice_id).version
    except PipelineError:
        return read_notice_view(desk.library.output, notice_id).version
