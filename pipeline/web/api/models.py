"""The shapes of the API's answers; rows have the columns of the tables of an OUTPUT."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field, create_model

from pipeline.dataset.data_package import column_title
from pipeline.dataset.table_columns import COLUMNS
from pipeline.model import Item, Location, Problem, Role
from pipeline.store.review import ReviewState

if TYPE_CHECKING:
    from pipeline.dataset.table_columns import DatasetColumn


class Fault(BaseModel):
    """Why a request failed (RFC 9457): the fact, and what to do."""

    type: str = "about:blank"
    title: str
    status: int
    remedy: str


class PlanAnswer(BaseModel):
    """A notice in the list of plans, with what there is still to review in it."""

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
    duplicate: str


def _kind(column: DatasetColumn) -> Any:  # noqa: ANN401 - a type that pydantic reads
    return int | None if column.kind == "integer" else str | None


def _row_model(name: str, table: str, doc: str) -> type[BaseModel]:
    fields: dict[str, Any] = {
        column.name: (_kind(column), Field(title=column_title(table, column)))
        for column in COLUMNS[table]
    }
    return create_model(name, __doc__=doc, **fields)


ItemCells = _row_model("ItemCells", "items", "A row of items.csv, values in force.")
BodyAnswer = _row_model("BodyAnswer", "units", "A row of units.csv.")
LeaderAnswer = _row_model("LeaderAnswer", "leaders", "A row of leaders.csv.")
ProblemAnswer = _row_model("ProblemAnswer", "problems", "A row of problems.csv.")


class FoundItem(ItemCells):  # type: ignore[valid-type, misc]
    """An item of a list: its row, its review, and the sentence with the sought words, marked."""

    state: ReviewState
    doubt: int
    sentence: str | None = None
    marks: tuple[tuple[int, int], ...] = ()


class Plans(BaseModel):
    """A page of plans; `next` is the address of the next page, null at the end."""

    rows: list[PlanAnswer]
    next: str | None


class Items(BaseModel):
    """A page of items."""

    rows: list[FoundItem]
    next: str | None


class FacetCount(BaseModel):
    """A value of a facet, and how many of the items that were found have it."""

    value: str
    items: int


class Found(Items):
    """A page of items that a search found, how many there are in all, and how many by facet."""

    total: int
    facets: dict[str, list[FacetCount]]


class Bodies(BaseModel):
    """A page of bodies."""

    rows: list[BodyAnswer]  # type: ignore[valid-type]
    next: str | None


class Leaders(BaseModel):
    """A page of leaders."""

    rows: list[LeaderAnswer]  # type: ignore[valid-type]
    next: str | None


class Problems(BaseModel):
    """A page of problems."""

    rows: list[ProblemAnswer]  # type: ignore[valid-type]
    next: str | None


class EvidenceAnswer(BaseModel):
    """A value of an item with its sentence in the source."""

    field: Role | str
    value: str
    sentence: str
    start: int
    end: int


class OneItem(BaseModel):
    """An item in force, its review, the words of its source, and where they are in the file.

    Whoever finds it right sends `seen` with `reviewed`.
    """

    notice_id: str
    version: str
    title: str | None
    year: int | None
    path: str | None
    url: str | None
    item: Item
    state: ReviewState
    doubt: int
    seen: str
    problems: list[Problem]
    text: str
    locations: list[Location]
    evidence: list[EvidenceAnswer]


class Written(BaseModel):
    """The version of a notice after its correction."""

    version: str


class ConflictAnswer(BaseModel):
    """A value that somebody else changed since: the one that was sent, that was seen, that is there.

    `now_who` decided it; of `reviewed`, `values` are those in force by their field.
    """

    item_id: str
    field: str
    yours: str | None
    seen: str | None
    now: str | None
    now_who: str = ""
    values: dict[str, str] | None = None


class Conflicts(Fault):
    """Nothing was written, for values changed since they were seen."""

    conflicts: list[ConflictAnswer] = []
