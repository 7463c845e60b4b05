"""PostgreSQL: make indexes and references after a load into an empty store, not row by row.

Row by row they take most of the time of a large load. All of it is in the load's transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.schema import AddConstraint, CreateIndex, DropConstraint, DropIndex

from pipeline.store.index import POSTGRES_WORDS
from pipeline.store.schema import TABLES

if TYPE_CHECKING:
    from sqlalchemy import Connection

# The memory that PostgreSQL may use to make an index.
_MEMORY = "256MB"


def drop_indexes(connection: Connection) -> None:
    """Drop the indexes and references of all tables."""
    for table in TABLES.values():
        for constraint in table.foreign_key_constraints:
            connection.execute(DropConstraint(constraint))
    for table in (*TABLES.values(), POSTGRES_WORDS):
        for index in table.indexes:
            connection.execute(DropIndex(index))


def create_indexes(connection: Connection) -> None:
    """Create the indexes and references of all tables, each for all rows at once."""
    connection.exec_driver_sql(f"SET LOCAL maintenance_work_mem = '{_MEMORY}'")
    for table in (*TABLES.values(), POSTGRES_WORDS):
        for index in table.indexes:
            connection.execute(CreateIndex(index))
    for table in TABLES.values():
        for constraint in table.foreign_key_constraints:
            connection.execute(AddConstraint(constraint, isolate_from_table=False))
