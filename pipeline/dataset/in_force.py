"""A notice as it holds once people have corrected it: their values where those that were read stood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from pipeline.dates import parse_due
from pipeline.model import Assignment, Deadline, Name, Role, Span
from pipeline.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.model import Corrected, Item, Notice, Stated

CORRECTED = "corrected"
# The lists of an item's names, by the role that they have.
LISTS: dict[str, Role] = dict(
    zip(("leaders", "host_units", "co_host_units"), get_args(Role), strict=True)
)
_PATH_MARK = " / "


def in_force(notice: Notice) -> Notice:
    """The notice with every corrected value in its place; the same object where there is none.

    It is a view for tables, comparisons and searches, never a record to be written: a corrected
    name has an empty span, and an assignment of corrected names the reading "corrected".
    """
    if not notice.corrected and not any(item.corrected for item in notice.items):
        return notice
    update: dict[str, Any] = {one.field: _own(one) for one in notice.corrected}
    year = update.get("year", notice.year)
    items = (_item(item, year) for item in notice.items)
    if "title" in update:
        # An item tells the plan that it is of; where it is this one, it goes by the same title.
        old, title = notice.title, update["title"]
        items = (
            item.model_copy(update={"plan_title": title}) if item.plan_title == old else item
            for item in items
        )
    # 6月底前 is a day of the plan's year.
    update["items"] = tuple(_dated(item, year) for item in items) if "year" in update else (*items,)
    return notice.model_copy(update=update)


def _own(one: Corrected) -> str | int | None:
    """A notice's field: a year is a number."""
    return int(one.value) if one.value and one.field in ("year", "year_end") else one.value


def _item(item: Item, year: int | None) -> Item:
    update: dict[str, Any] = {}
    for one in item.corrected:
        if one.field in LISTS:
            update[one.field] = _names(one, item)
        elif one.field == "path":
            update["path"] = tuple(one.value.split(_PATH_MARK)) if one.value else ()
        elif one.field == "deadline":
            update["deadline"] = _deadline(one.value, item, year)
        elif one.field == "number":
            update["number"] = int(one.value) if one.value else None
        else:
            update[one.field] = one.value
    roles = {LISTS[field]: update[field] for field in update.keys() & LISTS.keys()}
    if roles:
        update["assignments"] = (*_others(item, roles), *_corrected(item, roles))
    return item.model_copy(update=update)


def _others(item: Item, roles: Iterable[str]) -> Iterable[Assignment]:
    return (one for one in item.assignments if one.role not in roles)


def _corrected(item: Item, roles: dict[Role, tuple[Name, ...]]) -> Iterable[Assignment]:
    """One assignment a corrected list, in the order of the roles."""
    return (
        Assignment(role=role, names=roles[role], span=item.span, scope=item.span, reading=CORRECTED)
        for role in get_args(Role)
        if roles.get(role)
    )


def _names(one: Corrected, item: Item) -> tuple[Name, ...]:
    nowhere = Span(start=item.span.start, end=item.span.start)
    return tuple(Name(text=n.name, span=nowhere, **n.model_dump()) for n in one.names)


def _dated(item: Item, year: int | None) -> Item:
    if item.deadline is None:
        return item
    due = parse_due(fold(item.deadline.text), year).day
    return item.model_copy(update={"deadline": item.deadline.model_copy(update={"due": due})})


def _deadline(value: str | None, item: Item, year: int | None) -> Deadline | None:
    if not value:
        return None
    due = parse_due(fold(value), year)
    nowhere = Span(start=item.span.start, end=item.span.start)
    return Deadline.model_validate(
        {"text": value, "span": nowhere, "due": due.day, "precision": due.precision}
    )


def read_names(notice: Notice) -> Iterator[Name]:
    """Every name as it was read, an item's assignments one after another."""
    return (name for item in notice.items for one in item.assignments for name in one.names)


def all_names(notice: Notice) -> Iterator[Name | Stated]:
    """Every name as it was read, then every one that a person stated."""
    yield from read_names(notice)
    yield from (name for item in notice.items for one in item.corrected for name in one.names)


def written(record: Notice | Item, field: str) -> str | None:
    """A field in one line, as tables and corrections show it: names joined by 、, headings by /."""
    value = getattr(record, field)
    if field in LISTS:
        return "、".join(name.name for name in value) or None
    if field == "path":
        return _PATH_MARK.join(value) or None
    if field == "deadline":
        return value.text if value else None
    return None if value is None else str(value)
