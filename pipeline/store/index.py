"""The search index of a store: pairs of characters and keys of names, with the means of each database.

SQLite: a full-text table without content, pairs and keys as its terms, a word as a phrase of pairs.
PostgreSQL: arrays of pairs and of keys under GIN indexes, then a scan of the items that have them all.
"""

from __future__ import annotations

import string
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    and_,
    column,
    delete,
    func,
    or_,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import ARRAY

from pipeline.store import grams
from pipeline.store.insert import Portion

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection

    from pipeline.store.name_keys import ItemKeys

# The columns of items that are searched.
SEARCHED = ("title", "content", "path", "fields", "leaders", "host_units", "co_host_units")
# Those that say where an item is from.
PLACED = ("region", "place")
_TEXTS = (*SEARCHED, *PLACED)
_KEYS = "keys"
_NAME = "item_words"
_HASH = 1 << 27
_Row = dict[str, Any]


class Sought(NamedTuple):
    """What an item must have, all of it; of words and place the normalized forms.

    `words` are sought in `columns`, `place` is a part of the name of a place, and of each of `keys`
    (lists of the keys of names) the item has one.
    """

    words: Sequence[str] = ()
    columns: Sequence[str] = SEARCHED
    keys: Sequence[Sequence[int]] = ()
    place: str = ""

    def __bool__(self) -> bool:
        return bool(self.words or self.keys or self.place)


class WordIndex(Protocol):
    """An index that finds the items that contain words."""

    def create(self, connection: Connection) -> None:
        """Create the empty index."""

    def prepare(self, rows: Sequence[_Row], keys: ItemKeys) -> Portion:
        """Make the index rows of items, ready to be inserted."""

    def remove(self, connection: Connection, rows: Sequence[_Row], keys: ItemKeys) -> None:
        """Remove rows of items, which must be as they were added."""

    def clear(self, connection: Connection) -> None:
        """Remove all rows."""

    def find(self, sought: Sought) -> Select[int]:
        """Select the ids (column `id`) of the items that have all that is sought, which is something."""


def index_of(connection: Connection) -> WordIndex:
    """The index for the kind of database of a connection."""
    return SqliteIndex() if connection.dialect.name == "sqlite" else PostgresIndex()


def _normalized(row: Mapping[str, Any]) -> list[str]:
    return [grams.normalize(row[name]) for name in _TEXTS]


class SqliteIndex:
    """A contentless FTS5 table: phrases of pairs, columns by name, newest rows first."""

    def create(self, connection: Connection) -> None:
        """Create the empty index."""
        # Every sign of ASCII is part of a pair; the other characters always are.
        signs = string.punctuation.replace("'", "''")
        tokens = f"ascii tokenchars '{signs}'".replace('"', '""')
        columns = ", ".join((*_TEXTS, _KEYS))
        connection.exec_driver_sql(
            f"CREATE VIRTUAL TABLE {_NAME} USING fts5({columns}, content='', columnsize=0, tokenize=\"{tokens}\")"
        )
        # The bytes that FTS5 gathers before it writes: with one megabyte a load would write all anew.
        keep = f"INSERT INTO {_NAME}({_NAME}, rank) VALUES ('hashsize', {_HASH})"  # noqa: S608
        connection.exec_driver_sql(keep)

    def prepare(self, rows: Sequence[_Row], keys: ItemKeys) -> Portion:
        """Make the index rows of items, ready to be inserted."""
        # In the order of their ids: at a smaller one FTS5 writes out what it has gathered.
        ordered = sorted(rows, key=itemgetter("id"))
        made = [(row["id"], *_terms(row, keys)) for row in ordered]
        return Portion(_NAME, ("rowid", *_TEXTS, _KEYS), made)

    def remove(self, connection: Connection, rows: Sequence[_Row], keys: ItemKeys) -> None:
        """Remove rows of items, which must be as they were added."""
        heads = (_NAME, "rowid", *_TEXTS, _KEYS)
        marks = ", ".join("?" * (len(heads) - 1))
        statement = f"INSERT INTO {_NAME}({', '.join(heads)}) VALUES ('delete', {marks})"  # noqa: S608
        connection.exec_driver_sql(statement, [(row["id"], *_terms(row, keys)) for row in rows])

    def clear(self, connection: Connection) -> None:
        """Remove all rows."""
        connection.exec_driver_sql(f"INSERT INTO {_NAME}({_NAME}) VALUES ('delete-all')")  # noqa: S608

    def find(self, sought: Sought) -> Select[int]:
        """Select the ids (column `id`) of the items that have all that is sought, which is something."""
        index = table(_NAME, column("rowid", BigInteger), column(_NAME, Text))
        asked = " AND ".join(_match_terms(sought))
        return select(index.c.rowid.label("id")).where(index.c[_NAME].op("MATCH")(asked))


def _match_terms(sought: Sought) -> Iterator[str]:
    """Yield the conditions of a full-text query."""
    where = " ".join(sought.columns)
    for word in sought.words:
        yield f"{{{where}}} : {grams.match_phrase(word)}"
    if sought.place:
        yield f"{{{' '.join(PLACED)}}} : {grams.match_phrase(sought.place)}"
    for keys in sought.keys:
        yield f"{_KEYS} : ({' OR '.join(map(_key_term, keys))})"


def _terms(row: Mapping[str, Any], keys: ItemKeys) -> Iterator[str]:
    yield from map(grams.pair_terms, _normalized(row))
    yield " ".join(map(_key_term, keys.get(row["item_id"], ())))


def _key_term(key: int) -> str:
    # A letter first: a query takes a word of digits for a number.
    return f"k{key:x}"


POSTGRES_WORDS = Table(
    _NAME,
    MetaData(),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    *(Column(name, Text, nullable=False) for name in _TEXTS),
    Column("pairs", ARRAY(Integer), nullable=False),
    Column(_KEYS, ARRAY(BigInteger), nullable=False),
    Index("item_words_pairs", "pairs", postgresql_using="gin"),
    Index("item_words_keys", _KEYS, postgresql_using="gin"),
)


class PostgresIndex:
    """A table of normalized texts beside the numbers of their pairs."""

    def create(self, connection: Connection) -> None:
        """Create the empty index."""
        POSTGRES_WORDS.create(connection)

    def prepare(self, rows: Sequence[_Row], keys: ItemKeys) -> Portion:
        """Make the index rows of items, ready to be inserted."""
        made = []
        for row in rows:
            texts = _normalized(row)
            own = keys.get(row["item_id"], [])
            made.append((row["id"], *texts, grams.pair_numbers(*texts), own))
        return Portion(_NAME, ("id", *_TEXTS, "pairs", _KEYS), made)

    def remove(self, connection: Connection, rows: Sequence[_Row], keys: ItemKeys) -> None:  # noqa: ARG002
        """Remove rows of items."""
        ids = [row["id"] for row in rows]
        connection.execute(delete(POSTGRES_WORDS).where(POSTGRES_WORDS.c.id.in_(ids)))

    def clear(self, connection: Connection) -> None:
        """Remove all rows."""
        connection.execute(delete(POSTGRES_WORDS))

    def find(self, sought: Sought) -> Select[int]:
        """Select the ids (column `id`) of the items that have all that is sought, which is something."""
        conditions = [POSTGRES_WORDS.c[_KEYS].overlap(keys) for keys in sought.keys]
        for word in sought.words:
            conditions += _contain(word, sought.columns)
        if sought.place:
            conditions += _contain(sought.place, PLACED)
        return select(POSTGRES_WORDS.c.id.label("id")).where(and_(*conditions))


def _contain(word: str, columns: Sequence[str]) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions that one of the columns contains a word, that of the index first."""
    if len(word) > 1:
        yield POSTGRES_WORDS.c.pairs.contains(grams.pair_numbers(word))
    yield or_(*(func.strpos(POSTGRES_WORDS.c[name], word) > 0 for name in columns))
