"""Find out whose decision on an item or a notice is in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.dataset.edited_items import EDIT_KINDS, edited, is_of_notice

if TYPE_CHECKING:
    from pipeline.model import Notice


def find_decider(notice: Notice, item_id: str, field: str) -> str:
    """Return who decided what is in force on a field, or made the edit of this kind; "" for nobody.

    `item_id` is an item in force, one that an edit replaced or made, or the notice.
    """
    if field in EDIT_KINDS:
        return _find_editor(notice, item_id, field)
    if item_id == notice.notice_id:
        corrected = notice.corrected
    else:
        items = (one for one in edited(notice).items if one.item_id == item_id)
        corrected = next((one.corrected for one in items), ())
    return next((one.who for one in corrected if one.field == field), "")


def _find_editor(notice: Notice, item_id: str, kind: str) -> str:
    """Return who made the edit that is taken back by an item's id: that of it comes before that by which it was made."""
    edits = [one for one in notice.edits if one.kind == kind]
    found = (
        [one for one in edits if item_id in one.item_ids[:1]],
        [one for one in edits if item_id == notice.notice_id and is_of_notice(one, item_id)],
        [one for one in edits if any(made.item_id == item_id for made in one.items)],
        [one for one in edits if item_id in one.item_ids],
    )
    return next((own[0].who for own in found if own), "")
