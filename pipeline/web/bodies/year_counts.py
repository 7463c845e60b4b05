"""Count what a body or a leader has to do, year by year and role by role."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.model import Role
    from pipeline.store.duties import Duty


class YearCount(NamedTuple):
    """The items of one year by role; `items` counts an item with two roles once.

    The year is None for plans that name none.
    """

    year: int | None
    led: int
    hosted: int
    co_hosted: int
    items: int
    notices: int


def count_years(duties: Iterable[Duty]) -> list[YearCount]:
    """Count items by year and role, the earliest year first, plans without a year last."""
    by_year: defaultdict[int | None, list[Duty]] = defaultdict(list)
    for one in duties:
        by_year[one.year].append(one)
    in_order = sorted(by_year.items(), key=lambda row: (row[0] is None, row[0] or 0))
    return [_count(year, own) for year, own in in_order]


def _count(year: int | None, own: Iterable[Duty]) -> YearCount:
    own = list(own)

    def with_role(role: Role) -> int:
        return len({one.item_id for one in own if one.role == role})

    items, notices = ({getattr(one, key) for one in own} for key in ("item_id", "notice_id"))
    roles = with_role("leader"), with_role("host"), with_role("co_host")
    return YearCount(year, *roles, len(items), len(notices))
