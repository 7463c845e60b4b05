"""Items of a store by words, units, leaders, roles, years and places; ranked; each in its sentence.

Hits in titles come first, then those in who is named, then all others; of each the newest plans
first. No rank needs all hits to be looked at, so a word of every second item costs no more than a
rare one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, exists, func, or_, select, union

from pipeline.dataset.in_force import NAME_LISTS
from pipeline.store import grams
from pipeline.store.index import SEARCHED, index_of
from pipeline.store.schema import ASSIGNMENTS, ITEM_STEP, ITEMS, NOTICES, UNIT_NAMES, id_range
from pipeline.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement, CompoundSelect, Connection, Select

    from pipeline.model import Role
    from pipeline.store.base import Store
    from pipeline.store.index import WordIndex

_LISTS: dict[str, str] = {role: field for field, role in NAME_LISTS.items()}
_NAMED = tuple(_LISTS.values())
# More hits than this are not counted to the end.
COUNTED = 10_000
# So many hits are few enough to look at each.
_FEW = 2_000
_SENTENCE = re.compile(r"[。；;！？!?\n]")
# A sentence is shown up to so many characters either side of its hit.
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked: every word as it stands, and filters that all must hold.

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
    """An item that was found, the field and the sentence with the first word, and where it stands.

    `marks` are the places (start, end) of all words in the sentence.
    """

    item: dict[str, Any]
    field: str = ""
    sentence: str = ""
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """The best hits, and how many there are in all; `is_more` where counting was broken off."""

    hits: list[Hit] = field(default_factory=list)
    total: int = 0
    is_more: bool = False


def search(store: Store, query: Query, limit: int | None = 20) -> Result:
    """The best `limit` items (None: all, and all are counted). Raises StoreError."""
    words = tuple(dict.fromkeys(filter(None, map(grams.normal, query.words))))
    if query.words and not words:
        return Result()
    with store.reading() as connection:
        seek = _Seek(connection, query, words)
        ids = list(seek.ids(limit))
        total, is_more = seek.count(limit)
        rows = _rows(connection, ids)
    return Result([_hit(rows[one], words, seek.columns) for one in ids], total, is_more)


class _Seek:
    """One search over a connection."""

    def __init__(self, connection: Connection, query: Query, words: tuple[str, ...]) -> None:
        self.connection = connection
        self.query = query
        self.words = words
        self.index: WordIndex = index_of(connection)
        self.named = list(_named(query, has_words=bool(words)))
        among = _LISTS.get(query.role or "") if not self.named else None
        self.columns = (among,) if among and words else SEARCHED
        self.few: bool | None = None
        self.ranges = sorted(map(id_range, query.years))

    def _found(self, columns: Sequence[str]) -> Select[int]:
        """The ids (column `id`) of the items whose columns hold the words, under the filters."""
        named = self.named
        if self.words:
            found = self.index.find(self.words, columns)
        elif named:
            first = self._items(named[0].listed).subquery()
            found, named = select(first.c.id), named[1:]
        else:
            found = select(ITEMS.c.id)
        own = found.selected_columns.id
        if self.ranges:
            found = found.where(*_within(own, self.ranges))
        # SQLite would begin with a filter and look every item of it up in the index by itself.
        each = own + 0
        for one in named:
            found = found.where(self._names(each, one))
        if self.query.region:
            items = ITEMS.alias()
            near = items.c.notice_id.in_(_near(self.query.region))
            found = found.where(exists().where(items.c.id == each, near))
        return found

    def _items(self, named: Sequence[ColumnElement[bool]]) -> CompoundSelect[int] | Select[int]:
        """The ids of the items of assignments, each condition by an index of its own."""
        own = (ASSIGNMENTS.c.id // ITEM_STEP).label("id")
        ranges = [(a * ITEM_STEP, b * ITEM_STEP + ITEM_STEP - 1) for a, b in self.ranges]
        where = list(_within(ASSIGNMENTS.c.id, ranges)) if ranges else []
        each = [select(own).where(one, *where) for one in named]
        return union(*each) if len(each) > 1 else each[0].distinct()

    def _names(self, item: ColumnElement[int], named: _Named) -> ColumnElement[bool]:
        """Whether an item has such an assignment.

        Of few hits each is looked up; for many, all items that have one are listed first.
        """
        if not self.words or not self._are_few():
            return item.in_(self._items(named.listed))
        own = ASSIGNMENTS.c.id.between(item * ITEM_STEP, item * ITEM_STEP + ITEM_STEP - 1)
        return exists().where(own, named.of_item)

    def _are_few(self) -> bool:
        """Whether few items hold the words, whatever the filters."""
        if self.few is None:
            some = self.index.find(self.words, self.columns).limit(_FEW + 1).subquery()
            self.few = (self.connection.scalar(select(func.count()).select_from(some)) or 0) <= _FEW
        return self.few

    def ids(self, limit: int | None) -> Iterator[int]:
        """The ids of the hits, best first."""
        told: dict[int, None] = {}
        for columns in self._ranks():
            found = self._found(columns)
            # Those of an earlier rank are found again among the first `limit` of this one.
            newest = found.order_by(found.selected_columns.id.desc()).limit(limit)
            told |= dict.fromkeys(self.connection.scalars(newest))
            if limit is not None and len(told) >= limit:
                break
        yield from islice(told, limit)

    def _ranks(self) -> Iterator[Sequence[str]]:
        """The columns of each rank."""
        if self.words and len(self.columns) > 1:
            yield ("title",)
            yield _NAMED
        yield self.columns

    def count(self, limit: int | None) -> tuple[int, bool]:
        """How many hits there are, and whether there are more than were counted."""
        found = self._found(self.columns)
        if limit is not None:
            found = found.limit(COUNTED + 1)
        total = self.connection.scalar(select(func.count()).select_from(found.subquery())) or 0
        return (COUNTED, True) if limit is not None and total > COUNTED else (total, False)


def _within(
    own: ColumnElement[int], ranges: Sequence[tuple[int, int]]
) -> Iterator[ColumnElement[bool]]:
    """Ids within ranges: the whole stretch by the index, the ranges in it one by one."""
    yield own.between(ranges[0][0], ranges[-1][1])
    if len(ranges) > 1:
        yield or_(*((own + 0).between(*one) for one in ranges))


def _near(region: str) -> Select[str]:
    """The notices of a place, by a part of its name."""
    place = func.coalesce(NOTICES.c.place, "") + " " + func.coalesce(NOTICES.c.region, "")
    return select(NOTICES.c.notice_id).where(place.contains(region, autoescape=True))


class _Named(NamedTuple):
    """Assignments that are asked for: conditions of which one holds, and the same for a known item.

    For the latter the columns are written so that no index of names is used: SQLite thinks it the
    better way, and would go through all of a name's assignments for every item.
    """

    listed: tuple[ColumnElement[bool], ...]
    of_item: ColumnElement[bool]


def _named(query: Query, *, has_words: bool) -> Iterator[_Named]:
    """The assignments of a unit, by any name of its body; of a leader; of a role."""
    role = query.role
    if query.unit is not None:
        yield _conditions(_of_unit(squeeze(query.unit)), role)
    if query.leader is not None:
        yield _conditions([("name", squeeze(query.leader))], "leader")
    if role and query.unit is None and query.leader is None and not has_words:
        yield _conditions([("role", role)], None)


def _of_unit(unit: str) -> list[tuple[str, Any]]:
    """Columns and what one of them must be."""
    bodies = select(UNIT_NAMES.c.canonical).where(UNIT_NAMES.c.name == unit)
    return [("name", unit), ("canonical", unit), ("canonical", bodies)]


def _conditions(asked: Sequence[tuple[str, Any]], role: Role | None) -> _Named:
    columns = ASSIGNMENTS.c
    listed = tuple(_is(columns[name], value) for name, value in asked)
    of_item = or_(*(_is(columns[name] + "", value) for name, value in asked))
    if role is None:
        return _Named(listed, of_item)
    return _Named(
        tuple(and_(one, columns.role == role) for one in listed),
        and_(of_item, columns.role + "" == role),
    )


def _is(column: ColumnElement[str], value: Any) -> ColumnElement[bool]:  # noqa: ANN401
    return column == value if isinstance(value, str) else column.in_(value)


def _rows(connection: Connection, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The items of some ids."""
    rows: dict[int, dict[str, Any]] = {}
    for start in range(0, len(ids), 500):
        query = select(ITEMS).where(ITEMS.c.id.in_(ids[start : start + 500]))
        rows |= {row["id"]: dict(row) for row in connection.execute(query).mappings()}
    return rows


# --- The sentence ------------------------------------------------------------------------------


def _hit(row: dict[str, Any], words: Sequence[str], columns: Sequence[str]) -> Hit:
    """An item with the sentence of its first hit; its own title where nothing was sought."""
    order = [one for one in ("content", "title", *_NAMED, "path", "fields") if one in columns]
    for name in order if words else ():
        text = row[name] or ""
        seen, at = grams.places(text)
        start = seen.find(words[0])
        if start >= 0:
            a, b = _sentence(text, at[start], at[start + len(words[0]) - 1] + 1)
            return Hit(row, name, text[a:b], tuple(_marks(text[a:b], words)))
    return Hit(row)


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence round a stretch, cut where it is very long."""
    before = [match.end() for match in _SENTENCE.finditer(text, 0, start)]
    after = _SENTENCE.search(text, end)
    a = max(before[-1] if before else 0, start - _SHOWN)
    b = min(after.end() if after else len(text), end + _SHOWN)
    while a < start and text[a].isspace():
        a += 1
    while b > end and text[b - 1].isspace():
        b -= 1
    return a, b


def _marks(sentence: str, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where words stand in a sentence, in order; of two that overlap the first."""
    seen, at = grams.places(sentence)
    pattern = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
    for match in pattern.finditer(seen):
        yield at[match.start()], at[match.end() - 1] + 1
