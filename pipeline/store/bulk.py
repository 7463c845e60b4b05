"""PostgreSQL: indexes and references made once all is loaded, where a store was empty before.

Made row by row they take most of a large load. All of it is within the load's transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.schema import AddConstraint, CreateIndex, DropConstraint, DropIndex

from pipeline.store.index import POSTGRES_WORDS
from pipeline.store.schema import TABLES

if TYPE_CHECKING:
    from sqlalchemy import Connection

# What the making of an index may take in memory.
_MEMORY = "256MB"


def loosen(connection: Connection) -> None:
    """Take indexes and references away."""
    for table in TABLES.values():
        for constraint in table.foreign_key_constraints:
            connection.execute(DropConstraint(constraint))
    for table in (*TABLES.values(), POSTGRES_WORDS):
        for index in table.indexes:
            connection.execute(DropIndex(index))


def tighten(connection: Connection) -> None:
    """Make them again, for all rows at once."""
    connection.exec_driver_sql(f"SET LOCAL maintenance_work_mem = '{_MEMORY}'")
    for table in (*TABLES.values(), POSTGRES_WORDS):
        for index in table.indexes:
            connection.execute(CreateIndex(index))
    for table in TABLES.values():
        for constraint in table.foreign_key_constraints:
            connection.execute(AddConstraint(constraint, isolate_from_table=False))
