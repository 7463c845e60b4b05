"""Load notices into a store: a new version where a record is new, nothing where it is unchanged."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import delete, func, select, update

from pipeline.collector import collector_at_rest
from pipeline.dataset.manifest import read_manifest
from pipeline.dataset.record_files import (
    find_record_paths,
    read_own_record,
    record_bytes,
    record_path,
)
from pipeline.errors import RecordError, hold_errors
from pipeline.store.deferred_indexes import create_indexes, drop_indexes
from pipeline.store.grams import folding_version
from pipeline.store.index import index_of
from pipeline.store.insert import Portion, id_chunks, insert_many
from pipeline.store.known_bodies import KnownBodies
from pipeline.store.load_batches import BATCH_ITEMS, make_batches
from pipeline.store.load_plan import IncomingRecord, plan_records
from pipeline.store.name_keys import read_item_keys
from pipeline.store.removal import remove_notices, renew_units
from pipeline.store.schema import HOLDERS, ITEMS, NOTICES, VERSIONS
from pipeline.store.stored_state import read_about, read_state, write_about
from pipeline.store.write_batches import hold_rows, write_batches

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from pathlib import Path

    from sqlalchemy import Connection

    from pipeline.dataset.manifest import Manifest
    from pipeline.errors import PipelineError
    from pipeline.model import Notice
    from pipeline.store.database import Store
    from pipeline.store.index import WordIndex
    from pipeline.store.load_plan import Change
    from pipeline.store.write_batches import BatchesWritten


@dataclass(frozen=True, slots=True)
class Loaded:
    """Ids of notices by what a load did: new, with a new version, unchanged, retired.

    `held` are the errors of records that cannot be read, or that no store can keep, and unexpected
    ones, each with the notice's id or its file as its place; such a notice is left out, and an
    earlier version of it stays current.
    """

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    retired: tuple[str, ...] = ()
    held: tuple[PipelineError, ...] = ()


class _Holding(NamedTuple):
    """The notices that an OUTPUT has now, and those that its later runs replaced."""

    output_id: str
    notice_ids: Collection[str]
    replaced: Collection[str]


def load_output(output: Path, store: Store) -> Loaded:
    """Load the records of an OUTPUT and retire notices that its later runs replaced.

    All is loaded or nothing, but for notices that are held. A record is read only if the store
    lacks it; a notice that is in the OUTPUT twice is loaded once. Raises StoreError, OutputError.
    """
    manifest = read_manifest(output)
    second = {one.notice_id for one in manifest.records.values() if one.duplicate}
    paths = [path for path in find_record_paths(output) if path.stem not in second]
    holding = _Holding(manifest.output_id, [path.stem for path in paths], manifest.retired)
    held: list[PipelineError] = []
    with store.writing() as connection:
        return _load(connection, _incoming_files(paths, held), holding, held)


def load_known(
    output: Path,
    manifest: Manifest,
    connection: Connection,
    read: Callable[[str], Notice] | None = None,
) -> Loaded:
    """Load the records of an OUTPUT that changed by the hashes of its manifest, which it must have.

    No other file is opened, so that one changed record among thousands is loaded at once; `read`
    reads one by its notice's id. To be called within a transaction of `Store.writing`. Raises
    StoreError.
    """
    records = {key: one for key, one in manifest.records.items() if not one.duplicate}
    incoming = (
        IncomingRecord(key, one.sha256, partial(read or partial(_read_file, output), key))
        for key, one in records.items()
    )
    holding = _Holding(manifest.output_id, records.keys(), manifest.retired)
    return _load(connection, incoming, holding, [])


def _read_file(output: Path, notice_id: str) -> Notice:
    return read_own_record(record_path(output, notice_id))


def load_notices(notices: Iterable[Notice], store: Store) -> Loaded:
    """Load notices; all are loaded or none, but for those that are held. Raises StoreError."""
    held: list[PipelineError] = []
    with store.writing() as connection:
        return _load(connection, _incoming_notices(notices, held), None, held)


def _incoming_files(paths: Iterable[Path], held: list[PipelineError]) -> Iterator[IncomingRecord]:
    for path in paths:
        digest = None
        with hold_errors(path, held.append):
            digest = hashlib.sha256(_read_bytes(path)).hexdigest()
        if digest:
            yield IncomingRecord(path.stem, digest, partial(read_own_record, path))


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        fact = f"cannot be read ({error.strerror or error})"
        raise RecordError(path, fact, "check rights") from error


def _incoming_notices(
    notices: Iterable[Notice], held: list[PipelineError]
) -> Iterator[IncomingRecord]:
    for notice in notices:
        digest = None
        with hold_errors(notice.notice_id, held.append):
            digest = hashlib.sha256(record_bytes(notice)).hexdigest()
        if digest:
            yield IncomingRecord(notice.notice_id, digest, partial(_same, notice))


def _same(notice: Notice) -> Notice:
    return notice


def _load(
    connection: Connection,
    records: Iterable[IncomingRecord],
    holding: _Holding | None,
    held: list[PipelineError],
) -> Loaded:
    """Load records within a transaction, retire what no OUTPUT holds, bring bodies up to date.

    `held` gets the errors of notices that are left out.
    """
    index = index_of(connection)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    state = read_state(connection)
    _renew_index(connection, index)
    is_deferred = connection.dialect.name == "postgresql" and not state.latest
    with collector_at_rest():
        if is_deferred:
            drop_indexes(connection)
        planned = plan_records(records, state.latest, state.current, state.next_version)
        batches = make_batches(planned, state.last_item, index, now)
        known = KnownBodies(state.bodies, state.names)
        done = write_batches(connection, index, batches, known, now)
        held += done.held
        unheld = _hold(connection, holding) if holding else []
        retired = _retire(connection, index, unheld, now, held)
        renew_units(connection, done.named.union(*retired.values()))
        if is_deferred:
            create_indexes(connection)
        write_about(connection, "next", str(done.last_item))
    return _loaded(done, retired, held)


def _loaded(done: BatchesWritten, retired: Iterable[str], held: Iterable[PipelineError]) -> Loaded:
    ids: dict[Change, list[str]] = {"added": [], "updated": [], "unchanged": []}
    for notice_id, change in done.changes:
        ids[change].append(notice_id)
    by_change = {change: tuple(own) for change, own in ids.items()}
    return Loaded(**by_change, retired=tuple(retired), held=tuple(held))


def _renew_index(connection: Connection, index: WordIndex) -> None:
    """Make a search index anew that another folding of characters made: it could remove no rows."""
    if read_about(connection, "index") == folding_version():
        return
    index.clear(connection)
    for some in connection.execute(select(ITEMS)).mappings().partitions(BATCH_ITEMS):
        rows = [dict(row) for row in some]
        keys = read_item_keys(connection, [row["item_id"] for row in rows])
        insert_many(connection, index.prepare(rows, keys))
    write_about(connection, "index", folding_version())


def _hold(connection: Connection, holding: _Holding) -> list[str]:
    """Record which notices an OUTPUT holds; returns current notices that no OUTPUT holds any more.

    An OUTPUT without a manifest has no id, and cannot be told from others.
    """
    output_id, notice_ids, replaced = holding
    columns = HOLDERS.c
    held = select(columns.notice_id).where(columns.output_id == output_id)
    before = set(connection.scalars(held))
    new = [(one, output_id) for one in sorted(set(notice_ids) - before) if output_id]
    if new:
        insert_many(connection, Portion(HOLDERS.name, ("notice_id", "output_id"), new))
    unheld = []
    for notice_id in _current(connection, {*replaced, *(before - set(notice_ids))}):
        own = (columns.notice_id == notice_id) & (columns.output_id == output_id)
        connection.execute(delete(HOLDERS).where(own))
        others = select(func.count()).select_from(HOLDERS).where(columns.notice_id == notice_id)
        if not connection.scalar(others):
            unheld.append(notice_id)
    return unheld


def _current(connection: Connection, notice_ids: Collection[str]) -> list[str]:
    """The notices among these that are not retired, sorted."""
    current: list[str] = []
    for ids in id_chunks(sorted(notice_ids)):
        query = select(NOTICES.c.notice_id).where(NOTICES.c.notice_id.in_(ids))
        current += connection.scalars(query)
    return sorted(current)


def _retire(
    connection: Connection,
    index: WordIndex,
    notice_ids: Iterable[str],
    now: str,
    held: list[PipelineError],
) -> dict[str, set[str]]:
    """Retire notices; return each with the bodies that it named."""
    retired: dict[str, set[str]] = {}
    for notice_id in notice_ids:
        with hold_rows(connection, notice_id, held.append), connection.begin_nested():
            version = select(NOTICES.c.version_id).where(NOTICES.c.notice_id == notice_id)
            own = VERSIONS.c.id == connection.scalar(version)
            connection.execute(update(VERSIONS).where(own).values(retired_at=now))
            named = remove_notices(connection, index, [notice_id])
            retired[notice_id] = named
    return retired
