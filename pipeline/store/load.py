"""Notices into a store: a version where a record is new, nothing where it is there already."""

from __future__ import annotations

import gc
import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from sqlalchemy import delete, func, select, update

from pipeline.dataset.aggregates import fullness
from pipeline.dataset.in_force import NAME_LISTS, field_text, in_force, printed_names
from pipeline.dataset.manifest import read_manifest
from pipeline.dataset.record_files import read_record, record_bytes
from pipeline.dataset.table_rows import notice_rows
from pipeline.errors import OutputError
from pipeline.model import Body
from pipeline.store.bulk import loosen, tighten
from pipeline.store.grams import version as folding
from pipeline.store.index import index_of
from pipeline.store.insert import Portion, insert_many
from pipeline.store.schema import (
    ABOUT,
    ASSIGNMENTS,
    CORRECTIONS,
    FIELDS,
    HOLDERS,
    ITEM_STEP,
    ITEMS,
    NOTICES,
    PROBLEMS,
    UNIT_NAMES,
    UNITS,
    VERSIONS,
    id_range,
)
from pipeline.store.turn import JOIN, Batch, names_of, remove, renew_units

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from concurrent.futures import Future
    from pathlib import Path

    from sqlalchemy import Connection, Table

    from pipeline.model import Corrected, Item, Notice
    from pipeline.store.base import Store

# So many items are written at a time.
_BATCH = 20_000
# Tables after those that they refer to.
_ORDER = (
    VERSIONS, NOTICES, UNITS, UNIT_NAMES, ITEMS, ASSIGNMENTS, FIELDS, PROBLEMS, CORRECTIONS,
)  # fmt: skip
_Row = dict[str, Any]


@dataclass(slots=True)
class Loaded:
    """What loading did: ids of notices that are new, have a new version, were there, are retired."""

    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)


def load_output(output: Path, store: Store) -> Loaded:
    """Load the records of an OUTPUT; what its later runs put others in place of is retired.

    All is loaded or nothing. A record is read only if the store lacks it. Raises StoreError,
    OutputError.
    """
    paths = sorted((output / "json").glob("*.json"))
    if not paths:
        raise OutputError(output, "holds no records", "run fengong parse first")
    manifest = read_manifest(output)
    with store.writing() as connection:
        with _Loading(connection) as loading:
            for path in paths:
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
                loading.take(path.stem, digest, partial(read_record, path))
            loading.hold(manifest.output_id, [path.stem for path in paths], manifest.retired)
        return loading.loaded


def load_notices(notices: Iterable[Notice], store: Store) -> Loaded:
    """Load notices; all are loaded or none. Raises StoreError."""
    with store.writing() as connection:
        with _Loading(connection) as loading:
            for notice in notices:
                digest = hashlib.sha256(record_bytes(notice)).hexdigest()
                loading.take(notice.notice_id, digest, partial(_same, notice))
        return loading.loaded


def _same(notice: Notice) -> Notice:
    return notice


class _Version(NamedTuple):
    """A version of a notice in the store."""

    id: int
    version: int
    sha256: str


class _Loading:
    """One transaction of loading, as a context: rows are gathered, and written in batches.

    While the database takes a batch in, the next one is made: a thread of its own writes. Nothing
    else uses the connection meanwhile.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.writer = ThreadPoolExecutor(1)
        self.writing: Future[set[str]] | None = None
        # Bodies that notices named which are gone or have a new version.
        self.named: set[str] = set()
        self.index = index_of(connection)
        self.loaded = Loaded()
        self.now = datetime.now(UTC).isoformat(timespec="seconds")
        self.latest = self._latest()
        self.current = dict(
            connection.execute(select(NOTICES.c.notice_id, NOTICES.c.version_id)).all()
        )
        self.units = {
            row["canonical"]: Body(
                **row | {"members": tuple(filter(None, row["members"].split(JOIN)))}
            )
            for row in map(dict, connection.execute(select(UNITS)).mappings())
        }
        names = select(UNIT_NAMES.c.name, UNIT_NAMES.c.canonical)
        self.unit_names = {(name, canonical) for name, canonical in connection.execute(names)}
        self.next_item = self._about("next")
        self.next_version = 1 + (connection.scalar(select(func.max(VERSIONS.c.id))) or 0)
        self.rows: dict[Table, list[_Row]] = {}
        self.batch = Batch()
        self.pending: set[str] = set()
        self.is_loose = connection.dialect.name == "postgresql" and not self.latest
        self._check_index()

    def __enter__(self) -> Self:
        # Rows and records are trees without cycles; looking for cycles takes a third of the time.
        self.collects = gc.isenabled()
        gc.disable()
        if self.is_loose:
            loosen(self.connection)
        return self

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        try:
            if kind is None:
                self._flush()
                self._wait()
                renew_units(self.connection, self.named)
                if self.is_loose:
                    tighten(self.connection)
                self._tell("next", str(self.next_item))
        finally:
            self.writer.shutdown()
            if self.collects:
                gc.enable()

    def _about(self, name: str) -> int:
        told = self.connection.scalar(select(ABOUT.c.value).where(ABOUT.c.name == name))
        return int(told or 0)

    def _latest(self) -> dict[str, _Version]:
        """Each notice's last version."""
        of = VERSIONS.c
        query = select(of.notice_id, of.id, of.version, of.sha256).order_by(of.version)
        return {row[0]: _Version(*row[1:]) for row in self.connection.execute(query)}

    def _check_index(self) -> None:
        """An index of another folding would not give up its rows: it is made anew."""
        told = self.connection.scalar(select(ABOUT.c.value).where(ABOUT.c.name == "index"))
        if told == folding():
            return
        self.index.clear(self.connection)
        for rows in self.connection.execute(select(ITEMS)).mappings().partitions(_BATCH):
            insert_many(self.connection, self.index.prepare([dict(row) for row in rows]))
        self._tell("index", folding())

    def _tell(self, name: str, value: str) -> None:
        self.connection.execute(update(ABOUT).where(ABOUT.c.name == name).values(value=value))

    def take(self, notice_id: str, digest: str, read: Callable[[], Notice]) -> None:
        """Load a record unless it is the last version of a notice that is current."""
        last = self.latest.get(notice_id)
        is_current = notice_id in self.current
        if last and last.sha256 == digest and is_current:
            self.loaded.unchanged.append(notice_id)
            return
        (self.loaded.updated if last else self.loaded.added).append(notice_id)
        notice = read()
        if notice.notice_id != notice_id:
            fact = f"is the record of {notice.notice_id}"
            raise OutputError(f"{notice_id}.json", fact, "parse the source again")
        if is_current:
            if notice_id in self.pending:
                self._flush()
            self.batch.gone.append(notice_id)
        self.pending.add(notice_id)
        if last and last.sha256 == digest:
            # It was retired, and comes back in the version that it had.
            self.batch.revived.append(last.id)
        else:
            last = self._add_version(notice, digest, last.version + 1 if last else 1)
        self.latest[notice_id] = last
        self.current[notice_id] = last.id
        self._add_notice(notice, last.id)
        if len(self.rows.get(ITEMS, ())) >= _BATCH:
            self._flush()

    def _add_version(self, notice: Notice, digest: str, version: int) -> _Version:
        made = _Version(self.next_version, version, digest)
        self.next_version += 1
        row: _Row = made._asdict() | {"notice_id": notice.notice_id, "title": notice.title}
        row |= {"loaded_at": self.now, "retired_at": None, "record": notice.model_dump_json()}
        self._add(VERSIONS, [row])
        return made

    def _add(self, into: Table, rows: Iterable[_Row]) -> None:
        self.rows.setdefault(into, []).extend(rows)

    def _add_notice(self, notice: Notice, version_id: int) -> None:
        read, notice = notice, in_force(notice)
        rows = notice_rows(notice)
        self._add(NOTICES, [_notice_row(notice, rows["notices"][0], version_id)])
        for body in notice.bodies:
            if self.units.get(body.canonical) != body:
                self._add_unit(body)
        ids: dict[str, int] = {}
        for item, row in zip(notice.items, rows["items"], strict=True):
            self.next_item += 1
            ids[item.item_id] = id_range(notice.year or 0)[1] - self.next_item
            self._add(ITEMS, [_item_row(item, row, ids[item.item_id])])
            self._add(FIELDS, _field_rows(notice, item))
        self._add_assignments(notice, rows["assignments"], ids)
        self._add(PROBLEMS, rows["problems"])
        self._add(CORRECTIONS, _correction_rows(read))

    def _add_unit(self, body: Body) -> None:
        """A body that is new, or of which a notice tells more than those before."""
        known = self.units.get(body.canonical)
        row = body.model_dump() | {"members": JOIN.join(body.members)}
        if known is None:
            self._add(UNITS, [row])
        elif fullness(body) > fullness(known):
            self.batch.fuller[body.canonical] = row
        else:
            return
        self.units[body.canonical] = body

    def _add_assignments(self, notice: Notice, rows: list[_Row], ids: dict[str, int]) -> None:
        """An item's assignments in their order, the first with the greatest id."""
        left = dict.fromkeys(ids, ITEM_STEP)
        for row, name in zip(rows, printed_names(notice), strict=True):
            left[row["item_id"]] -= 1
            row["id"] = ids[row["item_id"]] * ITEM_STEP + left[row["item_id"]]
            row["aliases"] = JOIN.join(name.aliases)
            if name.canonical is not None:
                self._add_names(name.canonical, row)
        self._add(ASSIGNMENTS, rows)

    def _add_names(self, canonical: str, row: _Row) -> None:
        """By which names a body goes."""
        for one in names_of(row["name"], row["aliases"]):
            if (one, canonical) not in self.unit_names:
                self.unit_names.add((one, canonical))
                self._add(UNIT_NAMES, [{"name": one, "canonical": canonical}])

    def _flush(self) -> None:
        """Have what was gathered written; it is made ready while the last batch is."""
        rows, self.rows = self.rows, {}
        batch, self.batch = self.batch, Batch()
        self.pending.clear()
        batch.portions = [_portion(into, rows[into]) for into in _ORDER if rows.get(into)]
        if rows.get(ITEMS):
            batch.portions.append(self.index.prepare(rows[ITEMS]))
        self._wait()
        self.writing = self.writer.submit(batch.write, self.connection, self.index)

    def _wait(self) -> None:
        """Wait until the connection is free."""
        if self.writing:
            self.named |= self.writing.result()
            self.writing = None

    def hold(self, output_id: str, notice_ids: Collection[str], retired: Iterable[str]) -> None:
        """Keep in mind which OUTPUT holds what, and retire what none holds any more.

        An OUTPUT without a manifest has no id, and cannot be told from others.
        """
        self._flush()
        self._wait()
        of = HOLDERS.c
        held = select(of.notice_id).where(of.output_id == output_id)
        mine = set(self.connection.scalars(held))
        new = [(one, output_id) for one in sorted(set(notice_ids) - mine) if output_id]
        if new:
            insert_many(self.connection, Portion(HOLDERS.name, ("notice_id", "output_id"), new))
        gone = {*retired, *(mine - set(notice_ids))} & self.current.keys()
        for notice_id in sorted(gone):
            own = (of.notice_id == notice_id) & (of.output_id == output_id)
            self.connection.execute(delete(HOLDERS).where(own))
            others = select(func.count()).select_from(HOLDERS).where(of.notice_id == notice_id)
            if not self.connection.scalar(others):
                self._retire(notice_id)

    def _retire(self, notice_id: str) -> None:
        self.named |= remove(self.connection, self.index, [notice_id])
        own = VERSIONS.c.id == self.current.pop(notice_id)
        self.connection.execute(update(VERSIONS).where(own).values(retired_at=self.now))
        self.loaded.retired.append(notice_id)


def _portion(into: Table, rows: list[_Row]) -> Portion:
    """Rows as the table takes them, of each the columns that it has."""
    names = tuple(one.name for one in into.c if one.name in rows[0])
    if "id" in names:
        # In order: pages of the table are filled one after the other.
        rows = sorted(rows, key=itemgetter("id"))
    return Portion(into.name, names, [tuple([row[name] for name in names]) for row in rows])


def _notice_row(notice: Notice, row: _Row, version_id: int) -> _Row:
    more = {"version_id": version_id, "url": notice.source.url, "place": notice.place}
    return row | more


def _item_row(item: Item, row: _Row, key: int) -> _Row:
    fields = [f"{one.label}：{one.text}" for one in item.fields.values()]
    return row | {
        "id": key,
        "parent_id": item.parent_id,
        "fields": "；".join(fields),
        "start": item.span.start,
        "end": item.span.end,
    }


def _field_rows(notice: Notice, item: Item) -> Iterator[_Row]:
    for key, one in item.fields.items():
        about = {"notice_id": notice.notice_id, "item_id": item.item_id}
        yield about | {"key": key, "label": one.label, "text": one.text}


def _correction_rows(notice: Notice) -> Iterator[_Row]:
    """What people corrected of a notice as it was read."""
    for one in notice.corrected:
        yield _correction_row(notice, None, one)
    for item in notice.items:
        for one in item.corrected:
            yield _correction_row(notice, item, one)


def _correction_row(notice: Notice, item: Item | None, one: Corrected) -> _Row:
    value = "、".join(name.name for name in one.names) if one.field in NAME_LISTS else one.value
    return {
        "notice_id": notice.notice_id,
        "item_id": item.item_id if item else None,
        "field": one.field,
        "read": field_text(item or notice, one.field),
        "value": value,
        "who": one.who,
        "when": one.when,
        "why": one.why,
    }
