"""List the items of the desk's copy of an OUTPUT in pages: the best or the most doubtful first.

A page begins behind a cursor, the key of the last row before it, so that a page costs the same
wherever it is. An item whose notice is loaded again while a reader pages moves to the end of its
year: it may come twice, and none is left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from sqlalchemy import exists, func, or_, select

from pipeline.errors import hold_errors
from pipeline.store.insert import id_chunks
from pipeline.store.queries import (
    Hit,
    PreparedSearch,
    Query,
    make_hit,
    prepare_search,
    rank_columns,
    read_rows,
    select_hits,
)
from pipeline.store.review import FACET_VALUES, REVIEW
from pipeline.store.schema import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement, Connection, Select

    from pipeline.errors import PipelineError
    from pipeline.model import Role
    from pipeline.store.review import ReviewState

Order = Literal["best", "doubtful"]


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Filters by what is known of the review of an item.

    `place` is the full path of a place, as the notice has it. `role` is one that somebody has. `doubt` is the code of a problem that
    makes the item doubtful; with `is_doubtful` any does.
    """

    notice_id: str | None = None
    place: str | None = None
    state: ReviewState | None = None
    role: Role | None = None
    doubt: str | None = None
    is_doubtful: bool = False

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Yield the facets that an item must have with a certain value."""
        for facet in ("place", "state", "role", "doubt"):
            value = getattr(self, facet)
            if value is not None:
                yield facet, value

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """Yield the conditions on a row of the table `review`."""
        if self.notice_id is not None:
            yield REVIEW.c.notice_id == self.notice_id
        if self.is_doubtful:
            yield REVIEW.c.doubt > 0
        columns = FACET_VALUES.c
        for facet, value in self.pairs():
            own = (columns.facet == facet, columns.value == value)
            yield exists().where(columns.id == REVIEW.c.id, *own)


class Cursor(NamedTuple):
    """The key of the last row of a page: its rank or doubt, and its id."""

    rank: int
    id: int


@dataclass(frozen=True, slots=True)
class PageOfHits:
    """The rows of one page, and the cursor of the next one, None at the end.

    `errors` are those of hits whose sentence could not be made.
    """

    hits: list[Hit] = field(default_factory=list)
    following: Cursor | None = None
    errors: list[PipelineError] = field(default_factory=list)


def list_page(
    connection: Connection,
    query: Query,
    narrowing: Narrowing,
    order: Order,
    page: tuple[Cursor | None, int],
) -> PageOfHits:
    """Read a page of items; `page` is the cursor that it begins behind, and its size.

    "best" has hits in titles first, then those in names, then all others, each the newest plans
    first; "doubtful" has the most doubtful items first.
    """
    plan = prepare_search(connection, query)
    if plan is None:
        return PageOfHits()
    after, size = page
    find = _best if order == "best" else _most_doubtful
    keys = find(connection, plan, narrowing, (after, size + 1))
    rows = _read_items(connection, [one.id for one in keys[:size]])
    made = PageOfHits(following=keys[size - 1] if len(keys) > size else None)
    for row in rows:
        hit = Hit(row)
        with hold_errors(row["item_id"], made.errors.append):
            hit = make_hit(row, plan.sought)
        made.hits.append(hit)
    return made


def _narrowed(hits: Select[int], narrowing: Narrowing) -> Select[int]:
    conditions = list(narrowing.conditions())
    if not conditions:
        return hits
    return hits.where(exists().where(REVIEW.c.id == hits.selected_columns.id, *conditions))


def _best(
    connection: Connection,
    plan: PreparedSearch,
    narrowing: Narrowing,
    page: tuple[Cursor | None, int],
) -> list[Cursor]:
    after, size = page
    found: list[Cursor] = []
    ranks = list(rank_columns(plan))
    for rank in range(after.rank if after else 0, len(ranks)):
        hits = _narrowed(select_hits(plan, ranks[rank]), narrowing)
        key = hits.selected_columns.id
        if after and rank == after.rank:
            hits = hits.where(key < after.id)
        for earlier in ranks[:rank]:
            hits = hits.where(key.not_in(select_hits(plan, earlier)))
        newest = hits.order_by(key.desc()).limit(size - len(found))
        found += [Cursor(rank, one) for one in connection.scalars(newest)]
        if len(found) >= size:
            break
    return found


def _most_doubtful(
    connection: Connection,
    plan: PreparedSearch,
    narrowing: Narrowing,
    page: tuple[Cursor | None, int],
) -> list[Cursor]:
    after, size = page
    columns = REVIEW.c
    query = select(columns.doubt, columns.id).where(*narrowing.conditions())
    if plan.sought or plan.ranges:
        query = query.where(columns.id.in_(select_hits(plan, plan.sought.columns)))
    if after:
        same = (columns.doubt == after.rank) & (columns.id < after.id)
        query = query.where(or_(columns.doubt < after.rank, same))
    rows = connection.execute(query.order_by(columns.doubt.desc(), columns.id.desc()).limit(size))
    return [Cursor(*row) for row in rows]


def _read_items(connection: Connection, ids: Sequence[int]) -> list[dict[str, Any]]:
    """Read items in this order, with review, position and the other fields as items.csv has them."""
    rows = read_rows(connection, ids)
    for some in id_chunks(ids):
        before = REVIEW.alias()
        position = (
            select(func.count())
            .where(before.c.notice_id == REVIEW.c.notice_id, before.c.id > REVIEW.c.id)
            .scalar_subquery()
        )
        review = select(REVIEW.c.id, REVIEW.c.state, REVIEW.c.doubt, position)
        for key, *known in connection.execute(review.where(REVIEW.c.id.in_(some))):
            rows[key] |= zip(("state", "doubt", "position"), known, strict=True)
    by_item = {row["item_id"]: row for row in rows.values() if row["fields"]}
    lines: dict[str, list[str]] = {}
    for some in id_chunks(list(by_item)):
        query = select(FIELDS.c.item_id, FIELDS.c.label, FIELDS.c.text)
        for item_id, label, text in connection.execute(
            query.where(FIELDS.c.item_id.in_(some)).order_by(FIELDS.c.id)
        ):
            lines.setdefault(item_id, []).append(f"{label}：{text}")
    for item_id, own in lines.items():
        by_item[item_id]["fields"] = "\n".join(own)
    return [rows[one] for one in ids]
