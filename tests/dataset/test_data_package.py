"""The data package describes every column of every table as tests/cases/tables.csv says."""

from __future__ import annotations

import csv
import json
from itertools import groupby
from typing import Any

import pytest

from pipeline.dataset.data_package import make_package
from pipeline.dataset.table_columns import COLUMNS, OTHER_COLUMNS
from tests.conftest import ROOT

ROWS = list(csv.DictReader((ROOT / "tests/cases/tables.csv").read_text("utf-8").splitlines()))
TABLES = {table: list(rows) for table, rows in groupby(ROWS, lambda row: row["table"])}
ALL = dict.fromkeys(TABLES, 1)


def resource(table: str, package: bytes) -> dict[str, Any]:
    found: list[dict[str, Any]] = json.loads(package)["resources"]
    return next(one for one in found if one["name"] == table)


@pytest.mark.parametrize("table", TABLES)
def test_columns(table: str) -> None:
    schema = resource(table, make_package(ALL))["schema"]
    fields = [(one["name"], one["type"], one.get("title", "")) for one in schema["fields"]]
    assert fields == [(row["column"], row["type"], row["title"]) for row in TABLES[table]]
    keys = [row["column"] for row in TABLES[table] if row["key"]]
    assert schema.get("primaryKey", []) == keys
    told = {one["fields"]: one["reference"] for one in schema.get("foreignKeys", ())}
    assert told == {
        row["column"]: {"resource": row["refers_to"], "fields": row["column"]}
        for row in TABLES[table]
        if row["refers_to"]
    }
    assert schema["missingValues"] == [""]


def test_every_table_has_its_cases() -> None:
    assert list(TABLES) == [*COLUMNS, *OTHER_COLUMNS]


def test_a_table_refers_only_to_tables_that_are_there() -> None:
    package = make_package({"items": 3, "assignments": 2})
    told = resource("assignments", package)["schema"]["foreignKeys"]
    assert [one["reference"]["resource"] for one in told] == ["items"]
    assert resource("items", package)["schema"]["foreignKeys"] == []


def test_a_resource_of_each_kind() -> None:
    for kind, media_type in (
        ("csv", "text/csv"),
        ("jsonl", "application/x-ndjson"),
        ("parquet", "application/vnd.apache.parquet"),
    ):
        package = make_package({"items": 3, "names": None}, kind, "utf-8", ["records"])  # type: ignore[arg-type]
        assert json.loads(package)["profile"] == "data-package"
        items = resource("items", package)
        about = (items["path"], items["format"], items["mediatype"], items["encoding"])
        assert about == (f"items.{kind}", kind, media_type, "utf-8")
        assert (items["rows"], items["profile"]) == (3, "tabular-data-resource")
        assert "rows" not in resource("names", package)
        records = resource("records", package)
        assert (records["type"], "schema" in records) == ("file", False)


def test_an_empty_table_of_json_lines_is_a_file() -> None:
    package = make_package({"items": 0, "notices": 1}, "jsonl")
    assert json.loads(package)["profile"] == "data-package"
    assert "schema" not in resource("items", package)
    assert "schema" in resource("notices", package)
    csv_package = make_package({"items": 0}, "csv")
    assert json.loads(csv_package)["profile"] == "tabular-data-package"
    assert resource("items", csv_package)["rows"] == 0


@pytest.mark.parametrize("table", ["notices", "items"])
def test_every_column_has_a_description(table: str) -> None:
    schema = resource(table, make_package(ALL))["schema"]
    assert [one["name"] for one in schema["fields"] if not one.get("description")] == []


def test_closed_columns_list_their_values() -> None:
    schema = resource("assignments", make_package(ALL))["schema"]
    told = {
        one["name"]: one["constraints"]["enum"] for one in schema["fields"] if "constraints" in one
    }
    assert told["role"] == ["leader", "host", "co_host"]
