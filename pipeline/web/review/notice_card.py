"""What the page of a notice shows of the notice itself: its own values, its problems, its review."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.dataset.in_force import field_text
from pipeline.decisions.found_right import digest_values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import Corrected, Problem
    from pipeline.web.library import NoticeView
    from pipeline.web.library.notice_view import ItemReview

# The fields of a notice that people may correct, with their labels.
NOTICE_MESSAGES = {
    "title": "Title of the plan",
    "notice_title": "Title of the notice",
    "document_number": "Document number",
    "issuing_body": "Issuing body",
    "region": "Region",
    "kind": "Kind of document",
    "year": "Year",
    "year_end": "Last year",
    "issued_on": "Issued on",
    "published_on": "Published on",
}


@dataclass(frozen=True, slots=True)
class NoticeField:
    """A value of a notice: `text` is what a person edits, `correction` tells who corrected it."""

    name: str
    message: str
    text: str
    correction: Corrected | None


@dataclass(frozen=True, slots=True)
class NoticeCard:
    """The notice itself. `problems` are those of no item, each with the number by which marks name it."""

    notice_id: str
    fields: tuple[NoticeField, ...]
    problems: tuple[tuple[int, Problem], ...]
    review: ItemReview
    seen: str

    @property
    def is_doubtful(self) -> bool:
        """Whether a problem of no item is open."""
        return self.review.doubt > 0


def make_notice_card(view: NoticeView, problems: Sequence[Problem]) -> NoticeCard:
    """Return the card of a notice in force; `problems` are numbered as they are given."""
    notice = view.notice
    corrected = {one.field: one for one in view.record.corrected}
    fields = tuple(
        NoticeField(name, message, field_text(notice, name) or "", corrected.get(name))
        for name, message in NOTICE_MESSAGES.items()
    )
    own = tuple((n, one) for n, one in enumerate(problems) if one.item_id is None)
    return NoticeCard(notice.notice_id, fields, own, view.review, digest_values(notice))
