"""Find the notice or the item in force that a person names by its id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.dataset.edited_items import edited
from pipeline.errors import CorrectionError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.model import Item, Notice


def find_notice(notices: Iterable[Notice], item_id: str) -> Notice:
    """Return the notice with an id, or of the item with an id. Raises CorrectionError."""
    notice_id = item_id.partition("#")[0]
    notice = next((one for one in notices if one.notice_id == notice_id), None)
    if notice is None:
        remedy = "see notices.csv for the ids, or name OUTPUT by -o"
        raise CorrectionError(item_id, "no notice of this OUTPUT has this id", remedy)
    return notice


def find_item(notice: Notice, item_id: str) -> Item | None:
    """Return the item in force with an id, None for the id of a notice. Raises CorrectionError."""
    if "#" not in item_id:
        return None
    items = edited(notice).items
    item = next((one for one in items if one.item_id == item_id), None)
    if item is not None:
        return item
    edit = next((one for one in notice.edits if item_id in one.item_ids), None)
    if edit:
        fact = f"a person edited it: {edit.kind}"
        raise CorrectionError(item_id, fact, f"name the new item, or --undo {edit.kind}")
    fact = f"the notice has {len(items)} items, none with this id"
    raise CorrectionError(item_id, fact, "see items.csv for the ids")
