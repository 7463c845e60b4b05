"""Renew the rows of `units` and `leaders` that a few changed records concern, from the other tables.

The counts of a body or a person come from assignments.csv and notices.csv. How a body is described
is in the records alone; one record that describes it as the table does is enough.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.dataset.aggregates import Aggregates, Mention, Mentions, find_mentions
from pipeline.dataset.csv_rows import defuse, read_rows, restore
from pipeline.dataset.duplicates import mark_of
from pipeline.dataset.record_files import read_own_record, record_path
from pipeline.dataset.table_columns import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pipeline.dataset.table_rows import TableRow
    from pipeline.model import Body, Notice

# More records than this are not read: writing all tables anew takes no longer.
_MOST_RECORDS = 2000
_DESCRIBING = ("kind", "level", "place", "members")
_Person = tuple[str, str, str]
_CsvRow = dict[str, str]


class TooManyRecordsError(Exception):
    """More records would have to be read than a patch is worth."""


class RecordChange(NamedTuple):
    """A record before and after a change."""

    before: Notice
    after: Notice


@dataclass(frozen=True, slots=True)
class PatchSources:
    """What a patch reads: the OUTPUT, its tables as bytes with the changes in them, other records.

    `table` gives a table by its name; `corrected` are the notices that have corrections, which may
    describe bodies that no table names; `duplicates` are the notices that do not count.
    """

    output: Path
    table: Callable[[str], bytes]
    corrected: Sequence[str]
    duplicates: Collection[str]

    def rows(self, table: str) -> list[_CsvRow]:
        """Return the rows of a table as texts."""
        text = self.table(table).decode("utf-8-sig")
        return [row for _, row in read_rows(self.output / f"{table}.csv", text)]

    def read(self, notice_ids: Iterable[str]) -> Iterator[Notice]:
        """Read records. Raises TooManyRecordsError after so many."""
        for count, notice_id in enumerate(notice_ids):
            if count >= _MOST_RECORDS:
                raise TooManyRecordsError
            yield read_own_record(record_path(self.output, notice_id))


class _Concerned(NamedTuple):
    """The bodies and the persons that the rows of changed records differ in."""

    units: set[str]
    leaders: set[_Person]


def patch_aggregates(
    changes: Sequence[RecordChange], sources: PatchSources
) -> dict[str, Sequence[Mapping[str, object]]]:
    """Return the rows of units and leaders after some records changed; none where all stay.

    Raises TooManyRecordsError, with which all tables have to be made anew.
    """
    concerned = _find_concerned(changes)
    if not concerned.units and not concerned.leaders:
        return {}
    old = {"units": sources.rows("units"), "leaders": sources.rows("leaders")}
    places = _Places(changes, old["leaders"], sources)
    totals = Aggregates()
    named: dict[str, list[str]] = {}
    for mentions in _read_mentions(concerned, places, sources):
        totals.add(mentions)
        for canonical in {one.canonical for one in mentions.names if one.canonical}:
            named.setdefault(canonical, []).append(mentions.notice_id)
    known = {row["canonical"]: row for row in old["units"]}
    for canonical in concerned.units & named.keys():
        described = _Described(canonical, known.get(canonical), named[canonical])
        bodies = _find_bodies(described, changes, sources)
        totals.add(Mentions("", None, frozenset(), tuple(bodies), ()))
    return _merge(old, totals.rows(), concerned)


def _find_concerned(changes: Iterable[RecordChange]) -> _Concerned:
    found = _Concerned(set(), set())
    for change in changes:
        before, after = map(_own_rows, change)
        differing = {
            key for key in before.keys() | after.keys() if before.get(key) != after.get(key)
        }
        found.units.update(key for key in differing if isinstance(key, str))
        found.leaders.update(key for key in differing if not isinstance(key, str))
        descriptions = [{one.canonical: one for one in _bodies_of(notice)} for notice in change]
        found.units.update(
            key
            for key in descriptions[0].keys() | descriptions[1].keys()
            if descriptions[0].get(key) != descriptions[1].get(key)
        )
    return found


def _own_rows(notice: Notice) -> dict[str | _Person, TableRow]:
    """Return the rows that one record alone would give, by body and by person."""
    own = Aggregates()
    own.add(find_mentions(notice))
    rows = own.rows()
    units: dict[str | _Person, TableRow] = {str(row["canonical"]): row for row in rows["units"]}
    return units | {_person(row): row for row in rows["leaders"]}


def _person(row: Mapping[str, Any]) -> _Person:
    return row["name"], row["post"] or "", row["place"] or ""


class _Places:
    """The place of each notice that names a person, read from its record where it is not certain."""

    def __init__(
        self, changes: Iterable[RecordChange], leaders: Iterable[_CsvRow], sources: PatchSources
    ) -> None:
        self._known = {one.after.notice_id: one.after.home for one in changes}
        self._of_person: dict[tuple[str, str], set[str]] = {}
        for row in leaders:
            self._of_person.setdefault((row["name"], row["post"]), set()).add(row["place"])
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
    years = _read_years(sources.table("notices"))
    people = {person[:2] for person in concerned.leaders}
    grouped: dict[tuple[str, str | None], list[Mention]] = {}
    for row in _select_rows(sources.table("assignments"), concerned.units, people):
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
    data: bytes, units: Iterable[str], people: Iterable[tuple[str, str]]
) -> Iterator[_CsvRow]:
    """Yield the rows of assignments that name some bodies or persons."""
    heads = [column.name for column in COLUMNS["assignments"]]
    canonical, kind, name, post = map(heads.index, ("canonical", "kind", "name", "post"))
    wanted = {defuse(one) for one in units}
    wanted_people = {(defuse(one), defuse(other)) for one, other in people}
    found = _select_lines(
        data, {str(one) for one in (*wanted, *(name for name, _ in wanted_people))}
    )
    for row in _read_lines(data if found is None else found):
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


def _read_years(data: bytes) -> dict[str, frozenset[int]]:
    """Return the years of each notice by the table of notices."""
    heads = [column.name for column in COLUMNS["notices"]]
    own, *years = map(heads.index, ("notice_id", "year", "year_end"))
    _, *rows = _read_lines(data)
    return {restore(row[own]): frozenset(int(row[at]) for at in years if row[at]) for row in rows}


def _read_lines(data: bytes) -> Iterator[list[str]]:
    """Yield the rows of a table as lists of cells, its head first."""
    return csv.reader(io.TextIOWrapper(io.BytesIO(data), "utf-8-sig", newline=""))


class _Described(NamedTuple):
    """A body: its earlier row in units, None for a new one, and the notices that name it now."""

    canonical: str
    row: _CsvRow | None
    notice_ids: list[str]

    def is_like(self, body: Body | None) -> bool:
        """Answer whether a record describes the body as the table does."""
        if body is None or self.row is None:
            return False
        values = (body.kind, body.level or "", body.place or "", "、".join(body.members))
        return values == tuple(self.row[name] for name in _DESCRIBING)


def _find_bodies(
    described: _Described, changes: Sequence[RecordChange], sources: PatchSources
) -> list[Body]:
    """Return descriptions of a body of which the fullest is that of all records.

    Raises TooManyRecordsError.
    """
    after = (_find_body(one.after, described.canonical) for one in changes)
    own = [one for one in after if one]
    if own and all(map(described.is_like, own)):
        return own
    found = list(own)
    changed = {one.after.notice_id for one in changes}
    others = dict.fromkeys((*described.notice_ids, *sources.corrected))
    for notice in sources.read(one for one in others if one not in changed):
        body = _find_body(notice, described.canonical)
        if described.is_like(body) and body:
            return [body, *own]
        found += [body] if body else []
    return found


def _find_body(notice: Notice, canonical: str) -> Body | None:
    return next((one for one in _bodies_of(notice) if one.canonical == canonical), None)


def _bodies_of(notice: Notice) -> Sequence[Body]:
    """Return the bodies that a record describes; none where it is a duplicate."""
    return () if mark_of(notice) else notice.bodies


def _merge(
    old: Mapping[str, Sequence[_CsvRow]],
    renewed: Mapping[str, Sequence[TableRow]],
    concerned: _Concerned,
) -> dict[str, Sequence[Mapping[str, object]]]:
    """Put renewed rows in the places of the earlier ones of the same body or person."""
    units: dict[str, Mapping[str, object]] = {row["canonical"]: row for row in old["units"]}
    leaders: dict[_Person, Mapping[str, object]] = {_person(row): row for row in old["leaders"]}
    units = {key: row for key, row in units.items() if key not in concerned.units}
    leaders = {key: row for key, row in leaders.items() if key not in concerned.leaders}
    units |= {str(row["canonical"]): row for row in renewed["units"]}
    leaders |= {
        _person(row): row for row in renewed["leaders"] if _person(row) in concerned.leaders
    }
    return {
        "units": [units[key] for key in sorted(units)],
        "leaders": [leaders[key] for key in sorted(leaders)],
    }
