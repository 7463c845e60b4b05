"""A signal stops a run and its converter, cleans up and is told in one line."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.cli.stop_signals import Stopped, raise_on_signals
from tests.conftest import RAW

# A converter that starts a child of its own, says both ids and never ends.
_CONVERTER = """#!/bin/sh
sleep 300 &
echo "$$ $!" > "$PIDS.part"
mv "$PIDS.part" "$PIDS"
wait
"""


def _wait_for(path: Path) -> list[int]:
    until = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < until, "the converter was not started"
        time.sleep(0.02)
    return [int(one) for one in path.read_text("ascii").split()]


def _is_running(process: int) -> bool:
    """Whether a process runs; one that has ended and waits for its parent does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_a_signal_ends_the_converter_too(tmp_path: Path, name: str) -> None:
    sources, programs, copies = (tmp_path / one for one in ("in", "bin", "tmp"))
    for folder in (sources, programs, copies):
        folder.mkdir()
    (sources / "a.txt").write_bytes(RAW.read_bytes())
    (sources / "b.rtf").write_text("{\\rtf1 a}", "ascii")
    (programs / "soffice").write_text(_CONVERTER, "ascii")
    (programs / "soffice").chmod(0o755)
    out, pids = tmp_path / "out", tmp_path / "pids"
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "TMPDIR": str(copies), "PIDS": str(pids)}
    command = [sys.executable, "-m", "pipeline", "parse", str(sources), "-o", str(out)]
    # A signal that is ignored here (under nohup) would be ignored by the run, as it should be.
    number = signal.Signals[name]
    before = signal.signal(number, signal.SIG_DFL)
    try:
        run = subprocess.Popen(
            command, env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
    finally:
        signal.signal(number, before)
    with run:
        started = _wait_for(pids)
        assert all(map(_is_running, started))
        run.send_signal(number)
        printed, told = run.communicate(timeout=120)
    assert run.returncode == 128 + number
    assert told == f"fengong: stopped by {name}; what was written is whole\n"
    assert printed == ""
    assert not any(map(_is_running, started))
    assert list(copies.iterdir()) == []
    assert [one.name for one in out.rglob("*") if one.name.startswith(".fengong-")] == []


def _clean_twice(cleaned: list[str]) -> None:
    with raise_on_signals():
        try:
            signal.raise_signal(signal.SIGTERM)
        finally:
            cleaned.append("a")
            signal.raise_signal(signal.SIGTERM)
            cleaned.append("b")


def test_a_second_signal_does_not_stop_the_cleaning() -> None:
    cleaned: list[str] = []
    with pytest.raises(Stopped, match="143"):
        _clean_twice(cleaned)
    assert cleaned == ["a", "b"]
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_a_signal_that_is_ignored_stays_so() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with raise_on_signals():
            signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)
