"""Assemble the particulars of a document: titles, number, dates, issuing body, region, years."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline.names.regions import NoticePlace
from pipeline.parse.header.document_number import find_document_number
from pipeline.parse.header.issue_dates import (
    find_day_behind_title,
    find_issue_dates,
    find_republic_day,
    read_page_day,
)
from pipeline.parse.header.issuer import find_issuing_body, find_named_bodies
from pipeline.parse.header.page_keys import Span, find_keyed_values
from pipeline.parse.header.region import find_region
from pipeline.parse.header.signature import Signature, find_signature
from pipeline.parse.header.titles import find_kind, find_titles
from pipeline.parse.header.years import (
    PlanYears,
    find_foreword_years,
    find_republic_years,
    find_title_years,
)
from pipeline.parse.normalize import NormalizedText
from pipeline.text import without_blanks

# The particulars of a document are printed in its first characters.
_REACH = 6000
# The particulars of a page that may tell which of several namesakes is meant.
_PLACE_HINTS = ("url", "site", "source", "issuing_body")


@dataclass(frozen=True, slots=True)
class Header:
    """The particulars of a document: normalized values, and spans where something is printed.

    `end` is the offset where the titles end; `signature` spans body and date; the last three are
    the spans of values that were not read, or were read in spite of lost separators.
    """

    title: str | None
    notice_title: str | None
    document_number: str | None
    issuing_body: str | None
    place: NoticePlace
    year: int | None
    year_end: int | None
    issued_on: str | None
    published_on: str | None
    kind: str | None
    end: int
    signature: Span | None
    unread_number: Span | None
    unread_dates: tuple[Span, ...]
    mended_dates: tuple[Span, ...]

    def with_annex_title(self, title: str) -> Header:
        """The header with an annex's title as the plan's: the former title is the notice's."""
        years = find_title_years(title, self.title) or PlanYears()
        return replace(
            self, title=title, notice_title=self.title, year=years.first, year_end=years.last
        )


def find_header(shadow: NormalizedText, first_item: int, particulars: dict[str, str]) -> Header:
    """The particulars of a document whose first item begins at the offset `first_item`.

    `particulars` are the page's own, from its meta names.
    """
    text, folded = shadow.text, shadow.folded
    traditional = folded is not shadow.plain
    end = min(first_item, _REACH)
    keyed = find_keyed_values(folded, end)
    titles = find_titles(shadow, end, keyed, particulars.get("title", ""))
    number = find_document_number(shadow, end, keyed)
    signature = find_signature(folded, end, find_named_bodies(folded, titles.first, keyed))
    signed = signature[:2] if signature else None
    dates = find_issue_dates(folded, end, keyed, signature)
    republic_day = find_republic_day(folded, end) if traditional else None
    issued_on = (
        dates.issued_on
        or republic_day
        or find_day_behind_title(folded, titles.end)
        or read_page_day(particulars.get("issued_on"))
    )
    page_body = text[slice(*keyed["issuing_body"])] if "issuing_body" in keyed else None
    body = find_issuing_body(
        _as_printed(shadow, signature) if signature else None,
        titles.first,
        page_body or particulars.get("issuing_body"),
    )
    hints = [particulars.get(name) for name in _PLACE_HINTS]
    years = (
        find_title_years(titles.plan, titles.notice)
        or (find_republic_years(titles.plan) if traditional else None)
        or find_foreword_years(titles.plan, folded[:end], issued_on)
    )
    dated = years.first or (int(issued_on[:4]) if issued_on else None)
    return Header(
        title=titles.plan,
        notice_title=titles.notice,
        document_number=number.number,
        issuing_body=body,
        place=find_region(
            shadow, (titles.plan, titles.notice), body, hints, number=number.number, year=dated
        ),
        year=years.first,
        year_end=years.last,
        issued_on=issued_on,
        published_on=dates.published_on or read_page_day(particulars.get("published_on")),
        kind=find_kind(titles.first),
        end=titles.end,
        signature=signed,
        unread_number=number.unread,
        unread_dates=dates.unread,
        mended_dates=dates.mended,
    )


def _as_printed(shadow: NormalizedText, signature: Signature) -> str:
    """The body of a signature in the document's own script: 臺北市政府."""
    stretch = slice(signature.start, signature.date)
    at = without_blanks(shadow.folded[stretch]).find(signature.body)
    printed = without_blanks(shadow.plain[stretch])
    return printed[at : at + len(signature.body)] if at >= 0 else signature.body
