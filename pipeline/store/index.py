"""The search index of a store: pairs of characters, with the means of each database.

SQLite: a full-text table without content, pairs as its terms, a word as a phrase of them.
PostgreSQL: an array of pairs under a GIN index, then a scan of the items that have them all.
"""

from __future__ import annotations

import string
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Protocol

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
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection

# The columns of items that are searched.
SEARCHED = ("title", "content", "path", "fields", "leaders", "host_units", "co_host_units")
_NAME = "item_words"
_HASH = 1 << 27
_Row = dict[str, Any]


class WordIndex(Protocol):
    """An index that finds the items that contain words."""

    def create(self, connection: Connection) -> None:
        """Create the empty index."""

    def prepare(self, rows: Sequence[_Row]) -> Portion:
        """Make the index rows of items, ready to be inserted."""

    def remove(self, connection: Connection, rows: Sequence[_Row]) -> None:
        """Remove rows of items, which must be as they were added."""

    def clear(self, connection: Connection) -> None:
        """Remove all rows."""

    def find(self, words: Sequence[str], columns: Sequence[str]) -> Select[int]:
        """Select the ids (column `id`) of items with all normalized words in these columns."""


def index_of(connection: Connection) -> WordIndex:
    """The index for the kind of database of a connection."""
    return SqliteIndex() if connection.dialect.name == "sqlite" else PostgresIndex()


def _normalized(row: Mapping[str, Any]) -> list[str]:
    return [grams.normalize(row[name]) for name in SEARCHED]


class SqliteIndex:
    """A contentless FTS5 table: phrases of pairs, columns by name, newest rows first."""

    def create(self, connection: Connection) -> None:
        """Create the empty index."""
        # Every sign of ASCII is part of a pair; the other characters always are.
        signs = string.punctuation.replace("'", "''")
        tokens = f"ascii tokenchars '{signs}'".replace('"', '""')
        columns = ", ".join(SEARCHED)
        connection.exec_driver_sql(
            f"CREATE VIRTUAL TABLE {_NAME} USING fts5({columns}, content='', columnsize=0, tokenize=\"{tokens}\")"
        )
        # The bytes that FTS5 gathers before it writes: with one megabyte a load would write all anew.
        keep = f"INSERT INTO {_NAME}({_NAME}, rank) VALUES ('hashsize', {_HASH})"  # noqa: S608
        connection.exec_driver_sql(keep)

    def prepare(self, rows: Sequence[_Row]) -> Portion:
        """Make the index rows of items, ready to be inserted."""
        # In the order of their ids: at a smaller one FTS5 writes out what it has gathered.
        ordered = sorted(rows, key=itemgetter("id"))
        made = [(row["id"], *_pair_terms(row)) for row in ordered]
        return Portion(_NAME, ("rowid", *SEARCHED), made)

    def remove(self, connection: Connection, rows: Sequence[_Row]) -> None:
        """Remove rows of items, which must be as they were added."""
        marks = ", ".join("?" * len(SEARCHED))
        heads = ", ".join((_NAME, "rowid", *SEARCHED))
        statement = f"INSERT INTO {_NAME}({heads}) VALUES ('delete', ?, {marks})"  # noqa: S608
        connection.exec_driver_sql(statement, [(row["id"], *_pair_terms(row)) for row in rows])

    def clear(self, connection: Connection) -> None:
        """Remove all rows."""
        connection.exec_driver_sql(f"INSERT INTO {_NAME}({_NAME}) VALUES ('delete-all')")  # noqa: S608

    def find(self, words: Sequence[str], columns: Sequence[str]) -> Select[int]:
        """Select the ids (column `id`) of items with all normalized words in these columns."""
        index = table(_NAME, column("rowid", BigInteger), column(_NAME, Text))
        where = " ".join(columns)
        asked = " AND ".join(f"{{{where}}} : {grams.match_phrase(word)}" for word in words)
        return select(index.c.rowid.label("id")).where(index.c[_NAME].op("MATCH")(asked))


def _pair_terms(row: Mapping[str, Any]) -> Iterable[str]:
    return map(grams.pair_terms, _normalized(row))


POSTGRES_WORDS = Table(
    _NAME,
    MetaData(),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    *(Column(name, Text, nullable=False) for name in SEARCHED),
    Column("pairs", ARRAY(Integer), nullable=False),
    Index("item_words_pairs", "pairs", postgresql_using="gin"),
)


class PostgresIndex:
    """A table of normalized texts beside the numbers of their pairs."""

    def create(self, connection: Connection) -> None:
        """Create the empty index."""
        POSTGRES_WORDS.create(connection)

    def prepare(self, rows: Sequence[_Row]) -> Portion:
        """Make the index rows of items, ready to be inserted."""
        made = []
        for row in rows:
            texts = _normalized(row)
            made.append((row["id"], *texts, grams.pair_numbers(*texts)))
        return Portion(_NAME, ("id", *SEARCHED, "pairs"), made)

    def remove(self, connection: Connection, rows: Sequence[_Row]) -> None:
        """Remove rows of items."""
        ids = [row["id"] for row in rows]
        connection.execute(delete(POSTGRES_WORDS).where(POSTGRES_WORDS.c.id.in_(ids)))

    def clear(self, connection: Connection) -> None:
        """Remove all rows."""
        connection.execute(delete(POSTGRES_WORDS))

    def find(self, words: Sequence[str], columns: Sequence[str]) -> Select[int]:
        """Select the ids (column `id`) of items with all normalized words in these columns."""
        conditions: list[ColumnElement[bool]] = []
        for word in words:
            if len(word) > 1:
                conditions.append(POSTGRES_WORDS.c.pairs.contains(grams.pair_numbers(word)))
            places = (func.strpos(POSTGRES_WORDS.c[name], word) > 0 for name in columns)
            conditions.append(or_(*places))
        return select(POSTGRES_WORDS.c.id.label("id")).where(and_(*conditions))
