"""Apply corrections to a notice, and find out how each fits what is read now."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pipeline.dataset.in_force import NAME_LISTS, all_names, field_text
from pipeline.decisions.anchors import (
    find_items,
    find_notice_ids,
    is_of_other_plan,
    origin_of,
    words_of,
)
from pipeline.decisions.correction import Correction, split_list, split_persons
from pipeline.decisions.edit_values import is_made
from pipeline.decisions.edits import apply_edits
from pipeline.decisions.fit import Fit
from pipeline.model import Body, Corrected, Item, NameKind, Notice, Stated
from pipeline.names.bodies import describe, resolve
from pipeline.names.units import is_collective

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipeline.decisions.anchors import Anchor, FoundItem, NoticeOrigin
    from pipeline.model import Name


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
    of_made = [one for one in corrections if not one.is_edit and is_made(one.anchor.item_id)]
    edits = [one for one in corrections if one.is_edit]
    fields = [one for one in corrections if not one.is_edit and one not in of_made]
    fits = _fit_fields(fields, bare)
    corrected = _correct_fields(bare, fits)
    if edits:
        made = _MadeItems(bare, of_made)
        done, edit_fits = apply_edits(corrected, edits, made.correct)
        corrected = corrected.model_copy(update={"edits": done})
        fits += [*edit_fits, *made.fits]
        of_made = made.left
    # An edit may be gone because the parser now reads the item that it made.
    left = _fit_fields(of_made, bare)
    corrected = _correct_fields(corrected, left)
    fits += left
    if corrected is bare:
        return bare, fits
    return corrected.model_copy(update={"bodies": _find_bodies(corrected)}), fits


def _fit_fields(corrections: Sequence[Correction], bare: Notice) -> list[Fit]:
    """Decide how corrections of fields fit the notice as it was read."""
    places = find_items((one.anchor for one in corrections if one.anchor.is_item), bare)
    return [_fit(one, bare, places) for one in corrections]


def _correct_fields(notice: Notice, fits: Iterable[Fit]) -> Notice:
    """Put corrections that fit beside the fields that they correct."""
    own: dict[str, Corrected] = {}
    items: dict[str, dict[str, Corrected]] = {}
    for fit in fits:
        one = fit.correction
        if fit.status in ("in force", "moved") and fit.item_id:
            values = items.setdefault(fit.item_id, {}) if one.anchor.is_item else own
            values[one.field] = _make_corrected(one, notice)
    if not own and not items:
        return notice
    corrected = (
        replace(item, corrected=(*item.corrected, *items[item.item_id].values()))
        if item.item_id in items
        else item
        for item in notice.items
    )
    update = {"corrected": (*notice.corrected, *own.values()), "items": tuple(corrected)}
    return notice.model_copy(update=update)


class _MadeItems:
    """Corrections of the fields of items that edits make; `left` are those whose item was not made."""

    def __init__(self, bare: Notice, corrections: Sequence[Correction]) -> None:
        self.left = list(corrections)
        self.fits: list[Fit] = []
        self._bare = bare

    def correct(self, item: Item) -> Item:
        """Return a new item with its own corrections, which count before those it took over."""
        own_id = item.item_id.partition("#")[2]
        own = [one for one in self.left if one.anchor.item_id.partition("#")[2] == own_id]
        fits = [self._fit(one, item) for one in own]
        self.left = [one for one in self.left if one not in own]
        self.fits += fits
        values = {one.field: one for one in item.corrected}
        for fit in fits:
            if fit.status in ("in force", "moved"):
                values[fit.correction.field] = _make_corrected(fit.correction, self._bare)
        return replace(item, corrected=tuple(values.values()))

    def _fit(self, one: Correction, item: Item) -> Fit:
        has_moved = one.anchor.item_id != item.item_id
        if any(own.field == one.field for own in item.corrected):
            # It counts before the correction that the item took over from the one it was made of.
            return Fit(one, "moved" if has_moved else "in force", item.item_id, "")
        now = field_text(item, one.field) or ""
        is_same = one.anchor.sha256 in ("", self._bare.source.sha256)
        return _judge(one, now, item.item_id, is_same_text=is_same, has_moved=has_moved)


def remove_corrections(notice: Notice) -> Notice:
    """Return the notice as it was read."""
    is_corrected = notice.corrected or any(item.corrected for item in notice.items)
    if not is_corrected and not notice.edits:
        return notice
    items = tuple(replace(one, corrected=()) if one.corrected else one for one in notice.items)
    bare = notice.model_copy(update={"corrected": (), "items": items, "edits": ()})
    return bare.model_copy(update={"bodies": _find_bodies(bare)})


def _fit(one: Correction, notice: Notice, places: Mapping[Anchor, FoundItem]) -> Fit:
    """Decide how a correction fits its notice, and which item it corrects."""
    if not one.anchor.is_item:
        return _fit_notice(one, notice)
    found = places.get(one.anchor)
    if found and found.how == "like" and is_made(one.anchor.item_id):
        # The item that was split or joined is no rewording of what was made of it.
        found = None
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
    if is_of_other_plan(anchor, notice):
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
