"""Decide for each record of a load whether its notice is new, has a new version or is unchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from pipeline.model import Notice

Change = Literal["added", "updated", "unchanged"]


class IncomingRecord(NamedTuple):
    """A record that may have to be loaded; `sha256` is of its bytes, `read` gives the record."""

    notice_id: str
    sha256: str
    read: Callable[[], Notice]


class StoredVersion(NamedTuple):
    """A version of a notice in the store: its row's id, its number from 1, the record's hash."""

    id: int
    version: int
    sha256: str


class PlannedRecord(NamedTuple):
    """An incoming record with the version that it becomes.

    `is_new_version` is false where a retired version becomes current again. `replaces` says that
    rows of an earlier version are current and must go first.
    """

    record: IncomingRecord
    change: Change
    version: StoredVersion
    is_new_version: bool
    replaces: bool


def plan_records(
    records: Iterable[IncomingRecord],
    latest: Mapping[str, StoredVersion],
    current: Collection[str],
    next_id: int,
) -> Iterator[PlannedRecord]:
    """Plan records one by one, in their order; a notice may come more than once.

    `latest` is the last version of each notice in the store, `current` the notices that are not
    retired, `next_id` the id of the next new version.
    """
    known, present = dict(latest), set(current)
    for record in records:
        last = known.get(record.notice_id)
        is_current = record.notice_id in present
        is_same = last is not None and last.sha256 == record.sha256
        if last and is_same and is_current:
            yield PlannedRecord(record, "unchanged", last, is_new_version=False, replaces=False)
            continue
        change: Change = "updated" if last else "added"
        if last is None or not is_same:
            last = StoredVersion(next_id, last.version + 1 if last else 1, record.sha256)
            next_id += 1
        known[record.notice_id] = last
        present.add(record.notice_id)
        yield PlannedRecord(record, change, last, not is_same, is_current)
