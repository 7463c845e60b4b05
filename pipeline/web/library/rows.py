"""The rows of the desk's lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.store.review import ReviewState

Row = TypeVar("Row")
Cell = str | int | None


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of a list; `following` is the cursor of the next page, None at the end."""

    rows: tuple[Row, ...] = ()
    following: str | None = None


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A notice in the list of plans.

    `doubts` counts its items with a doubt, and one more if the notice itself has one; `reviewed` its
    items that a person found right, `corrected` its other items that a person corrected. A notice
    that is in the OUTPUT twice has a row for each; the second one's `duplicate` is the text that
    says of what, and nothing in it is counted. `series` is the series that `fengong threads` gave it.
    """

    notice_id: str
    title: str
    place: str
    year: int | None
    year_end: int | None
    issuing_body: str | None
    document_number: str | None
    issued_on: str | None
    series: str | None
    path: str | None
    url: str | None
    items: int
    problems: int
    doubts: int
    reviewed: int
    corrected: int
    duplicate: str = ""


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item of a list: the cells of its row in items.csv, its review, where words were found.

    `position` counts the items of its notice before it, in force.
    `field` is the column of the first sought word, `sentence` the sentence with it and `marks` the
    spans of all sought words in the sentence; they are empty where no words were sought.
    """

    cells: Mapping[str, Cell]
    state: ReviewState
    doubt: int
    position: int
    field: str = ""
    sentence: str = ""
    marks: tuple[tuple[int, int], ...] = ()

    @property
    def item_id(self) -> str:
        """The item's id."""
        return str(self.cells["item_id"])

    @property
    def notice_id(self) -> str:
        """The id of its notice."""
        return str(self.cells["notice_id"])

    @property
    def title(self) -> str:
        """The item's title in force."""
        return str(self.cells["title"] or "")
