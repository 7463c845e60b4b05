"""Find out whose decision on an item or a notice is in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.dataset.edited_items import EDIT_KINDS, edited, is_of_notice

if TYPE_CHECKING:
    from pipeline.model import Edit, Notice


def find_decider(notice: Notice, item_id: str, field: str) -> str:
    """Return who decided what is in force on a field, or made the edit of this kind; "" for nobody.

    `item_id` is an item in force, one that an edit replaced or made, or the notice.
    """
    if field in EDIT_KINDS:
        edits = (one for one in notice.edits if one.kind == field)
        return next((one.who for one in edits if _is_of(one, notice, item_id)), "")
    if item_id == notice.notice_id:
        corrected = notice.corrected
    else:
        items = (one for one in edited(notice).items if one.item_id == item_id)
        corrected = next((one.corrected for one in items), ())
    return next((one.who for one in corrected if one.field == field), "")


def _is_of(edit: Edit, notice: Notice, item_id: str) -> bool:
    if item_id == notice.notice_id and is_of_notice(edit, item_id):
        return True
    return item_id in edit.item_ids or any(one.item_id == item_id for one in edit.items)
