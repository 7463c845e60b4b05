"""Turn planned records into batches of rows, and write a batch while the next one is made."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import update

from pipeline.dataset.aggregates import fullness
from pipeline.dataset.in_force import in_force
from pipeline.errors import OutputError, StoreError
from pipeline.store.insert import Portion, id_chunks, insert_many
from pipeline.store.record_rows import TableRow, body_names, body_row, record_rows
from pipeline.store.removal import remove_notices
from pipeline.store.schema import (
    ASSIGNMENTS,
    CORRECTIONS,
    FIELDS,
    ITEMS,
    NOTICES,
    PROBLEMS,
    UNIT_NAMES,
    UNITS,
    VERSIONS,
)
from pipeline.store.storable import make_storable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from concurrent.futures import Future

    from sqlalchemy import Connection, Table

    from pipeline.model import Body, Notice
    from pipeline.store.index import WordIndex
    from pipeline.store.load_plan import Change, IncomingRecord, PlannedRecord
    from pipeline.store.stored_state import StoredState

# How many items are written at a time.
BATCH_ITEMS = 20_000
# Tables after those that they refer to.
_ORDER = (
    VERSIONS, NOTICES, UNITS, UNIT_NAMES, ITEMS, ASSIGNMENTS, FIELDS, PROBLEMS, CORRECTIONS,
)  # fmt: skip


class LoadBatch(NamedTuple):
    """One step of a load, written in the order of its fields.

    `changes` says of each notice whether it is added, updated or unchanged. `removed` are notices
    to remove, `revived` ids of retired versions that are current again, `portions` the new
    rows, `fuller` rows of bodies that replace less complete ones. `last_item` counts all items
    that were ever loaded. `held` are the errors of records that are left out.
    """

    changes: list[tuple[str, Change]]
    removed: list[str]
    revived: list[int]
    portions: list[Portion]
    fuller: dict[str, TableRow]
    last_item: int
    held: list[StoreError]


class BatchesWritten(NamedTuple):
    """What batches changed; `named` are the bodies that removed notices named."""

    changes: list[tuple[str, Change]]
    named: set[str]
    last_item: int
    held: list[StoreError]


@dataclass(slots=True)
class _Gathered:
    """The rows of a batch that is being made."""

    changes: list[tuple[str, Change]] = field(default_factory=list)
    notice_ids: set[str] = field(default_factory=set)
    removed: list[str] = field(default_factory=list)
    revived: list[int] = field(default_factory=list)
    rows: dict[Table, list[TableRow]] = field(default_factory=dict)
    fuller: dict[str, TableRow] = field(default_factory=dict)
    held: list[StoreError] = field(default_factory=list)

    def add(self, rows: Mapping[Table, Sequence[TableRow]]) -> None:
        for table, some in rows.items():
            self.rows.setdefault(table, []).extend(some)


def make_batches(
    planned: Iterable[PlannedRecord], state: StoredState, index: WordIndex, loaded_at: str
) -> Iterator[LoadBatch]:
    """Read the planned records that the store lacks and make batches of their rows.

    Raises OutputError for a record of another notice than its name says.
    """
    bodies, names = dict(state.bodies), set(state.names)
    last_item = state.last_item
    batch = _Gathered()
    for plan in planned:
        if plan.change == "unchanged":
            batch.changes.append((plan.record.notice_id, plan.change))
            continue
        try:
            notice, text = make_storable(_read_notice(plan.record))
        except StoreError as error:
            batch.held.append(error)
            continue
        # Removals are written first, so a batch cannot replace rows of its own.
        if plan.replaces and notice.notice_id in batch.notice_ids:
            yield _close(batch, index, last_item)
            batch = _Gathered()
        _note_plan(batch, plan)
        if plan.is_new_version:
            batch.add({VERSIONS: [_version_row(plan, notice, loaded_at) | {"record": text}]})
        rows = record_rows(notice, plan.version.id, last_item)
        last_item += len(rows[ITEMS])
        batch.add(rows)
        _add_bodies(batch, in_force(notice).bodies, bodies)
        batch.add({UNIT_NAMES: list(_new_names(rows[ASSIGNMENTS], names))})
        if len(batch.rows[ITEMS]) >= BATCH_ITEMS:
            yield _close(batch, index, last_item)
            batch = _Gathered()
    yield _close(batch, index, last_item)


def _note_plan(batch: _Gathered, plan: PlannedRecord) -> None:
    notice_id = plan.record.notice_id
    batch.changes.append((notice_id, plan.change))
    batch.notice_ids.add(notice_id)
    if plan.replaces:
        batch.removed.append(notice_id)
    if not plan.is_new_version:
        batch.revived.append(plan.version.id)


def _read_notice(record: IncomingRecord) -> Notice:
    notice = record.read()
    if notice.notice_id != record.notice_id:
        fact = f"is the record of {notice.notice_id}"
        raise OutputError(f"{record.notice_id}.json", fact, "parse the source again")
    return notice


def _version_row(plan: PlannedRecord, notice: Notice, loaded_at: str) -> TableRow:
    row: TableRow = plan.version._asdict()
    row |= {"notice_id": notice.notice_id, "title": notice.title, "loaded_at": loaded_at}
    return row | {"retired_at": None}


def _add_bodies(batch: _Gathered, bodies: Iterable[Body], known: dict[str, Body]) -> None:
    """Add bodies that are new, or more complete than those that are known."""
    for body in bodies:
        before = known.get(body.canonical)
        if before is None:
            batch.add({UNITS: [body_row(body)]})
        elif before != body and fullness(body) > fullness(before):
            batch.fuller[body.canonical] = body_row(body)
        else:
            continue
        known[body.canonical] = body


def _new_names(assignments: Iterable[TableRow], known: set[tuple[str, str]]) -> Iterator[TableRow]:
    """Yield the names of bodies that are not known yet, each once."""
    for row in assignments:
        canonical = row["canonical"]
        if canonical is None:
            continue
        for name in body_names(row["name"], row["aliases"]):
            if (name, canonical) not in known:
                known.add((name, canonical))
                yield {"name": name, "canonical": canonical}


def _close(batch: _Gathered, index: WordIndex, last_item: int) -> LoadBatch:
    rows = batch.rows
    portions = [_portion(table, rows[table]) for table in _ORDER if rows.get(table)]
    if rows.get(ITEMS):
        portions.append(index.prepare(rows[ITEMS]))
    own = (batch.changes, batch.removed, batch.revived, portions, batch.fuller)
    return LoadBatch(*own, last_item, batch.held)


def _portion(table: Table, rows: list[TableRow]) -> Portion:
    """Rows with the columns of the table that they have."""
    names = tuple(one.name for one in table.c if one.name in rows[0])
    if "id" in names:
        # In order: pages of the table are filled one after the other.
        rows = sorted(rows, key=itemgetter("id"))
    return Portion(table.name, names, [tuple([row[name] for name in names]) for row in rows])


def write_batches(
    connection: Connection, index: WordIndex, batches: Iterable[LoadBatch]
) -> BatchesWritten:
    """Write batches in their order, each in a thread of its own while the next one is made.

    Nothing else may use the connection meanwhile.
    """
    changes: list[tuple[str, Change]] = []
    named: set[str] = set()
    held: list[StoreError] = []
    last_item = 0
    writing: Future[set[str]] | None = None
    with ThreadPoolExecutor(1) as writer:
        for batch in batches:
            if writing:
                named |= writing.result()
            writing = writer.submit(_write_batch, connection, index, batch)
            changes += batch.changes
            held += batch.held
            last_item = batch.last_item
        if writing:
            named |= writing.result()
    return BatchesWritten(changes, named, last_item, held)


def _write_batch(connection: Connection, index: WordIndex, batch: LoadBatch) -> set[str]:
    """Write a batch; returns the bodies that removed notices named."""
    named = remove_notices(connection, index, batch.removed)
    for ids in id_chunks(batch.revived):
        connection.execute(update(VERSIONS).where(VERSIONS.c.id.in_(ids)).values(retired_at=None))
    for portion in batch.portions:
        insert_many(connection, portion)
    for canonical, row in batch.fuller.items():
        connection.execute(update(UNITS).where(UNITS.c.canonical == canonical).values(row))
    return named
