"""Files that commands make anew are replaced only where they are as fengong wrote them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.dataset.described_tables import write_made_files
from pipeline.errors import OutputError
from pipeline.store.datasette import write_metadata
from tests.conftest import RAW


@pytest.fixture
def out(tmp_path: Path) -> Path:
    assert cli.main(["parse", str(RAW), "-o", str(tmp_path / "out")]) == 0
    return tmp_path / "out"


def test_a_file_of_ours_is_replaced_and_removed(out: Path) -> None:
    write_made_files(out, {"threads/a.svg": b"1"})
    write_made_files(out, {"threads/a.svg": b"2"})
    assert (out / "threads" / "a.svg").read_bytes() == b"2"
    (out / "threads" / "own.svg").write_bytes(b"mine")
    write_made_files(out, {}, "threads")
    assert [one.name for one in (out / "threads").iterdir()] == ["own.svg"]


def test_a_file_that_a_person_changed_stays(out: Path) -> None:
    write_made_files(out, {"threads/a.svg": b"1"})
    (out / "threads" / "a.svg").write_bytes(b"changed")
    with pytest.raises(OutputError, match="is not as fengong wrote it"):
        write_made_files(out, {"threads/a.svg": b"2"})
    write_made_files(out, {}, "threads")
    assert (out / "threads" / "a.svg").read_bytes() == b"changed"


@pytest.mark.parametrize("command", ["names", "threads"])
def test_a_table_of_a_person_is_not_overwritten(
    out: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (out / f"{command}.csv").write_text("mine", "utf-8")
    assert cli.main([command, str(out)]) == 1
    assert "move it away" in capsys.readouterr().err
    assert (out / f"{command}.csv").read_text("utf-8") == "mine"
    (out / f"{command}.csv").unlink()
    assert cli.main([command, str(out)]) == 0
    assert cli.main([command, str(out)]) == 0
    assert cli.main(["verify", str(out)]) == 0


def test_metadata_of_a_store_never_replace_a_person_s(tmp_path: Path) -> None:
    store = tmp_path / "s.sqlite"
    first = write_metadata(store)
    assert write_metadata(store) == first == tmp_path / "datasette.json"
    first.write_text(first.read_text("utf-8").replace("年度", "我的"), "utf-8")
    edited = first.read_bytes()
    second = write_metadata(store)
    assert second == tmp_path / "s.datasette.json"
    second.write_text("mine", "utf-8")
    with pytest.raises(OutputError, match="move it away"):
        write_metadata(store)
    assert (first.read_bytes(), second.read_text("utf-8")) == (edited, "mine")


def test_metadata_are_not_written_into_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "datasette.json")
    assert write_metadata(tmp_path / "s.sqlite").name == "s.datasette.json"


@pytest.mark.parametrize("written", [0, 1, 2])
def test_a_file_of_a_killed_run_is_ours(
    out: Path, written: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The manifest, the file and the manifest again are written; the run ends before one of them."""
    write_made_files(out, {"threads/a.svg": b"1"})
    whole, left = Path.replace, [written]

    def replace(self: Path, target: Path) -> Path:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return whole(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", replace)
        with pytest.raises(KeyboardInterrupt):
            write_made_files(out, {"threads/a.svg": b"2"})
    assert (out / "threads" / "a.svg").read_bytes() == (b"2" if written > 1 else b"1")
    write_made_files(out, {"threads/a.svg": b"3"})
    assert (out / "threads" / "a.svg").read_bytes() == b"3"
    (out / "threads" / "a.svg").write_bytes(b"mine")
    with pytest.raises(OutputError, match="is not as fengong wrote it"):
        write_made_files(out, {"threads/a.svg": b"4"})
