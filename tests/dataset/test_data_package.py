"""The data package describes every column of every table as tests/cases/tables.csv says."""

from __future__ import annotations

import csv
import json
import re
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from pipeline import cli
from pipeline.dataset.column_descriptions import all_descriptions, describe
from pipeline.dataset.data_package import make_package
from pipeline.dataset.package_origin import Origin, find_origin
from pipeline.dataset.table_columns import CLOSED, COLUMNS, OTHER_COLUMNS
from pipeline.decisions import judgements
from pipeline.model import closed_values
from tests.conftest import ROOT, parse

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
        package = make_package({"items": 3, "names": None}, (), kind, "utf-8", ["records"])  # type: ignore[arg-type]
        assert json.loads(package)["profile"] == "data-package"
        items = resource("items", package)
        about = (items["path"], items["format"], items["mediatype"], items["encoding"])
        assert about == (f"items.{kind}", kind, media_type, "utf-8")
        assert (items["rows"], items["profile"]) == (3, "tabular-data-resource")
        assert "rows" not in resource("names", package)
        records = resource("records", package)
        assert (records["type"], "schema" in records) == ("file", False)


def test_an_empty_table_of_json_lines_is_a_file() -> None:
    package = make_package({"items": 0, "notices": 1}, (), "jsonl")
    assert json.loads(package)["profile"] == "data-package"
    assert "schema" not in resource("items", package)
    assert "schema" in resource("notices", package)
    csv_package = make_package({"items": 0}, (), "csv")
    assert json.loads(csv_package)["profile"] == "tabular-data-package"
    assert resource("items", csv_package)["rows"] == 0


@pytest.mark.parametrize("table", TABLES)
def test_every_table_and_column_is_described(table: str) -> None:
    """With a Chinese title and a description in the package, and one in English for the guide."""
    found = resource(table, make_package(ALL))
    bare = [
        f"{table}.{one.get('name')}: {key}"
        for one in (found, *found["schema"]["fields"])
        for key in ("title", "description")
        if not re.search("[\u4e00-\u9fff]", one.get(key, ""))
    ]
    assert bare == [], "rows that pipeline/dataset/column_descriptions.csv lacks"
    assert describe(table).en


def test_descriptions_are_of_something_and_sorted() -> None:
    keys = list(all_descriptions())
    assert keys == sorted(keys)
    assert [key for key, told in all_descriptions().items() if not (told.zh and told.en)] == []
    columns = COLUMNS | OTHER_COLUMNS
    known = {(table, one.name) for table, own in columns.items() for one in own}
    stray = [key for key in keys if key[0] in columns and key[1] and key not in known]
    assert stray == []


def test_closed_columns_list_their_values() -> None:
    package = make_package(ALL)
    told = {
        (table, one["name"]): one["constraints"]["enum"]
        for table in TABLES
        for one in resource(table, package)["schema"]["fields"]
        if "constraints" in one
    }
    assert told[("assignments", "role")] == ["leader", "host", "co_host"]
    assert told[("units", "level")][0] == "national"
    assert told[("problems", "severity")] == ["error", "warning", "info"]
    assert told[("sources", "fate")] == ["read", "skipped", "failed"]
    assert "revived" in told[("threads", "kind")]
    assert set(CLOSED[("judgements", "decision")]) == set(judgements._DECISIONS)
    assert told[("judgements", "decision")] == list(CLOSED[("judgements", "decision")])


def test_an_open_annotation_has_no_values() -> None:
    assert closed_values(str) == closed_values(str | None) == ()


def test_the_package_tells_its_sources() -> None:
    one = Origin("aa", "某区2011年计划", "https://example.gov.cn/a.html", "2011-07-22")
    other = Origin("bb", "某区2012年计划", None, None)
    package = json.loads(make_package({"notices": 2}, [one, other]))
    assert package["sources"] == [
        {"title": "某区2011年计划", "path": "https://example.gov.cn/a.html"},
        {"title": "某区2012年计划"},
    ]
    assert package["created"] == "2011-07-22T00:00:00+08:00"
    assert package["licenses"][0]["name"] == "other-pd"
    assert package["version"].startswith("1.0.0+")


def test_version_and_id_follow_the_bytes_of_the_sources_in_any_order() -> None:
    one, other = (Origin(digest, None, None, None) for digest in ("aa", "bb"))
    first, turned, less = (
        json.loads(make_package({"notices": 1}, own)) for own in ([one, other], [other, one], [one])
    )
    assert (first["id"], first["version"]) == (turned["id"], turned["version"])
    assert first["id"] != less["id"]
    assert "created" not in first


def test_many_sources_are_a_table() -> None:
    origins = [Origin(str(n), None, None, None) for n in range(1001)]
    package = json.loads(make_package({"notices": 1001}, origins, "parquet"))
    assert package["sources"] == [
        {"title": "1001份文件，见notices.parquet", "path": "notices.parquet"}
    ]


def test_the_newest_day_of_a_notice() -> None:
    notice = parse("某区2011年重点工作\n一、建设学校。\n责任单位：区教育局\n")
    assert find_origin(notice).day is None
    dated = notice.model_copy(update={"issued_on": "2011-07-22", "published_on": "2011-09-02"})
    assert find_origin(dated).day == "2011-09-02"


def test_the_same_sources_give_the_same_package(tmp_path: Path) -> None:
    """Whatever the day and the folder; another byte in a source gives another id."""
    path = tmp_path / "plan.txt"
    packages = []
    for n, text in enumerate(("责任单位：区教育局", "责任单位：区教育局", "责任单位：区体育局")):
        path.write_text(
            f"某区2011年重点工作\n一、建设学校。\n{text}\n某区人民政府办公室\n2011年7月22日\n",
            "utf-8",
        )
        output = tmp_path / f"out{n}"
        assert cli.main(["parse", str(path), "-o", str(output)]) == 0
        packages.append((output / "datapackage.json").read_bytes())
        path.unlink()
    assert packages[0] == packages[1]
    first, other = (json.loads(one) for one in packages[1:])
    assert first["created"] == "2011-07-22T00:00:00+08:00"
    assert first["sources"] == [{"title": "某区2011年重点工作"}]
    assert (first["id"], first["version"]) != (other["id"], other["version"])
