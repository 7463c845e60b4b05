"""How well the headings, or the units, of two demands agree, whatever they are called.

Headings and units of the two lists are compared by their letters, by the texts under them and by
the surest pairs of demands, so that a renamed section or unit helps rather than hinders.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import csr_array

from pipeline.compare.match.terms import (
    Matrix,
    TermsOfLists,
    comparable_text,
    count_terms,
    multiply_rows,
    share_of_best,
    unit_rows,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

# The weight of the texts under two names beside the letters of the names.
_TEXTS = 3.0
# The agreement of demands of which one has no name at all.
_UNKNOWN = 0.5
# Evidence of this amount makes an agreement sure.
_SURE = 0.5


class BestPairs(NamedTuple):
    """Pairs of demands that count as evidence: rows, columns and weights of equal length."""

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    weights: Matrix


@dataclass(frozen=True, slots=True)
class NameIndex:
    """One list's names: the distinct ones, the distinct sets of them, the set of each demand."""

    names: list[str]
    sets: list[tuple[int, ...]]
    set_of_demand: list[int]
    # Demands (rows) by names (columns); each row shares 1 among its names.
    shares: csr_array


@dataclass(frozen=True, slots=True)
class NamePairs:
    """The names of two lists and how similar every two of them are."""

    before: NameIndex
    after: NameIndex
    similarity: Matrix


def compare_names(
    previous: Sequence[tuple[str, ...]], current: Sequence[tuple[str, ...]], terms: TermsOfLists
) -> NamePairs:
    """Compare the names of two lists of demands (one tuple a demand) by letters and by texts."""
    before, after = _index_names(previous), _index_names(current)
    if not before.names or not after.names:
        empty = np.zeros((len(before.names), len(after.names)), np.float32)
        return NamePairs(before, after, empty)
    similarity = _compare_letters(before.names, after.names)
    similarity = similarity + _TEXTS * _compare_texts_below(before, after, terms)
    return NamePairs(before, after, similarity)


def _index_names(values: Sequence[tuple[str, ...]]) -> NameIndex:
    names = sorted({name for one in values for name in one})
    ids = {name: n for n, name in enumerate(names)}
    keys = [tuple(sorted({ids[name] for name in one})) for one in values]
    sets = sorted(set(keys))
    known = {key: n for n, key in enumerate(sets)}
    return NameIndex(names, sets, [known[key] for key in keys], _share_names(keys, len(names)))


def _share_names(keys: Sequence[tuple[int, ...]], width: int) -> csr_array:
    """Demands by names, each row sharing 1 among its names."""
    cells = [(row, name, 1 / len(key)) for row, key in enumerate(keys) for name in key]
    rows, columns, data = (np.array([cell[n] for cell in cells]) for n in range(3))
    where = (rows.astype(np.int64), columns.astype(np.int64))
    return csr_array((data.astype(np.float32), where), shape=(len(keys), width))


def _compare_letters(before: Sequence[str], after: Sequence[str]) -> Matrix:
    """The share of pairs of characters that two names have in common (0 to 1)."""
    counts = count_terms([*map(comparable_text, before), *map(comparable_text, after)])
    split = len(before)
    # As numbers: the product of tables of booleans would only say whether any pair is common.
    once = counts.astype(bool).astype(np.float32)
    sizes = np.asarray(once.sum(axis=1)).ravel()
    shared = multiply_rows(once[:split], once[split:])
    share = 2 * shared / np.maximum(1, sizes[:split, None] + sizes[None, split:])
    return np.asarray(np.minimum(1, share), np.float32)


def _compare_texts_below(before: NameIndex, after: NameIndex, terms: TermsOfLists) -> Matrix:
    """How similar all the texts under two names are."""
    return multiply_rows(
        unit_rows(before.shares.T @ terms[0]), unit_rows(after.shares.T @ terms[1])
    )


def find_agreement(names: NamePairs, best: BestPairs) -> Matrix:
    """0 to 1 for every two demands, judged by the best pairs of demands so far."""
    before, after = names.before, names.after
    shape = (len(before.set_of_demand), len(after.set_of_demand))
    if not names.similarity.size:
        return np.full(shape, _UNKNOWN, np.float32)
    paired: csr_array = csr_array((best.weights, (best.rows, best.columns)), shape=shape)
    evidence = np.asarray((before.shares.T @ paired @ after.shares).toarray(), np.float32)
    evidence += names.similarity
    rows, columns = share_of_best(evidence)
    sure = np.minimum(1, evidence / _SURE)
    agreed = 0.5 * np.sqrt(rows * columns) + 0.5 * np.maximum(rows, columns) * sure
    return _spread_over_demands(np.asarray(agreed, np.float32), before, after)


def _spread_over_demands(agreed: Matrix, before: NameIndex, after: NameIndex) -> Matrix:
    """The agreement of the best of two demands' names; unknown where either has no name."""
    unknown = np.float32(_UNKNOWN)
    rows = np.full((len(before.sets), agreed.shape[1]), unknown, np.float32)
    for n, ids in enumerate(before.sets):
        if ids:
            rows[n] = agreed[list(ids)].max(axis=0)
    spread = np.full((len(before.sets), len(after.sets)), unknown, np.float32)
    named = [n for n, ids in enumerate(before.sets) if ids]
    for n, ids in enumerate(after.sets):
        if ids:
            spread[named, n] = rows[named][:, list(ids)].max(axis=1)
    return np.asarray(spread[np.ix_(before.set_of_demand, after.set_of_demand)], np.float32)
