"""An OUTPUT as it was when it was last looked at: plans, notices, lists, searches."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, get_args

from pipeline.dataset.table_columns import COLUMNS
from pipeline.model import Role
from pipeline.store.facet_index import FacetValue
from pipeline.store.listing import list_page
from pipeline.store.plan_counts import read_constant_texts, read_plans
from pipeline.store.review import rate_notices
from pipeline.web.library.filters import parse_cursor, write_cursor
from pipeline.web.library.notice_view import read_notice_view, read_record_bytes
from pipeline.web.library.remembered import Remembered
from pipeline.web.library.request_error import NotFoundError
from pipeline.web.library.rows import ItemRow, Page, PlanRow
from pipeline.web.library.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from sqlalchemy import Connection

    from pipeline.dataset.manifest import Manifest, RecordSummary
    from pipeline.errors import PipelineError
    from pipeline.store.desk_copy import FollowedCopy
    from pipeline.store.facet_index import Facets
    from pipeline.store.listing import Order
    from pipeline.store.queries import Hit
    from pipeline.web.library.filters import ItemFilter
    from pipeline.web.library.notice_view import NoticeView
    from pipeline.web.library.rows import Cell
    from pipeline.web.library.tables import Rows

# The counts of so many searches are kept.
_FACETS = 256


class Snapshot:
    """An OUTPUT by its manifest. Lists and searches are of this state, or of a newer one.

    `looked` are its number and version: the number counts the states that were looked at, the version
    changes whenever the OUTPUT does. `follow` brings the copy that lists are read from up
    to this state; it is called with the first list. `views` are the notices that were read lately,
    shared with other snapshots.
    """

    def __init__(
        self,
        output: Path,
        looked: tuple[int, str],
        manifest: Manifest,
        follow: Callable[[], FollowedCopy],
        views: Remembered[NoticeView],
    ) -> None:
        self.output = output
        self.number, self.version = looked
        self.manifest = manifest
        self._follow = follow
        self._copy: FollowedCopy | None = None
        self._views = views
        self._facets: Remembered[Facets] = Remembered(_FACETS)
        self._tables: Remembered[Rows] = Remembered(len(COLUMNS) + 3)

    def load(self) -> FollowedCopy:
        """Return the copy, brought up to this state if it is not. Raises StoreError."""
        if self._copy is None:
            self._copy = self._follow()
        return self._copy

    @property
    def is_loaded(self) -> bool:
        """Whether lists are ready, of this state or of a newer one."""
        return self._copy is not None

    @property
    def errors(self) -> tuple[PipelineError, ...]:
        """The errors of records that could not be loaded."""
        return self.load().errors

    def plans(self) -> tuple[PlanRow, ...]:
        """List all notices: the newest year first, then by place, title and id."""
        return self._plans

    @cached_property
    def _plans(self) -> tuple[PlanRow, ...]:
        series = {str(row["notice_id"]): row["series"] for row in self.table("series")}
        with self.load().store.reading() as connection:
            rows = read_plans(connection)
        plans = [_plan_row(row, series.get(row["notice_id"])) for row in rows]
        plans += (_second_row(one) for one in self.manifest.records.values() if one.duplicate)
        return tuple(sorted(plans, key=_order))

    @cached_property
    def doubtful_notices(self) -> tuple[PlanRow, ...]:
        """The notices with an open problem that is of none of their items."""
        with self.load().store.reading() as connection:
            rated = rate_notices(connection)
        return tuple(one for one in self._plans if rated.get(one.notice_id) and not one.duplicate)

    @cached_property
    def plan_by_id(self) -> dict[str, PlanRow]:
        """The rows of plans by their notice's id."""
        return {one.notice_id: one for one in self._plans}

    def notice(self, notice_id: str) -> NoticeView:
        """Read one notice. Raises NotFoundError for an unknown id, RecordError."""
        key = notice_id, self.version_of(notice_id)
        view = self._views.find(key, lambda: read_notice_view(self.output, notice_id))
        if view.version != key[1]:
            # The file is newer than this snapshot, and must not be shown for it once more.
            self._views.forget(key)
        return view

    def record(self, notice_id: str) -> bytes:
        """Read the file of a notice's record as it is. Raises NotFoundError, RecordError."""
        self.version_of(notice_id)
        return read_record_bytes(self.output, notice_id)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection to the copy that lists are read from. Raises StoreError."""
        with self.load().store.reading() as connection:
            yield connection

    def version_of(self, notice_id: str) -> str:
        """Return the version of a notice, which is the hash of its file. Raises NotFoundError."""
        known = self.manifest.records.get(notice_id)
        if known is None:
            raise NotFoundError(notice_id, "no notice has this id", "see the list of plans")
        return known.sha256

    def items(
        self, wanted: ItemFilter, after: str | None = None, size: int = 50, order: Order = "best"
    ) -> Page[ItemRow]:
        """Read a page of items, beginning behind the cursor `after`; see `pipeline.store.listing`.

        Raises RequestError for a cursor that is none.
        """
        page = (parse_cursor(after), size)
        with self.load().store.reading() as connection:
            found = list_page(connection, wanted.query, wanted.narrowing, order, page)
        rows = tuple(map(_item_row, found.hits))
        return Page(rows, write_cursor(found.following))

    def facets(self, wanted: ItemFilter) -> Facets:
        """Count the items that a filter finds, by year, place, body, leader, role, state and doubt."""
        return self._facets.find(wanted, lambda: self._count(wanted))

    def _count(self, wanted: ItemFilter) -> Facets:
        with self.load().store.reading() as connection:
            found = self.load().facets.count(connection, wanted.query, wanted.narrowing)
        if wanted.has_body:
            # The role of the body that is sought, not that of anybody in its items.
            found.values["role"] = self._count_roles(wanted, found)
        return found

    def _count_roles(self, wanted: ItemFilter, found: Facets) -> list[FacetValue]:
        if wanted.role:
            return [FacetValue(wanted.role, found.total)] if found.total else []
        totals = ((role, self.facets(replace(wanted, role=role)).total) for role in get_args(Role))
        return sorted((FacetValue(*one) for one in totals if one[1]), key=lambda one: -one.items)

    def constant_texts(self) -> Mapping[str, str]:
        """The messages of problems by their code, of those codes that always have the same one."""
        return self._constant_texts

    @cached_property
    def _constant_texts(self) -> Mapping[str, str]:
        with self.load().store.reading() as connection:
            return read_constant_texts(connection)

    def table(self, name: str) -> Rows:
        """Read a table of the OUTPUT that one page shows whole: units, leaders, series, threads …"""
        return self._tables.find(name, lambda: read_table(self.output, name))


def _plan_row(row: Mapping[str, Any], series: Cell) -> PlanRow:
    same = (
        "notice_id", "year", "year_end", "issuing_body", "document_number", "issued_on",
        "path", "url", "items", "problems", "doubts", "reviewed",
    )  # fmt: skip
    return PlanRow(
        title=row["title"] or row["notice_title"] or row["path"] or row["notice_id"],
        place=row["place"] or row["region"] or "",
        series=None if series is None else str(series),
        corrected=row["amended"],
        **{name: row[name] for name in same},
    )


def _second_row(summary: RecordSummary) -> PlanRow:
    return PlanRow(
        notice_id=summary.notice_id,
        title=summary.title or summary.path or summary.notice_id,
        place="",
        year=summary.year,
        year_end=None,
        issuing_body=None,
        document_number=None,
        issued_on=None,
        series=None,
        path=summary.path,
        url=summary.url,
        items=summary.items,
        problems=sum(summary.problems.values()),
        doubts=0,
        reviewed=0,
        corrected=0,
        duplicate=summary.duplicate,
    )


def _order(plan: PlanRow) -> tuple[int, str, str, str]:
    return -(plan.year or 0), plan.place, plan.title, plan.notice_id


def _item_row(hit: Hit) -> ItemRow:
    cells = {column.name: hit.item[column.name] for column in COLUMNS["items"]}
    cells = {name: None if cell == "" else cell for name, cell in cells.items()}
    item = hit.item
    review = (item["state"], item["doubt"], item["position"])
    return ItemRow(cells, *review, hit.field, hit.sentence, hit.marks)
