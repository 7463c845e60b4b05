"""A folder of an export: whole or not at all, beside what else lies there; the command."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.batch.source_files import find_jobs
from pipeline.dataset import files
from pipeline.dataset.dataset_writer import write_dataset
from pipeline.dataset.record_files import read_records
from pipeline.errors import OutputError
from pipeline.export.csv_files import write_csv
from pipeline.export.jsonl_files import write_jsonl
from pipeline.export.parquet_files import read_parquet_records, write_parquet
from pipeline.model import Notice
from pipeline.parse.notice import parse_notice
from tests.conftest import RAW, ROOT, source
from tests.export.test_formats import KINDS, bytes_of, export, made


@pytest.fixture(name="notices")
def _notices() -> list[Notice]:
    return made()


# --- Folders -----------------------------------------------------------------------------------


def test_an_earlier_export_goes(notices: list[Notice], tmp_path: Path) -> None:
    write_csv(notices, tmp_path)
    (tmp_path / "own.csv").write_text("x", "utf-8")
    write_jsonl(notices, tmp_path)
    names = {path.name for path in tmp_path.iterdir()}
    assert {name for name in names if name.endswith(".csv")} == {"own.csv"}
    assert {"items.jsonl", "records.jsonl", "datapackage.json"} <= names


def test_a_package_names_no_file_elsewhere(notices: list[Notice], tmp_path: Path) -> None:
    outside = tmp_path / "own.csv"
    outside.write_text("x", "utf-8")
    folder = tmp_path / "csv"
    write_csv(notices, folder)
    package = folder / "datapackage.json"
    package.write_bytes(package.read_bytes().replace(b'"items.csv"', b'"../own.csv"'))
    write_jsonl(notices, folder)
    assert outside.exists()


def test_targets_that_are_refused(notices: list[Notice], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(OutputError, match="is a file"):
        write_csv(notices, tmp_path / "file")
    write_dataset(notices, tmp_path / "out")
    before = bytes_of(tmp_path / "out" / "json"), (tmp_path / "out" / "items.csv").read_bytes()
    for write in KINDS.values():
        with pytest.raises(OutputError, match="holds a dataset"):
            write(notices, tmp_path / "out")
    assert before == (
        bytes_of(tmp_path / "out" / "json"),
        (tmp_path / "out" / "items.csv").read_bytes(),
    )
    for told in ("{", "[]", '{"name": "other", "resources": [{"path": "items.csv"}]}'):
        (tmp_path / "theirs").mkdir(exist_ok=True)
        (tmp_path / "theirs" / "datapackage.json").write_text(told, "utf-8")
        with pytest.raises(OutputError, match="no data package of ours"):
            write_csv(notices, tmp_path / "theirs")


@pytest.mark.parametrize("kind", KINDS)
def test_a_failure_leaves_the_files_that_were(
    kind: str, notices: list[Notice], tmp_path: Path
) -> None:
    KINDS[kind](notices[:1], tmp_path)
    before = bytes_of(tmp_path)

    def failing() -> Iterator[Notice]:
        yield from notices
        raise OutputError(tmp_path, "cannot be read", "check rights")

    with pytest.raises(OutputError, match="cannot be read"):
        KINDS[kind](failing(), tmp_path)
    assert bytes_of(tmp_path) == before


@pytest.mark.parametrize("kind", KINDS)
def test_a_full_disk_leaves_no_part(kind: str, tmp_path: Path) -> None:
    """A file-size limit stands in for a quota."""
    write_dataset([parse_notice(source(RAW.read_text("utf-8")), "real")], tmp_path / "out")
    script = (
        "import resource,signal,sys,pathlib;signal.signal(signal.SIGXFSZ,signal.SIG_IGN);"
        f"from pipeline.export.{kind}_files import write_{kind} as write;"
        "from pipeline.dataset.record_files import read_records;"
        "from pipeline.errors import OutputError;"
        "resource.setrlimit(resource.RLIMIT_FSIZE,(3000,3000));out=pathlib.Path(sys.argv[1])\n"
        "try: write(read_records(out),out/'to')\n"
        "except OutputError as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "out")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "cannot be written" in done.stdout
    assert done.stderr == ""
    assert list((tmp_path / "out" / "to").iterdir()) == []


def test_a_value_that_fits_no_column(notices: list[Notice], tmp_path: Path) -> None:
    item = notices[0].items[0]
    long = notices[0].model_copy(update={"items": (replace(item, number=2**70),)})
    with pytest.raises(OutputError, match="does not fit into Parquet"):
        write_parquet([long], tmp_path)
    odd = notices[0].model_copy(update={"issued_on": "去年"})
    with pytest.raises(OutputError, match="real: issued_on is '去年'"):
        write_parquet([odd], tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_no_parquet_file_of_records(notices: list[Notice], tmp_path: Path) -> None:
    write_parquet(notices, tmp_path)
    (tmp_path / "odd.parquet").write_bytes(b"PAR1")
    for name, fact in (
        ("none.parquet", "cannot be read"),
        ("odd.parquet", "is no Parquet file of records"),
        ("notices.parquet", "is no Parquet file of records"),
    ):
        with pytest.raises(OutputError, match=fact):
            list(read_parquet_records(tmp_path / name))


def test_without_pyarrow(
    notices: list[Notice], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "pipeline.export.parquet_sinks")
    monkeypatch.delattr("pipeline.export.parquet_sinks")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(OutputError, match=r"pip install pyarrow"):
        write_parquet(notices, tmp_path / "parquet")
    assert not (tmp_path / "parquet").exists()
    assert write_jsonl(notices, tmp_path / "jsonl")["notices"] == 4


def test_files_move_together(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")

    def fail() -> None:
        with files.replace_whole(tmp_path / "a", tmp_path / "b") as (one, _):
            one.write(b"new")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert bytes_of(tmp_path) == {"a": b"old"}
    with files.replace_whole(tmp_path / "a", tmp_path / "b") as (one, two):
        one.write(b"new")
        two.write(b"more")
        assert (tmp_path / "a").read_bytes() == b"old"
    assert bytes_of(tmp_path) == {"a": b"new", "b": b"more"}


# --- The command -------------------------------------------------------------------------------


def test_export_goes_beside_the_dataset(
    notices: list[Notice], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_dataset(notices, tmp_path)
    for kind, number in (("parquet", 8), ("jsonl", 7), ("csv", 6)):
        assert export(tmp_path, kind) == 0
        told = capsys.readouterr()
        assert (told.out, f"4 notices, 25 items: {number} files" in told.err) == ("", True)
    assert list(read_parquet_records(tmp_path / "parquet" / "records.parquet")) == notices
    assert export(tmp_path, "csv", target=tmp_path / "elsewhere", no_bom=True) == 0
    assert (tmp_path / "elsewhere" / "items.csv").read_bytes().startswith(b"notice_id")


def test_export_of_chosen_notices(notices: list[Notice], tmp_path: Path) -> None:
    write_dataset(notices, tmp_path)
    export(tmp_path, "parquet", notice=["mended", "a", "mended"])
    back = read_parquet_records(tmp_path / "parquet" / "records.parquet")
    assert [one.notice_id for one in back] == ["mended", "a"]
    for odd in ("c", "../json/a", ""):
        with pytest.raises(OutputError, match="no notice in"):
            export(tmp_path, "parquet", notice=["a", odd])


def test_export_of_nothing(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="holds no records"):
        export(tmp_path, "jsonl")
    assert list(tmp_path.iterdir()) == []


def test_exports_are_no_sources(tmp_path: Path) -> None:
    (tmp_path / "plan.txt").write_bytes(RAW.read_bytes())
    out = tmp_path / "out"
    assert cli.main(["parse", str(tmp_path), "-o", str(out)]) == 0
    for kind in KINDS:
        export(out, kind)
    export(out, "csv", target=tmp_path / "deep" / "csv")
    found = find_jobs([tmp_path])
    assert [job.relative for job in found.jobs] == ["plan.txt"]
    assert found.errors == []
    # A run over the same folder finds the dataset as it was, and the exports where they lay.
    assert cli.main(["parse", str(tmp_path), "-o", str(out)]) == 0
    assert len(list(read_records(out))) == 1
    assert (out / "csv" / "items.csv").exists()


_KILLED = """
import os, sys
from pathlib import Path
from pipeline import cli
whole, left = Path.replace, [int(sys.argv[1])]
def replace(self, target):
    if target.parent.name == "shared":
        if not left[0]:
            os._exit(9)
        left[0] -= 1
    return whole(self, target)
Path.replace = replace
unlink = Path.unlink
def gone(self, **options):
    if self.parent.name == "shared" and self.suffix == ".jsonl":
        os._exit(9)
    return unlink(self, **options)
Path.unlink = gone
cli.main(sys.argv[2:])
"""


# The journal, the package and the six tables are moved; then the files of the other format go.
@pytest.mark.parametrize("moved", [0, 1, 2, 5, 8])
@pytest.mark.parametrize("next_format", ["csv", "jsonl"])
def test_the_next_export_completes_what_a_killed_one_began(
    tmp_path: Path, moved: int, next_format: str
) -> None:
    out, shared = tmp_path / "out", tmp_path / "shared"
    assert cli.main(["parse", str(RAW), "-o", str(out)]) == 0
    export = ["export", str(out), "-o", str(shared), "--to"]
    assert cli.main([*export, "jsonl"]) == 0
    (shared / "own.jsonl").write_text("mine")
    killed = [sys.executable, "-c", _KILLED, str(moved), *export, "csv"]
    assert subprocess.run(killed, check=False, cwd=ROOT).returncode == 9
    files.remove_leftovers.cache_clear()
    assert cli.main([*export, next_format]) == 0
    names = {path.name for path in shared.iterdir()}
    assert "own.jsonl" in names
    assert {name.partition(".")[2] for name in names - {"own.jsonl"}} == {next_format, "json"}


def test_a_failed_export_into_a_new_folder_leaves_no_journal(tmp_path: Path) -> None:
    def broken() -> Iterator[Notice]:
        yield made()[0]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_csv(broken(), tmp_path / "new")
    assert list((tmp_path / "new").iterdir()) == []
