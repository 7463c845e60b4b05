"""Pages of rows that are in memory, each beginning behind the key of the last row before it."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.requests import Request

Row = TypeVar("Row")


def cut_page(
    rows: Sequence[Row], key: Callable[[Row], str], after: str | None, size: int
) -> tuple[list[Row], str | None]:
    """Return the rows behind a key, which need not be there any more, and the key of the next page."""
    ordered = sorted(rows, key=key)
    start = bisect_right(ordered, after, key=key) if after else 0
    page = ordered[start : start + size]
    return page, key(page[-1]) if start + size < len(ordered) else None


def next_address(request: Request, after: str | None) -> str | None:
    """Return the address of the next page of a list, None at the end."""
    if after is None:
        return None
    query = [one for one in request.query_params.multi_items() if one[0] != "after"]
    return f"{request.url.path}?{urlencode([*query, ('after', after)])}"
