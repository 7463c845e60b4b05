"""Keep beside a store's items what people have still to look at: doubts, and which are reviewed.

These tables belong to the desk's own copy of an OUTPUT, not to the tables that users query. They
are short rows, so that lists and counts over 100,000 items read no texts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    delete,
    func,
    select,
)

from pipeline.dataset.edited_items import REVIEWED
from pipeline.store.insert import Portion, id_chunks, insert_many
from pipeline.store.schema import ASSIGNMENTS, CORRECTIONS, ITEMS, NOTICES, PROBLEMS, VERSIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from sqlalchemy import Connection

    from pipeline.model import Severity

ReviewState = Literal["reviewed", "corrected", "unreviewed"]
# How much a problem adds to a doubt.
_WEIGHTS: dict[Severity, int] = {"error": 3, "warning": 1, "info": 0}
_METADATA = MetaData()

# `doubt` is the weight of all problems that nobody has marked as right.
REVIEW = Table(
    "review",
    _METADATA,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("item_id", Text, nullable=False),
    Column("notice_id", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("doubt", Integer, nullable=False),
    Index("review_notice", "notice_id", "doubt", "state"),
    Index("review_doubt", "doubt", "id"),
)
# By what items are counted; "doubt" is the code of a problem that makes an item doubtful.
FACETS = ("year", "place", "body", "leader", "role", "state", "doubt")
FACET_VALUES = Table(
    "facet_values",
    _METADATA,
    Column("facet", Text, primary_key=True),
    Column("value", Text, primary_key=True),
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Index("facet_values_id", "id"),
    sqlite_with_rowid=False,
)


def rate_doubt(severities: Iterable[Severity], *, is_reviewed: bool) -> int:
    """Compute how doubtful an item or notice is by the severities of its problems; 0 is not at all.

    What a person has marked as right is not doubtful.
    """
    return 0 if is_reviewed else sum(_WEIGHTS[one] for one in severities)


def find_state(corrected: Iterable[str]) -> ReviewState:
    """Return how far an item or notice is reviewed, by the fields of its corrections."""
    fields = set(corrected)
    if REVIEWED in fields:
        return "reviewed"
    return "corrected" if fields else "unreviewed"


def create_review(connection: Connection) -> None:
    """Create the tables where they are missing."""
    _METADATA.create_all(connection)


def renew_review(connection: Connection, changed: Sequence[str], gone: Sequence[str]) -> None:
    """Make the rows of some notices anew, and forget earlier versions of their records."""
    for ids in id_chunks(sorted({*changed, *gone})):
        own = select(REVIEW.c.id).where(REVIEW.c.notice_id.in_(ids))
        connection.execute(delete(FACET_VALUES).where(FACET_VALUES.c.id.in_(own)))
        connection.execute(delete(REVIEW).where(REVIEW.c.notice_id.in_(ids)))
        current = select(NOTICES.c.version_id).where(NOTICES.c.notice_id.in_(ids))
        earlier = VERSIONS.c.notice_id.in_(ids) & VERSIONS.c.id.not_in(current)
        connection.execute(delete(VERSIONS).where(earlier))
    for ids in id_chunks(sorted(changed)):
        items = _read_items(connection, ids)
        _insert(connection, REVIEW, sorted(row for one in items for row in [one.review_row()]))
        _insert(connection, FACET_VALUES, sorted(row for one in items for row in one.facet_rows()))


class _ReviewedItem(NamedTuple):
    """An item with what its rows are made of: `facets` are pairs of a facet and a value."""

    key: int
    item_id: str
    notice_id: str
    problems: Sequence[tuple[str, Severity]]
    corrected: Sequence[str]
    facets: Collection[tuple[str, str]]

    @property
    def state(self) -> ReviewState:
        return find_state(self.corrected)

    @property
    def doubt(self) -> int:
        severities = (severity for _, severity in self.problems)
        return rate_doubt(severities, is_reviewed=self.state == "reviewed")

    def review_row(self) -> tuple[int, str, str, str, int]:
        return self.key, self.item_id, self.notice_id, self.state, self.doubt

    def facet_rows(self) -> Iterator[tuple[str, str, int]]:
        codes = {code for code, severity in self.problems if self.doubt and _WEIGHTS[severity]}
        own = {("state", self.state), *(("doubt", code) for code in codes)}
        for facet, value in {*self.facets, *own}:
            yield facet, value, self.key


def _insert(connection: Connection, table: Table, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        names = tuple(column.name for column in table.c)
        insert_many(connection, Portion(table.name, names, rows))


def _read_items(connection: Connection, notice_ids: Sequence[str]) -> list[_ReviewedItem]:
    columns = ITEMS.c
    named = (columns.id, columns.item_id, columns.notice_id)
    query = select(*named, columns.year, func.coalesce(columns.place, columns.region))
    problems = _gather(connection, PROBLEMS, ("code", "severity"), notice_ids)
    corrected = _gather(connection, CORRECTIONS, ("field",), notice_ids)
    owners = _gather(connection, ASSIGNMENTS, ("role", "name", "canonical"), notice_ids)
    reviewed = _find_reviewed(connection, notice_ids)
    items = []
    for key, item_id, notice_id, *origin in connection.execute(
        query.where(columns.notice_id.in_(notice_ids))
    ):
        facets = {pair for one in owners.get(item_id, ()) for pair in _owner_facets(*one)}
        pairs = zip(("year", "place"), origin, strict=True)
        facets |= {(facet, str(value)) for facet, value in pairs if value is not None}
        own = [(code, severity) for code, severity in problems.get(item_id, ())]
        fields = [field for (field,) in corrected.get(item_id, ())]
        fields += [REVIEWED] if notice_id in reviewed else []
        items.append(_ReviewedItem(key, item_id, notice_id, own, fields, facets))
    return items


def _owner_facets(role: str, name: str, canonical: str | None) -> Iterator[tuple[str, str]]:
    yield "role", role
    if role == "leader":
        yield "leader", name
    if canonical is not None:
        yield "body", canonical


def _gather(
    connection: Connection, table: Table, columns: Sequence[str], notice_ids: Sequence[str]
) -> dict[str | None, list[Any]]:
    """Read columns of the rows of some notices by their item, in the order of the rows."""
    wanted = (table.c[name] for name in columns)
    query = select(table.c.item_id, *wanted).where(table.c.notice_id.in_(notice_ids))
    found: dict[str | None, list[Any]] = {}
    for row in connection.execute(query.order_by(table.c.id)):
        found.setdefault(row[0], []).append(row[1:])
    return found


def rate_notices(connection: Connection) -> dict[str, int]:
    """Read how doubtful each notice itself is, by the problems that concern no item."""
    reviewed = _find_reviewed(connection, None, with_own=True)
    query = select(PROBLEMS.c.notice_id, PROBLEMS.c.severity).where(PROBLEMS.c.item_id.is_(None))
    found: dict[str, list[Severity]] = {}
    for notice_id, severity in connection.execute(query):
        found.setdefault(notice_id, []).append(severity)
    return {
        one: rate_doubt(severities, is_reviewed=one in reviewed)
        for one, severities in found.items()
    }


def _find_reviewed(
    connection: Connection, notice_ids: Sequence[str] | None, *, with_own: bool = False
) -> set[str]:
    """Find the notices among these, or among all, that a person found right as a whole.

    `with_own` also finds those of which that was said of what is of no item.
    """
    columns = CORRECTIONS.c
    query = select(columns.notice_id).where(columns.item_id.is_(None), columns.field == REVIEWED)
    if not with_own:
        query = query.where(columns.value.is_(None))
    if notice_ids is not None:
        query = query.where(columns.notice_id.in_(notice_ids))
    return set(connection.scalars(query))
