"""The filters of a search in its address: read from it, and written into links to other searches."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, get_args
from urllib.parse import urlencode

from pipeline.model import Role
from pipeline.store.review import ReviewState
from pipeline.web.library import ItemFilter, RequestError

if TYPE_CHECKING:
    from starlette.datastructures import QueryParams

# The names of the filters in addresses, beside `year`, which may come several times.
TEXT_FILTERS = tuple(one.name for one in fields(ItemFilter) if one.name != "years")
_YEAR = "year"
_CLOSED: dict[str, tuple[str, ...]] = {"role": get_args(Role), "state": get_args(ReviewState)}


def read_filter(query: QueryParams) -> ItemFilter:
    """Read a filter from an address; empty fields of a form do not count. Raises RequestError."""
    texts = {name: query.get(name, "").strip() for name in TEXT_FILTERS}
    for name, values in _CLOSED.items():
        if texts[name] and texts[name] not in values:
            raise RequestError(name, "has no such value", f"write one of {', '.join(values)}")
    return ItemFilter(
        years=tuple(dict.fromkeys(_read_year(one) for one in query.getlist("year") if one.strip())),
        **{name: text for name, text in texts.items() if text},  # type: ignore[arg-type]
    )


def _read_year(text: str) -> int:
    word = text.strip()
    if not (word.isascii() and word.isdecimal() and len(word) <= 4):
        raise RequestError(_YEAR, "is no year", "write it as 2011")
    return int(word)


def write_query(wanted: ItemFilter, **more: str) -> str:
    """Write a filter as the query of an address, with other settings that are not empty."""
    pairs = [("year", str(one)) for one in wanted.years]
    pairs += [(name, getattr(wanted, name)) for name in TEXT_FILTERS if getattr(wanted, name)]
    return urlencode([*pairs, *((name, value) for name, value in more.items() if value)])
