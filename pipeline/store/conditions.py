"""Write the filters of a search as conditions on assignments, ids and notices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, func, or_, select, union

from pipeline.names.gazetteer import places_over_time
from pipeline.names.over_time import names_over_time
from pipeline.store.schema import ASSIGNMENTS, ITEM_STEP, NOTICES, UNIT_NAMES, UNITS
from pipeline.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement, CompoundSelect, Connection, Select

    from pipeline.model import Role

# The least and the greatest id of the items of a year.
IdRange = tuple[int, int]


# A database takes so many values at once; the most places and bodies that a name is sought in.
_AT_ONCE, _PLACES, _BODIES = 500, 200, 5_000


class AssignmentFilter(NamedTuple):
    """Assignments that are asked for: alternative conditions, and one condition on a known item.

    In the latter the columns are written so that no index of names is used: SQLite prefers it,
    and would go through all assignments of a name for every item.
    """

    listed: tuple[ColumnElement[bool], ...]
    of_item: ColumnElement[bool]


def unit_filter(connection: Connection, unit: str, role: Role | None) -> AssignmentFilter:
    """Ask for the assignments of a unit, by any name of its body, in this or another year."""
    name = squeeze(unit)
    own = select(UNIT_NAMES.c.canonical).where(UNIT_NAMES.c.name == name)
    bodies = _bodies_over_time(connection, name)
    wanted: list[tuple[str, Any]] = [("name", name), ("canonical", name), ("canonical", own)]
    return _any_of([*wanted, ("canonical", bodies)] if bodies else wanted, role)


def _bodies_over_time(connection: Connection, name: str) -> list[str]:
    """Find the bodies of a store that had or have a name under which a body was known in its time."""
    over_time = names_over_time(name)
    own = select(UNIT_NAMES.c.canonical).where(UNIT_NAMES.c.name == name)
    where = select(UNITS.c.place).where(UNITS.c.canonical.in_(own)).distinct().limit(_PLACES)
    near = connection.scalars(where) if over_time.level else ()
    places = {
        *over_time.places,
        *(one for place in near if place for one in places_over_time(place)),
    }
    spelled = [place + full for place in sorted(places) for full in over_time.fulls]
    printed = [over_time.level + form for form in over_time.forms] if not over_time.places else []
    found: set[str] = set()
    for column, values in ((UNITS.c.canonical, spelled), (UNIT_NAMES.c.name, printed)):
        key = UNITS.c.canonical if column is UNITS.c.canonical else UNIT_NAMES.c.canonical
        for at in range(0, len(values), _AT_ONCE):
            found.update(
                connection.scalars(select(key).where(column.in_(values[at : at + _AT_ONCE])))
            )
    return sorted(found)[:_BODIES]


def leader_filter(leader: str) -> AssignmentFilter:
    """Ask for the assignments of a leader."""
    return _any_of([("name", squeeze(leader))], "leader")


def role_filter(role: Role) -> AssignmentFilter:
    """Ask for all assignments of a role."""
    return _any_of([("role", role)], None)


def _any_of(wanted: Sequence[tuple[str, Any]], role: Role | None) -> AssignmentFilter:
    """Ask for assignments with one of some values in a column, and with a role if one is given."""
    columns = ASSIGNMENTS.c
    listed = tuple(_equals(columns[name], value) for name, value in wanted)
    of_item = or_(*(_equals(columns[name] + "", value) for name, value in wanted))
    if role is None:
        return AssignmentFilter(listed, of_item)
    return AssignmentFilter(
        tuple(and_(one, columns.role == role) for one in listed),
        and_(of_item, columns.role + "" == role),
    )


def _equals(column: ColumnElement[str], value: Any) -> ColumnElement[bool]:  # noqa: ANN401
    return column == value if isinstance(value, str) else column.in_(value)


def select_items(
    wanted: AssignmentFilter, ranges: Sequence[IdRange]
) -> CompoundSelect[int] | Select[int]:
    """Select the ids of the items of assignments, each alternative by an index of its own."""
    own = (ASSIGNMENTS.c.id // ITEM_STEP).label("id")
    spans = [(first * ITEM_STEP, last * ITEM_STEP + ITEM_STEP - 1) for first, last in ranges]
    where = list(within(ASSIGNMENTS.c.id, spans)) if spans else []
    each = [select(own).where(one, *where) for one in wanted.listed]
    return union(*each) if len(each) > 1 else each[0].distinct()


def within(key: ColumnElement[int], ranges: Sequence[IdRange]) -> Iterator[ColumnElement[bool]]:
    """Ids in ranges: between the first and the last by the index, then in one of them."""
    yield key.between(ranges[0][0], ranges[-1][1])
    if len(ranges) > 1:
        yield or_(*((key + 0).between(*one) for one in ranges))


def select_notices(region: str) -> Select[str]:
    """Select the notices of a place, by a part of its name."""
    place = func.coalesce(NOTICES.c.place, "") + " " + func.coalesce(NOTICES.c.region, "")
    return select(NOTICES.c.notice_id).where(place.contains(region, autoescape=True))
