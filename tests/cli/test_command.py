"""The command as a user runs it: outputs, exit codes, what goes where, bad input."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import frictionless
import pytest

from pipeline import cli
from pipeline.dataset.csv_rows import defuse
from pipeline.dataset.output_lock import LOCK
from pipeline.dataset.ownership import JOURNAL
from tests.conftest import RAW, ROOT


def run(*args: object) -> int:
    return cli.main([str(arg) for arg in args])


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by its relative path, lock and journal aside."""
    return {
        str(p.relative_to(folder)): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.name not in (LOCK, JOURNAL)
    }


def test_the_demo_makes_what_is_committed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert run("parse", "raw", "-o", tmp_path / "out") == 0
    # What a user's own commands leave there (.gitignore) is not committed.
    own = (".fengong", "csv/", "datasette", "fengong.", "jsonl/", "ledger", "parquet/")
    made, committed = files(tmp_path / "out"), files(ROOT / "output")
    assert {k: v for k, v in made.items() if not k.startswith(own)} == {
        k: v for k, v in committed.items() if not k.startswith(own)
    }


def test_output_is_a_valid_data_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT / "output")
    report = frictionless.validate("datapackage.json")
    assert report.valid, report.flatten(["type", "note"])


def test_verify(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert run("parse", RAW, "-o", out) == 0
    assert run("verify", out) == 0
    record = next((out / "json").iterdir())
    record.write_text(record.read_text("utf-8").replace('"start": 1664', '"start": 1663'), "utf-8")
    items = out / "items.csv"
    items.write_text(items.read_text("utf-8").replace("区民政局", "区民政厅", 1), "utf-8")
    capsys.readouterr()
    assert run("verify", out) == 1
    told = capsys.readouterr().out
    assert "does not stand at" in told
    assert "items.csv: differs" in told
    assert run("verify", tmp_path) == 1


def test_summary_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("parse", RAW, "-o", tmp_path / "out", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["items"], told["failed"], told["notices"][0]["year"]) == (12, [], 2011)


def test_schema_is_the_one_in_the_docs(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("schema") == 0
    assert capsys.readouterr().out == (ROOT / "docs" / "record.schema.json").read_text("utf-8")


def test_one_bad_file_stops_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    inbox = tmp_path / "in"
    for place in ("a/plan.txt", "b/plan.txt"):
        (inbox / place).parent.mkdir(parents=True)
        (inbox / place).write_bytes(RAW.read_bytes())
    (inbox / "empty.txt").write_bytes(b"")
    (inbox / "binary.txt").write_bytes(b"\0\1")
    (inbox / "own.json").write_text("x", "utf-8")
    # The output lies inside the input and is not read again.
    out = inbox / "out"
    for _ in range(2):
        assert run("parse", inbox, tmp_path / "none", "-o", out) == 1
        told = capsys.readouterr().err
        assert "empty.txt: the file is empty" in told
        assert "binary.txt: a binary file" in told
        assert "none: does not exist" in told
        assert "1 files skipped, 3 failed" in told
        assert len(list((out / "json").iterdir())) == 2
        assert run("verify", out) == 0
        capsys.readouterr()


def test_a_gone_notice_is_gone(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(RAW.read_bytes())
    (tmp_path / "b.txt").write_text("关于解读的说明", "utf-8")
    out = tmp_path / "out"
    assert run("parse", tmp_path, "-o", out) == 0
    assert run("parse", tmp_path, "-o", out, "--strict") == 1
    (tmp_path / "b.txt").unlink()
    assert run("parse", tmp_path, "-o", out) == 0
    assert len(list((out / "json").iterdir())) == 1
    assert run("verify", out) == 0


def test_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as caught:
        run("parse")
    assert caught.value.code == 2
    (tmp_path / "file").write_text("x", "utf-8")
    assert run("parse", RAW, "-o", tmp_path / "file") == 2
    assert run("parse", tmp_path / "none", "-o", tmp_path / "out") == 1
    assert not (tmp_path / "out").exists()


def test_an_output_that_cannot_be_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("parse", RAW, "-o", "/dev/null/out") == 1
    assert "cannot be made" in capsys.readouterr().err


def test_a_full_disk_leaves_no_part(tmp_path: Path) -> None:
    """A file-size limit stands in for a quota: nothing half-written, a clear line, exit 1."""
    script = (
        "import resource,signal,sys;signal.signal(signal.SIGXFSZ,signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE,(2000,2000));"
        "from pipeline.cli import main;sys.exit(main(sys.argv[1:]))"
    )
    out = tmp_path / "out"
    done = subprocess.run(
        [sys.executable, "-c", script, "parse", str(RAW), "-o", str(out)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert files(out) == {}


def test_a_pipe_gets_no_colours_and_no_bar(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "parse", str(RAW), "-o", str(tmp_path / "o")],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    assert "\x1b" not in done.stdout + done.stderr
    assert "区委组织部(区编办)" in done.stdout


def test_parsing_imports_neither_pandas_nor_jieba() -> None:
    script = "import sys;from pipeline import read_source,parse_notice;parse_notice(read_source(sys.argv[1]));print(sorted({'pandas','jieba','bs4','rich'}&set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script, str(RAW)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
    script = "import sys;import pipeline.cli;print('pydantic' in sys.modules)"
    assert (
        subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True
        ).stdout.strip()
        == "False"
    )


@pytest.mark.parametrize("cell", ["=1+1", "+cmd", "-2", "@SUM(A1)", "\tx"])
def test_formulas_are_defused(cell: str) -> None:
    assert defuse(cell) == f"'{cell}"


def test_plain_cells_stay() -> None:
    assert defuse("区民政局") == "区民政局"
    assert defuse(None) is None
