"""Write batches of rows into a store; where one fails, each of its notices is written alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import update

from pipeline.errors import hold_errors
from pipeline.store.engines import is_of_store
from pipeline.store.insert import Portion, id_chunks, insert_many
from pipeline.store.load_batches import make_single_batch
from pipeline.store.record_rows import body_row
from pipeline.store.removal import remove_notices
from pipeline.store.schema import UNIT_NAMES, UNITS, VERSIONS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from concurrent.futures import Future
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection

    from pipeline.errors import OnError, PipelineError
    from pipeline.store.index import WordIndex
    from pipeline.store.known_bodies import KnownBodies, NewBodies
    from pipeline.store.load_batches import LoadBatch
    from pipeline.store.load_plan import Change


@dataclass(slots=True)
class BatchesWritten:
    """What batches changed; `named` are the bodies that removed notices named."""

    changes: list[tuple[str, Change]] = field(default_factory=list)
    named: set[str] = field(default_factory=set)
    last_item: int = 0
    held: list[PipelineError] = field(default_factory=list)

    def add(self, other: BatchesWritten) -> None:
        """Add what a later batch changed."""
        self.changes += other.changes
        self.named |= other.named
        self.last_item = other.last_item
        self.held += other.held


def hold_rows(
    connection: Connection, notice_id: str, report: OnError
) -> AbstractContextManager[None]:
    """Hold the error of one notice's rows; those of the database itself pass."""
    driver = connection.dialect.loaded_dbapi
    return hold_errors(notice_id, report, lambda error: is_of_store(error, driver))


@dataclass(frozen=True, slots=True)
class _Writing:
    """A load that is writing: its connection, what the store knows, and the time of the load."""

    connection: Connection
    index: WordIndex
    known: KnownBodies
    loaded_at: str


def write_batches(
    connection: Connection,
    index: WordIndex,
    batches: Iterable[LoadBatch],
    known: KnownBodies,
    loaded_at: str,
) -> BatchesWritten:
    """Write batches in their order, each in a thread of its own while the next one is made.

    A notice is written whole or not at all. Nothing else may use the connection meanwhile.
    """
    load = _Writing(connection, index, known, loaded_at)
    done = BatchesWritten()
    writing: Future[BatchesWritten] | None = None
    with ThreadPoolExecutor(1) as writer:
        for batch in batches:
            if writing:
                done.add(writing.result())
            writing = writer.submit(_write_or_divide, load, batch)
        if writing:
            done.add(writing.result())
    return done


def _write_or_divide(load: _Writing, batch: LoadBatch) -> BatchesWritten:
    """Write a batch; where that fails, each of its notices alone, holding those that fail."""
    errors: list[PipelineError] = []
    if batch.portions is not None:
        with hold_rows(load.connection, "", errors.append):
            named = _write_batch(load, batch, batch.portions)
            return BatchesWritten(batch.changes, named, batch.last_item, batch.held)
    done = BatchesWritten([], set(), batch.last_item, batch.held)
    failed: set[str] = set()
    for record in batch.records:
        notice_id = record.plan.record.notice_id
        failed.add(notice_id)
        with hold_rows(load.connection, notice_id, done.held.append):
            single = make_single_batch(record, load.index, load.loaded_at)
            done.named |= _write_batch(load, single, single.portions or [])
            failed.remove(notice_id)
    done.changes += [one for one in batch.changes if one[0] not in failed]
    return done


def _write_batch(load: _Writing, batch: LoadBatch, portions: Iterable[Portion]) -> set[str]:
    """Write a batch whole or not at all; return the bodies that removed notices named."""
    connection = load.connection
    with connection.begin_nested():
        named = remove_notices(connection, load.index, batch.removed)
        for ids in id_chunks(batch.revived):
            revived = update(VERSIONS).where(VERSIONS.c.id.in_(ids))
            connection.execute(revived.values(retired_at=None))
        new = load.known.find_new(batch.bodies, batch.names)
        _write_bodies(connection, new)
        for portion in portions:
            insert_many(connection, portion)
    load.known.add(new)
    return named


def _write_bodies(connection: Connection, new: NewBodies) -> None:
    columns = tuple(one.name for one in UNITS.c)
    rows = map(body_row, new.added.values())
    units = [tuple([row[name] for name in columns]) for row in rows]
    for portion in (
        Portion(UNITS.name, columns, units),
        Portion(UNIT_NAMES.name, ("name", "canonical"), new.names),
    ):
        if portion.rows:
            insert_many(connection, portion)
    for canonical, body in new.fuller.items():
        connection.execute(
            update(UNITS).where(UNITS.c.canonical == canonical).values(body_row(body))
        )
