"""The commands that compare: diff and threads."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from dataclasses import replace
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


@pytest.fixture
def years(tmp_path: Path) -> list[str]:
    """Three years of a plan, and a plan of another place in the first year."""
    names = {2016: ("school", "river"), 2017: ("river", "bus"), 2018: ("school", "bus")}
    paths = []
    for year, items in names.items():
        paths.append(tmp_path / f"{year}.txt")
        paths[-1].write_text(plan(year, *items).source.text, "utf-8")
    other = tmp_path / "other.txt"
    other.write_text(plan(2016, "bus", "park", place="东湖区").source.text, "utf-8")
    return [str(path) for path in (*paths, other)]


def test_several_years_are_compared_one_after_the_other(
    years: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff", *years[:3]]) == 0
    assert capsys.readouterr().out.count(" against ") == 2
    assert main(["diff", *years[:3], "--format", "json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert [one["plans"][1]["year"] for one in made] == [2017, 2018]
    assert main(["diff", *years[:3], "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["year"] for row in rows] == ["2016"] * 2 + ["2017"] * 2 + ["2018"] * 2
    assert main(["diff", *years[:3], "--format", "md"]) == 0
    assert "2018" in capsys.readouterr().out


def test_several_years_as_files_in_a_folder(
    years: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff", *years[:3], "--format", "html"]) == 2
    assert "name a folder" in capsys.readouterr().err
    out = tmp_path / "pages"
    assert main(["diff", *years[:3], "--format", "html", "-o", str(out)]) == 0
    assert sorted(path.name for path in out.iterdir()) == [
        "1-2016-2017.html", "2-2017-2018.html", "threads.csv",
    ]  # fmt: skip


def test_two_plans_of_merged_districts_against_one(
    years: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff", years[0], years[1], "--with", years[3], "--format", "json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["plans"][0]["items"] == 4
    assert len(made["links"]) == 2


def test_an_annex_is_chosen_by_its_title(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notice = plan(2016, "school", "river")
    titles = ("清河区2016年重点改革计划", "清河区2016年民生实事")
    items = tuple(
        replace(item, plan_title=title) for item, title in zip(notice.items, titles, strict=True)
    )
    path = tmp_path / "2016.json"
    path.write_text(notice.model_copy(update={"items": items}).model_dump_json(), "utf-8")
    later = tmp_path / "2017.txt"
    later.write_text(plan(2017, "school", "river").source.text, "utf-8")
    assert main(["diff", str(path), str(later), "--format", "json"]) == 0
    caught = capsys.readouterr()
    assert len(json.loads(caught.out)["links"]) == 2
    assert "--plan chooses" in caught.err
    args = ["diff", str(path), str(later), "--format", "json", "--plan", "民生实事"]
    assert main(args) == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["plans"][0]["title"], made["plans"][0]["items"]) == (titles[1], 1)
    assert main([*args[:-1], "公文"]) == 1
    assert titles[1] in capsys.readouterr().err


def test_the_command_writes_the_series_with_what_is_left_out(
    years: list[str], tmp_path: Path
) -> None:
    again = Path(years[0]).with_name("2016b.txt")
    again.write_text(Path(years[0]).read_text("utf-8") + "\n", "utf-8")
    empty = Path(years[0]).with_name("empty.txt")
    empty.write_text("清河区2016年工作简报\n一切顺利。\n", "utf-8")
    out = tmp_path / "out"
    assert main(["parse", *years, str(again), str(empty), "-o", str(out)]) == 0
    assert main(["threads", str(out)]) == 0
    rows = list(csv.DictReader(io.StringIO((out / "series.csv").read_text("utf-8-sig"))))
    states = [(row["plan_title"], row["is_year"]) for row in rows if row["series"]]
    assert sorted(states) == sorted((f"{place}{year}年重点改革计划", "1") for place, year in (
        ("清河区", 2016), ("清河区", 2017), ("清河区", 2018), ("东湖区", 2016),
    ))  # fmt: skip
    assert sorted(row["reason"] for row in rows if not row["series"]) == [
        "it has no items", "it is there twice and counted once",
    ]  # fmt: skip
    assert main(["verify", str(out)]) == 0


def test_ids_of_threads_are_kept_from_another_folder(years: list[str], tmp_path: Path) -> None:
    """A folder made anew with one year more has the ids of the earlier one, by its table."""

    def follow(name: str, paths: list[str], *more: str) -> dict[str, str]:
        out = tmp_path / name
        assert main(["parse", *paths, "-o", str(out)]) == 0
        assert main(["threads", str(out), *more]) == 0
        table = csv.DictReader(io.StringIO((out / "threads.csv").read_text("utf-8-sig")))
        return {row["item_id"]: row["thread_id"] for row in table}

    before = follow("a", years[:2])
    after = follow("b", years[:3], "--ids", str(tmp_path / "a" / "threads.csv"))
    assert before.items() <= after.items()


def test_ids_that_cannot_be_read_are_told(
    years: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["parse", years[0], "-o", str(out)]) == 0
    assert main(["threads", str(out), "--ids", str(tmp_path / "none.csv")]) == 1
    assert "is no file" in capsys.readouterr().err
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n", "utf-8")
    assert main(["threads", str(out), "--ids", str(other)]) == 0
    assert "all are made anew" in capsys.readouterr().err
