"""Temporary folders are removed with their block, and those of killed runs by the next one."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from pipeline.scratch import scratch_folder

_HOLDING = """
from pipeline.scratch import scratch_folder
with scratch_folder() as folder:
    (folder / "rows").write_text("甲局", "utf-8")
    print(folder, flush=True)
    input()
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_folder_goes_with_its_block(temporary: Path) -> None:
    with scratch_folder() as folder:
        (folder / "a").write_text("a", "utf-8")
        assert folder.stat().st_mode & 0o077 == 0
        with scratch_folder() as other:
            assert folder != other
        assert (folder / "a").is_file()
    assert list(temporary.iterdir()) == []


def test_the_next_run_removes_what_a_killed_one_left(temporary: Path) -> None:
    for name in ("fengong-scratch-own", "fengong-notes", "other"):
        (temporary / name).mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDING], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        held = Path(process.stdout.readline().strip())
        with scratch_folder():
            # It is in use.
            assert (held / "rows").is_file()
        process.kill()
    assert held.is_dir()
    with scratch_folder():
        assert not held.exists()
    # Without a lock of ours in it a folder is somebody's.
    assert sorted(path.name for path in temporary.iterdir()) == [
        "fengong-notes", "fengong-scratch-own", "other",
    ]  # fmt: skip
