"""Count items by facets in memory: a database takes a second for the names of 100,000 items.

An item has a pair for each year, place, body, leader, role, state and doubt of it; the pairs of a
notice are one block, so that a changed notice replaces its block and nothing else is read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from sqlalchemy import select

from pipeline.store.insert import id_chunks
from pipeline.store.queries import prepare_search, select_hits
from pipeline.store.review import FACET_VALUES, FACETS, REVIEW

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray
    from sqlalchemy import Connection, Select

    from pipeline.store.listing import Narrowing
    from pipeline.store.queries import Query

# How many values a facet shows.
_SHOWN = 50


class FacetValue(NamedTuple):
    """A value of a facet, and how many items have it."""

    value: str
    items: int


class Facets(NamedTuple):
    """How many items were found, and by facet the most frequent values among them."""

    total: int
    values: dict[str, list[FacetValue]]


class _Block(NamedTuple):
    """A notice's items and their pairs: `rows` are positions in `ids`, `codes` those of values."""

    ids: NDArray[np.int64]
    rows: NDArray[np.int64]
    codes: NDArray[np.int64]


class _Joined(NamedTuple):
    """The blocks of all notices in one, `order` sorts its ids; `starts` is where each block begins."""

    ids: NDArray[np.int64]
    rows: NDArray[np.int64]
    codes: NDArray[np.int64]
    sorted_ids: NDArray[np.int64]
    order: NDArray[np.intp]
    starts: Mapping[str, int]


@dataclass(frozen=True)
class FacetIndex:
    """The pairs of all items; `codes` numbers the values of facets and only ever grows."""

    blocks: Mapping[str, _Block] = field(default_factory=dict)
    codes: dict[tuple[str, str], int] = field(default_factory=dict)

    def renew(self, connection: Connection, notice_ids: Iterable[str] | None) -> FacetIndex:
        """Return an index with these notices as they are now, or with all where None is given."""
        if notice_ids is None:
            return FacetIndex(_read_blocks(connection, None, self.codes), self.codes)
        changed = sorted(set(notice_ids))
        blocks = dict(self.blocks)
        for one in changed:
            blocks.pop(one, None)
        for ids in id_chunks(changed):
            blocks |= _read_blocks(connection, ids, self.codes)
        return FacetIndex(blocks, self.codes)

    @cached_property
    def _joined(self) -> _Joined:
        blocks = self.blocks.values()
        sizes = np.array([len(one.ids) for one in blocks], np.int64)
        starts = np.concatenate([[0], np.cumsum(sizes)])[:-1] if len(sizes) else sizes
        shifts = np.repeat(starts, [len(one.rows) for one in blocks])
        ids = _concatenate([one.ids for one in blocks])
        rows = _concatenate([one.rows for one in blocks]) + shifts
        codes = _concatenate([one.codes for one in blocks])
        named = dict(zip(self.blocks, starts.tolist(), strict=True))
        order = np.argsort(ids)
        return _Joined(ids, rows, codes, ids[order], order, named)

    def count(self, connection: Connection, query: Query, narrowing: Narrowing) -> Facets:
        """Count the items that a query and a narrowing find, by the values of each facet."""
        plan = prepare_search(connection, query)
        if plan is None:
            return Facets(0, {})
        is_hit = np.ones(len(self._joined.ids), bool)
        if plan.sought or plan.ranges:
            is_hit = self._mark(_read_ids(connection, select_hits(plan, plan.sought.columns)))
        for facet, value in narrowing.pairs():
            is_hit &= self._having(facet, value)
        if narrowing.is_doubtful:
            is_hit &= self._having("doubt", None)
        if narrowing.notice_id is not None:
            is_hit &= self._of_notice(narrowing.notice_id)
        return self._counted(is_hit)

    def _mark(self, hits: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Mark the items with these ids; one that was loaded a moment ago may be unknown."""
        joined = self._joined
        is_hit = np.zeros(len(joined.ids), bool)
        if len(joined.ids):
            at = np.searchsorted(joined.sorted_ids, hits)
            at[at == len(joined.ids)] = 0
            is_hit[joined.order[at[joined.sorted_ids[at] == hits]]] = True
        return is_hit

    def _having(self, facet: str, value: str | None) -> NDArray[np.bool_]:
        """Mark the items with a value of a facet, or with any value of it."""
        joined = self._joined
        wanted = [
            code
            for (name, own), code in list(self.codes.items())
            if name == facet and value in (None, own)
        ]
        is_hit = np.zeros(len(joined.ids), bool)
        is_hit[joined.rows[np.isin(joined.codes, wanted)]] = True
        return is_hit

    def _of_notice(self, notice_id: str) -> NDArray[np.bool_]:
        is_hit = np.zeros(len(self._joined.ids), bool)
        if notice_id in self.blocks:
            start = self._joined.starts[notice_id]
            is_hit[start : start + len(self.blocks[notice_id].ids)] = True
        return is_hit

    def _counted(self, is_hit: NDArray[np.bool_]) -> Facets:
        joined = self._joined
        own = joined.codes[is_hit[joined.rows]]
        values: dict[str, list[FacetValue]] = {name: [] for name in FACETS}
        counts = np.bincount(own, minlength=len(self.codes)).tolist()
        for (name, value), items in zip(list(self.codes), counts, strict=False):
            if items:
                values[name].append(FacetValue(value, items))
        for name, found in values.items():
            found.sort(key=_newest if name == "year" else _frequent)
            del found[_SHOWN:]
        return Facets(int(is_hit.sum()), values)


def _newest(one: FacetValue) -> tuple[int, str]:
    return -int(one.value), one.value


def _frequent(one: FacetValue) -> tuple[int, str]:
    return -one.items, one.value


def _concatenate(parts: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    return np.concatenate(parts) if parts else np.empty(0, np.int64)


def _read_ids(connection: Connection, query: Select[int]) -> NDArray[np.int64]:
    return np.fromiter(connection.scalars(query), np.int64)


def _read_blocks(
    connection: Connection, notice_ids: Sequence[str] | None, codes: dict[tuple[str, str], int]
) -> dict[str, _Block]:
    """Read the blocks of some notices, or of all; values that are new are numbered."""
    reviewed = select(REVIEW.c.notice_id, REVIEW.c.id)
    pairs = select(FACET_VALUES.c.facet, FACET_VALUES.c.value, FACET_VALUES.c.id)
    if notice_ids is not None:
        reviewed = reviewed.where(REVIEW.c.notice_id.in_(notice_ids))
        own = select(REVIEW.c.id).where(REVIEW.c.notice_id.in_(notice_ids))
        pairs = pairs.where(FACET_VALUES.c.id.in_(own))
    items = connection.execute(reviewed.order_by(REVIEW.c.notice_id, REVIEW.c.id)).all()
    names = list(dict.fromkeys(notice_id for notice_id, _ in items))
    numbers = {one: n for n, one in enumerate(names)}
    ids = np.fromiter((key for _, key in items), np.int64, len(items))
    block_of = np.fromiter((numbers[one] for one, _ in items), np.int64, len(items))
    found = [
        (codes.setdefault((facet, value), len(codes)), key)
        for facet, value, key in connection.execute(pairs)
    ]
    made = np.array(found, np.int64).reshape(-1, 2)
    order = np.argsort(ids)
    at = order[np.searchsorted(ids, made[:, 1], sorter=order)]
    by_block = np.argsort(block_of[at], kind="stable")
    at, made = at[by_block], made[by_block]
    firsts = np.searchsorted(block_of, np.arange(len(names) + 1))
    cuts = np.searchsorted(block_of[at], np.arange(len(names) + 1))
    return {
        one: _Block(
            ids[firsts[n] : firsts[n + 1]],
            (at[cuts[n] : cuts[n + 1]] - firsts[n]),
            made[cuts[n] : cuts[n + 1], 0],
        )
        for n, one in enumerate(names)
    }
