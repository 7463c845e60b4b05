"""Whatever sources do to their process, and however many processes there are: the same OUTPUT, each fault named."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import pipeline.parse.notice
from pipeline import cli
from pipeline.batch import limits
from pipeline.model import Notice, Source
from tests.read.samples import plain


def _loop() -> None:
    while True:
        pass


def _swell() -> None:
    pieces = []
    while True:
        pieces.append(bytes(2**26))


# What a source does to its process by the first character of its text, and what is said of it.
FAULTS: dict[str, tuple[Callable[[], object], str]] = {
    "断": (os.abort, "ends the process that reads it (SIGABRT)"),
    # As the system does where memory runs out.
    "杀": (
        lambda: os.kill(os.getpid(), signal.SIGKILL),
        "ends the process that reads it (SIGKILL)",
    ),
    "挂": (_loop, "takes more than 1 s to read and parse"),
    "胀": (_swell, "needs more memory than it may take"),
}


def files_of(output: Path) -> dict[str, bytes]:
    """All files of an OUTPUT but its lock; its manifest without the id that differs each time."""
    found = {
        path.relative_to(output).as_posix(): path.read_bytes()
        for path in output.rglob("*")
        if path.is_file() and path.name != ".fengong.lock"
    }
    manifest = found[".fengong.json"]
    output_id = json.loads(manifest.splitlines()[0].rstrip(b",") + b"}")["output_id"]
    return found | {".fengong.json": manifest.replace(output_id.encode(), b"")}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits memory")
def test_faults_cost_their_sources_whatever_the_number_of_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = pipeline.parse.notice.parse_notice

    def planted(source: Source, notice_id: str) -> Notice:
        if source.text[0] in FAULTS:
            FAULTS[source.text[0]][0]()
        return whole(source, notice_id)

    monkeypatch.setattr(pipeline.parse.notice, "parse_notice", planted)
    monkeypatch.setattr(limits, "_SECONDS", 1.0)
    monkeypatch.setattr(limits, "_MEMORY", 2**29)
    raw = tmp_path / "raw"
    raw.mkdir()
    bad = dict(zip(range(3, 24, 6), FAULTS, strict=True))
    for number in range(24):
        text = f"{bad.get(number, '')}{plain().decode()}\n附注{number}。"
        (raw / f"{number:02}.txt").write_text(text, "utf-8")
    outputs, told = [], []
    for count in (1, 2, 5):
        out = tmp_path / f"out{count}"
        assert cli.main(["parse", str(raw), "-o", str(out), "--jobs", str(count)]) == 1
        outputs.append(files_of(out))
        told.append([one for one in capsys.readouterr().err.splitlines() if str(raw) in one])
    for number, kind in bad.items():
        assert any(f"{number:02}.txt: {FAULTS[kind][1]}" in line for line in told[0]), told[0]
    assert len(told[0]) == len(bad)
    assert told[0] == told[1] == told[2]
    assert sum(name.startswith("json/") for name in outputs[0]) == 24 - len(bad)
    assert outputs[0] == outputs[1] == outputs[2]
