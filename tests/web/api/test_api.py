"""The API says what the files say, pages are whole, failures have no internals, writes see conflicts."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

import pytest
import schemathesis
import uvicorn
from fastapi.testclient import TestClient
from hypothesis import given, settings
from schemathesis.core.result import Ok

from pipeline import cli
from pipeline.dataset.in_force import in_force
from pipeline.dataset.record_files import read_records
from pipeline.errors import StoreError
from pipeline.web.app import create_app
from pipeline.web.library import Library
from pipeline.web.settings import DeskSettings
from tests.conftest import ROOT
from tests.web.outputs import run

API = "/api/v1"


def read_table(output: Path, name: str) -> list[dict[str, str]]:
    text = (output / f"{name}.csv").read_text("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def read_all(desk: TestClient, address: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    while address:
        answer = desk.get(address)
        assert answer.status_code == 200, answer.text
        rows += answer.json()["rows"]
        address = answer.json()["next"]
    return rows


def as_texts(rows: list[dict[str, object]]) -> list[dict[str, str]]:
    return [{k: "" if v is None else str(v) for k, v in row.items()} for row in rows]


@pytest.fixture
def corrected(made: Path, tmp_path: Path) -> Path:
    """An OUTPUT in which a title was corrected and an item found right."""
    output = Path(shutil.copytree(made, tmp_path / "output"))
    item_id = read_table(output, "items")[0]["item_id"]
    run("correct", item_id, "--set", "title=建设新食堂", "-o", output, "--who", "张")
    return output


@pytest.fixture
def writing(corrected: Path, tmp_path: Path) -> Iterator[TestClient]:
    app = create_app(DeskSettings(corrected, cache=tmp_path / "cache"))
    with TestClient(app, base_url="http://127.0.0.1:8400") as client:
        yield client


def test_records_are_those_of_the_files(writing: TestClient, corrected: Path) -> None:
    for notice in read_records(corrected):
        address = f"{API}/notices/{quote(notice.notice_id)}"
        file = corrected / "json" / f"{notice.notice_id}.json"
        assert writing.get(address).content == file.read_bytes()
        now = in_force(notice)
        given = writing.get(address, params={"values": "in_force"}).json()
        assert given == json.loads(now.model_dump_json())
        for item in now.items:
            one = writing.get(f"{API}/items/{quote(item.item_id, safe='')}").json()
            assert one["item"] in given["items"]
            assert one["text"] == notice.source.text[item.span.start : item.span.end]


@pytest.mark.parametrize(
    ("name", "table", "key"),
    [
        ("items", "items", "item_id"),
        ("bodies", "units", "canonical"),
        ("leaders", "leaders", "leader"),
        ("problems", "problems", "item_id"),
    ],
)
def test_rows_are_those_of_the_tables(
    writing: TestClient, corrected: Path, name: str, table: str, key: str
) -> None:
    files = read_table(corrected, table)
    rows = as_texts(read_all(writing, f"{API}/{name}?size=4"))
    named = {row[key]: {head: row[head] for head in files[0]} for row in rows}
    assert len(rows) == len(named) == len(files) > 3
    assert named == {row[key]: row for row in files}


def test_plans_are_those_of_the_table(writing: TestClient, corrected: Path) -> None:
    rows = as_texts(read_all(writing, f"{API}/plans?size=4"))
    files = read_table(corrected, "notices")
    for name in ("notice_id", "title", "year", "place", "path", "items", "problems"):
        assert sorted(row[name] for row in rows) == sorted(row[name] for row in files)
    assert len(read_all(writing, f"{API}/plans?year=2011")) == 2


def test_search_counts_and_marks(writing: TestClient) -> None:
    found = writing.get(f"{API}/search", params={"words": "新食堂"}).json()
    assert found["total"] == 1
    (row,) = found["rows"]
    assert (row["title"], row["state"]) == ("建设新食堂", "corrected")
    assert [row["sentence"][a:b] for a, b in row["marks"]] == ["新食堂"]
    assert found["facets"]["leader"] == [{"value": "王宏彬", "items": 1}]


def test_item_has_the_sentences_of_its_values(desk: TestClient) -> None:
    row = desk.get(f"{API}/items?words=路灯&year=2011").json()["rows"][0]
    one = desk.get(f"{API}/items/{quote(row['item_id'], safe='')}").json()
    told = {(each["field"], each["value"]): each["sentence"] for each in one["evidence"]}
    assert told["host", "区住建局"].endswith("主办单位：区住建局；")
    assert told["deadline", "6月底前"] == "完成时限：6月底前。"


def test_comparison_is_that_of_the_command(
    desk: TestClient, made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = sorted(
        one["notice_id"] for one in read_table(made, "notices") if "盐田" in one["title"]
    )[:2]
    capsys.readouterr()
    assert (
        cli.main(
            [
                "diff",
                *(str(made / "json" / f"{one}.json") for one in (old, new)),
                "--format",
                "json",
            ]
        )
        == 0
    )
    told = json.loads(capsys.readouterr().out)
    answer = desk.get(f"{API}/comparisons", params={"previous": old, "current": new})
    assert answer.json() in (told, *(told if isinstance(told, list) else ()))


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("notices/x", 404),
        ("notices/..%2Fdatapackage", 404),
        ("items/x%231", 404),
        ("bodies/x", 404),
        ("comparisons?previous=x&current=y", 404),
        ("comparisons", 422),
        ("items?after=x", 422),
        ("items?role=chief", 422),
        ("items?year=-1", 422),
        ("items?size=0", 422),
        ("nothing", 404),
    ],
)
def test_failures_are_told_without_internals(desk: TestClient, address: str, status: int) -> None:
    answer = desk.get(f"{API}/{address}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == status
    assert told["title"]
    assert told["remedy"]
    assert "/" not in told["title"] + told["remedy"]


def send(desk: TestClient, item_id: str, **change: str) -> tuple[int, dict[str, object]]:
    address = f"{API}/notices/{quote(item_id.partition('#')[0])}/corrections"
    sent = {"changes": [{"item_id": item_id, **change}], "who": "李"}
    answer = desk.post(address, json=sent)
    return answer.status_code, answer.json()


def test_correction_is_written_or_its_conflict_told(writing: TestClient, corrected: Path) -> None:
    item_id = read_table(corrected, "items")[1]["item_id"]
    before = writing.get(f"{API}/items/{quote(item_id, safe='')}").json()
    seen = before["item"]["title"]
    status, told = send(writing, item_id, field="title", value="改造小区", seen=seen)
    assert status == 200
    assert told["version"] != before["version"]
    after = writing.get(f"{API}/items/{quote(item_id, safe='')}").json()
    assert (after["item"]["title"], after["version"]) == ("改造小区", told["version"])
    status, told = send(writing, item_id, field="title", value="另一个", seen=seen)
    assert status == 409
    assert told["conflicts"] == [
        {
            "item_id": item_id,
            "field": "title",
            "yours": "另一个",
            "seen": seen,
            "now": "改造小区",
            "now_who": "李",
            "values": None,
        }
    ]
    rows = {row["item_id"]: row for row in read_table(corrected, "corrections")}
    assert rows[item_id]["value"] == "改造小区"


def test_a_notice_says_what_is_seen_of_it(writing: TestClient, corrected: Path) -> None:
    notice_id = read_table(corrected, "notices")[0]["notice_id"]
    seen = writing.get(f"{API}/notices/{quote(notice_id)}").headers["fengong-seen"]
    assert send(writing, notice_id, field="reviewed", value="own", seen="else")[0] == 409
    assert send(writing, notice_id, field="reviewed", value="own", seen=seen)[0] == 200


def test_what_is_written_is_answered_where_the_desks_copy_cannot_follow(
    writing: TestClient, corrected: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    item_id = read_table(corrected, "items")[1]["item_id"]

    def fail(*_: object) -> None:
        raise StoreError(corrected, "database or disk is full", "free some space")

    writing.get(f"{API}/plans")
    with monkeypatch.context() as broken:
        broken.setattr(Library, "_look", fail)
        status, told = send(writing, item_id, field="title", value="改造小区")
    after = writing.get(f"{API}/items/{quote(item_id, safe='')}").json()
    assert (status, after["version"]) == (200, told["version"])


def test_who_only_reads_changes_nothing(corrected: Path, tmp_path: Path) -> None:
    token = "r" * 16
    settings = DeskSettings(corrected, read_token=token, write_token="w" * 16, cache=tmp_path / "c")
    client = TestClient(create_app(settings), base_url="http://127.0.0.1:8400")
    assert client.get(f"{API}/plans").status_code == 401
    client.headers["authorization"] = f"Bearer {token}"
    assert client.get(f"{API}/plans").status_code == 200
    item_id = read_table(corrected, "items")[1]["item_id"]
    assert send(client, item_id, field="title", value="x")[0] == 403


def test_page_of_addresses_names_them_all(desk: TestClient) -> None:
    described = desk.get(f"{API}/openapi.json").json()
    assert described["openapi"].startswith("3.")
    page = desk.get(API, headers={"accept-language": "en"}).text
    assert all(path in page for path in described["paths"])
    assert "http" not in page.replace('"/', "")


def test_every_address_keeps_what_it_promises(corrected: Path, tmp_path: Path) -> None:
    own = DeskSettings(corrected, cache=tmp_path / "cache", allowed_hosts=("testserver",))
    app = create_app(own)
    schema = schemathesis.openapi.from_asgi(f"{API}/openapi.json", app)
    operations = [one.ok() for one in schema.get_all_operations() if isinstance(one, Ok)]
    assert len(operations) == 11
    for operation in operations:

        @settings(max_examples=4, deadline=None, database=None, derandomize=True)
        @given(case=operation.as_strategy())
        def try_one(case: schemathesis.Case[Any]) -> None:
            case.call_and_validate()

        try_one()
    app.state.desk.close()


def test_commands_of_the_guide_work(made: Path, tmp_path: Path) -> None:
    guide = (ROOT / "docs" / "api.md").read_text("utf-8")
    python = "\n".join(re.findall(r"```python\n(.*?)```", guide, re.DOTALL))
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    app = create_app(DeskSettings(made, cache=tmp_path / "cache"))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    thread = Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        told = subprocess.run(
            [sys.executable, "-c", python],
            env={**os.environ, "DESK": address},
            capture_output=True,
            text=True,
            check=False,
        )
        assert told.returncode == 0, told.stderr
        assert re.findall(r"^(\d{4})\s+(\d+)$", told.stdout, re.MULTILINE) == [
            ("2010", "6"), ("2011", "6"), ("2012", "6"),
        ]  # fmt: skip
        for asked in re.findall(r"curl 'http://127.0.0.1:8400(/api/v1/search[^']*)'", guide):
            path = quote(asked, safe="/?&=%")
            with urlopen(address + path) as answer:  # noqa: S310 - an address of this test
                assert json.loads(answer.read())["total"] == 0
    finally:
        server.should_exit = True
        thread.join(20)
        listening.close()
