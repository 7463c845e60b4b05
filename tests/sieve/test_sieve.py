"""Whole runs of fengong sieve: what is kept, with the same bytes for every number of processes and after kills."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.dataset.files import write_changed
from pipeline.dataset.record_files import read_record
from pipeline.errors import OutputError
from pipeline.model import Notice, Source
from pipeline.parse.notice import parse_notice
from pipeline.sieve import reading, sift
from pipeline.sieve.archives import look_up
from pipeline.sieve.records import read_answers
from tests.conftest import ROOT
from tests.sieve.archives import NEWS, PLAN, Record, make_page, write_archive

HTML = (("Content-Type", "text/html"),)
PDF = (("Content-Type", "application/pdf"),)


def plan(number: int) -> str:
    return PLAN.replace("2024", str(2010 + number % 14)).replace("500个", f"{number}个")


def make_records(start: int) -> list[Record]:
    """Some pages with plans and many without."""
    records = []
    for n in range(start, start + 12):
        text = plan(n) if n % 4 == 0 else NEWS * (n % 5 + 1)
        charset = ("utf-8", "gb18030", "utf-16-le")[n // 4 % 3]
        records.append(Record(f"http://www.{n % 3}.gov.cn/art/{n}.html", make_page(text, charset)))
    return records


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """A folder with archives in every packing; the first plan is in two of them, under two addresses."""
    folder = tmp_path / "web"
    folder.mkdir()
    copy = Record("http://mirror.example/copy", make_page(plan(0)))
    (folder / "a.warc.gz").write_bytes(write_archive(make_records(0)))
    (folder / "b.warc").write_bytes(write_archive([copy, *make_records(12)], gzip=False))
    (folder / "c.wet.gz").write_bytes(
        write_archive([Record("http://c.example/t", plan(99).encode(), kind="conversion")])
    )
    return folder


def run(*words: object, language: str = "en") -> int:
    """A run in one process, which is started sooner, where nothing else is said."""
    return cli.main([f"--lang={language}", "sieve", "--jobs", "1", *map(str, words)])


def tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "SOURCES.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_plans_are_kept_with_their_places(
    web: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "kept"
    assert run(web, "-o", kept, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["archives"] == 3
    assert told["files"] == 7
    assert told["records"]["kept"] == 8
    found = rows(kept)
    assert {Path(one["path"]).suffix for one in found} == {".html", ".txt"}
    for one in found:
        # The file is the document of that piece of the archive.
        archive, start = Path(one["warc"]), int(one["warc_offset"])
        piece = tmp_path / f"piece-{archive.name}"
        piece.write_bytes(archive.read_bytes()[start : start + int(one["warc_length"])])
        ((answer, _),) = read_answers(look_up(str(piece)), 2**20, lambda _: None)
        assert (kept / one["path"]).read_bytes() == answer.body
        assert (one["url"], one["retrieved_at"]) == (answer.url, answer.retrieved_at)
    (twice,) = [one for one in found if one["copies"]]
    assert twice["url"] == "http://www.0.gov.cn/art/0.html"
    assert twice["copies"].split()[0] == str(web / "b.warc")
    assert twice["copies"].split()[-1] == "http://mirror.example/copy"


def test_parse_reads_what_is_kept(
    web: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(web, "-o", tmp_path / "kept") == 0
    capsys.readouterr()
    output = tmp_path / "output"
    assert cli.main(["parse", str(tmp_path / "kept"), "-o", str(output), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told["notices"]) == 7
    assert {one["items"] for one in told["notices"]} == {4}
    assert [Path(one["path"]).name for one in told["skipped_files"]] == ["SOURCES.csv"]
    record = read_record(next((output / "json").glob("*.json")))
    assert (record.source.url or "").startswith("http://")


def test_the_same_bytes_for_every_number_of_processes(web: Path, tmp_path: Path) -> None:
    assert run(web, "-o", tmp_path / "one", "--jobs", 1) == 0
    assert run(web / "c.wet.gz", web, "-o", tmp_path / "three", "--jobs", 3) == 0
    assert tree(tmp_path / "one") == tree(tmp_path / "three")
    # One after the other, in another order.
    for name in ("b.warc", "c.wet.gz", "a.warc.gz"):
        assert run(web / name, "-o", tmp_path / "steps") == 0
    assert rows(tmp_path / "steps")[0]["sha256"]
    assert {one["sha256"]: one["url"] for one in rows(tmp_path / "steps")} == {
        one["sha256"]: one["url"] for one in rows(tmp_path / "one")
    }


def test_a_second_run_reads_nothing_and_changes_nothing(
    web: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "kept"
    assert run(web, "-o", kept) == 0
    before = tree(kept)
    assert run(web, "-o", kept) == 0
    assert "3 archives were read by an earlier run" in capsys.readouterr().err
    assert tree(kept) == before
    # A file that somebody removed comes again, and so does what an archive has gained.
    (kept / rows(kept)[0]["path"]).unlink()
    assert run(web, "-o", kept) == 0
    assert tree(kept) == before
    more = write_archive([*make_records(0), Record("http://n.example/", make_page(plan(77)))])
    (web / "a.warc.gz").write_bytes(more)
    assert run(web, "-o", kept) == 0
    assert len(rows(kept)) == 8


@pytest.mark.tries
@pytest.mark.parametrize("seconds", [0.9, 1.6])
def test_a_killed_run_goes_on(web: Path, tmp_path: Path, seconds: float) -> None:
    assert run(web, "-o", tmp_path / "whole") == 0
    kept = tmp_path / "kept"
    command = [sys.executable, "-m", "pipeline", "sieve", str(web), "-o", str(kept), "--jobs", "2"]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert run(web, "-o", kept, "--jobs", 2) == 0
    assert {name: data for name, data in tree(kept).items() if "lock" not in name} == tree(
        tmp_path / "whole"
    )


def test_damage_is_told_and_the_rest_is_kept(
    web: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = (web / "a.warc.gz").read_bytes()
    (web / "a.warc.gz").write_bytes(data[: len(data) - 700])
    (web / "d.warc").write_bytes(b"<html>no archive</html>")
    assert run(web, web / "nowhere.warc", "-o", tmp_path / "kept") == 1
    told = capsys.readouterr().err
    assert f"{web / 'nowhere.warc'}: cannot be read (No such file or directory)" in told
    assert f"{web / 'd.warc'}: is no web archive; name WARC or WET files" in told
    assert f"{web / 'a.warc.gz'}@" in told
    assert len(rows(tmp_path / "kept")) >= 6
    # The damaged archive is read again when it is whole.
    (web / "a.warc.gz").write_bytes(data)
    (web / "d.warc").unlink()
    assert run(web, "-o", tmp_path / "kept") == 0
    assert len(rows(tmp_path / "kept")) == 7


def test_large_records_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive = tmp_path / "a.warc.gz"
    large = Record("http://a.example/large", b"<html>" + b"x" * 2**20)
    archive.write_bytes(write_archive([large, Record("http://a.example/", make_page(PLAN))]))
    for _ in range(2):
        assert run(archive, "-o", tmp_path / "kept", "--largest", 1) == 1
        told = capsys.readouterr().err
        assert "http://a.example/large: a record above the limit of 1 MiB is passed over" in told
        assert "read it with a larger --largest" in told
    assert run(archive, "-o", tmp_path / "kept", "--largest", 2) == 0
    assert len(rows(tmp_path / "kept")) == 1


def test_files_are_read_where_that_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = tmp_path / "a.warc.gz"
    broken = Record("http://a.example/a.pdf", b"%PDF-1.4\nbroken", PDF)
    rich = "{\\rtf1\\ansi\\uc0 " + "".join(
        "\\par " if one == "\n" else f"\\u{ord(one)} " if one > "\x7f" else one for one in PLAN
    ) + "}"  # fmt: skip
    archive.write_bytes(
        write_archive([broken, Record("http://a.example/a.doc", rich.encode(), HTML)])
    )
    assert run(archive, "-o", tmp_path / "kept") == 0
    assert "2 PDF and office files, read with --files" in capsys.readouterr().err
    assert run(archive, "-o", tmp_path / "kept", "--files") == 1
    assert f"{archive}@0 http://a.example/a.pdf: " in capsys.readouterr().err


def test_a_page_that_kills_the_reader_costs_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:

    def parse_or_die(source: Source) -> Notice:
        if "致命" in source.text:
            os.kill(os.getpid(), signal.SIGKILL)
        return parse_notice(source)

    monkeypatch.setattr(reading, "parse_notice", parse_or_die)
    pages = [make_page(plan(1)), make_page(f"{plan(2)}\n致命"), make_page(plan(3))]
    archive = tmp_path / "a.warc.gz"
    archive.write_bytes(
        write_archive(Record(f"http://a.example/{n}", page) for n, page in enumerate(pages))
    )
    assert run(archive, "-o", tmp_path / "kept") == 1
    told = capsys.readouterr().err
    assert "http://a.example/1: ends the process that reads it (SIGKILL)" in told
    assert sorted(one["url"][-1] for one in rows(tmp_path / "kept")) == ["0", "2"]
    assert len(rows(tmp_path / "kept")) == 2


def test_an_archive_that_grows_is_told(
    web: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = web / "a.warc.gz"

    def read_and_grow(*given: object) -> Iterator[object]:
        for number, one in enumerate(read_answers(*given)):  # type: ignore[arg-type]
            if number == 3:
                with path.open("ab") as file:
                    file.write(write_archive([Record("http://n.example/", make_page(plan(77)))]))
            yield one

    with monkeypatch.context() as patch:
        patch.setattr(sift, "read_answers", read_and_grow)
        assert run(path, "-o", tmp_path / "kept") == 1
    assert f"{path}: changed while it was read" in capsys.readouterr().err
    assert len(rows(tmp_path / "kept")) == 3
    assert run(path, "-o", tmp_path / "kept") == 0
    assert len(rows(tmp_path / "kept")) == 4


def test_a_full_disk_ends_the_run_and_loses_nothing(
    web: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "kept"

    def fail(path: Path, data: bytes) -> bool:
        if path.suffix == ".txt":
            fact = "cannot be written (No space left on device)"
            raise OutputError(path, fact, "check rights and free space")
        return write_changed(path, data)

    with monkeypatch.context() as patch:
        patch.setattr(sift, "write_changed", fail)
        assert run(web, "-o", kept) == 1
    assert "cannot be written (No space left on device)" in capsys.readouterr().err
    assert run(web, "-o", kept) == 0
    assert run(web, "-o", tmp_path / "whole") == 0
    assert tree(kept) == tree(tmp_path / "whole")


def test_a_list_of_archives(web: Path, tmp_path: Path) -> None:
    listed = tmp_path / "paths.txt"
    listed.write_text(f"{web / 'a.warc.gz'}\n\n{web / 'c.wet.gz'}\n", "utf-8")
    assert run("--list", listed, "-o", tmp_path / "kept") == 0
    assert len(rows(tmp_path / "kept")) == 4


def test_without_the_extra(
    web: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        "pipeline.cli.sieve_command.find_spec", lambda name: None if name == "fastwarc" else 1
    )
    assert run(web, "-o", tmp_path / "kept") == 1
    assert capsys.readouterr().err == (
        "fengong: sieve: web archives need the extra sieve; "
        "install it: pip install fastwarc ahocorasick-rs fsspec\n"
    )
    assert not (tmp_path / "kept").exists()
