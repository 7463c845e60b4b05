"""What each notice gives to the tables of an OUTPUT, and the tables that all of them make."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, NamedTuple

from pipeline.dataset.aggregates import Aggregates, NoticeCounts, count_mentions, find_mentions
from pipeline.dataset.table_columns import COLUMNS
from pipeline.dataset.table_rows import notice_rows, table_to_csv

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.dataset.table_rows import TableRow
    from pipeline.model import Notice

# The tables whose rows are of one notice each, and come notice by notice.
NOTICE_TABLES = tuple(
    table for table, columns in COLUMNS.items() if any(one.name == "notice_id" for one in columns)
)


class Block(NamedTuple):
    """The rows of one notice in one table: their bytes, and how many they are."""

    data: bytes
    size: int


class Contribution(NamedTuple):
    """A notice's rows in each table, and what it adds to the tables of bodies and leaders."""

    blocks: dict[str, Block]
    counts: NoticeCounts


def unpickle_contribution(data: bytes) -> Contribution:
    """Return a contribution that this program has pickled."""
    made: Contribution = pickle.loads(data)  # noqa: S301
    return made


def contribute(notice: Notice) -> Contribution:
    """Return what a notice gives to the tables."""
    return Contribution(make_blocks(notice), count_mentions(find_mentions(notice)))


def make_blocks(notice: Notice) -> dict[str, Block]:
    """Return a notice's rows in each table."""
    rows = notice_rows(notice)
    return {table: Block(_lines(table, own), len(own)) for table, own in rows.items()}


def _lines(table: str, rows: Iterable[TableRow]) -> bytes:
    """Return rows as they are in a table, without its head."""
    return table_to_csv(table, rows, mark=False).partition(b"\n")[2]


def table_head(table: str) -> bytes:
    """Return what a table begins with: the byte-order mark and the names of its columns."""
    return table_to_csv(table, [])


def make_tables(contributions: Iterable[Contribution]) -> dict[str, bytes]:
    """Make every table of what notices give, in the order of the notices."""
    parts = {table: [table_head(table)] for table in NOTICE_TABLES}
    aggregates = Aggregates()
    for one in contributions:
        aggregates.add(one.counts)
        for table, block in one.blocks.items():
            parts[table].append(block.data)
    tables = {table: b"".join(own) for table, own in parts.items()}
    return tables | {table: table_to_csv(table, own) for table, own in aggregates.rows().items()}
