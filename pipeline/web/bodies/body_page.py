"""What the page of a body or leader shows, put together from the desk's copy of an OUTPUT."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pipeline.store.duties import (
    BodyFacts,
    Leader,
    PlanYear,
    count_loads,
    read_body_duties,
    read_body_facts,
    read_item_duties,
    read_leader_duties,
)
from pipeline.web.bodies.histogram import Column, make_histogram
from pipeline.web.bodies.load_beside import LoadBeside, compare_loads, list_plan_years
from pipeline.web.bodies.network import Network, draw_network
from pipeline.web.bodies.partners import Partner, Share, count_shares, find_partners, find_ties
from pipeline.web.bodies.year_counts import YearCount, count_years

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from pipeline.model import Role
    from pipeline.store.duties import Duty, Load
    from pipeline.web.bodies.ledger_state import ItemState, PartyState

# How many partners are in the picture, and bodies in the table of loads.
_MOST_DRAWN, _MOST_LOADS = 14, 15


class DutyRow(NamedTuple):
    """An item of a body or leader with all its roles in it, and the ledger's state of it."""

    duty: Duty
    roles: tuple[Role, ...]
    state: ItemState | None


@dataclass(frozen=True, slots=True)
class BodyPage:
    """All that is shown of a body, but for the ledger."""

    facts: BodyFacts
    duties: tuple[Duty, ...]
    years: tuple[YearCount, ...]
    partners: tuple[Partner, ...]
    leaders: dict[str, Leader]
    network: Network
    plan_years: tuple[tuple[PlanYear, int], ...]


@dataclass(frozen=True, slots=True)
class LeaderPage:
    """All that is shown of a leader, but for the ledger; `bodies` are those in the leader's items."""

    leader: Leader
    duties: tuple[Duty, ...]
    years: tuple[YearCount, ...]
    bodies: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class LoadPage:
    """A body's load among those of one place and year: all of them, those that are shown, the columns."""

    beside: LoadBeside
    loads: tuple[Load, ...]
    histogram: tuple[Column, ...]


def read_body_page(connection: Connection, body: str) -> BodyPage | None:
    """Read what is shown of a body; None where no notice names it."""
    facts = read_body_facts(connection, body)
    duties = read_body_duties(connection, body)
    if facts is None or not duties:
        return None
    named = read_item_duties(connection, (one.item_id for one in duties))
    others = [one for one in named if one.body != body]
    partners = find_partners(duties, others)
    drawn = partners[:_MOST_DRAWN]
    network = draw_network(body, drawn, find_ties(drawn, others), facts.place)
    leaders = {
        one.body: Leader(one.name, one.post, one.place)
        for one in reversed(others)
        if one.kind == "person"
    }
    return BodyPage(
        facts, tuple(duties), tuple(count_years(duties)), tuple(partners), leaders, network,
        tuple(list_plan_years(duties)),
    )  # fmt: skip


def read_load_page(connection: Connection, body: str, within: PlanYear) -> LoadPage | None:
    """Read the loads of all bodies of a place and year; None where the body has no items there."""
    loads = count_loads(connection, within)
    beside = compare_loads(body, within, loads, _MOST_LOADS)
    if beside is None:
        return None
    histogram = make_histogram((one.items for one in loads), beside.own.load.items)
    return LoadPage(beside, tuple(loads), tuple(histogram))


def read_leader_page(connection: Connection, leader: Leader) -> LeaderPage | None:
    """Read what is shown of a leader; None where no notice names one with this post and place."""
    duties = read_leader_duties(connection, leader)
    if not duties:
        return None
    bodies = count_shares(read_item_duties(connection, (one.item_id for one in duties)))
    return LeaderPage(leader, tuple(duties), tuple(count_years(duties)), tuple(bodies))


def list_rows(duties: Iterable[Duty], ledger: PartyState | None) -> list[DutyRow]:
    """List the items of a body or leader, each once, in the order of the duties."""
    first: dict[str, Duty] = {}
    roles: dict[str, dict[Role, None]] = {}
    for one in duties:
        first.setdefault(one.item_id, one)
        roles.setdefault(one.item_id, {})[one.role] = None
    states = ledger.items if ledger else {}
    return [DutyRow(one, tuple(roles[key]), states.get(key)) for key, one in first.items()]
