"""Only what changed is parsed again, and what comes out is what a whole run would make."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from pipeline import cli
from pipeline.batch import update
from pipeline.batch.jobs import Job
from pipeline.batch.worker import Worker
from pipeline.dataset.manifest import MANIFEST
from pipeline.dataset.parser_version import parser_version
from pipeline.decisions.corrections import read_kept_corrections
from tests.cli.test_command import files
from tests.conftest import RAW
from tests.read.samples import zipped
from tests.stores import PLAN


class Folder:
    """A folder of sources and its OUTPUT."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.sources, self.out, self.capsys = folder / "in", folder / "out", capsys
        self.sources.mkdir()

    def write(self, name: str, year: int = 2011) -> None:
        path = self.sources / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PLAN.format(year=year, count=5), "utf-8")

    def parse(self, *args: object) -> dict[str, Any]:
        """What a run tells of paths, without their folder."""
        self.capsys.readouterr()
        command = ["parse", self.sources, "-o", self.out, "--json", *args]
        self.code = cli.main(list(map(str, command)))
        told = json.loads(self.capsys.readouterr().out)
        here = f"{self.sources.as_posix()}/"
        return {
            key: [path.removeprefix(here) for path in told[key]]
            for key in ("added", "updated", "gone")
        } | {"unchanged": told["unchanged"]}

    def is_as_anew(self) -> bool:
        """Whether the OUTPUT is what a run into an empty folder makes."""
        clean = self.out.with_name("clean")
        cli.main(["parse", str(self.sources), "-o", str(clean)])
        made = {k: v for k, v in files(self.out).items() if k != MANIFEST}
        return made == {k: v for k, v in files(clean).items() if k != MANIFEST}


@pytest.fixture
def folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Folder:
    return Folder(tmp_path, capsys)


def watch(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sources that are parsed from now on."""
    done: list[str] = []
    run = Worker.run

    def run_and_tell(worker: Worker[Any], job: Job, following: Sequence[Job] = ()) -> Iterator[Any]:
        done.append(job.relative)
        return run(worker, job, following)

    monkeypatch.setattr(Worker, "run", run_and_tell)
    return done


def told(**fates: list[str] | int) -> dict[str, Any]:
    return {"added": [], "updated": [], "gone": [], "unchanged": 0} | fates


def test_changed_sources_among_unchanged_ones_keep_their_order(folder: Folder) -> None:
    names = [f"{number:02}.txt" for number in range(40)]
    for name in names:
        folder.write(name)
    folder.parse()
    changed = [name for number, name in enumerate(names) if number % 3 == 1]
    for name in changed:
        folder.write(name, 2012)
    assert folder.parse() == told(updated=changed, unchanged=27)
    assert folder.is_as_anew()


def test_added_updated_unchanged_gone(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.txt", "b.txt", "c/d.txt"):
        folder.write(name)
    assert folder.parse() == told(added=["a.txt", "b.txt", "c/d.txt"])
    assert folder.parse() == told(unchanged=3)
    folder.write("b.txt", 2012)
    folder.write("e.txt")
    (folder.sources / "c" / "d.txt").unlink()
    done = watch(monkeypatch)
    assert folder.parse() == told(added=["e.txt"], updated=["b.txt"], gone=["c/d.txt"], unchanged=1)
    assert done == ["b.txt", "e.txt"]
    assert folder.is_as_anew()
    assert cli.main(["verify", str(folder.out)]) == 0


def test_nothing_is_touched_where_nothing_changed(folder: Folder) -> None:
    folder.write("a.txt")
    folder.parse()
    before = {name: (folder.out / name).stat().st_mtime_ns for name in files(folder.out)}
    folder.parse()
    assert before == {name: (folder.out / name).stat().st_mtime_ns for name in files(folder.out)}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda out: next((out / "json").iterdir()).write_text("{}", "utf-8"),
        lambda out: next((out / "json").iterdir()).unlink(),
        lambda out: (out / "items.csv").write_text("x", "utf-8"),
        lambda out: (out / "problems.csv").unlink(),
    ],
)
def test_what_was_spoilt_is_made_again(folder: Folder, spoil: Any) -> None:
    folder.write("a.txt")
    folder.write("b.txt", 2012)
    folder.parse()
    spoil(folder.out)
    folder.parse()
    assert folder.code == 0
    assert folder.is_as_anew()


@pytest.mark.parametrize(
    ("manifest", "fact"),
    [
        ('{"version": 2, "records": {}}', "was written by a newer fengong"),
        ('{"version": 1}', "is no manifest of fengong"),
        ("[]", "is no manifest of fengong"),
        ('{"version": "2"}', "is no manifest of fengong"),
        ('{"version": 2.0}', "is no manifest of fengong"),
        ("no JSON", "cannot be read"),
    ],
)
def test_a_manifest_that_is_not_understood_is_refused(
    folder: Folder, manifest: str, fact: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.write("a.txt")
    folder.parse()
    (folder.out / MANIFEST).write_text(manifest, "utf-8")
    before = files(folder.out)
    for command in (["parse", str(folder.sources), "-o"], ["verify"], ["export", "--to", "csv"],
        ["export", "--to", "jsonl", "--notice", "x"],
    ):  # fmt: skip
        assert cli.main([*command, str(folder.out)]) == 1
        assert fact in capsys.readouterr().err
    assert files(folder.out) == before
    assert (folder.out / MANIFEST).read_text("utf-8") == manifest


def test_files_of_a_person_are_never_overwritten_or_removed(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.write("a.txt")
    (folder.out / "json").mkdir(parents=True)
    own = {"items.csv": "mine", "json/report-20240630.json": "{}", "a/b.txt": "x"}
    for name, text in own.items():
        (folder.out / name).parent.mkdir(exist_ok=True)
        (folder.out / name).write_text(text, "utf-8")
    assert cli.main(["parse", str(folder.sources), "-o", str(folder.out)]) == 1
    assert "has files that are not of fengong" in capsys.readouterr().err
    assert {name: (folder.out / name).read_text("utf-8") for name in own} == own
    assert sorted(files(folder.out)) == sorted(own)


def test_files_put_beside_ours_stay(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    folder.write("a.txt")
    folder.parse()
    own = folder.out / "json" / "report-20240630.json"
    own.write_text('{"mine": 1}', "utf-8")
    folder.write("b.txt", 2012)
    folder.parse()
    assert folder.code == 0
    assert own.read_text("utf-8") == '{"mine": 1}'
    assert cli.main(["verify", str(folder.out)]) == 0
    (folder.out / "units.csv").unlink()
    (folder.out / MANIFEST).unlink()
    assert cli.main(["parse", str(folder.sources), "-o", str(folder.out)]) == 1
    assert "--take-over" in capsys.readouterr().err
    assert cli.main(["parse", str(folder.sources), "-o", str(folder.out), "--take-over"]) == 0
    assert own.read_text("utf-8") == '{"mine": 1}'


def test_a_manifest_that_names_a_file_outside_is_refused(folder: Folder) -> None:
    folder.write("a.txt")
    folder.parse()
    outside = folder.out.parent / "EVIL.json"
    outside.write_text("mine", "utf-8")
    told = json.loads((folder.out / MANIFEST).read_bytes())
    told["records"]["../../EVIL"] = next(iter(told["records"].values()))
    (folder.out / MANIFEST).write_text(json.dumps(told), "utf-8")
    assert cli.main(["parse", str(folder.sources), "-o", str(folder.out)]) == 1
    assert outside.read_text("utf-8") == "mine"


def test_another_parser_parses_all(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.write("a.txt")
    folder.parse()
    done = watch(monkeypatch)
    monkeypatch.setattr(update, "parser_version", lambda _: "another")
    # Its records are the same: nothing was updated.
    assert folder.parse() == told(unchanged=1)
    assert folder.parse() == told(unchanged=1)
    assert done == ["a.txt"]
    folder.parse("--anew")
    assert done == ["a.txt", "a.txt"]


def test_the_parser_is_our_code_and_tables(tmp_path: Path) -> None:
    table = tmp_path / "bodies.csv"
    table.write_text("form,body,level,place,kind,source\n", "utf-8")
    plain, over = parser_version(None), parser_version(tmp_path)
    assert plain != over
    parser_version.cache_clear()
    table.write_text(
        "form,body,level,place,kind,source\n某办,某某办公室,local,,government,x\n", "utf-8"
    )
    assert parser_version(tmp_path) != over
    assert parser_version(None) == plain


def test_where_a_document_came_from_counts(folder: Folder) -> None:
    folder.write("a.txt")
    folder.parse()
    origins = folder.sources / "SOURCES.csv"
    origins.write_text("path,url,retrieved_at\na.txt,https://x.gov.cn/a,2024-06-30\n", "utf-8")
    assert folder.parse() == told(updated=["a.txt"])
    assert folder.parse() == told(unchanged=1)


def test_a_source_that_cannot_be_read_now_keeps_its_record(folder: Folder) -> None:
    folder.write("a.txt")
    folder.write("b.txt", 2012)
    folder.parse()
    (folder.sources / "b.txt").write_bytes(b"\0\1")
    for _ in range(2):
        # It is tried again each time, and its record stays.
        assert folder.parse() == told(unchanged=2)
        assert folder.code == 1
    assert len(list((folder.out / "json").iterdir())) == 2
    assert cli.main(["verify", str(folder.out)]) == 0
    folder.write("b.txt", 2013)
    assert folder.parse() == told(updated=["b.txt"], unchanged=1)
    assert folder.is_as_anew()


def test_what_is_gone_from_an_archive_is_gone(folder: Folder) -> None:
    """Also where another member cannot be read; what cannot be read now keeps its record."""
    one, two = (PLAN.format(year=year, count=5).encode() for year in (2011, 2012))
    path = folder.sources / "a.zip"
    path.write_bytes(zipped({"1.txt": one, "2.txt": two}))
    assert folder.parse() == told(added=["a.zip!/1.txt", "a.zip!/2.txt"])
    path.write_bytes(zipped({"2.txt": two, "3.txt": b"\xff\xff\xff"}))
    assert folder.parse() == told(gone=["a.zip!/1.txt"], unchanged=1)
    path.write_bytes(zipped({"2.txt": b"\xff\xff\xff", "3.txt": one}))
    assert folder.parse() == told(added=["a.zip!/3.txt"], unchanged=1)
    path.write_bytes(b"PK\x03\x04 broken")
    assert folder.parse() == told(unchanged=2)
    assert folder.code == 1


def test_another_way_to_write_a_path_adds_nothing(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write("a.txt")
    folder.parse()
    monkeypatch.chdir(folder.sources.parent)
    folder.sources = Path("in")
    assert folder.parse() == told(updated=["a.txt"])


def test_tables_that_were_taken_away_are_described_no_more(folder: Folder) -> None:
    folder.write("a.txt")
    folder.parse()
    assert cli.main(["names", str(folder.out)]) == 0
    assert "names.csv" in (folder.out / "datapackage.json").read_text("utf-8")
    (folder.out / "names.csv").unlink()
    folder.parse()
    assert folder.is_as_anew()


def test_decisions_edited_by_hand_are_laid_over_all(folder: Folder) -> None:
    folder.write("a.txt")
    folder.parse()
    item_id = next((folder.out / "json").iterdir()).stem + "#2"
    kept = folder.out / "corrections.csv"
    kept.write_text(f"item_id,field,value,who\n{item_id},host_units,区城管局,张\n", "utf-8")
    assert folder.parse() == told(updated=["a.txt"])
    assert "区城管局" in (folder.out / "items.csv").read_text("utf-8")
    kept.unlink()
    assert folder.parse() == told(updated=["a.txt"])
    assert folder.is_as_anew()


def test_one_document_by_two_ways_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "plan.txt").write_bytes(RAW.read_bytes())
    out = tmp_path / "out"
    assert cli.main(["parse", str(tmp_path / "a"), str(tmp_path / "b"), "-o", str(out)]) == 1
    assert "has the path and the bytes of another source" in capsys.readouterr().err
    assert cli.main(["verify", str(out)]) == 0


def test_two_runs_wait_for_each_other(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Corrections made at once by many hands are all there."""
    source, out = tmp_path / "a.txt", tmp_path / "out"
    source.write_text(PLAN.format(year=2011, count=5), "utf-8")
    assert cli.main(["parse", str(source), "-o", str(out)]) == 0
    notice_id = next((out / "json").iterdir()).stem
    sets = [(f"{notice_id}#{n}", f"{field}={n}") for n in (1, 2, 3) for field in ("label", "path")]
    command = [sys.executable, "-m", "pipeline", "correct", "-o", str(out), "--who", "张"]
    hands = [subprocess.Popen([*command, item, "--set", value]) for item, value in sets]
    assert [hand.wait(60) for hand in hands] == [0] * len(sets)
    assert len(read_kept_corrections(out)) == len(sets)
    assert "another run is at work, waiting" in capfd.readouterr().err
    assert cli.main(["verify", str(out)]) == 0
