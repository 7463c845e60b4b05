"""A stdout that cannot be written is one line on stderr and exit 1; the help starts fast."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import cli
from tests.conftest import RAW, need

FULL = Path("/dev/full")


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An OUTPUT with a store, one of whose records was spoilt after it was loaded."""
    folder = tmp_path_factory.mktemp("full") / "out"
    assert cli.main(["parse", str(RAW), "-o", str(folder)]) == 0
    assert cli.main(["load", str(folder)]) == 0
    record = next((folder / "json").iterdir())
    record.write_text(record.read_text("utf-8").replace('"start": 1664', '"start": 1663'), "utf-8")
    return folder


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(
    "command",
    [
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
