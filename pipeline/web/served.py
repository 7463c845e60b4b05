"""What the pages of a running desk share: its library, what was made of it, and addresses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar
from urllib.parse import urlencode

from pipeline.web.kept_values import KeptValues

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from pipeline.web.library import Library, Snapshot
    from pipeline.web.names_desk.judging import NamesDesk
    from pipeline.web.years.series_index import YearsOfOutput

_T = TypeVar("_T")
# The cookie with the state of the OUTPUT that has what a person changed last.
_WROTE = "fengong-wrote"
_NUMBER = re.compile(r"[0-9]{1,18}")
# How many rows of a list are on one page.
_ROWS = 50


class ListPart(NamedTuple, Generic[_T]):
    """A part of a list: its rows, its number from 1, and how many parts and rows there are."""

    rows: Sequence[_T]
    number: int
    last: int
    total: int


def cut_page(rows: Sequence[_T], number: int, size: int = _ROWS) -> ListPart[_T]:
    """Return one part of a list; the last one for a number beyond it."""
    last = max(1, -(-len(rows) // size))
    number = min(max(1, number), last)
    return ListPart(rows[(number - 1) * size : number * size], number, last, len(rows))


def library_of(request: Request) -> Library:
    """Return the library of the desk that is asked."""
    library: Library = request.app.state.library
    return library


def lists_of(request: Request) -> Snapshot:
    """Return the OUTPUT with lists that are ready, and that have what this person has changed."""
    seen = request.cookies.get(_WROTE, "")
    return library_of(request).listed(int(seen) if _NUMBER.fullmatch(seen) else 0)


def keep_written(request: Request, response: Response) -> None:
    """Have whoever has just changed something shown lists that have it."""
    number = str(library_of(request).looked)
    response.set_cookie(_WROTE, number, samesite="strict", httponly=True)


def years_of(request: Request) -> YearsOfOutput:
    """Return the series, comparisons and threads of the desk that is asked."""
    years: YearsOfOutput = request.app.state.years
    return years


def names_of(request: Request) -> NamesDesk:
    """Return the names of the desk that is asked."""
    names: NamesDesk = request.app.state.names
    return names


def kept_of(request: Request, make: Callable[[Snapshot], _T]) -> _T:
    """Return what a function makes of the OUTPUT as it is now; it is called once for each state of it."""
    snapshot = lists_of(request)
    kept: KeptValues[Any] = request.app.state.kept
    value: _T = kept.get(make, snapshot.version, lambda: make(snapshot))
    return value


def change_query(request: Request, **changes: object) -> str:
    """Return the address of this page with other values in its query; an empty value takes one out.

    The number of a page in a list is left out, unless it is changed itself.
    """
    gone = {"page", "lang", "format", "table", *changes}
    kept = [one for one in request.query_params.multi_items() if one[0] not in gone]
    more = [(name, str(value)) for name, value in changes.items() if value not in ("", None)]
    query = urlencode([*kept, *more])
    return f"{request.url.path}?{query}" if query else request.url.path
