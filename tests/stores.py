"""Shared by the tests of the store: empty stores of every kind, and plans to load."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from pipeline.batch.jobs import notice_id
from pipeline.model import Notice
from pipeline.parse.notice import parse_notice
from pipeline.store import Loaded, Store
from tests.conftest import source
from tests.postgres import find_server, run_server

PLAN = """盐田区{year}年重点工作计划

一、重点任务
1、建设智慧食堂。在各社区建设智慧食堂{count}家，方便老人就餐。
牵头区领导：王宏彬；主办单位：区民政局；
协办单位：区财政局、各街道办。
2、改造老旧小区。
主办单位：区住建局；协办单位：区财政局。完成时限：6月底前。
3、编制财政预算。做好GDP（地区生产总值）核算，增长率100%_以上。
主办单位：区财政局；协办单位：区发改局(区统计局)。
"""


def plan(year: int = 2011, count: int = 5, path: str = "a.txt") -> Notice:
    """The record of a small plan."""
    made = source(PLAN.format(year=year, count=count)).model_copy(update={"path": path})
    return parse_notice(made, notice_id(path, made.sha256))


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    programs = find_server()
    if programs is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL is missing in CI")
        pytest.skip("needs PostgreSQL's server programs (initdb, pg_ctl)")
    pytest.importorskip("psycopg", reason="needs the extra postgres")
    with run_server(programs) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty store can be made, of either kind."""
    if request.param == "sqlite":
        return str(tmp_path / "s.sqlite")
    server = request.getfixturevalue("postgres")
    name = f"t{uuid4().hex}"
    address = server.replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(f"{address}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return f"{server}/{name}"


def rows(store: Store, query: str) -> list[tuple[object, ...]]:
    """The rows that a question in SQL gives."""
    with store.reading() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def counts(loaded: Loaded) -> tuple[int, int, int, int]:
    """How many notices a load added, updated, left unchanged and retired."""
    return (
        len(loaded.added), len(loaded.updated), len(loaded.unchanged), len(loaded.retired)
    )  # fmt: skip
