"""The addresses of names: the list of those that want a judgement, one name, and judging it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, HTTPException, Query, Request
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from pipeline.web.desk import written
from pipeline.web.downloads import PageTable, download
from pipeline.web.exported_table import ExportFormat
from pipeline.web.names_desk.name_cases import OPEN_STATES, order_cases
from pipeline.web.page import show_page
from pipeline.web.review.changing import find_author
from pipeline.web.rights import require_writing, rights_of
from pipeline.web.served import change_query, cut_page, keep_written, names_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.web.names_desk.candidates import Candidate
    from pipeline.web.names_desk.judging import CaseKey, Decision, NamesDesk
    from pipeline.web.names_desk.name_cases import NameCase

router = APIRouter(include_in_schema=False)
_OTHER = "*"


class NamesQuery(BaseModel):
    """Which names are listed: those that want a judgement, those that were judged, or all."""

    show: Literal["open", "judged", "all"] = "open"
    words: str = ""
    place: str = ""
    page: int = 1
    format: ExportFormat | None = None


class CaseQuery(NamesQuery):
    """Which name is shown, within which list; `done` is the name that was judged before it."""

    name: str
    of: str = ""
    done: str = ""
    done_of: str = ""


class JudgementForm(BaseModel):
    """A decision on a name of a place: `body` is a candidate, * stands for the one in `other`."""

    name: str
    of: str = ""
    show: Literal["open", "judged", "all"] = "open"
    words: str = ""
    place: str = ""
    decision: Literal["same", "different", "unsure", "back"] = "unsure"
    body: str = ""
    other: str = ""
    who: str = ""
    why: str = ""


@router.get("/names")
def show_names(request: Request, wanted: Annotated[NamesQuery, Query()]) -> Response:
    """List names, those that want a judgement most first."""
    names = names_of(request).read()
    cases = _choose(list(names.cases.values()), wanted)
    if wanted.format:
        return download(_make_table(cases), wanted.format)
    states = [one.state for one in names.cases.values()]
    return show_page(
        request,
        "names/names.html",
        here=partial(change_query, request),
        wanted=wanted,
        page=cut_page(cases, wanted.page),
        left=sum(state in OPEN_STATES for state in states),
        judged=states.count("judged"),
        all=len(states),
        places=sorted({one.place for one in names.cases.values() if one.place}),
        errors=names.errors,
    )


def _choose(cases: Sequence[NameCase], wanted: NamesQuery | JudgementForm) -> list[NameCase]:
    """Return the names of a list in its order."""
    return order_cases(
        one
        for one in cases
        if (wanted.show == "all" or (one.state in OPEN_STATES) == (wanted.show == "open"))
        and (wanted.show != "judged" or one.state == "judged")
        and wanted.place in ("", one.place)
        and wanted.words.strip() in one.name
    )


def _make_table(cases: Sequence[NameCase]) -> PageTable:
    columns = ("name", "place", "count", "years", "roles", "canonical", "state", "decisions")
    rows = tuple(
        (
            one.name, one.place, one.count, "、".join(map(str, sorted(one.years))),
            "、".join(f"{role} {count}" for role, count in sorted(one.roles.items())),
            "、".join(one.bodies), one.state,
            "; ".join(f"{said.decision} {said.body} ({said.who})" for said in one.decisions),
        )
        for one in cases
    )  # fmt: skip
    return PageTable("names", columns, rows)


@router.get("/names/case")
def show_case(request: Request, wanted: Annotated[CaseQuery, Query()]) -> Response:
    """Show one name with its candidates side by side."""
    desk = names_of(request)
    names = desk.read()
    case = names.cases.get((wanted.of, wanted.name))
    if case is None:
        raise HTTPException(404)
    listed = _choose(list(names.cases.values()), wanted)
    before, after = _find_neighbours(listed, case.key)
    candidates = desk.find_candidates(case)
    return show_page(
        request,
        "names/case.html",
        wanted=wanted,
        case=case,
        candidates=candidates,
        chosen=_choose_first(candidates),
        left=len(listed),
        before=_case_address(before, wanted) if before else "",
        after=_case_address(after, wanted) if after else "",
        done=names.cases.get((wanted.done_of, wanted.done)),
    )


def _choose_first(candidates: Sequence[Candidate]) -> str:
    """Return the first candidate on which nobody has decided."""
    return next((one.body for one in candidates if not one.decision), _OTHER)


def _find_neighbours(
    listed: Sequence[NameCase], key: CaseKey
) -> tuple[NameCase | None, NameCase | None]:
    """Return the names before and behind one in a list; the first one where it is not in it."""
    at = next((n for n, one in enumerate(listed) if one.key == key), None)
    if at is None:
        return None, next(iter(listed), None)
    before = listed[at - 1] if at else None
    return before, listed[at + 1] if at + 1 < len(listed) else None


def _case_address(
    case: NameCase, wanted: NamesQuery | JudgementForm, done: NameCase | None = None
) -> str:
    query = {"name": case.name, "of": case.place, "show": wanted.show}
    query |= {"words": wanted.words} if wanted.words else {}
    query |= {"place": wanted.place} if wanted.place else {}
    query |= {"done": done.name, "done_of": done.place} if done else {}
    return f"/names/case?{urlencode(query)}"


@router.post("/names/judge", dependencies=[Depends(require_writing)])
async def judge(request: Request, sent: Annotated[JudgementForm, Form()]) -> Response:
    """Keep a decision on a name, apply it, and go on to the next name of the list."""
    desk = names_of(request)
    about = (sent.of, sent.name)
    after = await run_in_threadpool(_find_following, desk, sent)
    if sent.decision == "back":
        case = await written(request, lambda waiting: desk.take_back(about, waiting))
        after = case
    else:
        by = find_author(rights_of(request), sent.who, sent.why)
        body = sent.other if sent.body == _OTHER else sent.body
        decision: tuple[Decision, str] = (sent.decision, body)
        case = await written(
            request, lambda waiting: desk.judge(about, decision, (by.who, by.why), waiting)
        )
    answer = await run_in_threadpool(_go_on, desk, sent, case, after)
    keep_written(request, answer)
    return answer


def _find_following(desk: NamesDesk, sent: JudgementForm) -> NameCase | None:
    """Return the name behind one in its list."""
    listed = _choose(list(desk.read().cases.values()), sent)
    return _find_neighbours(listed, (sent.of, sent.name))[1]


def _go_on(
    desk: NamesDesk, sent: JudgementForm, case: NameCase, after: NameCase | None
) -> Response:
    """Go on to the next name; a name that is not one body stays until all candidates are refused."""
    if sent.decision == "different" and _has_more(desk.find_candidates(case)):
        after = case
    following = after or next(iter(_choose(list(desk.read().cases.values()), sent)), None)
    address = _case_address(following, sent, case) if following else "/names"
    return RedirectResponse(address, 303)


def _has_more(candidates: Sequence[Candidate]) -> bool:
    """Answer whether nobody has decided on some candidate."""
    return any(not one.decision for one in candidates)


@router.post("/names/undo", dependencies=[Depends(require_writing)])
async def undo(request: Request, sent: Annotated[JudgementForm, Form()]) -> Response:
    """Take back the last judgement of a person, and show its name."""
    desk, by = names_of(request), find_author(rights_of(request), sent.who, sent.why)
    case = await written(request, lambda waiting: desk.undo(by.who, waiting))
    address = (
        _case_address(case, sent, case) if case else f"/names?{urlencode({'show': sent.show})}"
    )
    answer = RedirectResponse(address, 303)
    keep_written(request, answer)
    return answer
