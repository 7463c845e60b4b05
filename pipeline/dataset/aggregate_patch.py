"""Renew the rows of `units` and `leaders` that a few changed records concern, from the other tables.

The counts of a body or a person come from assignments.csv and notices.csv. How a body is described
is in the records alone; one record that describes it as the table does is enough.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from pipeline.dataset.aggregate_shift import find_shifts, is_like, shift_row
from pipeline.dataset.aggregates import (
    Aggregates,
    Mention,
    Mentions,
    NoticeCounts,
    Person,
    count_mentions,
)
from pipeline.dataset.csv_rows import defuse, restore
from pipeline.dataset.duplicates import mark_of
from pipeline.dataset.keyed_lines import KeyedLines
from pipeline.dataset.record_files import read_own_record, record_path
from pipeline.dataset.table_columns import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pipeline.dataset.aggregate_shift import Change, CsvRow, Side
    from pipeline.dataset.keyed_lines import TableBytes
    from pipeline.dataset.table_rows import TableRow
    from pipeline.model import Body, Notice

# More records than this are not read: writing all tables anew takes no longer.
_MOST_RECORDS = 2000
# A body, or a person with post and place.
_Key = TypeVar("_Key", str, Person)


class TooManyRecordsError(Exception):
    """More records would have to be read than a patch is worth."""


class RecordChange(NamedTuple):
    """A record before and after a change."""

    before: Notice
    after: Notice


@dataclass(frozen=True, slots=True)
class PatchSources:
    """What a patch reads: the OUTPUT, its tables with the changes in them, other records.

    `parts` gives a table by its name, in parts of whole rows; `corrected` are the notices that have
    corrections, which may describe bodies that no table names; `duplicates` are the notices that do
    not count.
    """

    output: Path
    parts: Callable[[str], Iterator[bytes]]
    corrected: Sequence[str]
    duplicates: Collection[str]

    def is_named(self, canonical: str, name: str) -> bool:
        """Answer whether a notice that counts has a name for a body."""
        heads = [column.name for column in COLUMNS["assignments"]]
        at = [heads.index(one) for one in ("name", "canonical", "notice_id")]
        wanted = [defuse(name), defuse(canonical)]
        for part in self.parts("assignments"):
            found = _select_lines(part, {str(wanted[0])})
            for row in _read_lines(part if found is None else found):
                *names, notice_id = (row[one] for one in at)
                if names == wanted and restore(notice_id) not in self.duplicates:
                    return True
        return False

    def read(self, notice_ids: Iterable[str]) -> Iterator[Notice]:
        """Read records. Raises TooManyRecordsError after so many."""
        for count, notice_id in enumerate(notice_ids):
            if count >= _MOST_RECORDS:
                raise TooManyRecordsError
            yield read_own_record(record_path(self.output, notice_id))


class _Concerned(NamedTuple):
    """Bodies and persons of which the rows are made anew."""

    units: set[str]
    leaders: set[Person]


def patch_aggregates(changes: Sequence[Change], sources: PatchSources) -> dict[str, TableBytes]:
    """Return the tables of units and leaders after some records changed; none where both stay.

    Raises TooManyRecordsError, with which all tables have to be made anew.
    """
    shifts = find_shifts(changes)
    if not shifts.units and not shifts.leaders:
        return {}
    data = {table: b"".join(sources.parts(table)) for table in ("units", "leaders")}
    units = KeyedLines("units", data["units"], str, "canonical")
    leaders = KeyedLines("leaders", data["leaders"], _as_person, "name post place")
    new_units, unsure_units = _shift(units, shifts.units, sources.is_named)
    new_leaders, unsure_leaders = _shift(leaders, shifts.leaders, lambda *_: True)
    places = _Places(changes, leaders.keys, sources)
    made = _make_anew(_Concerned(unsure_units, unsure_leaders), changes, sources, places, units)
    new_units |= {str(row["canonical"]): row for row in made["units"]}
    new_leaders |= {_person(row): row for row in made["leaders"]}
    return {
        "units": units.replace(shifts.units.keys(), new_units),
        "leaders": leaders.replace(shifts.leaders.keys(), new_leaders),
    }


def _shift(
    old: KeyedLines[_Key],
    shifts: Mapping[_Key, tuple[Side, Side]],
    is_named: Callable[[_Key, str], bool],
) -> tuple[dict[_Key, Mapping[str, object]], set[_Key]]:
    """Return the changed rows of a table, and the keys of those that have to be made anew."""
    rows: dict[_Key, Mapping[str, object]] = {}
    unsure: set[_Key] = set()
    for key, sides in shifts.items():
        earlier = old.get(key)
        row = shift_row(earlier, *sides, partial(is_named, key)) if earlier else None
        if row is None:
            unsure.add(key)
        elif row:
            rows[key] = row
    return rows, unsure


def _make_anew(
    concerned: _Concerned,
    changes: Sequence[Change],
    sources: PatchSources,
    places: _Places,
    units: KeyedLines[str],
) -> dict[str, list[TableRow]]:
    """Make the rows of some bodies and persons from the other tables, and from a few records.

    `units` are the earlier rows of bodies.
    """
    totals = Aggregates()
    if not concerned.units and not concerned.leaders:
        return totals.rows()
    named: dict[str, list[str]] = {}
    for mentions in _read_mentions(concerned, places, sources):
        totals.add(count_mentions(mentions))
        for canonical in {one.canonical for one in mentions.names if one.canonical}:
            named.setdefault(canonical, []).append(mentions.notice_id)
    for canonical in concerned.units & named.keys():
        described = _Described(canonical, units.get(canonical), named[canonical])
        bodies = _find_bodies(described, changes, sources)
        totals.add(NoticeCounts((), tuple(bodies), {}, {}))
    rows = totals.rows()
    # A person of the same name and post in another place was read too.
    return rows | {"leaders": [row for row in rows["leaders"] if _person(row) in concerned.leaders]}


def _as_person(name: str, post: str, place: str) -> Person:
    return name, post, place


def _person(row: Mapping[str, Any]) -> Person:
    return row["name"], row["post"] or "", row["place"] or ""


class _Places:
    """The place of each notice that names a person, read from its record where it is not certain."""

    def __init__(
        self, changes: Iterable[Change], leaders: Iterable[Person], sources: PatchSources
    ) -> None:
        self._known = {after.notice_id: after.home for _, after in changes if after}
        self._of_person: dict[tuple[str, str], set[str]] = {}
        for name, post, place in leaders:
            self._of_person.setdefault((name, post), set()).add(place)
        self._sources = sources
        self._read = 0

    def find(self, notice_id: str, person: tuple[str, str]) -> str | None:
        """Return the place of a notice that names a person. Raises TooManyRecordsError."""
        if notice_id not in self._known:
            places = self._of_person.get(person, set())
            if len(places) == 1:
                return next(iter(places)) or None
            self._read += 1
            if self._read > _MOST_RECORDS:
                raise TooManyRecordsError
            self._known[notice_id] = next(self._sources.read([notice_id])).home
        return self._known[notice_id]


def _read_mentions(
    concerned: _Concerned, places: _Places, sources: PatchSources
) -> Iterator[Mentions]:
    """Yield what each notice says of the bodies and persons concerned, by the tables."""
    years = _read_years(sources.parts("notices"))
    people = {person[:2] for person in concerned.leaders}
    grouped: dict[tuple[str, str | None], list[Mention]] = {}
    for row in _select_rows(sources.parts("assignments"), concerned.units, people):
        if row["notice_id"] in sources.duplicates:
            continue
        is_person = row["kind"] == "person"
        person = row["name"], row["post"]
        place = places.find(row["notice_id"], person) if is_person else None
        values = (row[name] or None for name in Mention._fields)
        made = Mention._make(values)
        grouped.setdefault((row["notice_id"], place), []).append(made)
    for (notice_id, place), names in grouped.items():
        yield Mentions(notice_id, place, years[notice_id], (), tuple(names))


def _select_rows(
    parts: Iterable[bytes], units: Iterable[str], people: Iterable[tuple[str, str]]
) -> Iterator[CsvRow]:
    """Yield the rows of assignments that name some bodies or persons."""
    heads = [column.name for column in COLUMNS["assignments"]]
    canonical, kind, name, post = map(heads.index, ("canonical", "kind", "name", "post"))
    wanted = {defuse(one) for one in units}
    wanted_people = {(defuse(one), defuse(other)) for one, other in people}
    texts = {str(one) for one in (*wanted, *(name for name, _ in wanted_people))}
    for part in parts:
        found = _select_lines(part, texts)
        for row in _read_lines(part if found is None else found):
            is_person = row[kind] == "person"
            if (row[name], row[post]) in wanted_people if is_person else row[canonical] in wanted:
                yield dict(zip(heads, map(restore, row), strict=True))


def _select_lines(data: bytes, texts: Collection[str]) -> bytes | None:
    """Return the lines with any of some texts, a line a row; None where every row has to be read.

    Reading all rows of a large table as CSV takes a second, this a tenth of it.
    """
    is_plain = all(text and not any(one in text for one in '",\r\n') for text in texts)
    if not is_plain or not _has_whole_lines(data):
        return None
    pattern = re.compile(b"|".join(re.escape(one.encode()) for one in sorted(texts)))
    lines: list[bytes] = []
    end = 0
    while texts and (match := pattern.search(data, end)):
        start = data.rfind(b"\n", 0, match.start()) + 1
        end = data.find(b"\n", match.end()) + 1 or len(data)
        lines.append(data[start:end])
    return b"".join(lines)


def _has_whole_lines(data: bytes) -> bool:
    """Whether no row goes over several lines: then a line would have an odd number of quotes."""
    at = data.find(b'"')
    while at >= 0:
        end = data.find(b"\n", at) + 1 or len(data)
        if data.count(b'"', at, end) % 2:
            return False
        at = data.find(b'"', end)
    return True


def _read_years(parts: Iterable[bytes]) -> dict[str, frozenset[int]]:
    """Return the years of each notice by the table of notices."""
    heads = [column.name for column in COLUMNS["notices"]]
    own, *years = map(heads.index, ("notice_id", "year", "year_end"))
    rows = chain.from_iterable(map(_read_lines, parts))
    next(rows)
    # Most notices are of one of few years: the sets are shared.
    shared: dict[tuple[str, ...], frozenset[int]] = {}
    found: dict[str, frozenset[int]] = {}
    for row in rows:
        texts = tuple(row[at] for at in years)
        if texts not in shared:
            shared[texts] = frozenset(int(text) for text in texts if text)
        found[restore(row[own])] = shared[texts]
    return found


def _read_lines(data: bytes) -> Iterator[list[str]]:
    """Yield the rows of a table as lists of cells, its head first."""
    return csv.reader(io.TextIOWrapper(io.BytesIO(data), "utf-8-sig", newline=""))


class _Described(NamedTuple):
    """A body: its earlier row in units, None for a new one, and the notices that name it now."""

    canonical: str
    row: CsvRow | None
    notice_ids: list[str]

    def is_like(self, body: Body | None) -> bool:
        """Answer whether a record describes the body as the table does."""
        return body is not None and self.row is not None and is_like(self.row, body)


def _find_bodies(
    described: _Described, changes: Sequence[Change], sources: PatchSources
) -> list[Body]:
    """Return descriptions of a body of which the fullest is that of all records.

    Raises TooManyRecordsError.
    """
    after = (_find_body(one, described.canonical) for _, one in changes if one)
    own = [one for one in after if one]
    if own and all(map(described.is_like, own)):
        return own
    found = list(own)
    changed = {one.notice_id for change in changes for one in change if one}
    others = dict.fromkeys((*described.notice_ids, *sources.corrected))
    for notice in sources.read(one for one in others if one not in changed):
        body = _find_body(notice, described.canonical)
        if described.is_like(body) and body:
            return [body, *own]
        found += [body] if body else []
    return found


def _find_body(notice: Notice, canonical: str) -> Body | None:
    return next((one for one in _bodies_of(notice) if one.canonical == canonical), None)


def _bodies_of(notice: Notice | None) -> Sequence[Body]:
    """Return the bodies that a record describes; none where it is a duplicate."""
    return () if notice is None or mark_of(notice) else notice.bodies
