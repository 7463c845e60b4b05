"""Apply corrections to a notice, and find out how each fits what is read now."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from pipeline.dataset.in_force import NAME_LISTS, all_names, field_text
from pipeline.decisions.anchors import (
    find_items,
    find_notice_ids,
    notice_words,
    origin_of,
    words_of,
)
from pipeline.decisions.correction import Correction, split_list, split_persons
from pipeline.model import Body, Corrected, NameKind, Notice, Stated
from pipeline.names.bodies import describe, resolve
from pipeline.names.units import is_collective

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipeline.decisions.anchors import Anchor, FoundItem, NoticeOrigin
    from pipeline.model import Name


# in force: the correction is applied; moved: it is applied, its item has another id or wording;
# read: the parser now reads the value by itself; unfit: there is nothing left that it corrects.
Status = Literal["in force", "moved", "read", "unfit"]


class Fit(NamedTuple):
    """How a correction fits the records now: its item or notice, and the reason if it is unfit."""

    correction: Correction
    status: Status
    item_id: str | None
    reason: str


def group_by_notice(
    corrections: Iterable[Correction], origins: Iterable[NoticeOrigin]
) -> dict[str, list[Correction]]:
    """Return the corrections of each notice by its id; those without a notice under ""."""
    corrections = list(corrections)
    notice_ids = find_notice_ids({one.anchor for one in corrections}, origins)
    found: dict[str, list[Correction]] = {}
    for one in corrections:
        found.setdefault(notice_ids.get(one.anchor, ""), []).append(one)
    return found


def apply_corrections(
    notice: Notice, corrections: Sequence[Correction]
) -> tuple[Notice, list[Fit]]:
    """Return a notice with its own corrections applied, and how each of them fits.

    Corrections applied earlier are removed first, so that applying twice is applying once.
    """
    bare = remove_corrections(notice)
    places = find_items((one.anchor for one in corrections if one.anchor.is_item), bare)
    fits = [_fit(one, bare, places) for one in corrections]
    own: dict[str, Corrected] = {}
    items: dict[str, dict[str, Corrected]] = {}
    for fit in fits:
        one = fit.correction
        if fit.status in ("in force", "moved") and fit.item_id:
            values = items.setdefault(fit.item_id, {}) if one.anchor.is_item else own
            values[one.field] = _make_corrected(one, bare)
    if not own and not items:
        return bare, fits
    update: dict[str, Any] = {"corrected": tuple(own.values())}
    update["items"] = tuple(
        replace(item, corrected=tuple(items[item.item_id].values()))
        if item.item_id in items
        else item
        for item in bare.items
    )
    corrected = bare.model_copy(update=update)
    return corrected.model_copy(update={"bodies": _find_bodies(corrected)}), fits


def remove_corrections(notice: Notice) -> Notice:
    """Return the notice as it was read."""
    if not notice.corrected and not any(item.corrected for item in notice.items):
        return notice
    items = tuple(replace(item, corrected=()) for item in notice.items)
    bare = notice.model_copy(update={"corrected": (), "items": items})
    return bare.model_copy(update={"bodies": _find_bodies(bare)})


def _fit(one: Correction, notice: Notice, places: Mapping[Anchor, FoundItem]) -> Fit:
    """Decide how a correction fits its notice, and which item it corrects."""
    if not one.anchor.is_item:
        return _fit_notice(one, notice)
    found = places.get(one.anchor)
    if found is None:
        same = sum(words_of(item) == one.anchor.words for item in notice.items)
        reason = f"{same} items have its words now" if same else "no item has its words any more"
        return Fit(one, "unfit", None, reason)
    now = field_text(found.item, one.field) or ""
    # Who is responsible is not part of an item's words, and may have changed with the text.
    is_same = found.how != "like" and one.anchor.sha256 in ("", notice.source.sha256)
    has_moved = found.how != "same"
    return _judge(one, now, found.item.item_id, is_same_text=is_same, has_moved=has_moved)


def _fit_notice(one: Correction, notice: Notice) -> Fit:
    anchor, now = one.anchor, field_text(notice, one.field) or ""
    is_same = anchor.sha256 in ("", notice.source.sha256)
    if not is_same and anchor.words != notice_words(notice):
        return Fit(one, "unfit", None, f"another plan lies there now: {notice.title}")
    has_moved = anchor.item_id != notice.notice_id
    return _judge(one, now, notice.notice_id, is_same_text=is_same, has_moved=has_moved)


def _judge(one: Correction, now: str, item_id: str, *, is_same_text: bool, has_moved: bool) -> Fit:
    """Decide by the value read now.

    A correction is applied while the text, or the value read from it, is what it was made for.
    """
    stated = one.value
    if one.field == "leaders":
        stated = "、".join(name for name, _ in split_persons(stated))
    if now == stated:
        return Fit(one, "read", item_id, "")
    if is_same_text or now == one.read:
        return Fit(one, "moved" if has_moved else "in force", item_id, "")
    reason = f"the words changed and now read {now or 'nothing'}, not {one.read or 'nothing'}"
    return Fit(one, "unfit", item_id, reason)


def _make_corrected(one: Correction, notice: Notice) -> Corrected:
    about: dict[str, Any] = {"field": one.field, "who": one.who, "when": one.when}
    about["why"] = one.why or None
    if one.field not in NAME_LISTS:
        return Corrected(**about, value=one.value or None)
    if one.field == "leaders":
        posts = _find_posts(notice)
        persons = split_persons(one.value)
        people = (
            Stated(name=name, kind="person", post=post or posts.get(name)) for name, post in persons
        )
        return Corrected(**about, names=tuple(people))
    return Corrected(
        **about, names=tuple(_make_unit(name, notice) for name in split_list(one.value))
    )


def _find_posts(notice: Notice) -> dict[str, str]:
    """Return the posts of leaders, where the notice gives a name exactly one."""
    found: dict[str, set[str]] = {}
    for item in notice.items:
        for name in item.leaders:
            if name.post:
                found.setdefault(name.name, set()).add(name.post)
    return {name: next(iter(posts)) for name, posts in found.items() if len(posts) == 1}


def _make_unit(name: str, notice: Notice) -> Stated:
    found = resolve(name, notice.home, notice.year)
    kind: NameKind = "collective" if is_collective(name) else "unit"
    return Stated(name=name, canonical=found.canonical, kind=kind)


def _find_bodies(notice: Notice) -> tuple[Body, ...]:
    """Return the bodies of a notice's names, those of corrected names last."""
    known = {body.canonical: body for body in notice.bodies}
    bodies: dict[str, Body] = {}
    for name in all_names(notice):
        if name.canonical is not None and name.canonical not in bodies:
            bodies[name.canonical] = known.get(name.canonical) or _make_body(name, notice)
    return tuple(bodies.values())


def _make_body(name: Name | Stated, notice: Notice) -> Body:
    facts = describe(name.name, notice.home, resolve(name.name, notice.home, notice.year))
    about: dict[str, Any] = {**facts, "canonical": name.canonical, "kind": name.kind}
    return Body(**about)


def find_fits(
    notices: Iterable[Notice],
    corrections: Sequence[Correction],
    origins: Iterable[NoticeOrigin] | None = None,
) -> list[Fit]:
    """Return how every correction fits the records of an OUTPUT, in the order of the corrections.

    `notices` are all notices, or those that the corrections mean, with the `origins` of all.
    """
    known = {notice.notice_id: notice for notice in notices}
    assigned = group_by_notice(corrections, origins or map(origin_of, known.values()))
    gone = "no notice has its id, its path or its bytes"
    fits = [Fit(one, "unfit", None, gone) for one in assigned.pop("", ())]
    for notice_id, own in assigned.items():
        fits += apply_corrections(known[notice_id], own)[1]
    order = {one.key: number for number, one in enumerate(corrections)}
    return sorted(fits, key=lambda fit: order[fit.correction.key])
