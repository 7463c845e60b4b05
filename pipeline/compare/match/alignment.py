"""The alignment of two lists of demands: similarity first, then pairs, then splits and mergers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.compare.match.assignment import assign, group_connected
from pipeline.compare.match.certainty import find_certainty
from pipeline.compare.match.demands import Demand, Match, MatchKind, Pair
from pipeline.compare.match.similarity import Similarity, find_similarity
from pipeline.compare.match.splits_and_mergers import add_joining

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def find_matches(previous: Sequence[Demand], current: Sequence[Demand]) -> list[Match]:
    """The demands that go on, in the current list's order; those in no match were dropped or added.

    Every demand is in one match at most; one of the two sides of a match has a single member.
    """
    if not previous or not current:
        return []
    similarity = find_similarity(previous, current)
    chosen = add_joining(similarity, list(assign(similarity.mutual)))
    matches = _make_matches(similarity, chosen)
    return sorted(matches, key=lambda match: (match.current, match.previous))


def _make_matches(similarity: Similarity, chosen: Sequence[tuple[int, int]]) -> Iterator[Match]:
    for group in group_connected(chosen):
        pairs = tuple(_make_pair(similarity, p, q) for p, q in sorted(group))
        kind: MatchKind = "one"
        if len(pairs) > 1:
            kind = "split" if len({pair.previous for pair in pairs}) == 1 else "merged"
        yield Match(kind, pairs)


def _make_pair(similarity: Similarity, p: int, q: int) -> Pair:
    parts = (similarity.score, similarity.words, similarity.path, similarity.units)
    score, words, path, units = (round(min(1.0, float(one[p, q])), 3) for one in parts)
    return Pair(p, q, score, words, path, units, round(find_certainty(similarity, p, q), 3))
