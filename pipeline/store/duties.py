"""What bodies and leaders of a store have to do: their roles in items, with whom, beside whom.

A body is its canonical name, or the printed name where none is known. A leader is a name with a post
and a place, as in the table of leaders.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, case, distinct, func, or_, select, true

from pipeline.store.insert import id_chunks
from pipeline.store.schema import ASSIGNMENTS, ITEMS, NOTICES, UNIT_NAMES, UNITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement, Connection, FromClause

    from pipeline.model import NameKind, Role

_PERSON = "person"


def _home() -> ColumnElement[str]:
    """The place by which names in a notice are read, as `Notice.home`; empty where it is unknown."""
    return func.coalesce(NOTICES.c.place, NOTICES.c.region, "")


class Leader(NamedTuple):
    """A person with post and place, both empty where no document says them."""

    name: str
    post: str = ""
    place: str = ""


class PlanYear(NamedTuple):
    """The plans of one place and year; the year is None where they name none."""

    place: str
    year: int | None


class Duty(NamedTuple):
    """One name in one role of one item, with what a list of items shows of it."""

    item_id: str
    notice_id: str
    year: int | None
    place: str
    plan_title: str
    label: str
    title: str
    due: str
    role: Role
    name: str
    body: str
    kind: NameKind
    post: str

    @property
    def plan_year(self) -> PlanYear:
        """The place and year of its plan."""
        return PlanYear(self.place, self.year)


class BodyFacts(NamedTuple):
    """What is known of a body itself: level and place are empty where no document tells them."""

    body: str
    kind: str
    level: str
    place: str
    names: tuple[str, ...]
    members: tuple[str, ...]


class Load(NamedTuple):
    """How many items a body hosts and co-hosts; `items` counts an item of both roles once."""

    body: str
    kind: str
    level: str
    place: str
    hosted: int
    co_hosted: int
    items: int
    first_year: int | None
    last_year: int | None


class LeaderLoad(NamedTuple):
    """How many items a leader answers for, in how many notices and in which years."""

    leader: Leader
    items: int
    notices: int
    first_year: int | None
    last_year: int | None


def read_body_duties(connection: Connection, body: str) -> list[Duty]:
    """Read every duty of a body, the newest plans first, items in reading order."""
    return _read_duties(connection, _is_body(body))


def read_leader_duties(connection: Connection, leader: Leader) -> list[Duty]:
    """Read every item that a leader answers for, the newest plans first, items in reading order."""
    own = ASSIGNMENTS.c
    person = and_(own.kind == _PERSON, own.name == leader.name)
    about = and_(func.coalesce(own.post, "") == leader.post, _home() == leader.place)
    return _read_duties(connection, and_(person, about))


def read_item_duties(connection: Connection, item_ids: Iterable[str]) -> list[Duty]:
    """Read the duties of all who are named in some items."""
    found: list[Duty] = []
    for ids in id_chunks(sorted({*item_ids})):
        found += _read_duties(connection, ASSIGNMENTS.c.item_id.in_(ids))
    return found


def _is_body(body: str) -> ColumnElement[bool]:
    """The rows of a body: by its canonical name, or by the printed name of one without."""
    own = ASSIGNMENTS.c
    is_unknown = and_(own.canonical.is_(None), own.name == body, own.kind != _PERSON)
    return or_(own.canonical == body, is_unknown)


def _read_duties(connection: Connection, condition: ColumnElement[bool]) -> list[Duty]:
    own, item, notice = ASSIGNMENTS.c, ITEMS.c, NOTICES.c
    plan = func.coalesce(item.plan_title, notice.title, notice.notice_title, notice.notice_id)
    columns = (
        own.item_id, own.notice_id, notice.year, _home(), plan, item.label, item.title, item.due,
        own.role, own.name, func.coalesce(own.canonical, own.name), own.kind, own.post,
    )  # fmt: skip
    query = select(*columns).select_from(_joined()).where(condition).order_by(own.id.desc())
    return [_make_duty(row) for row in connection.execute(query)]


def _make_duty(row: Sequence[Any]) -> Duty:
    """Make a duty of a row: all but the year are texts, empty where there are none."""
    texts = (value or "" for value in row)
    return Duty._make(texts)._replace(year=row[2])


def _joined() -> FromClause:
    to_item = ASSIGNMENTS.c.item_id == ITEMS.c.item_id
    to_notice = ASSIGNMENTS.c.notice_id == NOTICES.c.notice_id
    return ASSIGNMENTS.join(ITEMS, to_item).join(NOTICES, to_notice)


def read_body_facts(connection: Connection, body: str) -> BodyFacts | None:
    """Read what is known of a body; None where the store has no such body."""
    row = connection.execute(select(UNITS).where(UNITS.c.canonical == body)).mappings().first()
    if row is None:
        unknown = select(ASSIGNMENTS.c.kind).where(_is_body(body)).limit(1)
        kind = connection.scalar(unknown)
        return BodyFacts(body, kind, "", "", (body,), ()) if kind else None
    names = select(UNIT_NAMES.c.name).where(UNIT_NAMES.c.canonical == body).distinct()
    members = tuple(filter(None, (row["members"] or "").split("、")))
    level, place = row["level"] or "", row["place"] or ""
    spelled = tuple(sorted(connection.scalars(names)))
    return BodyFacts(body, row["kind"], level, place, spelled, members)


def count_loads(connection: Connection, within: PlanYear | None = None) -> list[Load]:
    """Count the items of every body, of all plans or of those of one place and year; most first."""
    own = ASSIGNMENTS.c
    body = func.coalesce(own.canonical, own.name).label("body")
    counts = (_count_role("host"), _count_role("co_host"), func.count(distinct(own.item_id)))
    years = (func.min(NOTICES.c.year), func.max(NOTICES.c.year))
    query = select(body, func.max(own.kind), *counts, *years).select_from(_with_notices())
    query = query.where(own.kind != _PERSON, _is_within(within)).group_by(body)
    known = {
        row.canonical: (row.level or "", row.place or "")
        for row in connection.execute(select(UNITS.c.canonical, UNITS.c.level, UNITS.c.place))
    }
    loads = [
        Load(name, kind, *known.get(name, ("", "")), *rest)
        for name, kind, *rest in connection.execute(query)
    ]
    return sorted(loads, key=lambda one: (-one.items, -one.hosted, one.body))


def _count_role(role: Role) -> ColumnElement[int]:
    own = ASSIGNMENTS.c
    return func.count(distinct(case((own.role == role, own.item_id))))


def _with_notices() -> FromClause:
    return ASSIGNMENTS.join(NOTICES, ASSIGNMENTS.c.notice_id == NOTICES.c.notice_id)


def _is_within(within: PlanYear | None) -> ColumnElement[bool]:
    if within is None:
        return true()
    year = NOTICES.c.year
    is_year = year.is_(None) if within.year is None else year == within.year
    return and_(_home() == within.place, is_year)


def count_leaders(connection: Connection) -> list[LeaderLoad]:
    """Count the items of every leader, those with most items first."""
    own = ASSIGNMENTS.c
    who = (own.name, func.coalesce(own.post, ""), _home())
    counts = (func.count(distinct(own.item_id)), func.count(distinct(own.notice_id)))
    years = (func.min(NOTICES.c.year), func.max(NOTICES.c.year))
    query = select(*who, *counts, *years).select_from(_with_notices())
    query = query.where(own.kind == _PERSON).group_by(*who)
    found = [
        LeaderLoad(Leader(name, post, place), *rest)
        for name, post, place, *rest in connection.execute(query)
    ]
    return sorted(found, key=lambda one: (-one.items, one.leader))
