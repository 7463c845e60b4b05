"""Turn planned records into batches of rows that are written together."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from pipeline.dataset.in_force import in_force
from pipeline.errors import RecordError, hold_errors
from pipeline.store.insert import Portion
from pipeline.store.name_keys import item_keys
from pipeline.store.record_rows import TableRow, body_names, record_rows
from pipeline.store.schema import (
    ASSIGNMENTS,
    CORRECTIONS,
    FIELDS,
    ITEMS,
    NOTICES,
    PROBLEMS,
    VERSIONS,
)
from pipeline.store.storable import make_storable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Table

    from pipeline.errors import PipelineError
    from pipeline.model import Body, Notice
    from pipeline.store.index import WordIndex
    from pipeline.store.known_bodies import BodyName
    from pipeline.store.load_plan import Change, IncomingRecord, PlannedRecord

# How many items are written at a time.
BATCH_ITEMS = 20_000
# Tables after those that they refer to.
_ORDER = (VERSIONS, NOTICES, ITEMS, ASSIGNMENTS, FIELDS, PROBLEMS, CORRECTIONS)


class NumberedRecord(NamedTuple):
    """A planned record, and how many items were loaded before it."""

    plan: PlannedRecord
    last_item: int


class LoadBatch(NamedTuple):
    """One step of a load.

    `changes` says of each notice whether it is added, updated or unchanged. `records` are those
    that have rows. `removed` are notices to remove, `revived` ids of retired versions that are
    current again, `bodies` and `names` what the records say of bodies, `portions` their other rows:
    None where these could not be made together. `last_item` counts all items that were ever loaded.
    `held` are the errors of records that are left out.
    """

    changes: list[tuple[str, Change]]
    records: list[NumberedRecord]
    removed: list[str]
    revived: list[int]
    bodies: list[Body]
    names: list[BodyName]
    portions: list[Portion] | None
    last_item: int
    held: list[PipelineError]


class _MadeRecord(NamedTuple):
    """The rows of one record, and what it says of bodies."""

    rows: dict[Table, list[TableRow]]
    bodies: Sequence[Body]
    names: list[BodyName]


@dataclass(slots=True)
class _Gathered:
    """The rows of a batch that is being made."""

    last_item: int
    changes: list[tuple[str, Change]] = field(default_factory=list)
    notice_ids: set[str] = field(default_factory=set)
    records: list[NumberedRecord] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    revived: list[int] = field(default_factory=list)
    rows: dict[Table, list[TableRow]] = field(default_factory=dict)
    bodies: list[Body] = field(default_factory=list)
    # Each once, in their order.
    names: dict[BodyName, None] = field(default_factory=dict)
    held: list[PipelineError] = field(default_factory=list)

    def add(self, plan: PlannedRecord, made: _MadeRecord) -> None:
        """Add a record with its rows."""
        notice_id = plan.record.notice_id
        self.notice_ids.add(notice_id)
        self.records.append(NumberedRecord(plan, self.last_item))
        self.last_item += len(made.rows[ITEMS])
        self.changes.append((notice_id, plan.change))
        if plan.replaces:
            self.removed.append(notice_id)
        if not plan.is_new_version:
            self.revived.append(plan.version.id)
        for table, some in made.rows.items():
            self.rows.setdefault(table, []).extend(some)
        self.bodies.extend(made.bodies)
        self.names.update(dict.fromkeys(made.names))


def make_batches(
    planned: Iterable[PlannedRecord], last_item: int, index: WordIndex, loaded_at: str
) -> Iterator[LoadBatch]:
    """Read the planned records that the store lacks and make batches of their rows."""
    batch = _Gathered(last_item)
    for plan in planned:
        if plan.change == "unchanged":
            batch.changes.append((plan.record.notice_id, plan.change))
            continue
        made = None
        with hold_errors(plan.record.notice_id, batch.held.append):
            made = _make_record(plan, batch.last_item, loaded_at)
        if made is None:
            continue
        # Removals are written first, so a batch cannot replace rows of its own.
        if plan.replaces and plan.record.notice_id in batch.notice_ids:
            yield _close(batch, index)
            batch = _Gathered(batch.last_item)
        batch.add(plan, made)
        if len(batch.rows[ITEMS]) >= BATCH_ITEMS:
            yield _close(batch, index)
            batch = _Gathered(batch.last_item)
    yield _close(batch, index)


def make_single_batch(record: NumberedRecord, index: WordIndex, loaded_at: str) -> LoadBatch:
    """Make a batch of one record alone, reading it again; its portions are made, or it raises."""
    batch = _Gathered(record.last_item)
    batch.add(record.plan, _make_record(record.plan, record.last_item, loaded_at))
    return _batch(batch, _make_portions(batch.rows, index))


def _make_record(plan: PlannedRecord, last_item: int, loaded_at: str) -> _MadeRecord:
    notice, text = make_storable(_read_notice(plan.record))
    rows: dict[Table, list[TableRow]] = {}
    if plan.is_new_version:
        rows[VERSIONS] = [_version_row(plan, notice, loaded_at) | {"record": text}]
    rows |= record_rows(notice, plan.version.id, last_item)
    return _MadeRecord(rows, in_force(notice).bodies, list(_names(rows[ASSIGNMENTS])))


def _read_notice(record: IncomingRecord) -> Notice:
    notice = record.read()
    if notice.notice_id != record.notice_id:
        fact = f"is the record of {notice.notice_id}"
        raise RecordError(f"{record.notice_id}.json", fact, "parse the source again")
    return notice


def _version_row(plan: PlannedRecord, notice: Notice, loaded_at: str) -> TableRow:
    row: TableRow = plan.version._asdict()
    row |= {"notice_id": notice.notice_id, "title": notice.title, "loaded_at": loaded_at}
    return row | {"retired_at": None}


def _names(assignments: Iterable[TableRow]) -> Iterator[BodyName]:
    """Yield the names by which bodies are found."""
    for row in assignments:
        canonical = row["canonical"]
        if canonical is not None:
            for name in body_names(row["name"], row["aliases"]):
                yield name, canonical


def _close(batch: _Gathered, index: WordIndex) -> LoadBatch:
    errors: list[PipelineError] = []
    portions = None
    # Which record it fails at is found out when each is written alone.
    with hold_errors("", errors.append):
        portions = _make_portions(batch.rows, index)
    return _batch(batch, portions)


def _batch(batch: _Gathered, portions: list[Portion] | None) -> LoadBatch:
    return LoadBatch(
        batch.changes, batch.records, batch.removed, batch.revived, batch.bodies,
        list(batch.names), portions, batch.last_item, batch.held,
    )  # fmt: skip


def _make_portions(rows: Mapping[Table, list[TableRow]], index: WordIndex) -> list[Portion]:
    portions = [_portion(table, rows[table]) for table in _ORDER if rows.get(table)]
    if rows.get(ITEMS):
        portions.append(index.prepare(rows[ITEMS], item_keys(rows[ASSIGNMENTS])))
    return portions


def _portion(table: Table, rows: list[TableRow]) -> Portion:
    """Rows with the columns of the table that they have."""
    names = tuple(one.name for one in table.c if one.name in rows[0])
    if "id" in names:
        # In order: pages of the table are filled one after the other.
        rows = sorted(rows, key=itemgetter("id"))
    return Portion(table.name, names, [tuple([row[name] for name in names]) for row in rows])
