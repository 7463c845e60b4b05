"""fengong export in several formats at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import cli

PLAN = "某区2011年重点工作\n一、建设学校。\n责任单位：区教育局\n(1)建设操场。\n责任单位：区体育局\n"


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """An OUTPUT of one plan."""
    (tmp_path / "plan.txt").write_text(PLAN, "utf-8")
    folder = tmp_path / "out"
    assert cli.main(["parse", str(tmp_path / "plan.txt"), "-o", str(folder)]) == 0
    return folder


def files_below(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


def test_two_formats_are_those_of_two_commands(output: Path, tmp_path: Path) -> None:
    both = ["--to", "parquet", "--to", "jsonl"]
    assert cli.main(["export", str(output), *both]) == 0
    for kind in ("parquet", "jsonl"):
        alone = tmp_path / f"alone-{kind}"
        assert cli.main(["export", str(output), "--to", kind, "-o", str(alone)]) == 0
        assert files_below(output / kind) == files_below(alone)


def test_a_folder_of_several_formats(output: Path, tmp_path: Path) -> None:
    formats = [word for kind in ("csv", "xlsx", "sqlite", "csv") for word in ("--to", kind)]
    target = tmp_path / "new" / "all"
    assert cli.main(["export", str(output), *formats, "-o", str(target)]) == 0
    found = files_below(target)
    assert {"csv/items.csv", "csv/datapackage.json", "ledger.xlsx", "fengong.sqlite"} <= set(found)


def test_one_that_fails_keeps_no_other_back(
    output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (output / "parquet").write_text("mine", "utf-8")
    assert cli.main(["export", str(output), "--to", "parquet", "--to", "jsonl"]) == 1
    assert "parquet: is a file; name a folder" in capsys.readouterr().err
    assert (output / "jsonl" / "items.jsonl").is_file()
    assert (output / "parquet").read_text("utf-8") == "mine"


def test_a_file_is_no_folder_of_several_formats(
    output: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "plan.txt"
    command = ["export", str(output), "--to", "csv", "--to", "jsonl", "-o", str(place)]
    assert cli.main(command) == 1
    assert "name a folder for several formats" in capsys.readouterr().err
    assert place.read_text("utf-8") == PLAN
