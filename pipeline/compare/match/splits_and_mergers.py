"""Demands that are left over by the assignment and join a pair: splits and mergers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipeline.compare.match.assignment import find_strong
from pipeline.compare.match.terms import TINY, Matrix, TermsOfLists, share_of_best

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scipy.sparse import csr_array

    from pipeline.compare.match.similarity import Similarity

Edge = tuple[int, int]

# The score that a demand must exceed to join a pair; lower than for a pair, as the demand of the
# pair that it joins prefers its partner.
_JOINING = 0.04


def add_joining(similarity: Similarity, assigned: Sequence[Edge]) -> list[Edge]:
    """The assigned pairs and those of demands that split off or merge, without chains.

    A demand joins one pair at most. A demand that is split is not part of a merger.
    """
    chosen = list(assigned)
    before: dict[int, list[int]] = {p: [q] for p, q in chosen}
    after: dict[int, list[int]] = {q: [p] for p, q in chosen}
    for p, q in _find_joining(similarity, assigned):
        is_free = p not in before or q not in after
        is_chain = any(len(after[n]) > 1 for n in before.get(p, ()))
        is_chain |= any(len(before[n]) > 1 for n in after.get(q, ()))
        if is_free and not is_chain:
            chosen.append((p, q))
            before.setdefault(p, []).append(q)
            after.setdefault(q, []).append(p)
    return chosen


def _find_joining(similarity: Similarity, assigned: Sequence[Edge]) -> list[Edge]:
    """Pairs of a demand that is left over and one that has a partner, the best first."""
    by_row, by_column = share_of_best(similarity.score)
    scored = [
        *_find_mergers(similarity, similarity.score * by_row * by_row, assigned),
        *_find_splits(similarity, similarity.score * by_column * by_column, assigned),
    ]
    scored.sort(key=lambda row: (-row[0], abs(row[1] - row[2]), min(row[1:]), row))
    return [(p, q) for _, p, q in scored]


def _find_mergers(
    similarity: Similarity, value: Matrix, assigned: Sequence[Edge]
) -> Iterator[tuple[float, int, int]]:
    """Scored pairs of a previous demand that is left over and a current one with a partner."""
    partner = {q: p for p, q in assigned}
    taken = {p for p, _ in assigned}
    pairs = [(p, q) for p, q in find_strong(value, _JOINING) if q in partner and p not in taken]
    if pairs:
        claimed = similarity.terms[0][[partner[q] for _, q in pairs]]
        yield from _score_joining(similarity.terms, value, pairs, claimed)


def _find_splits(
    similarity: Similarity, value: Matrix, assigned: Sequence[Edge]
) -> Iterator[tuple[float, int, int]]:
    """Scored pairs of a previous demand with a partner and a current one that is left over."""
    partner = dict(assigned)
    taken = {q for _, q in assigned}
    pairs = [(p, q) for p, q in find_strong(value, _JOINING) if p in partner and q not in taken]
    if pairs:
        claimed = similarity.terms[1][[partner[p] for p, _ in pairs]]
        yield from _score_joining(similarity.terms, value, pairs, claimed)


def _score_joining(
    terms: TermsOfLists, value: Matrix, pairs: Sequence[Edge], claimed: csr_array
) -> Iterator[tuple[float, int, int]]:
    """The pairs by the terms that the two share beyond those that the partner claims."""
    ps, qs = (list(side) for side in zip(*pairs, strict=True))
    worth = value[ps, qs] * _share_beyond(terms[0][ps], terms[1][qs], claimed)
    for one, (p, q) in zip(worth, pairs, strict=True):
        if one > _JOINING:
            yield float(one), p, q


def _share_beyond(before: csr_array, after: csr_array, claimed: csr_array) -> Matrix:
    """Row by row, the share of the common terms of two demands that a third one lacks."""
    shared = before.minimum(after)
    known = shared.multiply(claimed.astype(bool))
    whole = np.asarray(shared.sum(axis=1)).ravel()
    beyond = whole - np.asarray(known.sum(axis=1)).ravel()
    return np.asarray(beyond / np.maximum(whole, TINY), np.float32)
