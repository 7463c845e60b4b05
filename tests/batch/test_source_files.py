"""Finding files: names of any bytes, links, depths, rights; only regular files are opened."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.batch import source_files
from pipeline.batch.jobs import notice_id
from pipeline.batch.source_files import find_jobs
from pipeline.dataset.record_files import read_records
from pipeline.read import sources
from pipeline.readable import make_readable
from tests.read.samples import plain

GBK = os.fsdecode("关于分工的通知.txt".encode("gbk"))
NO_TEXT = os.fsdecode(b"\xff\xff.txt")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (GBK, "关于分工的通知.txt"),
        (f"深圳/{GBK}", "深圳/关于分工的通知.txt"),
        (f"out/{GBK}: is a file", "out/关于分工的通知.txt: is a file"),
        (NO_TEXT, "\ufffd\ufffd.txt"),
        ("a\ud800.txt", "a\ufffd.txt"),
        ("通知.txt", "通知.txt"),
    ],
)
def test_names_are_readable(name: str, shown: str) -> None:
    assert make_readable(name) == shown


def test_names_in_gbk_are_read_and_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "原件"
    folder.mkdir()
    (folder / GBK).write_bytes(plain())
    (folder / NO_TEXT).write_bytes(plain() + "附注。".encode())
    (folder / os.fsdecode("坏.docx".encode("gbk"))).write_bytes(b"PK\x03\x04")
    out = tmp_path / "out"
    assert cli.main(["parse", str(folder), "-o", str(out), "--json"]) == 1
    printed = capsys.readouterr()
    told = json.loads(printed.out)
    shown = [f"{folder}/关于分工的通知.txt", f"{folder}/\ufffd\ufffd.txt"]
    assert sorted(one["path"] for one in told["notices"]) == sorted(shown)
    assert told["failed"][0]["path"] == f"{folder}/坏.docx"
    assert f"{folder}/坏.docx: " in printed.err
    records = {one.source.path: one.notice_id for one in read_records(out)}
    assert records.keys() == set(shown)
    assert records[shown[0]].startswith("关于分工的通知-")
    assert "关于分工的通知.txt" in (out / "notices.csv").read_text("utf-8-sig")
    assert cli.main(["verify", str(out)]) == 0


def test_a_second_run_finds_nothing_new(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / GBK).write_bytes(plain())
    (tmp_path / make_readable(GBK)).write_bytes(plain())
    for counts in ((2, 0), (0, 2)):
        assert cli.main(["parse", str(tmp_path), "-o", str(tmp_path / "out"), "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert (len(told["added"]), told["unchanged"]) == counts


def test_an_id_is_that_of_the_name_s_bytes() -> None:
    assert notice_id("通知.txt", "1") == "通知-2f6d8cdb"
    assert notice_id(GBK, "1") != notice_id(make_readable(GBK), "1")


def test_links_that_lead_in_circles(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(plain())
    (tmp_path / "b.txt").symlink_to("b.txt")
    (tmp_path / "c.txt").symlink_to("a.txt")
    (tmp_path / "folder").symlink_to(tmp_path)
    found = find_jobs([tmp_path])
    assert [job.relative for job in found.jobs] == ["a.txt", "b.txt"]
    assert found.unopened == [f"{tmp_path}/folder: a link to a folder, skipped"]
    assert found.skipped == 1
    assert cli.main(["parse", str(tmp_path), "-o", str(tmp_path / "out")]) == 1
    assert len(list((tmp_path / "out" / "json").iterdir())) == 1


@contextmanager
def _deep(root: Path, depth: int) -> Iterator[None]:
    """Folders in folders, with a document in the last; removed by a program that goes as deep."""
    here = os.open(root, os.O_RDONLY)
    try:
        for _ in range(depth):
            os.mkdir("d", dir_fd=here)
            inner = os.open("d", os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = inner
        file = os.open("a.txt", os.O_WRONLY | os.O_CREAT, dir_fd=here)
        os.write(file, plain())
        os.close(file)
        yield
    finally:
        os.close(here)
        subprocess.run([shutil.which("rm") or "rm", "-rf", str(root / "d")], check=True)


def test_folders_of_any_depth(tmp_path: Path) -> None:
    with _deep(tmp_path, 1200):
        found = find_jobs([tmp_path])
        assert [job.relative for job in found.jobs] == ["d/" * 1200 + "a.txt"]
        assert len(list(source_files._find_files(tmp_path))) == 1
        assert sources.read_source(found.jobs[0].path).text


def test_a_path_that_is_too_long_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(plain())
    with _deep(tmp_path, 2500):
        found = find_jobs([tmp_path])
    assert [job.relative for job in found.jobs] == ["a.txt"]
    assert [error.fact for error in found.errors] == ["cannot be entered (File name too long)"]


def test_a_folder_without_rights_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "1.txt").write_bytes(plain())
    whole = os.scandir

    def refuse(folder: Path) -> object:
        if Path(folder).name == "a":
            raise PermissionError(13, "Permission denied", str(folder))
        return whole(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    found = find_jobs([tmp_path])
    assert [job.relative for job in found.jobs] == ["b/1.txt"]
    told = f"{tmp_path}/a: cannot be entered (Permission denied); check its rights"
    assert [str(one).partition(",")[0] for one in found.errors] == [told]


def test_a_file_without_rights_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("1.txt", "2.txt"):
        (tmp_path / name).write_bytes(plain() + name.encode())
    (tmp_path / "1.txt").chmod(0)
    if os.access(tmp_path / "1.txt", os.R_OK):
        pytest.skip("this user reads everything")
    assert cli.main(["parse", str(tmp_path), "-o", str(tmp_path / "out")]) == 1
    assert "1.txt: cannot be read (Permission denied)" in capsys.readouterr().err
    assert len(list((tmp_path / "out" / "json").iterdir())) == 1


def _run(*args: object) -> subprocess.CompletedProcess[str]:
    """Run the command; a file that is waited for is a failure, not a hang."""
    command = [sys.executable, "-m", "pipeline", *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_only_regular_files_are_opened(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_bytes(plain())
    os.mkfifo(folder / "b.txt")
    os.mkfifo(folder / "SOURCES.csv")
    (folder / "c.txt").symlink_to("b.txt")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(folder / "d.txt"))
        done = _run("parse", folder, "-o", tmp_path / "out")
    assert done.returncode == 0
    told = [f"fengong: {folder}/{name}: a FIFO, skipped" for name in ("SOURCES.csv", "b.txt")]
    told += [f"fengong: {folder}/c.txt: a FIFO, skipped"]
    told += [f"fengong: {folder}/d.txt: a socket, skipped"]
    assert done.stderr.splitlines()[:-1] == told
    assert "1 notices" in done.stderr
    assert "4 files skipped" in done.stderr


def test_a_device_is_not_opened(tmp_path: Path) -> None:
    try:
        os.mknod(tmp_path / "a.txt", 0o600 | 0o020000, os.makedev(1, 5))
    except (PermissionError, AttributeError):
        pytest.skip("this user makes no device nodes")
    found = find_jobs([tmp_path])
    assert (found.jobs, found.unopened) == ([], [f"{tmp_path}/a.txt: a device, skipped"])


@pytest.mark.parametrize("command", ["parse {path} -o {out}", "diff {path} {path}"])
def test_a_fifo_given_by_name_is_an_error(tmp_path: Path, command: str) -> None:
    path = tmp_path / "a.txt"
    os.mkfifo(path)
    done = _run(*command.format(path=path, out=tmp_path / "out").split())
    assert done.returncode == 1
    told = f"fengong: {path}: is a FIFO, which is not opened; "
    assert done.stderr.splitlines()[0] == told + "write what it gives to a file and give that"


def test_a_size_is_checked_before_a_byte_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_bytes(plain())
    with (tmp_path / "b.txt").open("wb") as file:
        file.truncate(8 << 30)
    whole = Path.open

    def guard(path: Path, *args: str, **options: str) -> object:
        assert path.name != "b.txt"
        return whole(path, *args, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", guard)
    assert cli.main(["parse", str(tmp_path), "-o", str(tmp_path / "out")]) == 1
    assert "b.txt: above the limit of 512 MiB; give" in capsys.readouterr().err
    assert len(list((tmp_path / "out" / "json").iterdir())) == 1


@pytest.mark.skipif(not Path("/proc/kmsg").exists(), reason="needs /proc")
def test_a_file_of_the_system_is_never_opened(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to("/proc/kmsg")
    done = _run("parse", str(tmp_path), "-o", str(tmp_path / "out"))
    assert done.returncode == 1
    assert "a.txt: is made by the system while it is read, and is not opened; " in done.stderr
