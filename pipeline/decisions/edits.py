"""Edits of whole items: split, join, add, delete, and what a person found right."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.dataset.edited_items import OWN, REVIEWED, edited
from pipeline.dataset.in_force import field_text
from pipeline.decisions.anchors import (
    anchors_of,
    find_ids,
    find_items,
    is_of_other_plan,
    words_of,
)
from pipeline.decisions.correction import ITEM_FIELDS, NOTICE_FIELDS
from pipeline.decisions.edit_values import (
    find_cuts,
    find_joined,
    find_stretch,
    first_words,
    format_cuts,
    format_joined,
    format_stretch,
    is_made,
    parse_places,
)
from pipeline.decisions.fit import Fit
from pipeline.decisions.item_words import squeeze_stretch
from pipeline.decisions.new_items import add_item, join_items, split_item
from pipeline.errors import CorrectionError
from pipeline.model import Edit
from pipeline.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipeline.decisions.anchors import Anchor
    from pipeline.decisions.correction import Correction
    from pipeline.model import Item, Notice

_OWN_PREFIX = f"{OWN}:"


def complete_value(notice: Notice, item: Item | None, kind: str, value: str) -> str:
    """Return the value of an edit as it is kept, with places and words.

    Raises CorrectionError where the item cannot be edited so.
    """
    text = notice.source.text
    if kind == REVIEWED:
        is_own = item is None and value.startswith(OWN)
        return f"{_OWN_PREFIX}{_hash_own(notice)}" if is_own else _hash_read(notice, item)
    if kind == "add":
        span = find_stretch(value, notice)
        add_item(edited(notice), span, notice.notice_id)
        return format_stretch(span, text)
    if item is None or kind == "delete":
        return ""
    if kind == "split":
        if any(one.field == "content" for one in item.corrected):
            fact = "its content was corrected, and is not that of the source"
            raise CorrectionError(item.item_id, fact, "undo that, split it, and correct the pieces")
        cuts = find_cuts(value, item, text)
        split_item(item, text, cuts, [item.item_id] * (len(cuts) + 1))
        return format_cuts(cuts, item, text)
    joined = find_joined(value, item, edited(notice).items)
    return format_joined(one for one in joined if one.item_id != item.item_id)


def _hash_read(notice: Notice, item: Item | None) -> str:
    """Return a hash of what was read in an item, or in a whole notice: what a person finds right."""
    fields = ITEM_FIELDS if item else NOTICE_FIELDS
    said = [field_text(item or notice, one) for one in fields]
    for one in (item,) if item else notice.items:
        said.append(squeeze_stretch(notice.source.text, one.span.start, one.span.end).words)
        said += [field_text(one, name) for name in ITEM_FIELDS]
    return _hash(said)


def _hash_own(notice: Notice) -> str:
    """Return a hash of what was read of no item: the notice's values, and the problems with them."""
    said = [field_text(notice, one) for one in NOTICE_FIELDS]
    for one in notice.problems:
        if one.item_id is None:
            span = one.span
            said.append(one.code)
            said.append(squeeze(notice.source.text[span.start : span.end]) if span else None)
    return _hash(said)


def _hash(said: Sequence[str | None]) -> str:
    data = json.dumps(said, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return hashlib.sha256(data).hexdigest()[:16]


@dataclass(slots=True)
class _Editing:
    """A notice while edits are applied to it: `view` is the notice with those made so far.

    Items that edits make are found by their ids, and with `is_by_words` by their words, for the parser
    may read them by itself now.
    """

    view: Notice
    found: dict[Anchor, tuple[str, str]]
    edits: list[Edit] = field(default_factory=list)
    is_by_words: bool = False

    def find(self, anchor: Anchor) -> tuple[Item, str] | None:
        """Return the item of an anchor as it is now, and how it was found; None where it is gone."""
        items = {one.item_id: one for one in self.view.items}
        item_id, how = self.found.get(anchor, ("", ""))
        if is_made(anchor.item_id):
            item_id = f"{self.view.notice_id}#{anchor.item_id.partition('#')[2]}"
            how = "same"
            if item_id not in items and self.is_by_words:
                one = find_ids([anchor], anchors_of(self.view)).get(anchor)
                # The item that was split is no rewording of its piece.
                item_id, how = one if one and one.how != "like" else ("", "")
        return (items[item_id], how) if item_id in items else None

    def add(self, edit: Edit) -> None:
        """Make an edit."""
        self.edits.append(edit)
        now = self.view.model_copy(update={"edits": (edit,)})
        self.view = edited(now).model_copy(update={"edits": ()})


def apply_edits(
    notice: Notice,
    corrections: Sequence[Correction],
    correct_made: Callable[[Item], Item],
) -> tuple[tuple[Edit, ...], list[Fit]]:
    """Apply edits to a notice that has its corrections of fields; return how each of them fits.

    `correct_made` adds the corrections of a new item. An edit of what another one makes waits for
    it, so the order in which they were made makes no difference.
    """
    anchors = (one.anchor for one in corrections if one.anchor.is_item)
    parsed = find_items((one for one in anchors if not is_made(one.item_id)), notice)
    state = _Editing(notice, {key: (one.item.item_id, one.how) for key, one in parsed.items()})
    waiting = sorted((one for one in corrections if one.field != REVIEWED), key=_order)
    fits: list[Fit] = []
    reasons: dict[Correction, str] = {}
    for is_by_words in (False, True):
        state.is_by_words = is_by_words
        before = -1
        while waiting and len(waiting) != before:
            before = len(waiting)
            waiting, done = _make_edits(waiting, state, correct_made, reasons)
            fits += done
    fits += (_explain(one, notice, state, reasons[one]) for one in waiting)
    reviewed = (one for one in corrections if one.field == REVIEWED)
    fits += [_review(one, notice, state) for one in sorted(reviewed, key=_order)]
    return tuple(state.edits), fits


def _make_edits(
    waiting: Sequence[Correction],
    state: _Editing,
    correct_made: Callable[[Item], Item],
    reasons: dict[Correction, str],
) -> tuple[list[Correction], list[Fit]]:
    """Make the edits that can be made now; return the others, and how those made fit.

    `reasons` gets the reason for each that cannot.
    """
    left: list[Correction] = []
    done: list[Fit] = []
    for one in waiting:
        try:
            done.append(_make_edit(one, state, correct_made))
        except CorrectionError as error:
            reasons[one] = error.fact
            left.append(one)
    return left, done


def _order(one: Correction) -> tuple[object, ...]:
    return *one.anchor.order, one.anchor.item_id, one.field, one.value


def _make_edit(one: Correction, state: _Editing, correct_made: Callable[[Item], Item]) -> Fit:
    """Make an edit where its item is. Raises CorrectionError."""
    view, text = state.view, state.view.source.text
    prefix = f"{view.notice_id}#{one.made_prefix}"
    item, how = None, "same"
    replaced: Sequence[Item] = ()
    made: Sequence[Item] = ()
    if one.field == "add":
        if is_of_other_plan(one.anchor, view):
            reason = f"another plan lies there now: {view.title}"
            raise CorrectionError(one.anchor.item_id, reason, "")
        made = (add_item(view, find_stretch(one.value, view), f"{prefix}.1"),)
    else:
        target = state.find(one.anchor)
        if target is None:
            reason = "no item has its words any more"
            raise CorrectionError(one.anchor.item_id, reason, "")
        item, how = target
        replaced = (item,)
        if one.field == "split":
            cuts = find_cuts(one.value, item, text)
            pieces = [f"{prefix}.{n}" for n in range(1, len(cuts) + 2)]
            made = split_item(item, text, cuts, pieces)
        elif one.field == "join":
            replaced = find_joined(one.value, item, view.items)
            made = (join_items(view, replaced, f"{prefix}.1"),)
        elif how == "like":
            reason = "its words changed since it was deleted"
            raise CorrectionError(one.anchor.item_id, reason, "")
    made = tuple(map(correct_made, made))
    state.add(_as_edit(one, [each.item_id for each in replaced], made))
    # Of items that are joined the first, by which the list of decisions names the edit.
    item_id = (*replaced, *made)[0].item_id
    return Fit(one, "in force" if how == "same" else "moved", item_id, "")


def _as_edit(one: Correction, item_ids: Sequence[str], items: Sequence[Item]) -> Edit:
    return Edit(
        kind=one.field,  # type: ignore[arg-type]  # the model refuses another
        item_ids=tuple(item_ids),
        items=tuple(items),
        who=one.who,
        when=one.when,
        why=one.why or None,
    )


def _explain(one: Correction, notice: Notice, state: _Editing, reason: str) -> Fit:
    """Say why an edit is not made: the parser reads it so by itself now, or it fits nothing."""
    if _is_read(one, notice):
        return Fit(one, "read", None, "")
    if one.anchor in state.found and state.find(one.anchor) is None:
        reason = "its item was split, joined or deleted"
    return Fit(one, "unfit", None, reason)


def _is_read(one: Correction, notice: Notice) -> bool:
    """Answer whether the items as they are read are those that an edit would make."""
    read = [words_of(item) for item in notice.items]
    own = one.anchor.words
    if one.field == "delete":
        is_same = one.anchor.sha256 == notice.source.sha256
        return is_same and not is_made(one.anchor.item_id) and own not in read
    if one.field == "add":
        first = squeeze(first_words(one.value))
        return bool(first) and any(it.startswith(first) for it in read)
    if own in read:
        return False
    if one.field == "join":
        others = [place.words for place in parse_places(one.value)]
        return any(it.startswith(own) and all(o in it for o in others) for it in read)
    edges = [own.find(place.words) for place in parse_places(one.value)]
    if not edges or min(edges) <= 0:
        return False
    pieces = [own[a:b] for a, b in zip([0, *edges], [*edges, len(own)], strict=True)]
    return all(piece in read for piece in pieces)


def _review(one: Correction, notice: Notice, state: _Editing) -> Fit:
    """Mark an item, or the notice, as right where it is as it was then."""
    item, how, item_id = None, "same", notice.notice_id
    if not one.anchor.is_item and is_of_other_plan(one.anchor, notice):
        return Fit(one, "unfit", None, f"another plan lies there now: {notice.title}")
    if one.anchor.is_item:
        target = state.find(one.anchor)
        if target is None:
            reason = "no item has its words any more"
            if one.anchor in state.found:
                reason = "its item was split, joined or deleted"
            return Fit(one, "unfit", None, reason)
        item, how = target
        item_id = item.item_id
    is_own = not one.anchor.is_item and one.value.startswith(OWN)
    now = f"{_OWN_PREFIX}{_hash_own(notice)}" if is_own else _hash_read(notice, item)
    if one.value not in ("", now):
        return Fit(one, "unfit", item_id, "it changed since a person found it right")
    state.edits.append(_as_edit(one, (item_id,) if item or is_own else (), ()))
    has_moved = how != "same" or one.anchor.notice_id != notice.notice_id
    return Fit(one, "moved" if has_moved else "in force", item_id, "")
