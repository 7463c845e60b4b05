"""A store opened in Datasette as it is."""

from __future__ import annotations

import asyncio
import json
import warnings
from pathlib import Path
from typing import Any

import pytest

from pipeline.store import Store, load_notices
from pipeline.store.datasette import write_metadata
from tests.stores import plan


@pytest.fixture
def site(tmp_path: Path) -> Any:
    datasette = pytest.importorskip("datasette.app", reason="needs datasette")
    path = tmp_path / "fengong.sqlite"
    with Store(path) as store:
        load_notices([plan(2011), plan(2012, path="b.txt")], store)
    metadata = json.loads(write_metadata(path).read_text("utf-8"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return datasette.Datasette([str(path)], metadata=metadata)


def get(site: Any, *paths: str) -> list[Any]:
    async def ask() -> list[Any]:
        return [await site.client.get(path) for path in paths]

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return asyncio.run(ask())


def test_tables_labels_and_references(site: Any) -> None:
    home, items, page = get(
        site,
        "/fengong.json",
        "/fengong/assignments.json?_labels=on&role=host&_shape=objects&_sort=id",
        "/fengong/items",
    )
    tables = {one["name"]: one for one in home.json()["tables"]}
    assert {name for name, one in tables.items() if not one["hidden"]} == {
        "assignments", "corrections", "fields", "items", "notices", "problems", "unit_names",
        "units", "versions",
    }  # fmt: skip
    row = items.json()["rows"][0]
    # A reference shows what a person calls the thing.
    assert row["canonical"] == {"value": "盐田区财政局", "label": "盐田区财政局"}
    assert row["notice_id"]["label"] == "盐田区2011年重点工作计划"
    assert row["item_id"]["label"] == "编制财政预算。"
    assert page.status_code == 200
    assert "主办单位" in page.text


def test_questions(site: Any) -> None:
    words, unit, load, due = get(
        site,
        "/fengong/word_items.json?word=食堂&_shape=array",
        "/fengong/unit_items.json?unit=区财政局&_shape=array",
        "/fengong/unit_load.json?year=2012&_shape=array",
        "/fengong/due.json?day=2011-12-31&_shape=array",
    )
    assert [row["year"] for row in words.json()] == [2012, 2011]
    assert len(unit.json()) == 6
    assert {row["canonical"]: row["hosted"] for row in load.json()}["盐田区财政局"] == 1
    assert [row["due"] for row in due.json()] == ["2011-06-30"]
