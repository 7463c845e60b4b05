"""What bodies and leaders have to do, counted from a store and compared with counts by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from pipeline.store import Store
from pipeline.store.duties import (
    BodyFacts,
    Leader,
    LeaderLoad,
    PlanYear,
    count_leaders,
    count_loads,
    read_body_duties,
    read_body_facts,
    read_item_duties,
    read_leader_duties,
)
from pipeline.web.bodies.load_beside import compare_loads, list_plan_years
from pipeline.web.bodies.partners import Share, Tie, count_shares, find_partners, find_ties
from pipeline.web.bodies.year_counts import YearCount, count_years
from tests.web.bodies.small_plans import CIVIL, EDUCATION, FINANCE, HOUSING, URBAN

PLACE = "广东省深圳市盐田区"
WANG, LIU = Leader("王宏彬", "", PLACE), Leader("刘慧", "", PLACE)


@pytest.fixture
def connection(small_store: Path) -> Iterator[Connection]:
    with Store(small_store, read_only=True) as store, store.reading() as connection:
        yield connection


def test_duties_come_with_role_plan_and_last_day(connection: Connection) -> None:
    duties = read_body_duties(connection, FINANCE)
    shown = [(one.year, one.label, one.role, one.name, one.due) for one in duties]
    assert shown == [
        (2012, "1、", "host", "区财政局", ""),
        (2012, "2、", "co_host", "区财政局", ""),
        (2011, "1、", "co_host", "区财政局", ""),
        (2011, "2、", "co_host", "区财政局", "2011-06-30"),
        (2011, "3、", "host", "区财政局", ""),
    ]
    assert {one.plan_title for one in duties if one.year == 2011} == {"盐田区2011年重点工作计划"}
    assert {one.place for one in duties} == {PLACE}


def test_years_count_items_by_role(connection: Connection) -> None:
    assert count_years(read_body_duties(connection, FINANCE)) == [
        YearCount(2011, led=0, hosted=1, co_hosted=2, items=3, notices=1),
        YearCount(2012, led=0, hosted=1, co_hosted=1, items=2, notices=1),
    ]
    assert count_years(read_leader_duties(connection, WANG)) == [
        YearCount(2011, led=1, hosted=0, co_hosted=0, items=1, notices=1),
        YearCount(2012, led=1, hosted=0, co_hosted=0, items=1, notices=1),
    ]
    assert read_leader_duties(connection, WANG._replace(place="南京市")) == []


def test_an_item_of_two_roles_counts_once_and_plans_without_a_year_come_last(
    connection: Connection,
) -> None:
    one = read_body_duties(connection, FINANCE)[0]
    twice = [one, one._replace(role="co_host"), one._replace(year=None, item_id="x#1")]
    assert count_years(twice) == [
        YearCount(2012, led=0, hosted=1, co_hosted=1, items=1, notices=1),
        YearCount(None, led=0, hosted=1, co_hosted=0, items=1, notices=1),
    ]


def test_partners_lead_help_or_work_beside(connection: Connection) -> None:
    own = read_body_duties(connection, FINANCE)
    named = read_item_duties(connection, (one.item_id for one in own))
    others = [one for one in named if one.body != FINANCE]
    partners = find_partners(own, others)
    assert [(one.body, one.items, one.leads, one.helps, one.beside) for one in partners] == [
        (CIVIL, 3, 1, 1, 1),
        ("王宏彬", 2, 2, 0, 0),
        (EDUCATION, 2, 0, 1, 1),
        ("刘慧", 1, 1, 0, 0),
        (HOUSING, 1, 1, 0, 0),
        (URBAN, 1, 1, 0, 0),
    ]
    assert find_ties(partners, others) == [
        Tie("王宏彬", EDUCATION, 2),
        Tie("王宏彬", CIVIL, 2),
        Tie(EDUCATION, CIVIL, 2),
        Tie("刘慧", URBAN, 1),
    ]
    assert find_ties(partners[:1], others) == []


def test_a_leader_works_through_bodies(connection: Connection) -> None:
    own = read_leader_duties(connection, WANG)
    assert count_shares(read_item_duties(connection, (one.item_id for one in own))) == [
        Share(CIVIL, hosted=2, co_hosted=0, items=2),
        Share(FINANCE, hosted=1, co_hosted=1, items=2),
        Share(EDUCATION, hosted=0, co_hosted=2, items=2),
    ]


def test_loads_are_compared_within_one_place_and_year(connection: Connection) -> None:
    within = PlanYear(PLACE, 2011)
    loads = count_loads(connection, within)
    assert [(one.body, one.hosted, one.co_hosted, one.items) for one in loads] == [
        (FINANCE, 1, 2, 3),
        (CIVIL, 1, 1, 2),
        (HOUSING, 1, 0, 1),
        (EDUCATION, 0, 1, 1),
    ]
    beside = compare_loads(EDUCATION, within, loads, shown=2)
    assert beside is not None
    assert (beside.own.rank, beside.bodies, beside.median, beside.busier) == (3, 4, 1.5, 2)
    assert [(one.rank, one.load.body, one.is_own) for one in beside.rows] == [
        (1, FINANCE, False),
        (3, EDUCATION, True),
    ]
    assert compare_loads(URBAN, within, loads, shown=2) is None
    assert count_loads(connection, PlanYear(PLACE, None)) == []
    assert list_plan_years(read_body_duties(connection, FINANCE)) == [
        (PlanYear(PLACE, 2012), 2),
        (PlanYear(PLACE, 2011), 3),
    ]


def test_all_plans_together_give_first_and_last_years(connection: Connection) -> None:
    loads = {one.body: one for one in count_loads(connection)}
    finance = loads[FINANCE]
    assert (finance.items, finance.first_year, finance.last_year) == (5, 2011, 2012)
    assert (finance.level, finance.place) == ("county", "盐田区")
    assert (loads[URBAN].first_year, loads[URBAN].last_year) == (2012, 2012)
    assert count_leaders(connection) == [
        LeaderLoad(WANG, items=2, notices=2, first_year=2011, last_year=2012),
        LeaderLoad(LIU, items=1, notices=1, first_year=2012, last_year=2012),
    ]


def test_facts_of_a_body_and_of_a_name_that_none_has(connection: Connection) -> None:
    facts = BodyFacts(CIVIL, "unit", "county", "盐田区", ("区民政局",), ())
    assert read_body_facts(connection, CIVIL) == facts
    assert read_body_facts(connection, "王宏彬") is None
    assert read_body_facts(connection, "没有的局") is None
