"""Which items of one plan go on as which of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.compare.match import Demand, Match, find_matches

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.model import Item

# The least similarity of the words of two items with years without either between them.
_REVIVED = 0.5


def match_items(before: Sequence[Item], after: Sequence[Item]) -> list[Match]:
    """The matches of two plans' items, by their positions in the lists."""
    return find_matches([_make_demand(one) for one in before], [_make_demand(one) for one in after])


def _make_demand(item: Item) -> Demand:
    hosts = item.host_units or item.co_host_units
    units = tuple(name.canonical or name.name for name in hosts)
    return Demand(item.title or "", item.content, item.path, units)


def match_revived(dropped: Sequence[Item], added: Iterable[Item]) -> dict[str, str]:
    """Added items that take up one dropped in an earlier year: added item_id -> dropped item_id.

    Only items with similar words count, as years lie between the two.
    """
    new = list(added)
    return {
        new[pair.current].item_id: dropped[pair.previous].item_id
        for match in match_items(dropped, new)
        for pair in match.pairs
        if match.kind == "one" and pair.words >= _REVIVED
    }
