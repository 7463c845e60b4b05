"""Items that come back after a pause: dropped in one year, taken up in a later one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pipeline.compare.item_matches import match_items
from pipeline.compare.match import Match, Pair

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from pipeline.compare.decided_links import DecidedPairs
    from pipeline.model import Notice

# The least score of an item and the one that takes it up: more than for items of neighbouring
# years, since most items that end do not come back.
_REVIVED = 0.25
# A demand pauses for so many plans at most; only a person joins items further apart.
_LONGEST_PAUSE = 2


class Revival(NamedTuple):
    """An item of a plan before the last one, and the item that takes it up."""

    earlier: int
    pair: Pair


@dataclass(frozen=True, slots=True)
class Pause:
    """The plans of a series in order; by the number of each plan the ids of its items that ended."""

    notices: Sequence[Notice]
    waiting: Mapping[int, Collection[str]]


def find_revived(
    pause: Pause, at: int, added: Collection[str], pairs: DecidedPairs
) -> dict[str, list[Revival]]:
    """Return the earlier items that the added items of plan `at` take up: item_id -> the best first.

    The two plans are matched whole: an item counts only where no item that goes on is more like
    it. What a person joined counts first, and what was refused does not.
    """
    found: dict[str, list[Revival]] = {}
    for earlier, ended in pause.waiting.items():
        if not ended or not added or earlier >= at - 1:
            continue
        before, after = pause.notices[earlier].items, pause.notices[at].items
        matches = match_items(before, after) if at - earlier <= _LONGEST_PAUSE + 1 else []
        scored = [*_find_pairs(matches), *_find_joined(pause.notices, earlier, at, pairs)]
        for pair in scored:
            one, other = before[pair.previous].item_id, after[pair.current].item_id
            fit = pairs.links.get(frozenset((one, other)))
            is_refused = fit is not None and not fit.decision.is_same
            if one in ended and other in added and not is_refused:
                found.setdefault(other, []).append(Revival(earlier, pair))
    for revivals in found.values():
        revivals.sort(key=lambda one: (-one.pair.score, -one.earlier, one.pair.previous))
    return found


def _find_pairs(matches: Iterable[Match]) -> list[Pair]:
    return [pair for match in matches for pair in match.pairs if pair.score >= _REVIVED]


def _find_joined(
    notices: Sequence[Notice], earlier: int, at: int, pairs: DecidedPairs
) -> list[Pair]:
    """Return the pairs of items of two plans that a person joined, as sure as can be."""
    if not pairs.links:
        return []
    before, after = (
        {item.item_id: n for n, item in enumerate(notices[one].items)} for one in (earlier, at)
    )
    same = [tuple(ids) for ids, fit in pairs.links.items() if fit.decision.is_same]
    return [
        Pair(before[one], after[other], 1.0, 0.0, 0.0, 0.0)
        for ids in same
        for one, other in (ids, ids[::-1])
        if one in before and other in after
    ]
