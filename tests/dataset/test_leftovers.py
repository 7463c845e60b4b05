"""Temporary files of killed runs: removed, whatever stands in the place of the process id."""

from __future__ import annotations

from pathlib import Path

from pipeline.dataset.files import remove_leftovers


def test_leftovers_of_killed_runs_are_removed(tmp_path: Path) -> None:
    for name in (".fengong-999999999-x", f".fengong-{'9' * 30}-x", "a.csv"):
        (tmp_path / name).write_bytes(b"")
    remove_leftovers(tmp_path)
    # No process has an id of thirty digits: such a file is none of ours.
    assert {path.name for path in tmp_path.iterdir()} == {f".fengong-{'9' * 30}-x", "a.csv"}
