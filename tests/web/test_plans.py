"""The list of plans, files that are sent, folders that are named, runs that are followed."""

from __future__ import annotations

import json
import re
from io import BytesIO
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from pipeline.dataset.manifest import read_manifest
from pipeline.web.plans.sent_files import keep_file, make_name
from tests.web.small_desk import PLAN, open_desk


def test_plans_are_listed_and_filtered(own_desk: TestClient) -> None:
    page = own_desk.get("/?by=year&lang=en").text
    assert "2 plans, 7 items" in page
    assert ">2024 <" in page
    one = own_desk.get("/", params={"words": "江口区"}).text
    assert "江口区2024年重点工作计划" in one
    assert "海山区2024年重点工作计划" not in one
    assert "No plan is like this" in own_desk.get("/?year=1999").text
    assert own_desk.get("/?year=x&state=nonsense&by=nothing").status_code == 200


def test_plans_are_grouped_by_series_before_any_are_written(desk: TestClient, made: Path) -> None:
    assert not (made / "series.csv").exists()
    page = desk.get("/?by=series&lang=en").text
    groups = re.findall(r'<h2 id="g\d+">(.*?) <span', page)
    assert len(groups) == 2
    assert ["盐田区" in one or "罗湖区" in one for one in groups] == [True, True]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\2024年 计划.docx", "2024年 计划.docx"),
        (".htaccess", "htaccess"),
        ("..", "document"),
        ("a\x00\n/b\u202e.txt", "b_.txt"),
        ("x" * 500 + ".pdf", "x" * 60 + ".pdf"),
    ],
)
def test_a_name_is_made_safe(name: str, kept: str) -> None:
    assert make_name(name) == kept


def test_a_kept_file_is_never_overwritten(tmp_path: Path) -> None:
    one = keep_file(tmp_path / "new", "a.txt", BytesIO(b"one"))
    other = keep_file(tmp_path / "new", "a.txt", BytesIO(b"other"))
    again = keep_file(tmp_path / "new", "a.txt", BytesIO(b"one"))
    assert (one.read_bytes(), other.read_bytes(), again) == (b"one", b"other", one)
    assert not list(tmp_path.rglob(".*"))


def follow(desk: TestClient, address: str) -> list[dict[str, object]]:
    """The steps of a run, from its server-sent events."""
    steps = desk.get(f"{address}/steps")
    assert steps.headers["x-accel-buffering"] == "no"
    lines = steps.text.splitlines()
    return [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]


def test_a_sent_file_is_parsed_beside_the_others(output: Path, tmp_path: Path) -> None:
    new = PLAN.replace("海山区", "河湾区")
    uploads = tmp_path / "uploads"
    with open_desk(output, uploads=uploads) as desk:
        before = desk.get("/").text
        files = [
            ("files", ("../河湾.txt", new.encode(), "text/plain")),
            ("files", ("tool.exe", b"MZ\x00\x00", "application/octet-stream")),
        ]
        sent = desk.post("/uploads", files=files)
        steps = follow(desk, sent.headers["location"])
        assert [one["step"] for one in steps] == ["wait", "parse", "parse", "done"]
        assert [one["file"] for one in steps[-1]["skipped"]] == ["tool.exe"]  # type: ignore[attr-defined]
        page = desk.get(sent.headers["location"]).text
        assert "河湾区2024年重点工作计划" in page
        assert str(tmp_path) not in page
        listed = desk.get("/").text
    assert "河湾区2024年重点工作计划" not in before
    for place in ("海山区", "江口区", "河湾区"):
        assert f"{place}2024年重点工作计划" in listed
    assert len(read_manifest(output).sources) == 3
    kept = [one for one in uploads.rglob("*") if one.is_file()]
    assert sorted(one.name for one in kept) == ["tool.exe", "河湾.txt"]


def test_only_folders_of_the_inbox_are_parsed(output: Path, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    (inbox / "new").mkdir(parents=True)
    (inbox / "new" / "a.txt").write_text(PLAN.replace("海山区", "河湾区"), "utf-8")
    (inbox / "link").symlink_to(tmp_path)
    with open_desk(output, inbox=inbox) as desk:
        assert '<option value="new">' in desk.get("/").text
        for wrong in ("..", "link", "/etc", "new/..", ""):
            assert desk.post("/folders", data={"folder": wrong}).status_code in (404, 422)
        sent = desk.post("/folders", data={"folder": "new"})
        assert follow(desk, sent.headers["location"])[-1]["step"] == "done"
    assert len(read_manifest(output).sources) == 3


def test_without_a_folder_for_them_no_files_are_taken(own_desk: TestClient) -> None:
    files = [("files", ("a.txt", b"x", "text/plain"))]
    assert own_desk.post("/uploads", files=files).status_code == 404
    assert own_desk.post("/folders", data={"folder": "x"}).status_code == 404
    assert own_desk.get("/runs/nonsense").status_code == 404


def test_files_that_are_too_large_are_refused(output: Path, tmp_path: Path) -> None:
    with open_desk(output, uploads=tmp_path / "uploads", largest_upload=1000) as desk:
        files = [("files", ("a.txt", b"x" * 2000, "text/plain"))]
        assert desk.post("/uploads", files=files).status_code == 413
    assert not (tmp_path / "uploads").exists()


def test_a_failed_run_says_so(output: Path, tmp_path: Path) -> None:
    with open_desk(output, uploads=tmp_path / "uploads") as desk:
        (output / ".fengong.json").write_text("{", "utf-8")
        sent = desk.post("/uploads", files=[("files", ("a.txt", PLAN.encode(), "text/plain"))])
        assert follow(desk, sent.headers["location"])[-1]["step"] == "failed"
