"""How similar every two demands of two lists are: by words, headings, units and all of these.

A pair is judged by its words first and then by its headings and units. It counts as far as it is
the best for both of its demands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.compare.match.agreement import BestPairs, compare_names, find_agreement
from pipeline.compare.match.terms import (
    TINY,
    Matrix,
    TermsOfLists,
    comparable_text,
    multiply_rows,
    share_of_best,
    weigh_terms,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scipy.sparse import csr_array

    from pipeline.compare.match.demands import Demand

# The share of a pair's score that is left where neither its headings nor its units agree.
_FLOOR = 0.4
# How often the best pairs judge the headings and units, and these the pairs.
_ROUNDS = 2
# How much it counts against a pair that its demands are similar to others of their own year.
_NOISE = 0.25


@dataclass(frozen=True, slots=True)
class Similarity:
    """Matrices of previous (rows) by current demands (columns), all 0 to 1.

    `mutual` is the part of `score` that is left where either demand prefers another one.
    """

    terms: TermsOfLists
    words: Matrix
    path: Matrix
    units: Matrix
    score: Matrix
    mutual: Matrix


def find_similarity(previous: Sequence[Demand], current: Sequence[Demand]) -> Similarity:
    """Compare every two demands of two lists, neither of them empty."""
    terms = weigh_terms(previous, current)
    words = multiply_rows(*terms)
    for p, q in find_identical(previous, current):
        words[p, q] = 1
    paths = compare_names(
        [one.path[-1:] for one in previous], [one.path[-1:] for one in current], terms
    )
    units = compare_names([one.units for one in previous], [one.units for one in current], terms)
    score: Matrix = words * np.maximum(*share_of_best(words))
    by_path = by_units = score
    for _ in range(_ROUNDS):
        best = _find_best(score)
        by_path, by_units = find_agreement(paths, best), find_agreement(units, best)
        place = (_FLOOR + (1 - _FLOOR) * by_path) * (_FLOOR + (1 - _FLOOR) * by_units)
        # The more similar the words are, the less the headings and units count.
        score = np.asarray(words * place ** (1 - words), np.float32)
    rows, columns = share_of_best(score)
    score = score * _find_distinctness(words, terms)
    return Similarity(terms, words, by_path, by_units, score, score * rows * columns)


def find_identical(
    previous: Sequence[Demand], current: Sequence[Demand]
) -> Iterator[tuple[int, int]]:
    """Pairs of demands with the same words, each demand in one pair at most, in order.

    Of several such demands those with the same headings and units are paired first. A sentence
    that a long plan repeats hundreds of times has no rare terms to be recognized by.
    """
    paired: set[tuple[int, int]] = set()
    for with_place in (True, False):
        paired |= _pair_identical(previous, current, paired, with_place=with_place)
    yield from sorted(paired)


def _pair_identical(
    previous: Sequence[Demand],
    current: Sequence[Demand],
    paired: set[tuple[int, int]],
    *,
    with_place: bool,
) -> set[tuple[int, int]]:
    """More pairs of demands that are in none of the pairs so far."""
    waiting: dict[tuple[object, ...], list[int]] = {}
    taken = {p for p, _ in paired}, {q for _, q in paired}
    for n, one in enumerate(previous):
        if n not in taken[0]:
            waiting.setdefault(_identity(one, with_place=with_place), []).append(n)
    more = set()
    for n, one in enumerate(current):
        same = waiting.get(_identity(one, with_place=with_place))
        if same and n not in taken[1] and comparable_text(one.content):
            more.add((same.pop(0), n))
    return more


def _identity(demand: Demand, *, with_place: bool) -> tuple[object, ...]:
    words = (comparable_text(demand.content), comparable_text(demand.title))
    return (*words, demand.path, demand.units) if with_place else words


def _find_best(score: Matrix) -> BestPairs:
    """The best pair of every row and of every column, weighted by half its score."""
    rows, columns = np.arange(score.shape[0]), np.arange(score.shape[1])
    best_in_rows, best_in_columns = score.argmax(axis=1), score.argmax(axis=0)
    p = np.concatenate([rows, best_in_columns])
    q = np.concatenate([best_in_rows, columns])
    return BestPairs(p, q, score[p, q] / 2)


def _find_distinctness(words: Matrix, terms: TermsOfLists) -> Matrix:
    """How far a pair's similarity exceeds that of its demands to others of their own year.

    Two demands of one year are never the same: any two demands may share the words that they share.
    """
    before, after = map(_find_nearest, terms)
    noise = np.sqrt(before[:, None] * after[None, :])
    return np.asarray(words / np.maximum(words + _NOISE * noise, TINY), np.float32)


def _find_nearest(rows: csr_array) -> Matrix:
    """How similar each row is to the most similar other row of its list."""
    similarity = multiply_rows(rows, rows)
    np.fill_diagonal(similarity, 0)
    return np.asarray(similarity.max(axis=1), np.float32)
