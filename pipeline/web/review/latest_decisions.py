"""List what people decided on a notice, the latest first, so that each decision can be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pipeline.dataset.edited_items import EDIT_KINDS, REVIEWED
from pipeline.web.review.item_view import FIELD_MESSAGES
from pipeline.web.review.notice_card import NOTICE_MESSAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.model import Corrected, Edit
    from pipeline.web.library import NoticeView

# So many corrections of fields and items found right are listed; edits of whole items always are.
_MOST = 100
_EDIT_MESSAGES = {
    "split": "Split off",
    "join": "Joined",
    "add": "Added",
    "delete": "Deleted",
    REVIEWED: "Found right",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision: it is taken back by the item's or notice's id and the field or kind of edit.

    `about` is the title of the item as it is now, or its id where it is gone; of the notice it is
    empty. `value` is what was stated, of an edit the titles of the items that it made.
    """

    item_id: str
    field: str
    message: str
    about: str
    value: str
    who: str
    when: str
    why: str


class Decisions(NamedTuple):
    """The decisions that are listed, those of the latest day first, and how many there are."""

    shown: list[Decision]
    count: int


def list_decisions(view: NoticeView) -> Decisions:
    """Return the decisions on a notice; of more than can be listed those of the latest days.

    A decision has a day and no time: those of one day are in the order of the record.
    """
    latest = sorted(_find_decisions(view), key=lambda one: one.when, reverse=True)
    shown: list[Decision] = []
    left = _MOST
    for one in latest:
        if one.field not in EDIT_KINDS or one.field == REVIEWED:
            left -= 1
            if left < 0:
                continue
        shown.append(one)
    return Decisions(shown, len(latest))


def _find_decisions(view: NoticeView) -> Iterator[Decision]:
    own = view.notice.notice_id
    for one in view.record.corrected:
        yield _tell_correction(own, "", one, NOTICE_MESSAGES.get(one.field, one.field))
    titles = {}
    for item in view.notice.items:
        titles[item.item_id] = item.title
        for one in item.corrected:
            if one.field not in EDIT_KINDS:
                message = FIELD_MESSAGES.get(one.field, one.field)
                yield _tell_correction(item.item_id, item.title, one, message)
    for edit in view.record.edits:
        first = next(iter(edit.item_ids), edit.items[0].item_id if edit.items else own)
        about = "" if first == own else titles.get(first, first if edit.item_ids else "")
        yield _edit(edit, first, about)


def _tell_correction(item_id: str, about: str, one: Corrected, message: str) -> Decision:
    value = "、".join(name.name for name in one.names) or one.value or ""
    return Decision(item_id, one.field, message, about, value, one.who, one.when, one.why or "")


def _edit(edit: Edit, item_id: str, about: str) -> Decision:
    value = " · ".join(one.title for one in edit.items)
    message = _EDIT_MESSAGES[edit.kind]
    return Decision(item_id, edit.kind, message, about, value, edit.who, edit.when, edit.why or "")
