"""The search page, and what it lists as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, get_args

from fastapi import APIRouter, Request
from starlette.responses import Response

from pipeline.dataset.table_columns import COLUMNS
from pipeline.web.exported_table import ExportFormat, export_table
from pipeline.web.library import ItemFilter, Order, RequestError, Snapshot
from pipeline.web.page import show_page
from pipeline.web.search.address import TEXT_FILTERS, read_filter, write_query
from pipeline.web.search.found import FACET_MESSAGES, link_facets, list_chosen, shown_sentence
from pipeline.web.served import lists_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.web.library.rows import Cell

Choice = TypeVar("Choice", bound=str)
router = APIRouter(include_in_schema=False)
_PAGE, _EXPORTED = 30, 1000
_COLUMNS = (*(column.name for column in COLUMNS["items"]), "state", "doubt", "sentence")
_ORDERS: tuple[Order, ...] = get_args(Order)
_FORMATS: tuple[ExportFormat, ...] = get_args(ExportFormat)


@router.get("/search")
def show_search(request: Request) -> Response:
    """Show the items that a search finds, a page of them, or all as a file with ?format=csv."""
    wanted = read_filter(request.query_params)
    order = _read_choice(request, "order", _ORDERS) or "best"
    kind = _read_choice(request, "format", _FORMATS)
    snapshot = lists_of(request)
    if kind:
        rows = list_rows(snapshot, wanted, order)
        return export_table("items", _COLUMNS, rows, kind).as_response()
    page = snapshot.items(wanted, request.query_params.get("after"), _PAGE, order)
    facets = snapshot.facets(wanted)
    messages = snapshot.constant_texts()
    query = write_query(wanted, order="" if order == "best" else order)
    following = page.following and write_query(wanted, order=order, after=page.following)
    return show_page(
        request,
        "search/search.html",
        wanted=wanted,
        order=order,
        rows=[(row, shown_sentence(row)) for row in page.rows],
        plans=snapshot.plan_by_id,
        total=facets.total,
        facets=link_facets(facets, wanted, order, messages),
        facet_messages=FACET_MESSAGES,
        chosen=list_chosen(wanted, order, messages),
        kept=[name for name in TEXT_FILTERS if name not in ("words", "region", "unit")],
        query=query,
        following=following,
        is_first="after" not in request.query_params,
        formats=_FORMATS,
    )


def _read_choice(request: Request, name: str, values: tuple[Choice, ...]) -> Choice | None:
    """Read a setting that has one of a few values, None where it is not set. Raises RequestError."""
    word = request.query_params.get(name, "")
    found = next((one for one in values if one == word), None)
    if word and found is None:
        raise RequestError(name, "has no such value", f"write one of {', '.join(values)}")
    return found


def list_rows(snapshot: Snapshot, wanted: ItemFilter, order: Order) -> Iterator[dict[str, Cell]]:
    """Yield all items that a search finds, as the rows of a table."""
    after = None
    while True:
        page = snapshot.items(wanted, after, _EXPORTED, order)
        for row in page.rows:
            own: dict[str, Cell] = {"state": row.state, "doubt": row.doubt}
            yield {**row.cells, **own, "sentence": row.sentence or None}
        after = page.following
        if after is None:
            return
