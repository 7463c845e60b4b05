"""The addresses of bodies and leaders."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from pipeline.store.duties import Leader, LeaderLoad, Load, PlanYear, count_leaders, count_loads
from pipeline.web.bodies import tables
from pipeline.web.bodies.body_page import (
    list_rows,
    read_body_page,
    read_leader_page,
    read_load_page,
)
from pipeline.web.bodies.ledger_state import KeptLedger, read_kept_ledger
from pipeline.web.downloads import download
from pipeline.web.exported_table import ExportFormat
from pipeline.web.page import show_page
from pipeline.web.served import change_query, cut_page, kept_of, lists_of

if TYPE_CHECKING:
    from pipeline.web.bodies.body_page import BodyPage
    from pipeline.web.library import Snapshot

router = APIRouter(include_in_schema=False)
_NO_YEAR = "none"
_YEAR = re.compile(r"[0-9]{4}")


class ListQuery(BaseModel):
    """What a list of bodies or leaders is narrowed by; empty texts narrow nothing."""

    words: str = ""
    place: str = ""
    kind: str = ""
    page: int = 1
    format: ExportFormat | None = None


class BodyQuery(BaseModel):
    """Which body is shown, beside whom (2016:盐田区, none: for no year), and which of its items."""

    name: str
    within: str = ""
    role: str = ""
    page: int = 1
    format: ExportFormat | None = None
    table: str = "items"


class LeaderQuery(BaseModel):
    """Which leader is shown."""

    name: str
    post: str = ""
    place: str = ""
    page: int = 1
    format: ExportFormat | None = None


@router.get("/bodies")
def show_bodies(request: Request, wanted: Annotated[ListQuery, Query()]) -> Response:
    """List the bodies that plans name, those with most items first."""
    loads = kept_of(request, _count_loads)
    found = [one for one in loads if _is_wanted(one, wanted)]
    if wanted.format:
        return download(tables.table_of_bodies(found), wanted.format)
    return show_page(
        request,
        "bodies/bodies.html",
        here=partial(change_query, request),
        wanted=wanted,
        page=cut_page(found, wanted.page),
        most=max((one.hosted + one.co_hosted for one in found), default=1),
        places=sorted({one.place for one in loads if one.place}),
        kinds=sorted({one.kind for one in loads}),
    )


def _count_loads(snapshot: Snapshot) -> list[Load]:
    with snapshot.reading() as connection:
        return count_loads(connection)


def _is_wanted(one: Load, wanted: ListQuery) -> bool:
    return (
        wanted.words.strip() in one.body
        and wanted.place in ("", one.place)
        and wanted.kind in ("", one.kind)
    )


@router.get("/leaders")
def show_leaders(request: Request, wanted: Annotated[ListQuery, Query()]) -> Response:
    """List the leaders that plans name, those with most items first."""
    loads = kept_of(request, _count_leaders)
    found = [
        one
        for one in loads
        if wanted.words.strip() in one.leader.name + one.leader.post
        and wanted.place in ("", one.leader.place)
    ]
    if wanted.format:
        return download(tables.table_of_leaders(found), wanted.format)
    return show_page(
        request,
        "bodies/leaders.html",
        here=partial(change_query, request),
        wanted=wanted,
        page=cut_page(found, wanted.page),
        most=max((one.items for one in found), default=1),
        places=sorted({one.leader.place for one in loads if one.leader.place}),
    )


def _count_leaders(snapshot: Snapshot) -> list[LeaderLoad]:
    with snapshot.reading() as connection:
        return count_leaders(connection)


@router.get("/bodies/body")
def show_body(request: Request, wanted: Annotated[BodyQuery, Query()]) -> Response:
    """Show what a body has to do over the years, with whom, and beside whom."""
    with lists_of(request).reading() as connection:
        body = read_body_page(connection, wanted.name)
        if body is None:
            raise HTTPException(404)
        within = _choose_within(body, wanted.within)
        load = read_load_page(connection, wanted.name, within)
    ledger = kept_of(request, _read_ledger)
    state = ledger.of_body(wanted.name, _today()) if ledger else None
    rows = [one for one in list_rows(body.duties, state) if wanted.role in ("", *one.roles)]
    if wanted.format:
        found = tables.tables_of_body(body, load, rows).get(wanted.table)
        if found is None:
            raise HTTPException(404)
        return download(found, wanted.format)
    return show_page(
        request,
        "bodies/body.html",
        here=partial(change_query, request),
        body=body,
        load=load,
        ledger=state,
        unread=ledger.errors if ledger else (),
        page=cut_page(rows, wanted.page),
        role=wanted.role,
        choices=[(one, _name_within(one), count) for one, count in body.plan_years],
        within=within,
        most=max(one.led + one.hosted + one.co_hosted for one in body.years),
    )


def _choose_within(body: BodyPage, word: str) -> PlanYear:
    """Return the place and year that are asked for, else the latest in which the body has items."""
    year, _, place = word.partition(":")
    if not word:
        return body.plan_years[0][0]
    return PlanYear(place, int(year) if _YEAR.fullmatch(year) else None)


def _name_within(within: PlanYear) -> str:
    return f"{_NO_YEAR if within.year is None else within.year}:{within.place}"


@router.get("/leaders/leader")
def show_leader(request: Request, wanted: Annotated[LeaderQuery, Query()]) -> Response:
    """Show the items that a leader answers for, and the bodies that work on them."""
    with lists_of(request).reading() as connection:
        leader = read_leader_page(connection, Leader(wanted.name, wanted.post, wanted.place))
    if leader is None:
        raise HTTPException(404)
    ledger = kept_of(request, _read_ledger)
    ids = [one.item_id for one in leader.duties]
    state = ledger.of_leader(wanted.name, ids, _today()) if ledger else None
    rows = list_rows(leader.duties, state)
    if wanted.format:
        return download(tables.table_of_items(rows), wanted.format)
    return show_page(
        request,
        "bodies/leader.html",
        here=partial(change_query, request),
        leader=leader,
        ledger=state,
        unread=ledger.errors if ledger else (),
        page=cut_page(rows, wanted.page),
        most=max(one.items for one in leader.years),
    )


def _read_ledger(snapshot: Snapshot) -> KeptLedger | None:
    return read_kept_ledger(snapshot.output)


def _today() -> str:
    """Return the day where the desk runs."""
    return datetime.now(UTC).astimezone().date().isoformat()
