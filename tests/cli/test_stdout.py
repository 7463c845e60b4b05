"""A stdout that cannot be written is one line on stderr and exit 1; the help starts fast."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

import pytest

from pipeline import cli
from pipeline.dataset.manifest import MANIFEST
from tests.cli.test_command import files
from tests.conftest import RAW, need
from tests.stores import PLAN

FULL = Path("/dev/full")


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An OUTPUT with a store, one of whose records was spoilt after it was loaded."""
    folder = tmp_path_factory.mktemp("full") / "out"
    assert cli.main(["parse", str(RAW), "-o", str(folder)]) == 0
    assert cli.main(["load", str(folder)]) == 0
    assert cli.main(["export", str(folder), "--to", "xlsx"]) == 0
    item = f"{next((folder / 'json').iterdir()).stem}#1"
    assert (
        cli.main(["correct", item, "-o", str(folder), "--set", "deadline=年底", "--who", "甲"]) == 0
    )
    record = next((folder / "json").iterdir())
    record.write_text(record.read_text("utf-8").replace('"start": 1664', '"start": 1663'), "utf-8")
    return folder


_PRINTING = (
    "diff {record} {record}",
    "diff {record} {record} --format json",
    "search 改革 --store {out}/fengong.sqlite",
    "search 改革 --store {out}/fengong.sqlite --json",
    "names {out} --csv",
    "names {out} --propose",
    "schema",
    "verify {out}",
    "corrections {out} --json",
    "parse {raw} -o {out}2 --json",
    "parse {raw} -o {out}3",
    "names {out}",
    "corrections {out}",
    "diff {record} {record} --format html",
    "diff {record} {record} --format csv",
    "schema --comparison",
    "ledger read {out}/ledger.xlsx -o {out} --json",
    "ledger collect {out}/ledger.xlsx -o {out} --json",
    "--help",
    "--version",
)
# Whether Python keeps what is printed matters where much is printed, and where little is.
_UNBUFFERED = (_PRINTING[0], _PRINTING[9], _PRINTING[10], "--version")


@pytest.mark.parametrize(
    ("command", "unbuffered"),
    [
        *((one, "1") for one in _UNBUFFERED),
        *((one, "") for one in _PRINTING),
    ],
)
def test_a_full_stdout_is_told_in_one_line(output: Path, command: str, unbuffered: str) -> None:
    need(FULL.exists(), "/dev/full")
    record = next((output / "json").iterdir())
    words = command.format(out=output, record=record, raw=RAW).split()
    env = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    with FULL.open("w") as stdout:
        done = subprocess.run(
            [sys.executable, "-m", "pipeline", *words],
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env=env,
        )
    assert done.returncode == 1
    told = [line for line in done.stderr.splitlines() if "cannot be written" in line]
    assert told == [
        "fengong: stdout: cannot be written (No space left on device); check free space"
    ]
    assert all(line.startswith("fengong: ") for line in done.stderr.splitlines())


@pytest.mark.parametrize(
    "command",
    [
        "threads {out}",
        "export {out} --to csv",
        "export {out} --to xlsx",
        "load {out}",
        "correct {item} -o {out} --set number=1 --who 甲",
    ],
)
def test_what_prints_no_data_needs_no_stdout(output: Path, command: str) -> None:
    need(FULL.exists(), "/dev/full")
    item = f"{next((output / 'json').iterdir()).stem}#1"
    words = command.format(out=output, item=item).split()
    with FULL.open("w") as stdout:
        done = _run(words, stdout=stdout)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)


def _run(
    words: Sequence[str | bytes],
    environment: Mapping[str, str] | None = None,
    stdout: IO[str] | int = subprocess.PIPE,
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pipeline", *words],
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        check=False,
        env={**os.environ, **(environment or {})},
    )


def test_a_full_stderr_is_no_traceback(output: Path) -> None:
    need(FULL.exists(), "/dev/full")
    with FULL.open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "pipeline", "threads", str(output)], stderr=full, check=False
        )
    assert done.returncode == 0


_PLACES = {
    "gbk": {"PYTHONIOENCODING": "gbk"},
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "C": {"LC_ALL": "C"},
}
_NO_UTF8 = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.fixture(scope="module")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a source whose name has a rare character, and its OUTPUT, to be copied."""
    folder = tmp_path_factory.mktemp("parsed")
    raw = folder / "计划𠀀.txt"
    raw.write_bytes(RAW.read_bytes())
    assert cli.main(["parse", str(raw), "-o", str(folder / "out")]) == 0
    return folder


@pytest.mark.tries
@pytest.mark.parametrize(
    ("command", "place"),
    [
        ("parse {raw} -o {out}", "gbk"),
        ("parse {raw} -o {out}", "ascii"),
        ("parse {raw} -o {out}", "C"),
        ("parse {raw} -o {out} --json", "gbk"),
        ("parse {raw} -o {out} --json", "ascii"),
        ("diff {raw} {raw} --format json", "C"),
        ("diff {raw} {raw} --format json", "ascii"),
        ("diff {raw} {raw} --format html", "gbk"),
        ("names {out}", "C"),
        ("names {out} --csv", "ascii"),
        ("names {out} --csv", "gbk"),
        ("search 改革𠀀 --store {store}", "ascii"),
        ("search 改革𠀀 --store {store}", "gbk"),
        ("schema", "ascii"),
        ("verify {out}", "gbk"),
        ("threads {out}", "C"),
        ("export {out} --to csv", "ascii"),
    ],
)
def test_any_encoding_of_the_terminal(
    output: Path, parsed: Path, tmp_path: Path, place: str, command: str
) -> None:
    """Replaced is what cannot be shown; JSON and files lose nothing."""
    shutil.copytree(parsed, tmp_path, dirs_exist_ok=True)
    raw, out = tmp_path / "计划𠀀.txt", tmp_path / "out"
    store = output / "fengong.sqlite"
    done = _run(command.format(raw=raw, out=out, store=store).split(), _PLACES[place])
    assert "Traceback" not in done.stderr
    assert done.returncode == 0, done.stderr
    if "json" in command and place != "gbk":
        assert json.loads(done.stdout)
    assert "盐田区" in (out / "notices.csv").read_text("utf-8-sig")


def test_json_loses_nothing_in_ascii(tmp_path: Path) -> None:
    path = tmp_path / "计划𠀀.txt"
    path.write_bytes(RAW.read_bytes())
    words = ["parse", str(path), "-o", str(tmp_path / "out"), "--json"]
    told = json.loads(_run(words, _PLACES["ascii"]).stdout)
    assert told["notices"][0]["path"] == str(path)


_GBK = {"LC_ALL": "zh_CN.GBK", "PYTHONUTF8": "0", "PYTHONIOENCODING": "gbk"}


@pytest.mark.tries
@pytest.mark.parametrize("environment", [_NO_UTF8, _GBK])
def test_every_locale_gives_the_same(tmp_path: Path, environment: dict[str, str]) -> None:
    """Names of our own files are Chinese; arguments and names of sources are bytes."""
    sources = tmp_path / "计划"
    sources.mkdir()
    (sources / "一.txt").write_bytes(RAW.read_bytes())
    Path(os.fsdecode(os.fsencode(sources) + b"/" + "二.txt".encode("gbk"))).write_text(
        PLAN.format(year=2012, count=5), "utf-8"
    )
    out, plain = tmp_path / "输出", tmp_path / "plain"
    assert _run(["parse", str(sources), "-o", str(plain)]).returncode == 0
    done = _run(["parse", str(sources), "-o", str(out)], environment)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    made = {k: v for k, v in files(plain).items() if k != MANIFEST}
    assert {k: v for k, v in files(out).items() if k != MANIFEST} == made
    item = f"{min(path.stem for path in (out / 'json').iterdir())}#1"
    for words in (
        ["correct", item, "-o", str(out), "--set", "title=改革", "--who", "甲"],
        ["verify", str(out)],
        ["names", str(out)],
        ["threads", str(out)],
        ["corrections", str(out), "--json"],
        *(["export", str(out), "--to", kind] for kind in ("csv", "jsonl", "parquet", "xlsx")),
        ["load", str(out)],
        ["search", "改革", "--store", str(out / "fengong.sqlite")],
    ):
        done = _run(words, environment)
        assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    assert "甲" in (out / "corrections.csv").read_text("utf-8-sig")
    assert "改革" in (out / "items.csv").read_text("utf-8-sig")


def test_a_name_that_the_locale_cannot_write(tmp_path: Path) -> None:
    """As a part of another program it cannot choose the mode, and refuses such names in one line."""
    (tmp_path / "计划.txt").write_bytes(RAW.read_bytes())
    words = ["parse", str(tmp_path), "-o", str(tmp_path / "out")]
    done = subprocess.run(
        [sys.executable, "-c", f"from pipeline.cli import main; exit(main({words!a}))"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **_NO_UTF8},
    )
    assert done.returncode == 1
    assert done.stderr.endswith("this locale has no such characters; set PYTHONUTF8=1\n")
    assert len(done.stderr.splitlines()) == 1


def test_arguments_in_gbk(output: Path, tmp_path: Path) -> None:
    store = str(output / "fengong.sqlite").encode()
    done = _run([b"search", "改革".encode("gbk"), b"--store", store])
    assert (done.returncode, "items" in done.stderr) == (0, True)
    place = os.fsencode(tmp_path) + b"/" + "没有".encode("gbk")
    for words in (
        [b"parse", place, b"-o", os.fsencode(tmp_path / "out")],
        [b"verify", place],
        [b"threads", place],
        [b"names", place],
        [b"diff", place, place],
        [b"export", place, b"--to", b"csv"],
        [b"search", b"x", b"--store", place],
        [b"load", place],
    ):
        done = _run([*words])
        assert done.returncode == 1
        assert f"{tmp_path}/没有" in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize(
    ("command", "prints"),
    [("schema", "yes"), ("parse {raw} -o {out}", "yes"), ("threads {whole}", "")],
)
def test_closed_streams(
    output: Path, tmp_path: Path, closed: str, command: str, prints: str
) -> None:
    words = command.format(raw=RAW, out=tmp_path / "out", whole=output)
    script = f'"$0" -m pipeline {words} {closed}'
    done = subprocess.run(
        ["/bin/sh", "-c", script, sys.executable], capture_output=True, text=True, check=False
    )
    is_lost = bool(prints) and " >" in f" {closed}"
    assert done.returncode == int(is_lost)
    assert "Traceback" not in done.stderr
    if is_lost and "2>" not in closed:
        fact = "stdout: cannot be written (Bad file descriptor); open it"
        assert f"fengong: {fact}" in done.stderr.splitlines()
    if "parse" in command:
        assert len(list((tmp_path / "out" / "json").iterdir())) == 1


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys;from pipeline.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'pydantic','numpy','lxml','rich','pandas','sqlalchemy','filelock','yaml'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == "[]"
    assert "usage: fengong" in done.stdout
