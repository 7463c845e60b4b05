"""Find the place that a plan is for (盐田区) by the titles, the issuing body and the number."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.names.regions import NoticePlace, find_notice_place
from pipeline.parse.normalize import NormalizedText, normalize_text


def find_region(
    shadow: NormalizedText,
    titles: tuple[str | None, str | None],
    issuing_body: str | None,
    hints: Sequence[str | None],
    *,
    number: str | None,
    year: int | None,
) -> NoticePlace:
    """The place of a plan, looked up in simplified characters as the tables are.

    `titles` are the plan's and the notice's; `hints` may tell namesakes apart: the address and the
    site of the page, beside the document's number. `year` is the plan's, or that of its date.
    """
    plan, notice, body = (_simplified(shadow, one) for one in (*titles, issuing_body))
    return find_notice_place(plan, notice, body, hints, number=number, year=year or 0)


def _simplified(shadow: NormalizedText, text: str | None) -> str | None:
    """Some words of a document as the tables have them; only traditional script is converted."""
    if not text or shadow.plain is shadow.folded:
        return text
    return normalize_text(text).folded
