"""The one-to-one assignment of demands that has the greatest sum of scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.compare.match.terms import Matrix

# The score that two demands must exceed to be the same one.
_LEAST = 0.1
# How many pairs a demand may have on average before only its best ones are considered.
_MANY = 10
# How much the distance of two demands in their lists decides between pairs of equal score.
_NEARNESS = 1e-4


def assign(score: Matrix) -> Iterator[tuple[int, int]]:
    """The assignment of rows to columns, found separately in each group of connected pairs."""
    for group in group_connected(find_strong(score, _LEAST)):
        rows, columns = sorted({p for p, _ in group}), sorted({q for _, q in group})
        part = score[np.ix_(rows, columns)]
        part = np.where(part > _LEAST, part, 0)
        for n, m in zip(*linear_sum_assignment(-part), strict=True):
            if part[n, m] > 0:
                yield rows[n], columns[m]


def find_strong(score: Matrix, least: float) -> list[tuple[int, int]]:
    """The pairs above a score; where these are very many, only the best of each row and column.

    A thousand equal items in either year are a million equally good pairs.
    """
    strong = score > least
    if np.count_nonzero(strong) > _MANY * sum(score.shape):
        strong &= _find_best_of_lines(score)
    return [(int(p), int(q)) for p, q in np.argwhere(strong)]


def _find_best_of_lines(score: Matrix) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Mark the best pairs of each row and of each column; of equal scores the nearest in place."""
    places = [np.arange(size) / max(1, size) for size in score.shape]
    near = score - _NEARNESS * np.abs(places[0][:, None] - places[1][None, :])
    best = np.zeros(score.shape, bool)
    for axis in (0, 1):
        last = min(_MANY, score.shape[axis]) - 1
        least_kept = -np.partition(-near, last, axis=axis).take([last], axis=axis)
        best |= near >= least_kept
    return best


def group_connected(pairs: Sequence[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """The pairs in groups that share no member, by the first pair of each group."""
    if not pairs:
        return []
    rows, columns = (np.array(side) for side in zip(*pairs, strict=True))
    height = int(rows.max()) + 1
    size = height + int(columns.max()) + 1
    # Rows and columns are the nodes of one graph, columns numbered after the rows.
    graph = csr_array((np.ones(len(pairs), bool), (rows, columns + height)), shape=(size, size))
    _, labels = connected_components(graph, directed=False)
    groups: dict[int, list[tuple[int, int]]] = {}
    for pair, label in zip(pairs, labels[rows].tolist(), strict=True):
        groups.setdefault(label, []).append(pair)
    return list(groups.values())
