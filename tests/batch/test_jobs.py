"""Files through the parser: archives and messages as several, one failure stopping nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.batch import jobs
from pipeline.batch.source_files import find_jobs
from tests.conftest import run_jobs
from tests.read.samples import archive, eml, html, plain, zipped


def test_an_archive_is_several_outcomes(tmp_path: Path) -> None:
    bad = zipped({"1.txt": b"\xff\xff\xff", "2.html": html(), "3/4.txt": plain()})
    (tmp_path / "a.zip").write_bytes(bad)
    (tmp_path / "b.txt").write_bytes(plain())
    outcomes = list(run_jobs(find_jobs([tmp_path]).jobs))
    told = [str(o.notice.source.path if o.notice else o.error) for o in outcomes]
    assert [line.removeprefix(tmp_path.as_posix() + "/")[:18] for line in told] == [
        "a.zip!/2.html",
        "a.zip!/3/4.txt",
        "a.zip!/1.txt: no t",
        "b.txt",
    ]
    ids = [o.notice.notice_id for o in outcomes if o.notice]
    assert len(set(ids)) == 3
    assert [i.rsplit("-", 1)[0] for i in ids] == ["a-zip-2", "a-zip-3-4", "b"]


def test_a_page_s_own_folder_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "通知.html").write_bytes(html())
    for folder in ("通知_files", "other_files"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "ad.html").write_bytes(html())
    found = find_jobs([tmp_path])
    assert [job.relative for job in found.jobs] == ["通知.html", "other_files/ad.html"]
    assert found.skipped == 1


def test_parse_and_verify_what_came_in_archives(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.zip").write_bytes(archive())
    (tmp_path / "b.eml").write_bytes(eml())
    out = tmp_path / "out"
    assert cli.main(["parse", str(tmp_path), "-o", str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    inside = ["", "!/分工.txt", "!/附件.zip!/通知.html", "!/附件.zip!/附件/分工.txt"]
    paths = ["a.zip!/通知.html", "a.zip!/附件/分工.txt", *(f"b.eml{name}" for name in inside)]
    assert [one["path"].removeprefix(f"{tmp_path.as_posix()}/") for one in told["notices"]] == paths
    assert [one["items"] > 0 for one in told["notices"]] == [True, True, False, True, True, True]
    assert cli.main(["verify", str(out)]) == 0


def test_a_longer_text_than_the_limit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_bytes(plain())
    monkeypatch.setattr(jobs, "MOST_CHARACTERS", 10)
    (outcome,) = run_jobs(find_jobs([tmp_path]).jobs)
    assert outcome.error
    assert (outcome.error.place, outcome.notice) == ((tmp_path / "a.txt").as_posix(), None)
    assert outcome.error.fact.endswith("characters, above the limit of 10")
