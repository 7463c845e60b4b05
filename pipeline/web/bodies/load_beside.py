"""Compare the load of a body with those of the others in plans of the same place and year."""

from __future__ import annotations

from collections import Counter
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from pipeline.store.duties import PlanYear

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.store.duties import Duty, Load


class RankedLoad(NamedTuple):
    """The load of a body and its rank: 1 has most items, equal loads have one rank."""

    rank: int
    load: Load
    is_own: bool


class LoadBeside(NamedTuple):
    """A body's load among all bodies of one place and year.

    `rows` are the greatest loads, and the body's own where it is not among them.
    """

    within: PlanYear
    own: RankedLoad
    bodies: int
    median: float
    busier: int
    rows: tuple[RankedLoad, ...]


def list_plan_years(duties: Iterable[Duty]) -> list[tuple[PlanYear, int]]:
    """List the places and years in which a body has items, with their number; the latest first.

    Plans without a year come last.
    """
    items = {(one.plan_year, one.item_id) for one in duties}
    counts = Counter(within for within, _ in items)
    return sorted(counts.items(), key=lambda row: (-(row[0].year or 0), -row[1], row[0].place))


def compare_loads(
    body: str, within: PlanYear, loads: Sequence[Load], shown: int
) -> LoadBeside | None:
    """Compare a body with all bodies of a place and year; None where it has no items there."""
    ranked = rank_loads(loads, body)
    own = next((one for one in ranked if one.is_own), None)
    if own is None:
        return None
    rows = ranked[:shown]
    if own not in rows:
        rows = [*ranked[: shown - 1], own]
    middle = float(median(one.items for one in loads))
    busier = sum(one.items > own.load.items for one in loads)
    return LoadBeside(within, own, len(loads), middle, busier, tuple(rows))


def rank_loads(loads: Sequence[Load], body: str) -> list[RankedLoad]:
    """Rank loads by the number of items, the greatest first."""
    in_order = sorted(loads, key=lambda one: (-one.items, -one.hosted, one.body))
    ranks: dict[int, int] = {}
    for n, one in enumerate(in_order, 1):
        ranks.setdefault(one.items, n)
    return [RankedLoad(ranks[one.items], one, one.body == body) for one in in_order]
