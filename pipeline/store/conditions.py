"""Write the filters of a search as conditions on assignments, ids and notices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, func, or_, select, union

from pipeline.store.schema import ASSIGNMENTS, ITEM_STEP, NOTICES, UNIT_NAMES
from pipeline.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement, CompoundSelect, Select

    from pipeline.model import Role

# The least and the greatest id of the items of a year.
IdRange = tuple[int, int]


class AssignmentFilter(NamedTuple):
    """Assignments that are asked for: alternative conditions, and one condition on a known item.

    In the latter the columns are written so that no index of names is used: SQLite prefers it,
    and would go through all assignments of a name for every item.
    """

    listed: tuple[ColumnElement[bool], ...]
    of_item: ColumnElement[bool]


def unit_filter(unit: str, role: Role | None) -> AssignmentFilter:
    """Ask for the assignments of a unit, by any name of its body."""
    name = squeeze(unit)
    bodies = select(UNIT_NAMES.c.canonical).where(UNIT_NAMES.c.name == name)
    return _any_of([("name", name), ("canonical", name), ("canonical", bodies)], role)


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
