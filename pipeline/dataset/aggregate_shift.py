"""Change rows of `units` and `leaders` by what changed records take away and add, without other records.

The counts are sums. What is no sum (names, first and last year, how a body is described) stays as it is
where the change cannot have taken it away; a row of which that is not certain has to be made anew.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from pipeline.dataset.aggregates import count_mentions, find_mentions
from pipeline.dataset.duplicates import mark_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pipeline.dataset.aggregates import NoticeCount, Person
    from pipeline.model import Body, Notice, Role

# A record before and after a change; None where there was none before, or is none after.
Change = tuple["Notice | None", "Notice | None"]
CsvRow = dict[str, str]
Row = dict[str, object]
_JOIN = "、"
_DESCRIBING = ("kind", "level", "place", "members")
_COLUMNS: dict[str, Role] = {"hosted": "host", "co_hosted": "co_host", "items": "leader"}


class Side(NamedTuple):
    """What the changed records say of one body or person, all before or all after the change."""

    counts: list[tuple[NoticeCount, tuple[int, ...]]]
    bodies: list[Body]

    def names(self) -> set[str]:
        """Return all names of it."""
        return {name for one, _ in self.counts for name in one.names}

    def years(self) -> set[int]:
        """Return the years of the notices that name it."""
        return {year for _, years in self.counts for year in years}

    def items(self) -> Counter[Role]:
        """Return the number of its items in each role."""
        total: Counter[Role] = Counter()
        for one, _ in self.counts:
            total.update(dict(one.items))
        return total


class Shifts(NamedTuple):
    """The bodies and persons of which changed records say something else than before: both sides of each."""

    units: dict[str, tuple[Side, Side]]
    leaders: dict[Person, tuple[Side, Side]]


def find_shifts(changes: Iterable[Change]) -> Shifts:
    """Return what differs in changed records; a duplicate says nothing."""
    units: defaultdict[str, tuple[Side, Side]] = defaultdict(_make_sides)
    leaders: defaultdict[Person, tuple[Side, Side]] = defaultdict(_make_sides)
    for change in changes:
        for at, notice in enumerate(change):
            if notice is None or mark_of(notice):
                continue
            counts = count_mentions(find_mentions(notice))
            for canonical, one in counts.units.items():
                units[canonical][at].counts.append((one, counts.years))
            for person, one in counts.leaders.items():
                leaders[person][at].counts.append((one, counts.years))
            for body in notice.bodies:
                units[body.canonical][at].bodies.append(body)
    return Shifts(
        {key: sides for key, sides in units.items() if sides[0] != sides[1]},
        {key: sides for key, sides in leaders.items() if sides[0] != sides[1]},
    )


def _make_sides() -> tuple[Side, Side]:
    return Side([], []), Side([], [])


def is_like(row: Mapping[str, str], body: Body) -> bool:
    """Answer whether a row describes a body as a record does."""
    values = (body.kind, body.level or "", body.place or "", _JOIN.join(body.members))
    return values == tuple(row[name] for name in _DESCRIBING)


def shift_row(
    row: CsvRow, before: Side, after: Side, is_named: Callable[[str], bool]
) -> Row | None:
    """Return a row with the counts that it has now, an empty one where nobody names it any more.

    None is returned where the row has to be made anew. `is_named` answers whether some notice has a
    name for the body that the row is of.
    """
    notices = int(row["notices"]) - len(before.counts) + len(after.counts)
    if not notices:
        return {}
    years = _shift_years(row, before, after)
    names = _shift_names(row, before, after, is_named) if "names" in row else ""
    if years is None or names is None or not _stays_described(row, before, after):
        return None
    taken, added = before.items(), after.items()
    counted = {
        column: int(row[column]) - taken[role] + added[role]
        for column, role in _COLUMNS.items()
        if column in row
    }
    named = {"names": names} if "names" in row else {}
    return {**row, **named, **years, "notices": notices, **counted}


def _shift_years(row: CsvRow, before: Side, after: Side) -> Row | None:
    """Return the first and the last year; None where one may have gone."""
    ends = {int(row[name]) for name in ("first_year", "last_year") if row[name]}
    if ends & (before.years() - after.years()):
        return None
    years = ends | after.years()
    return {"first_year": min(years, default=None), "last_year": max(years, default=None)}


def _shift_names(
    row: CsvRow, before: Side, after: Side, is_named: Callable[[str], bool]
) -> str | None:
    """Return the names of a body; None where it is not known which they are."""
    names = row["names"].split(_JOIN)
    if _JOIN.join(sorted({*names})) != row["names"]:
        # A name that contains the mark between names.
        return None
    gone = {name for name in before.names() - after.names() if not is_named(name)}
    return _JOIN.join(sorted({*names} - gone | after.names()))


def _stays_described(row: CsvRow, before: Side, after: Side) -> bool:
    """Answer whether the fullest description of a body is certainly that of its row."""
    if after.bodies:
        return all(is_like(row, one) for one in after.bodies)
    return not any(is_like(row, one) for one in before.bodies)
