"""A store opened in Datasette as it is."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from pipeline.store import Store, load_notices
from pipeline.store.datasette import write_metadata
from tests.stores import plan


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """A command that answers one request, in a process of its own: Datasette leaves connections open."""
    pytest.importorskip("datasette", reason="needs datasette")
    path = tmp_path_factory.mktemp("site") / "fengong.sqlite"
    with Store(path) as store:
        load_notices([plan(2011), plan(2012, path="b.txt")], store)
    metadata = str(write_metadata(path))
    return [sys.executable, "-m", "datasette", str(path), "--metadata", metadata, "--get"]


def ask(site: list[str], address: str) -> str:
    return subprocess.run([*site, address], check=True, capture_output=True, text=True).stdout


def get(site: list[str], *paths: str) -> list[Any]:
    return [json.loads(ask(site, path)) for path in paths]


def test_tables_labels_and_references(site: list[str]) -> None:
    home, items = get(
        site,
        "/fengong.json",
        "/fengong/assignments.json?_labels=on&role=host&_shape=objects&_sort=id",
    )
    tables = {one["name"]: one for one in home["tables"]}
    assert {name for name, one in tables.items() if not one["hidden"]} == {
        "assignments", "corrections", "fields", "items", "notices", "problems", "unit_names",
        "units", "versions",
    }  # fmt: skip
    row = items["rows"][0]
    # A reference shows what a person calls the thing.
    assert row["canonical"] == {"value": "盐田区财政局", "label": "盐田区财政局"}
    assert row["notice_id"]["label"] == "盐田区2011年重点工作计划"
    assert row["item_id"]["label"] == "编制财政预算。"
    assert "主办单位" in ask(site, "/fengong/items")


def test_questions(site: list[str]) -> None:
    words, unit, load, due = get(
        site,
        "/fengong/word_items.json?word=食堂&_shape=array",
        "/fengong/unit_items.json?unit=区财政局&_shape=array",
        "/fengong/unit_load.json?year=2012&_shape=array",
        "/fengong/due.json?day=2011-12-31&_shape=array",
    )
    assert [row["year"] for row in words] == [2012, 2011]
    assert len(unit) == 6
    assert {row["canonical"]: row["hosted"] for row in load}["盐田区财政局"] == 1
    assert [row["due"] for row in due] == ["2011-06-30"]
