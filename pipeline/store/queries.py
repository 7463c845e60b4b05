"""Find items of a store by words, units, leaders, roles, years and places; ranked, with snippets.

Hits in titles come first, then those in the names of who is responsible, then all others; within
each rank the newest plans first. No rank needs all hits to be looked at, so a word of every second
item costs no more than a rare one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import exists, func, select

from pipeline.dataset.in_force import NAME_LISTS
from pipeline.errors import hold_errors
from pipeline.store import grams
from pipeline.store.conditions import (
    AssignmentFilter,
    IdRange,
    leader_filter,
    role_filter,
    select_items,
    select_notices,
    unit_filter,
    within,
)
from pipeline.store.index import SEARCHED, index_of
from pipeline.store.insert import id_chunks
from pipeline.store.schema import ASSIGNMENTS, ITEM_STEP, ITEMS, id_range
from pipeline.store.snippets import find_snippet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement, Connection, Select

    from pipeline.errors import PipelineError
    from pipeline.model import Role
    from pipeline.store.database import Store
    from pipeline.store.index import WordIndex

_ROLE_COLUMNS: dict[str, str] = {role: column for column, role in NAME_LISTS.items()}
_NAME_COLUMNS = tuple(_ROLE_COLUMNS.values())
# The order in which the columns of a hit are looked through for its snippet.
_SNIPPET_COLUMNS = ("content", "title", *_NAME_COLUMNS, "path", "fields")
# More hits than this are not counted to the end.
COUNTED = 10_000
# Up to so many hits each is looked up by itself.
_FEW = 2_000


@dataclass(frozen=True, slots=True)
class Query:
    """A search: words that an item must contain, and filters that it must pass, all of them.

    With a role, words are sought among those who have it; with a unit or a leader too, the role
    is theirs and words are sought everywhere.
    """

    words: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    region: str | None = None
    unit: str | None = None
    leader: str | None = None
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """An item that was found, with the field and the sentence that contain the first word.

    `marks` are the spans (start, end) of all words in the sentence.
    """

    item: dict[str, Any]
    field: str = ""
    sentence: str = ""
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """The best hits, and how many there are in all; `is_more` where counting was broken off.

    `errors` are those of hits whose sentence could not be made.
    """

    hits: list[Hit] = field(default_factory=list)
    total: int = 0
    is_more: bool = False
    errors: list[PipelineError] = field(default_factory=list)


class _Search(NamedTuple):
    """A query made ready: normalized words, the columns they are sought in, and the filters.

    `is_rare` says that few items contain the words, whatever the filters.
    """

    word_index: WordIndex
    words: tuple[str, ...]
    columns: tuple[str, ...]
    filters: tuple[AssignmentFilter, ...]
    region: str | None
    ranges: tuple[IdRange, ...]
    is_rare: bool


def search(store: Store, query: Query, limit: int | None = 20) -> Result:
    """Find the best `limit` items (None: all, and all are counted). Raises StoreError."""
    words = tuple(dict.fromkeys(filter(None, map(grams.normalize, query.words))))
    if query.words and not words:
        return Result()
    with store.reading() as connection:
        plan = _prepare(connection, query, words)
        ids = _best_ids(connection, plan, limit)
        total, is_more = _count(connection, plan, limit)
        rows = _read_rows(connection, ids)
    result = Result(total=total, is_more=is_more)
    for row in (rows[one] for one in ids):
        hit = Hit(row)
        with hold_errors(row["item_id"], result.errors.append):
            hit = _hit(row, words, plan.columns)
        result.hits.append(hit)
    return result


def _prepare(connection: Connection, query: Query, words: tuple[str, ...]) -> _Search:
    index = index_of(connection)
    filters = tuple(_filters(connection, query, has_words=bool(words)))
    among = _ROLE_COLUMNS.get(query.role or "") if words and not filters else None
    columns = (among,) if among else SEARCHED
    is_rare = bool(words and filters) and _is_rare(connection, index.find(words, columns))
    ranges = tuple(sorted(map(id_range, query.years)))
    return _Search(index, words, columns, filters, query.region, ranges, is_rare)


def _filters(
    connection: Connection, query: Query, *, has_words: bool
) -> Iterator[AssignmentFilter]:
    """Ask for the assignments of a unit, of a leader, or of a role without either."""
    if query.unit is not None:
        yield unit_filter(connection, query.unit, query.role)
    if query.leader is not None:
        yield leader_filter(query.leader)
    if query.role and query.unit is None and query.leader is None and not has_words:
        yield role_filter(query.role)


def _is_rare(connection: Connection, found: Select[int]) -> bool:
    some = found.limit(_FEW + 1).subquery()
    return (connection.scalar(select(func.count()).select_from(some)) or 0) <= _FEW


def _select_hits(plan: _Search, columns: Sequence[str]) -> Select[int]:
    """Select the ids (column `id`) of the items with the words in these columns and the filters."""
    filters = plan.filters
    if plan.words:
        hits = plan.word_index.find(plan.words, columns)
    elif filters:
        first = select_items(filters[0], plan.ranges).subquery()
        hits, filters = select(first.c.id), filters[1:]
    else:
        hits = select(ITEMS.c.id)
    own = hits.selected_columns.id
    if plan.ranges:
        hits = hits.where(*within(own, plan.ranges))
    # SQLite would begin with a filter and look every item of it up in the index by itself.
    each = own + 0
    for one in filters:
        hits = hits.where(_has_assignment(each, one, plan))
    if plan.region:
        items = ITEMS.alias()
        near = items.c.notice_id.in_(select_notices(plan.region))
        hits = hits.where(exists().where(items.c.id == each, near))
    return hits


def _has_assignment(
    item: ColumnElement[int], wanted: AssignmentFilter, plan: _Search
) -> ColumnElement[bool]:
    """Whether an item has such an assignment.

    Of few hits each is looked up; for many, all items that have one are listed first.
    """
    if not plan.is_rare:
        return item.in_(select_items(wanted, plan.ranges))
    own = ASSIGNMENTS.c.id.between(item * ITEM_STEP, item * ITEM_STEP + ITEM_STEP - 1)
    return exists().where(own, wanted.of_item)


def _best_ids(connection: Connection, plan: _Search, limit: int | None) -> list[int]:
    """Read the ids of the hits, best first."""
    ids: dict[int, None] = {}
    for columns in _ranks(plan):
        hits = _select_hits(plan, columns)
        # Those of an earlier rank are found again among the first `limit` of this one.
        newest = hits.order_by(hits.selected_columns.id.desc()).limit(limit)
        ids |= dict.fromkeys(connection.scalars(newest))
        if limit is not None and len(ids) >= limit:
            break
    return list(islice(ids, limit))


def _ranks(plan: _Search) -> Iterator[Sequence[str]]:
    """Yield the columns of each rank, the best one first."""
    if plan.words and len(plan.columns) > 1:
        yield ("title",)
        yield _NAME_COLUMNS
    yield plan.columns


def _count(connection: Connection, plan: _Search, limit: int | None) -> tuple[int, bool]:
    """Count the hits; returns too whether there are more than were counted."""
    hits = _select_hits(plan, plan.columns)
    if limit is not None:
        hits = hits.limit(COUNTED + 1)
    total = connection.scalar(select(func.count()).select_from(hits.subquery())) or 0
    return (COUNTED, True) if limit is not None and total > COUNTED else (total, False)


def _read_rows(connection: Connection, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Read the rows of items, by their ids."""
    rows: dict[int, dict[str, Any]] = {}
    for some in id_chunks(ids):
        query = select(ITEMS).where(ITEMS.c.id.in_(some))
        rows |= {row["id"]: dict(row) for row in connection.execute(query).mappings()}
    return rows


def _hit(row: dict[str, Any], words: Sequence[str], columns: Sequence[str]) -> Hit:
    """An item with the snippet of its first word; without one where no words are sought."""
    for name in _SNIPPET_COLUMNS if words else ():
        if name in columns and (found := find_snippet(row[name] or "", words)):
            return Hit(row, name, found.sentence, found.marks)
    return Hit(row)
