"""Show a notice in force: with the values that people stated in place of those that were read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast, get_args

from pipeline.dataset.edited_items import EDIT_KINDS, edited
from pipeline.dates import parse_due
from pipeline.model import Assignment, Deadline, Name, Role, Span
from pipeline.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pipeline.model import Corrected, Item, Notice, Precision, Stated

CORRECTED = "corrected"
# The lists of an item's names, with the role of each.
NAME_LISTS: dict[str, Role] = dict(
    zip(("leaders", "host_units", "co_host_units"), get_args(Role), strict=True)
)
_PATH_JOIN = " / "


def in_force(notice: Notice) -> Notice:
    """Return the notice with every corrected value in its place; the same object if there is none.

    Its items are those in force: after people split, joined, added and deleted some.
    The result is a view for tables, comparisons and searches, never a record to be written: a
    corrected name has an empty span, and an assignment of corrected names has the reading
    "corrected".
    """
    notice = edited(notice)
    if not notice.corrected and not any(item.corrected for item in notice.items):
        return notice
    update: dict[str, Any] = {one.field: _notice_value(one) for one in notice.corrected}
    year = update.get("year", notice.year)
    items = (_apply_to_item(item, year) for item in notice.items)
    if "title" in update:
        # The items of the plan whose title was corrected carry the corrected title.
        old, title = notice.title, update["title"]
        items = (
            replace(item, plan_title=title) if item.plan_title == old else item for item in items
        )
    # 6月底前 means a day of the plan's year, which is another one now.
    update["items"] = (
        tuple(_date_anew(item, year) for item in items) if "year" in update else (*items,)
    )
    return notice.model_copy(update=update)


def _notice_value(one: Corrected) -> str | int | None:
    """Return a corrected value as the notice's field has it: a year is a number."""
    return int(one.value) if one.value and one.field in ("year", "year_end") else one.value


def _apply_to_item(item: Item, year: int | None) -> Item:
    if not item.corrected:
        return item
    update: dict[str, Any] = {}
    for one in item.corrected:
        if one.field in EDIT_KINDS:
            continue
        if one.field in NAME_LISTS:
            update[one.field] = _stated_names(one, item)
        elif one.field == "path":
            update["path"] = tuple(one.value.split(_PATH_JOIN)) if one.value else ()
        elif one.field == "deadline":
            update["deadline"] = _parse_deadline(one.value, item, year)
        elif one.field == "number":
            update["number"] = int(one.value) if one.value else None
        else:
            update[one.field] = one.value
    roles = {NAME_LISTS[field]: update[field] for field in update.keys() & NAME_LISTS.keys()}
    if roles:
        update["assignments"] = (
            *(one for one in item.assignments if one.role not in roles),
            *_stated_assignments(item, roles),
        )
    return replace(item, **update)


def _stated_assignments(item: Item, roles: Mapping[Role, tuple[Name, ...]]) -> Iterator[Assignment]:
    """Yield one assignment for each corrected list that is not empty, in the order of the roles."""
    return (
        Assignment(role=role, names=roles[role], span=item.span, scope=item.span, reading=CORRECTED)
        for role in get_args(Role)
        if roles.get(role)
    )


def _stated_names(one: Corrected, item: Item) -> tuple[Name, ...]:
    nowhere = Span(start=item.span.start, end=item.span.start)
    return tuple(_as_name(n, nowhere) for n in one.names)


def _as_name(one: Stated, nowhere: Span) -> Name:
    """Return a stated name as a printed one at an empty span."""
    return Name(
        text=one.name,
        span=nowhere,
        name=one.name,
        canonical=one.canonical,
        kind=one.kind,
        post=one.post,
    )


def _date_anew(item: Item, year: int | None) -> Item:
    if item.deadline is None:
        return item
    due = parse_due(fold(item.deadline.text), year).day
    return replace(item, deadline=replace(item.deadline, due=due))


def _parse_deadline(value: str | None, item: Item, year: int | None) -> Deadline | None:
    if not value:
        return None
    due = parse_due(fold(value), year)
    nowhere = Span(start=item.span.start, end=item.span.start)
    precision = cast("Precision | None", due.precision)
    return Deadline(text=value, span=nowhere, due=due.day, precision=precision)


def printed_names(notice: Notice) -> Iterator[Name]:
    """Yield every name as it was read, an item's assignments one after another."""
    return (name for item in notice.items for one in item.assignments for name in one.names)


def all_names(notice: Notice) -> Iterator[Name | Stated]:
    """Yield every name as it was read, then those of items that people made, then stated ones."""
    yield from printed_names(notice)
    made = [item for edit in notice.edits for item in edit.items]
    yield from (name for item in made for one in item.assignments for name in one.names)
    items = (*notice.items, *made)
    yield from (name for item in items for one in item.corrected for name in one.names)


def field_text(record: Notice | Item, field: str) -> str | None:
    """Return a field as tables and corrections show it: names joined by 、, headings by " / "."""
    value = getattr(record, field)
    if field in NAME_LISTS:
        return "、".join(name.name for name in value) or None
    if field == "path":
        return _PATH_JOIN.join(value) or None
    if field == "deadline":
        return value.text if value else None
    return None if value is None else str(value)
