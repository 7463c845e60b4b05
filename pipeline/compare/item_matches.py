"""Which items of one plan go on as which of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.compare.match import Demand, Match, find_matches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import Item


def match_items(before: Sequence[Item], after: Sequence[Item]) -> list[Match]:
    """The matches of two plans' items, by their positions in the lists."""
    return find_matches([_make_demand(one) for one in before], [_make_demand(one) for one in after])


def _make_demand(item: Item) -> Demand:
    hosts = item.host_units or item.co_host_units
    units = tuple(name.canonical or name.name for name in hosts)
    return Demand(item.title or "", item.content, item.path, units)
