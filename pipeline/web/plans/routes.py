"""The list of plans, sending files, and following a run that parses them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Query, Request, UploadFile
from starlette.responses import RedirectResponse, Response

from pipeline.web.desk import desk_of
from pipeline.web.event_stream import EventStream
from pipeline.web.page import show_failure, show_page
from pipeline.web.plans.plan_list import (
    GROUPINGS,
    STATES,
    PlanFilter,
    group_plans,
    list_values,
)
from pipeline.web.plans.runs import Run
from pipeline.web.plans.sent_files import keep_file, list_folders
from pipeline.web.rights import require_writing
from pipeline.web.served import keep_written, lists_of, years_of

router = APIRouter(include_in_schema=False)
_Text = Annotated[str, Query(max_length=200)]
_MOST_FILES = 100
# A page that follows a run is sent a sign of life so often.
# Steps are looked for this often; after so many looks without one a sign of life is sent.
_STEP_SECONDS = 0.3
_PULSE = 33


@router.get("/")
def show_plans(
    request: Request,
    words: _Text = "",
    place: _Text = "",
    year: _Text = "",
    state: _Text = "",
    by: _Text = "place",
) -> Response:
    """Show all plans, or those that the address chooses, in groups."""
    desk = desk_of(request)
    snapshot = lists_of(request)
    wanted = PlanFilter(
        words,
        place,
        int(year) if year.isascii() and year.isdigit() else None,
        state if state in STATES else "",
        by if by in GROUPINGS else "place",
    )
    plans = [one for one in snapshot.plans() if wanted.chooses(one)]
    if wanted.by == "series" and not any(one.series for one in plans):
        # `fengong threads` has not written them; the pages of years find them too.
        found = {one.notice_id: one.series for one in years_of(request).index().rows}
        plans = [replace(one, series=found.get(one.notice_id)) for one in plans]
    places, years = list_values(snapshot.plans())
    return show_page(
        request,
        "plans/plans.html",
        groups=group_plans(plans, wanted.by),
        plans=plans,
        wanted=wanted,
        places=places,
        years=years,
        groupings=GROUPINGS,
        states=STATES,
        settings=desk.settings,
        folders=list_folders(desk.settings.inbox) if desk.settings.inbox else [],
        errors=snapshot.errors,
    )


@router.post("/uploads", dependencies=[Depends(require_writing)])
def take_files(request: Request, files: list[UploadFile]) -> Response:
    """Keep files that were sent, and parse them."""
    desk = desk_of(request)
    folder = desk.settings.uploads
    chosen = [one for one in files if one.filename]
    if folder is None:
        raise HTTPException(404)
    if not 0 < len(chosen) <= _MOST_FILES:
        fact = f"{len(chosen)} files were sent"
        return show_failure(request, 422, fact, f"send from 1 to {_MOST_FILES} at once")
    kept = [keep_file(folder, one.filename or "", one.file) for one in chosen]
    return _follow(request, desk.runs.start(kept))


@router.post("/folders", dependencies=[Depends(require_writing)])
def take_folder(request: Request, folder: Annotated[str, Form(max_length=500)]) -> Response:
    """Parse a folder of the inbox; only a name that is in its list means one."""
    desk = desk_of(request)
    inbox = desk.settings.inbox
    if inbox is None or folder not in list_folders(inbox):
        raise HTTPException(404)
    return _follow(request, desk.runs.start([inbox / folder]))


def _follow(request: Request, run: Run | None) -> Response:
    if run is None:
        fact = "many runs are waiting already"
        return show_failure(request, 503, fact, "try again when some of them have ended")
    return RedirectResponse(f"/runs/{run.key}", 303)


@router.get("/runs/{key}")
def show_run(request: Request, key: str) -> Response:
    """Show how far a run is, or what it gave."""
    run = _find_run(request, key)
    last = run.told[-1] if run.told else {}
    page = show_page(request, "plans/run.html", run=run, last=last)
    if run.has_ended:
        keep_written(request, page)
    return page


@router.get("/runs/{key}/steps")
def send_steps(request: Request, key: str) -> Response:
    """Send the steps of a run as they come, as server-sent events."""
    run = _find_run(request, key)
    return EventStream(_stream(run))


def _find_run(request: Request, key: str) -> Run:
    run = desk_of(request).runs.find(key)
    if run is None:
        raise HTTPException(404)
    return run


async def _stream(run: Run) -> AsyncIterator[str]:
    """Send steps while they come; whoever follows a run keeps no thread of the desk."""
    sent = quiet = 0
    while True:
        steps = run.told[sent:]
        for one in steps:
            yield f"data: {json.dumps(one, ensure_ascii=False)}\n\n"
        sent += len(steps)
        if run.has_ended and sent >= len(run.told):
            return
        quiet = 0 if steps else quiet + 1
        if quiet == _PULSE:
            quiet = 0
            yield ": still at work\n\n"
        await asyncio.sleep(_STEP_SECONDS)
