"""The commands that compare: diff and threads."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.cli import main, threads_command
from pipeline.dataset.described_tables import write_made_files
from tests.compare.small_series import plan
from tests.compare.small_years import HEAD, NEW, OLD
from tests.conftest import ROOT


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    one, two = tmp_path / "2016.txt", tmp_path / "2017.txt"
    one.write_text(HEAD.format(y=2016) + OLD, "utf-8")
    two.write_text(HEAD.format(y=2017) + NEW, "utf-8")
    return str(one), str(two)


@pytest.mark.parametrize("kind", ["text", "json", "csv", "html", "md"])
def test_the_command_prints_each_format(
    files: tuple[str, str], kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff", *files, "--format", kind]) == 0
    out = capsys.readouterr().out
    assert "口袋公园" in out or kind in ("json", "csv")
    assert "\033[" not in out


def test_a_document_and_a_record_compare_alike(
    files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["parse", files[0], "-o", str(tmp_path / "out")]) == 0
    record = next((tmp_path / "out" / "json").glob("*.json"))
    capsys.readouterr()
    main(["diff", str(record), files[1], "--format", "json"])
    by_record = capsys.readouterr().out
    main(["diff", *files, "--format", "json"])
    assert capsys.readouterr().out == by_record


def test_a_file_that_is_none_is_told(
    files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff", files[0], str(tmp_path / "nothing.txt")]) == 1
    broken = tmp_path / "broken.json"
    broken.write_text("{}", "utf-8")
    assert main(["diff", str(broken), files[1]]) == 1
    assert "is no record" in capsys.readouterr().err


def test_the_command_writes_a_file(files: tuple[str, str], tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    assert main(["diff", *files, "--format", "html", "-o", str(path)]) == 0
    assert path.read_text("utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_an_office_s_file_needs_a_name(
    files: tuple[str, str], tmp_path: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff", *files, "--to", kind]) == 2
    assert f"-o changes.{kind}" in capsys.readouterr().err
    path = tmp_path / f"changes.{kind}"
    assert main(["diff", *files, "--to", kind, "-o", str(path)]) == 0
    assert path.read_bytes().startswith(b"PK")


def test_help_does_not_load_the_heavy_parts() -> None:
    code = "import sys; from pipeline.cli.arguments import make_parser; make_parser(); print([m for m in ('numpy','scipy','jieba','rapidfuzz','pandas','pydantic') if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_schema_of_a_comparison(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "--comparison"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "Comparison"


def test_the_command_writes_table_and_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A picture that cannot be made anew stays as it is."""
    for year, names in ((2016, ("school", "river")), (2017, ("river", "bus"))):
        path = tmp_path / "in" / f"{year}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(plan(year, *names).source.text, "utf-8")
    out = tmp_path / "out"
    assert main(["parse", str(tmp_path / "in"), "-o", str(out)]) == 0
    write_made_files(out, {"threads/gone.svg": b"<svg/>"})
    assert main(["threads", str(out)]) == 0
    rows = list(csv.DictReader(io.StringIO((out / "threads.csv").read_text("utf-8-sig"))))
    assert [(row["year"], row["kind"]) for row in rows] == [
        ("2016", "new"), ("2016", "new"), ("2017", "same"), ("2017", "new"),
    ]  # fmt: skip
    assert len({row["thread_id"] for row in rows}) == 3
    page, picture, book = sorted((out / "threads").iterdir())
    assert picture.name.endswith("清河区-重点改革计划.svg")
    assert page.name.endswith("清河区-重点改革计划.html")
    assert book.name.endswith("清河区-重点改革计划.xlsx")
    assert main(["verify", str(out)]) == 0
    before = picture.read_bytes()
    monkeypatch.setattr(threads_command, "flow_svg", lambda *_: 1 / 0)
    assert main(["threads", str(out)]) == 1
    assert picture.read_bytes() == before
    assert main(["verify", str(out)]) == 0
