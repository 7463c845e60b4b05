"""Show the items of a notice with those that a person split, joined, added or deleted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, get_args

from pipeline.model import Corrected, EditKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import Edit, Item, Notice, Problem, Span

EDIT_KINDS: tuple[EditKind, ...] = get_args(EditKind)
REVIEWED = "reviewed"
# The value of a `reviewed` that is of the notice's own values and problems, not of its items.
OWN = "own"
_UNREAD = "unread-text"


def edited(notice: Notice) -> Notice:
    """Return the notice with the items that edits make in place of those that they replace.

    It is the same object where no edit changes an item. Corrections of fields are not put in their
    places; an item that an edit made has the edit among its corrections. Problems of replaced items
    are those of the new ones, those of deleted items are gone.
    """
    changing = [one for one in notice.edits if one.kind != REVIEWED]
    if not changing:
        return notice
    items, problems = list(notice.items), list(notice.problems)
    for edit in changing:
        items = _edit_items(items, edit)
        problems = [moved for one in problems for moved in _move_problem(one, edit)]
    kept = tuple(one for one in notice.edits if one.kind == REVIEWED)
    update = {"items": tuple(items), "problems": tuple(problems), "edits": kept}
    return notice.model_copy(update=update)


def _edit_items(items: Sequence[Item], edit: Edit) -> list[Item]:
    """Return items with those of an edit at the place of the first that it replaces."""
    replaced = {one.item_id: one for one in items if one.item_id in edit.item_ids}
    mark = Corrected(field=edit.kind, who=edit.who, when=edit.when, why=edit.why)
    made = [replace(one, corrected=(mark, *one.corrected)) for one in edit.items]
    places = [n for n, one in enumerate(items) if one.item_id in replaced]
    if not places and made:
        start = made[0].span.start
        places = [next((n for n, one in enumerate(items) if one.span.start > start), len(items))]
    place = places[0] if places else 0
    below = [one for one in items[place:] if one.item_id not in replaced]
    together = [*items[:place], *made, *below]
    if not replaced:
        return together
    return [
        replace(one, parent_id=_find_parent(one, replaced, made))
        if one.parent_id in replaced
        else one
        for one in together
    ]


def _find_parent(child: Item, replaced: dict[str, Item], made: Sequence[Item]) -> str | None:
    """Return the new parent of an item: the new item around it, else the parent of the replaced one."""
    around = (one for one in made if _is_around(one, child.span.start) and one is not child)
    found = next(around, None)
    if found:
        return found.item_id
    parent = child.parent_id
    while parent in replaced:
        parent = replaced[parent].parent_id
    return parent


def _is_around(item: Item, offset: int) -> bool:
    return item.span.start <= offset < item.span.end


def _covers(item: Item, span: Span) -> bool:
    return item.span.start <= span.start and span.end <= item.span.end


def _move_problem(problem: Problem, edit: Edit) -> Sequence[Problem]:
    """Return a problem as it is after an edit: at the new item; none where its item was deleted."""
    span = problem.span
    if problem.item_id is None:
        is_read = span and problem.code == _UNREAD and any(_covers(one, span) for one in edit.items)
        return () if is_read else (problem,)
    if problem.item_id not in edit.item_ids:
        return (problem,)
    if not edit.items:
        return ()
    around = (one for one in edit.items if span and _is_around(one, span.start))
    return (replace(problem, item_id=next(around, edit.items[0]).item_id),)


def reviewed_ids(notice: Notice) -> frozenset[str]:
    """Return the ids of the items in force that a person found right; all where it was the notice."""
    marks = [one for one in notice.edits if one.kind == REVIEWED]
    if any(not one.item_ids for one in marks):
        return frozenset(item.item_id for item in edited(notice).items)
    return frozenset(
        item_id for one in marks for item_id in one.item_ids if item_id != notice.notice_id
    )


def is_reviewed(notice: Notice) -> bool:
    """Answer whether a person found the whole notice right."""
    return any(one.kind == REVIEWED and not one.item_ids for one in notice.edits)


def is_own_reviewed(notice: Notice) -> bool:
    """Answer whether a person found right what is of no item: the notice's own values and problems."""
    return any(one.kind == REVIEWED and is_of_notice(one, notice.notice_id) for one in notice.edits)


def is_of_notice(edit: Edit, notice_id: str) -> bool:
    """Answer whether an edit is of the notice itself, with its items or without."""
    return not edit.items and edit.item_ids in ((), (notice_id,))


def open_problems(notice: Notice) -> tuple[Problem, ...]:
    """Return the problems that nobody has reviewed: those of items not found right by a person."""
    if is_reviewed(notice):
        return ()
    done: set[str | None] = {*reviewed_ids(notice)}
    if is_own_reviewed(notice):
        done.add(None)
    return tuple(one for one in edited(notice).problems if one.item_id not in done)
