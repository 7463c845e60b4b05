"""Find items of a store by words, units, leaders, roles, years and places; ranked, with snippets.

Hits in titles come first, then those in the names of who is responsible, then all others; within
each rank the newest plans first. No rank needs all hits to be looked at, so a word of every second
item costs no more than a rare one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import func, or_, select

from pipeline.dataset.in_force import NAME_LISTS
from pipeline.errors import hold_errors
from pipeline.store import grams
from pipeline.store.index import SEARCHED, Sought, index_of
from pipeline.store.insert import id_chunks
from pipeline.store.name_keys import body_keys, leader_keys, role_keys, unit_keys
from pipeline.store.schema import ITEMS, id_range
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
# The least and the greatest id of the items of a year.
IdRange = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Query:
    """A search: words that an item must contain, and filters that it must pass, all of them.

    With a role, words are sought among those who have it; with a unit or a leader too, the role
    is theirs and words are sought everywhere. A unit is found by any name of its body, in this or
    another year; `body` is one canonical name, as it is in the tables.
    """

    words: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    region: str | None = None
    unit: str | None = None
    leader: str | None = None
    role: Role | None = None
    body: str | None = None


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


class PreparedSearch(NamedTuple):
    """A query made ready: what is sought in the index, and the ids of the years."""

    word_index: WordIndex
    sought: Sought
    ranges: tuple[IdRange, ...]


def search(store: Store, query: Query, limit: int | None = 20) -> Result:
    """Find the best `limit` items (None: all, and all are counted). Raises StoreError."""
    with store.reading() as connection:
        plan = prepare_search(connection, query)
        if plan is None:
            return Result()
        ids = _best_ids(connection, plan, limit)
        total, is_more = _count(connection, plan, limit)
        rows = read_rows(connection, ids)
    result = Result(total=total, is_more=is_more)
    for row in (rows[one] for one in ids):
        hit = Hit(row)
        with hold_errors(row["item_id"], result.errors.append):
            hit = make_hit(row, plan.sought)
        result.hits.append(hit)
    return result


def prepare_search(connection: Connection, query: Query) -> PreparedSearch | None:
    """Make a query ready; None where nothing is left of its words, so that no item has them."""
    words = tuple(dict.fromkeys(filter(None, map(grams.normalize, query.words))))
    place = grams.normalize(query.region)
    if (query.words and not words) or (query.region and not place):
        return None
    keys = tuple(_find_keys(connection, query, has_words=bool(words)))
    among = _ROLE_COLUMNS.get(query.role or "") if words and not keys else None
    columns = (among,) if among else SEARCHED
    ranges = tuple(sorted(map(id_range, query.years)))
    return PreparedSearch(index_of(connection), Sought(words, columns, keys, place), ranges)


def _find_keys(connection: Connection, query: Query, *, has_words: bool) -> Iterator[list[int]]:
    """Yield the keys of a unit, of a leader, or of a role without either."""
    if query.unit is not None:
        yield unit_keys(connection, query.unit, query.role)
    if query.leader is not None:
        yield leader_keys(query.leader)
    if query.body is not None:
        yield body_keys(query.body, query.role)
    has_owner = not (query.unit is query.leader is query.body is None)
    if query.role and not has_owner and not has_words:
        yield role_keys(query.role)


def select_hits(plan: PreparedSearch, columns: Sequence[str]) -> Select[int]:
    """Select the ids (column `id`) of the items with the words in these columns and all else."""
    sought = plan.sought._replace(columns=columns)
    hits = plan.word_index.find(sought) if sought else select(ITEMS.c.id)
    return hits.where(*_within(hits.selected_columns.id, plan.ranges)) if plan.ranges else hits


def _within(key: ColumnElement[int], ranges: Sequence[IdRange]) -> Iterator[ColumnElement[bool]]:
    """Ids in ranges: between the first and the last by the index, then in one of them."""
    yield key.between(ranges[0][0], ranges[-1][1])
    if len(ranges) > 1:
        yield or_(*((key + 0).between(*one) for one in ranges))


def _best_ids(connection: Connection, plan: PreparedSearch, limit: int | None) -> list[int]:
    """Read the ids of the hits, best first."""
    ids: dict[int, None] = {}
    for columns in rank_columns(plan):
        hits = select_hits(plan, columns)
        # Those of an earlier rank are found again among the first `limit` of this one.
        newest = hits.order_by(hits.selected_columns.id.desc()).limit(limit)
        ids |= dict.fromkeys(connection.scalars(newest))
        if limit is not None and len(ids) >= limit:
            break
    return list(islice(ids, limit))


def rank_columns(plan: PreparedSearch) -> Iterator[Sequence[str]]:
    """Yield the columns of each rank, the best one first."""
    if plan.sought.words and len(plan.sought.columns) > 1:
        yield ("title",)
        yield _NAME_COLUMNS
    yield plan.sought.columns


def _count(connection: Connection, plan: PreparedSearch, limit: int | None) -> tuple[int, bool]:
    """Count the hits; returns too whether there are more than were counted."""
    hits = select_hits(plan, plan.sought.columns)
    if limit is not None:
        hits = hits.limit(COUNTED + 1)
    total = connection.scalar(select(func.count()).select_from(hits.subquery())) or 0
    return (COUNTED, True) if limit is not None and total > COUNTED else (total, False)


def read_rows(connection: Connection, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Read the rows of items, by their ids."""
    rows: dict[int, dict[str, Any]] = {}
    for some in id_chunks(ids):
        query = select(ITEMS).where(ITEMS.c.id.in_(some))
        rows |= {row["id"]: dict(row) for row in connection.execute(query).mappings()}
    return rows


def make_hit(row: dict[str, Any], sought: Sought) -> Hit:
    """An item with the snippet of its first word; without one where no words are sought."""
    for name in _SNIPPET_COLUMNS if sought.words else ():
        if name in sought.columns and (found := find_snippet(row[name] or "", sought.words)):
            return Hit(row, name, found.sentence, found.marks)
    return Hit(row)
