"""Corrections laid over a notice, and how each fits what is read now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from pipeline.anchors import find_item, is_of
from pipeline.bodies import level_of, resolve
from pipeline.corrected import LISTS, written
from pipeline.corrections.correction import Correction, split_list
from pipeline.model import Body, Corrected, Notice, Stated
from pipeline.units import is_collective

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


# in force: its item reads so no more; moved: the item was found again elsewhere or reworded;
# read: the parser now reads it by itself; unfit: there is nothing left that it could correct.
Status = Literal["in force", "moved", "read", "unfit"]


class Fit(NamedTuple):
    """How a correction goes with the records as they are: on which item, and why not."""

    correction: Correction
    status: Status
    item_id: str | None
    reason: str


def lay_over(notice: Notice, corrections: Iterable[Correction]) -> tuple[Notice, list[Fit]]:
    """A notice under the corrections that mean it, and how each of these fits.

    What an earlier laying left is taken off first, so that laying twice is laying once.
    """
    bare = _strip(notice)
    fits: list[Fit] = []
    own: dict[str, Corrected] = {}
    items: dict[str, dict[str, Corrected]] = {}
    for one in corrections:
        if not is_of(one.anchor, bare):
            continue
        fit = _fit(one, bare)
        fits.append(fit)
        if fit.status in ("in force", "moved") and fit.item_id:
            values = items.setdefault(fit.item_id, {}) if "#" in one.anchor.item_id else own
            values[one.field] = _corrected(one, bare)
    if not own and not items:
        return bare, fits
    update: dict[str, Any] = {"corrected": tuple(own.values())}
    update["items"] = tuple(
        item.model_copy(update={"corrected": tuple(items[item.item_id].values())})
        if item.item_id in items
        else item
        for item in bare.items
    )
    laid = bare.model_copy(update=update)
    return laid.model_copy(update={"bodies": _bodies(laid)}), fits


def _strip(notice: Notice) -> Notice:
    """The notice as it was read."""
    if not notice.corrected and not any(item.corrected for item in notice.items):
        return notice
    items = tuple(item.model_copy(update={"corrected": ()}) for item in notice.items)
    bare = notice.model_copy(update={"corrected": (), "items": items})
    return bare.model_copy(update={"bodies": _bodies(bare)})


def _fit(one: Correction, notice: Notice) -> Fit:
    """Whether a correction holds for a notice that it means, and for which item."""
    if "#" not in one.anchor.item_id:
        same = one.anchor.sha256 in ("", notice.source.sha256)
        now = written(notice, one.field) or ""
        moved = one.anchor.item_id != notice.notice_id
        return _judge(one, now, notice.notice_id, is_same_text=same, has_moved=moved)
    found = find_item(one.anchor, notice)
    if found is None and not one.anchor.words:
        # A correction that a person wrote into the file: the id is all that it has.
        item = next((item for item in notice.items if item.item_id == one.anchor.item_id), None)
        if item is not None:
            now = written(item, one.field) or ""
            return _judge(one, now, item.item_id, is_same_text=True, has_moved=False)
    if found is None:
        return Fit(one, "unfit", None, "no item has these words or words like them")
    now = written(found.item, one.field) or ""
    is_same = found.how != "like"
    has_moved = found.how != "same"
    return _judge(one, now, found.item.item_id, is_same_text=is_same, has_moved=has_moved)


def _judge(one: Correction, now: str, item_id: str, *, is_same_text: bool, has_moved: bool) -> Fit:
    """A correction holds while the words, or what is read of them, are those that it was made for."""
    if now == one.value:
        return Fit(one, "read", item_id, "")
    if is_same_text or now == one.read:
        return Fit(one, "moved" if has_moved else "in force", item_id, "")
    reason = f"the words changed and now read {now or 'nothing'}, not {one.read or 'nothing'}"
    return Fit(one, "unfit", item_id, reason)


def _corrected(one: Correction, notice: Notice) -> Corrected:
    about = {"field": one.field, "who": one.who, "when": one.when, "why": one.why or None}
    if one.field not in LISTS:
        return Corrected(**about, value=one.value or None)
    names = [_stated(name, one.field, notice) for name in split_list(one.value)]
    return Corrected(**about, names=tuple(names))


def _stated(name: str, field: str, notice: Notice) -> Stated:
    if field == "leaders":
        return Stated(name=name, kind="person")
    found = resolve(name, notice.place, notice.year)
    kind = "collective" if is_collective(name) else "unit"
    return Stated.model_validate({"name": name, "canonical": found.canonical, "kind": kind})


def _bodies(notice: Notice) -> tuple[Body, ...]:
    """The bodies of a notice's names, those of corrected names last."""
    known = {body.canonical: body for body in notice.bodies}
    bodies: dict[str, Body] = {}
    for canonical, name, kind in _named(notice):
        if canonical not in bodies:
            bodies[canonical] = known.get(canonical) or _body(canonical, name, kind, notice)
    return tuple(bodies.values())


def _named(notice: Notice) -> Iterator[tuple[str, str, str]]:
    for item in notice.items:
        for assignment in item.assignments:
            for name in assignment.names:
                if name.canonical is not None:
                    yield name.canonical, name.name, name.kind
    for item in notice.items:
        for one in item.corrected:
            for stated in one.names:
                if stated.canonical is not None:
                    yield stated.canonical, stated.name, stated.kind


def _body(canonical: str, name: str, kind: str, notice: Notice) -> Body:
    level, place = level_of(name, notice.place)
    found = resolve(name, notice.place, notice.year)
    members = found.candidates if found.rule == "group" else ()
    return Body.model_validate(
        {
            "canonical": canonical,
            "kind": kind,
            "level": level or None,
            "place": place or None,
            "members": members,
        }
    )


def find_fits(notices: Iterable[Notice], corrections: list[Correction]) -> list[Fit]:
    """How every correction goes with an OUTPUT's records; one whose notice is gone is unfit."""
    fits: dict[int, Fit] = {}
    order = {id(one): number for number, one in enumerate(corrections)}
    for notice in notices:
        for fit in lay_over(notice, corrections)[1]:
            number = order[id(fit.correction)]
            # Of two notices with the same bytes either may hold it; one that fits tells more.
            if number not in fits or fits[number].status == "unfit":
                fits[number] = fit
    gone = "no notice has this id, these bytes or this path"
    return [
        fits.get(number) or Fit(one, "unfit", None, gone) for number, one in enumerate(corrections)
    ]
