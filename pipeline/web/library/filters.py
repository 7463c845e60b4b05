"""What a list of items is filtered by: the same names in addresses, in the API and in forms."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.store.listing import Cursor, Narrowing
from pipeline.store.queries import Query
from pipeline.web.library.request_error import RequestError

if TYPE_CHECKING:
    from pipeline.model import Role
    from pipeline.store.review import ReviewState

CURSOR = r"^([0-9]{1,9})-([0-9]{1,18})$"
# Longer texts are no search.
_LONGEST = 500
_SOUGHT, _YEAR, _AFTER = "words", "year", "after"
# The filter by doubt that any doubt passes.
ANY_DOUBT = "any"


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """What items must have, all of it.

    `words` are sought in titles, contents, names and other fields; each is a run of characters
    between blanks. `place` is a place's full path as notices have it, `region` a part of any place's
    name. `unit` finds a body by any of its names, also of another year; `body` is the canonical
    name, exactly. `role` is that of the
    unit or body; without these, somebody has it. `doubt` is the code of a
    problem that makes the item doubtful, or "any".
    """

    words: str = ""
    years: tuple[int, ...] = ()
    place: str | None = None
    region: str | None = None
    unit: str | None = None
    body: str | None = None
    leader: str | None = None
    role: Role | None = None
    doubt: str | None = None
    state: ReviewState | None = None
    notice_id: str | None = None

    def __post_init__(self) -> None:
        """Refuse what no search can mean. Raises RequestError."""
        if len(self.words) > _LONGEST:
            fact = f"has {len(self.words):,} characters"
            raise RequestError(_SOUGHT, fact, f"seek at most {_LONGEST}")
        if any(not 0 <= year <= 9999 for year in self.years):
            raise RequestError(_YEAR, "is no year", "write it as 2011")

    @property
    def has_body(self) -> bool:
        """Whether a unit or body is sought, so that the role is its own."""
        return not (self.unit is self.body is None)

    @property
    def query(self) -> Query:
        """The filter as a search of the store."""
        return Query(
            words=tuple(self.words.split()),
            years=self.years,
            region=self.region,
            unit=self.unit,
            leader=self.leader,
            role=self.role if self.has_body else None,
            body=self.body,
        )

    @property
    def narrowing(self) -> Narrowing:
        """The filter by what is known of the review of an item."""
        is_any = self.doubt == ANY_DOUBT
        return Narrowing(
            notice_id=self.notice_id,
            place=self.place,
            state=self.state,
            doubt=None if is_any else self.doubt,
            is_doubtful=is_any,
            role=None if self.has_body else self.role,
        )


def parse_cursor(text: str | None) -> Cursor | None:
    """Parse the cursor of a page, None for the first one. Raises RequestError."""
    if not text:
        return None
    match = re.fullmatch(CURSOR, text)
    if match is None:
        raise RequestError(_AFTER, "is no cursor", "follow the link to the next page")
    return Cursor(int(match[1]), int(match[2]))


def write_cursor(cursor: Cursor | None) -> str | None:
    """Write the cursor of a page: Cursor(0, 201100000001) -> "0-201100000001"."""
    return f"{cursor.rank}-{cursor.id}" if cursor else None
