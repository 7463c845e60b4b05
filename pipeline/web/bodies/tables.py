"""The tables of the pages of bodies and leaders, as they are downloaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.web.downloads import PageTable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.store.duties import LeaderLoad, Load
    from pipeline.web.bodies.body_page import BodyPage, DutyRow, LoadPage


def table_of_bodies(loads: Iterable[Load]) -> PageTable:
    """Return bodies with their loads."""
    columns = (
        "canonical", "kind", "level", "place", "hosted", "co_hosted", "items", "first_year",
        "last_year",
    )  # fmt: skip
    return PageTable("bodies", columns, tuple(tuple(one) for one in loads))


def table_of_leaders(loads: Iterable[LeaderLoad]) -> PageTable:
    """Return leaders with their loads."""
    columns = ("name", "post", "place", "items", "notices", "first_year", "last_year")
    return PageTable("leaders", columns, tuple((*one.leader, *one[1:]) for one in loads))


def table_of_items(rows: Iterable[DutyRow]) -> PageTable:
    """Return the items of a body or leader, with what the ledger says of them."""
    columns = (
        "item_id", "notice_id", "year", "place", "plan_title", "label", "title", "roles", "name",
        "due", "reported", "state", "item_state", "days_over",
    )  # fmt: skip
    return PageTable("items", columns, tuple(_row_of_item(one) for one in rows))


def _row_of_item(row: DutyRow) -> tuple[object, ...]:
    duty, state = row.duty, row.state
    about = (
        duty.item_id, duty.notice_id, duty.year, duty.place, duty.plan_title, duty.label,
        duty.title, "、".join(row.roles), duty.name, duty.due,
    )  # fmt: skip
    if state is None:
        return (*about, None, None, None, None)
    return (*about, state.is_reported, state.state, state.item_state, state.days_over)


def tables_of_body(
    body: BodyPage, load: LoadPage | None, rows: Iterable[DutyRow]
) -> dict[str, PageTable]:
    """Return the tables of a body's page by name."""
    years = ("year", "led", "hosted", "co_hosted", "items", "notices")
    partners = ("canonical", "kind", "items", "leads", "helps", "beside")
    loads = (
        "canonical", "kind", "level", "place", "hosted", "co_hosted", "items", "first_year",
        "last_year",
    )  # fmt: skip
    return {
        "items": table_of_items(rows),
        "years": PageTable("years", years, tuple(tuple(one) for one in body.years)),
        "partners": PageTable("partners", partners, tuple(tuple(one) for one in body.partners)),
        "loads": PageTable("loads", loads, tuple(tuple(one) for one in load.loads) if load else ()),
    }
