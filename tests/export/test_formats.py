"""Files for other programs: nothing lost, types right, packages valid, formulas asleep."""

from __future__ import annotations

import argparse
import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import frictionless
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pydantic import BaseModel

from pipeline import cli
from pipeline.batch.jobs import notice_id
from pipeline.cli.export_command import export_files
from pipeline.dataset.table_columns import COLUMNS
from pipeline.dataset.table_rows import notice_rows, plain_row
from pipeline.export import arrow_schemas, export_folder, parquet_sinks
from pipeline.export.arrow_schemas import model_fields
from pipeline.export.csv_files import write_csv
from pipeline.export.jsonl_files import write_jsonl
from pipeline.export.parquet_files import read_parquet_records, write_parquet
from pipeline.model import Corrected, Notice, Stated
from pipeline.parse.notice import parse_notice
from tests.conftest import RAW, parse, source

KINDS: dict[str, Callable[..., dict[str, int]]] = {
    "parquet": write_parquet,
    "jsonl": write_jsonl,
    "csv": write_csv,
}
PLAIN = "盐田区{year}年重点工作任务分工\n1、推进改革{year}。\n主办单位:区财政局;\n目标:{year}个;\n完成时限:6月底前;\n"


@pytest.fixture(name="notices")
def _notices() -> list[Notice]:
    return made()


def made() -> list[Notice]:
    """The real notice, one of a person's corrections, one with fields, one that is no plan."""
    real = parse_notice(source(RAW.read_text("utf-8")), "real")
    return [
        real,
        corrected(real),
        named("a", PLAIN.format(year=2020)),
        named("b", "关于解读的说明"),
    ]


def named(name: str, text: str) -> Notice:
    return parse_notice(source(text), name)


def corrected(notice: Notice) -> Notice:
    """A copy under another id, with a list, a number and a year corrected."""
    by: dict[str, Any] = {"who": "=甲", "when": "2024-06-30"}
    stated = (Stated(name="=区财政局", kind="unit"),)
    own = (
        Corrected(field="host_units", names=stated, **by),
        Corrected(field="number", value="7", why="漏读", **by),
        Corrected(field="deadline", value="2011年6月底前", **by),
    )
    items = [replace(one, item_id=f"mended#{n}") for n, one in enumerate(notice.items, 1)]
    items[0] = replace(items[0], corrected=own)
    year = (Corrected(field="year", value="2012", **by),)
    update = {"notice_id": "mended", "items": tuple(items), "corrected": year}
    return notice.model_copy(update=update)


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def rows_of(notices: list[Notice], table: str) -> list[dict[str, Any]]:
    """A table's rows as they should be read back: columns in order, None for what is absent."""
    return [plain_row(table, row) for notice in notices for row in notice_rows(notice)[table]]


def export(output: Path, to: str, **more: object) -> int:
    told = {"output": output, "to": to, "target": None, "notice": None, "no_bom": False}
    return export_files(argparse.Namespace(**(told | more)))


# --- Lossless ----------------------------------------------------------------------------------


def test_records_come_back_from_parquet(notices: list[Notice], tmp_path: Path) -> None:
    write_parquet(notices, tmp_path)
    back = list(read_parquet_records(tmp_path / "records.parquet"))
    assert back == notices
    # Also what equality does not tell: the order of a dict's keys.
    assert [one.model_dump_json() for one in back] == [one.model_dump_json() for one in notices]
    assert any(item.fields for one in back for item in one.items)
    assert any(one.source.particulars == {} for one in back)


def test_records_come_back_from_json_lines(notices: list[Notice], tmp_path: Path) -> None:
    write_jsonl(notices, tmp_path)
    data = (tmp_path / "records.jsonl").read_bytes()
    lines = data.removesuffix(b"\n").split(b"\n")
    assert [Notice.model_validate_json(line) for line in lines] == notices
    assert "区民政局".encode() in data
    assert b": " not in data.split(b'"text":"', 1)[0]


def test_particulars_attachments_and_places_come_back(tmp_path: Path) -> None:
    told: dict[str, Any] = json.loads(parse(PLAIN.format(year=2021)).model_dump_json())
    told["source"] |= {
        "particulars": {"title": "标题", "index_number": ""},
        "attachments": [{"text": "附件", "url": "http://example.invalid/a"}],
        "locations": [{"span": {"start": 0, "end": 3}, "page": 2, "cell": None}],
    }
    notice = Notice.model_validate(told)
    write_parquet([notice], tmp_path)
    assert list(read_parquet_records(tmp_path / "records.parquet")) == [notice]


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_records_give_the_same_bytes(
    kind: str, notices: list[Notice], tmp_path: Path
) -> None:
    KINDS[kind](notices, tmp_path / "one")
    KINDS[kind](iter(notices), tmp_path / "two")
    assert bytes_of(tmp_path / "one") == bytes_of(tmp_path / "two")
    KINDS[kind](notices[::-1], tmp_path / "three")
    assert bytes_of(tmp_path / "one") != bytes_of(tmp_path / "three")


def test_portions_change_nothing(
    notices: list[Notice], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_parquet(notices, tmp_path / "one")
    monkeypatch.setattr(export_folder, "_MOST_NOTICES", 3)
    monkeypatch.setattr(parquet_sinks, "_TABLE_GROUP", 2)
    write_parquet(notices, tmp_path / "many")
    assert pq.ParquetFile(tmp_path / "one" / "records.parquet").num_row_groups == 1
    assert pq.ParquetFile(tmp_path / "many" / "records.parquet").num_row_groups == 2
    for path in (tmp_path / "one").glob("*.parquet"):
        other = tmp_path / "many" / path.name
        assert pq.read_table(path).equals(pq.read_table(other)), path.name


def test_a_portion_ends_where_texts_are_long(
    notices: list[Notice], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_folder, "_MOST_CHARACTERS", len(notices[0].source.text))
    assert [len(one) for one in export_folder._split_into_portions(notices)] == [1, 1, 2]


# --- Types -------------------------------------------------------------------------------------


def test_flat_parquet_has_the_rows_in_force(notices: list[Notice], tmp_path: Path) -> None:
    sizes = write_parquet(notices, tmp_path)
    for table in ("notices", "items", "assignments", "problems"):
        back = pq.read_table(tmp_path / f"{table}.parquet").to_pylist()
        days = [name for name, kind, _ in COLUMNS[table] if kind == "date"]
        for row in back:
            row |= {name: row[name].isoformat() if row[name] else None for name in days}
        assert back == rows_of(notices, table)
        assert sizes[table] == len(back)
    items = pq.read_table(tmp_path / "items.parquet").to_pylist()
    mended = next(row for row in items if row["item_id"] == "mended#1")
    assert (mended["host_units"], mended["number"], mended["year"]) == ("=区财政局", 7, 2012)
    assert mended["due"] == dt.date(2011, 6, 30)


def test_pandas_finds_the_right_types(notices: list[Notice], tmp_path: Path) -> None:
    write_parquet(notices, tmp_path)
    for table, columns in COLUMNS.items():
        frame = pd.read_parquet(tmp_path / f"{table}.parquet")
        schema = pq.read_schema(tmp_path / f"{table}.parquet")
        for name, kind, _ in columns:
            kinds = {"integer": ("Int64", "int64"), "string": ("str", "string")}
            told = kinds.get(kind, ("object", "date32[day]"))
            assert (str(frame[name].dtype), str(schema.field(name).type)) == told, (table, name)
    years = pd.read_parquet(tmp_path / "notices.parquet")["year"]
    assert years.tolist()[:3] == [2011, 2012, 2020]
    assert years.isna().tolist() == [False, False, False, True]


def test_json_lines_have_types_and_nulls(notices: list[Notice], tmp_path: Path) -> None:
    write_jsonl(notices, tmp_path)
    for table in ("notices", "items", "assignments", "problems"):
        lines = (tmp_path / f"{table}.jsonl").read_text("utf-8").split("\n")[:-1]
        assert [json.loads(line) for line in lines] == rows_of(notices, table)
        assert all(list(json.loads(line)) == [c[0] for c in COLUMNS[table]] for line in lines)


def test_nested_items_agree_with_the_flat_ones(notices: list[Notice], tmp_path: Path) -> None:
    write_parquet(notices, tmp_path)
    flat = pq.read_table(tmp_path / "items.parquet").to_pylist()
    nested = pq.read_table(tmp_path / "items_nested.parquet").to_pylist()
    for one, two in zip(flat, nested, strict=True):
        for name in ("notice_id", "item_id", "year", "region", "label", "number", "title"):
            assert one[name] == two[name]
        for name in ("leaders", "host_units", "co_host_units"):
            assert (one[name] or "") == "、".join(unit["name"] for unit in two[name])


class _Inner(BaseModel):
    word: str
    many: tuple[tuple[int, ...], ...]


class _Outer(BaseModel):
    is_open: bool
    kind: Literal["a", "b"] | None
    inner: dict[str, _Inner]
    maybe: _Inner | None


def test_any_model_becomes_a_schema() -> None:
    inner = pa.struct(
        [
            pa.field("word", pa.string(), nullable=False),
            pa.field(
                "many",
                pa.list_(
                    pa.field(
                        "element",
                        pa.list_(pa.field("element", pa.int64(), nullable=False)),
                        nullable=False,
                    )
                ),
                nullable=False,
            ),
        ]
    )
    assert model_fields(_Outer) == [
        pa.field("is_open", pa.bool_(), nullable=False),
        pa.field("kind", pa.string()),
        pa.field(
            "inner", pa.map_(pa.string(), pa.field("value", inner, nullable=False)), nullable=False
        ),
        pa.field("maybe", inner),
    ]


@pytest.mark.parametrize(
    "annotation", [float, int | str, tuple[int, str], dict[int, str], list[str]]
)
def test_other_annotations_are_refused(annotation: object) -> None:
    with pytest.raises(TypeError):
        arrow_schemas._field("x", annotation)


def test_columns_of_parquet_tell_what_they_are(notices: list[Notice], tmp_path: Path) -> None:
    write_parquet(notices, tmp_path)
    due = pq.read_schema(tmp_path / "items.parquet").field("due").metadata
    assert due[b"title"].decode() == "期限"
    assert due[b"description"].decode().startswith("完成时限的最后一日")
    hosts = pq.read_schema(tmp_path / "items_nested.parquet").field("host_units")
    assert hosts.metadata[b"title"].decode() == "主办单位"
    inner = hosts.type.value_type.field("canonical").metadata
    assert inner[b"description"].decode() == "规范名称"


# --- Packages ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("many", [0, 1, 4])
def test_each_package_is_valid(
    kind: str, many: int, notices: list[Notice], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    KINDS[kind](notices[:many], tmp_path)
    monkeypatch.chdir(tmp_path)
    report = frictionless.validate("datapackage.json")
    assert report.valid, report.flatten(["name", "type", "note"])
    told = json.loads((tmp_path / "datapackage.json").read_bytes())["resources"]
    assert {one["path"] for one in told} == bytes_of(tmp_path).keys() - {"datapackage.json"}
    # Every table is one to frictionless, but JSON Lines without a line.
    tables = {one["name"] for one in told if "schema" in one}
    files_of = {name: (tmp_path / f"{name}.{kind}").stat().st_size for name in COLUMNS}
    assert tables == {name for name, size in files_of.items() if size}


@pytest.mark.parametrize("kind", KINDS)
def test_a_package_finds_a_wrong_row(
    kind: str, notices: list[Notice], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the packages say of keys and types is really looked at."""
    KINDS[kind](notices, tmp_path)
    path = tmp_path / f"notices.{kind}"
    if kind == "parquet":
        pq.write_table(pq.read_table(path).slice(1), path)
    else:
        path.write_bytes(path.read_bytes().replace(b"real", b"unreal", 1))
    monkeypatch.chdir(tmp_path)
    report = frictionless.validate("datapackage.json")
    faults = {task.name: {error.type for error in task.errors} for task in report.tasks}
    assert faults["items"] == {"foreign-key"}


def test_the_output_with_all_it_can_hold_is_valid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sources = tmp_path / "raw"
    sources.mkdir()
    for year in (2020, 2021):
        (sources / f"{year}.txt").write_text(PLAIN.format(year=year), "utf-8")
    out = tmp_path / "out"
    item = notice_id("2020.txt", files_hash(sources / "2020.txt")) + "#1"
    judged = tmp_path / "judged.csv"
    judged.write_text("place,name,body,decision,who,why\n,区财政局,=x,same,@甲,\n", "utf-8")
    words = ["--set", "host_units=@SUM(A1)、区民政局", "--set", "number=3", "--who", "甲"]
    for args in (
        ["parse", sources, "-o", out],
        ["names", out],
        ["threads", out],
        ["correct", item, *words, "-o", out],
        ["correct", item.partition("#")[0], "--set", "issued_on=2020-02-03", "-o", out],
        ["names", out, "--judge", judged],
        ["names", out],
    ):
        assert cli.main([str(arg) for arg in args]) == 0, capsys.readouterr().err
    monkeypatch.chdir(out)
    report = frictionless.validate("datapackage.json")
    assert report.valid, report.flatten(["name", "type", "note"])
    tables = {task.name for task in report.tasks}
    assert tables >= {"corrections", "judgements", "names", "threads", *COLUMNS}


def files_hash(path: Path) -> str:
    from pipeline.dataset.manifest import file_hash

    return file_hash(path)
