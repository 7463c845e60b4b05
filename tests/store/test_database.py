"""The database of a store: what can be wrong with it, its frames, the command."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from pipeline import cli
from pipeline.dataset.dataset_writer import write_dataset
from pipeline.errors import StoreError
from pipeline.store import Query, Store, load_notices, load_output, search
from tests.conftest import RAW
from tests.stores import counts, place, plan, postgres, rows

__all__ = ["place", "postgres"]


def test_a_newer_store_is_not_touched(place: str) -> None:
    with Store(place) as store:
        load_notices([plan()], store)
        with store.writing() as connection:
            connection.execute(text("UPDATE about SET value = '99' WHERE name = 'schema'"))
        for action in (
            lambda: load_notices([plan(2012)], store),
            lambda: search(store, Query(("食堂",))),
            lambda: store.frame("items"),
        ):
            with pytest.raises(StoreError, match="schema 99, this version knows 3; upgrade"):
                action()


def test_other_files_are_not_touched(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other, words = tmp_path / "other.sqlite", tmp_path / "words.txt"
    with closing(sqlite3.connect(other)) as raw:
        raw.execute("CREATE TABLE mine (x)")
    words.write_text("no database" * 100, "utf-8")
    out = tmp_path / "out"
    write_dataset([plan()], out)
    for path, fact in ((other, "holds other tables"), (words, "file is not a database")):
        before = path.read_bytes()
        assert cli.main(["load", str(out), "--store", str(path)]) == 1
        assert fact in capsys.readouterr().err
        assert path.read_bytes() == before
    assert cli.main(["search", "食堂", "--store", str(tmp_path / "none.sqlite")]) == 1
    assert "no store lies there; run fengong load" in capsys.readouterr().err
    assert not (tmp_path / "none.sqlite").exists()
    assert cli.main(["load", str(tmp_path), "--store", str(tmp_path / "s")]) == 1
    assert "holds no records" in capsys.readouterr().err


def test_wrong_addresses(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_dataset([plan()], out)
    for url, fact in (
        ("mysql://x/y", "mysql is no database that is supported"),
        ("nothing://x", "nothing is no database that is supported"),
        ("postgresql://x:y/z", "the address cannot be read"),
        ("postgresql://me:secret@127.0.0.1:1/x", "check that the server runs"),
        (str(tmp_path / "no" / "folder" / "s.sqlite"), "check that the folder exists"),
    ):
        assert cli.main(["load", str(out), "--store", url]) == 1
        told = capsys.readouterr().err
        assert fact in told
        assert "secret" not in told


def test_a_store_that_may_only_be_read(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    with Store(path) as store:
        load_notices([plan()], store)
    before = path.read_bytes()
    with Store(path, read_only=True) as store:
        assert search(store, Query(("食堂",))).total == 1
        with pytest.raises(StoreError, match=r"readonly.*; give the right to write"):
            load_notices([plan(2012, path="b.txt")], store)
    assert path.read_bytes() == before


def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    """A limit of the file's size stands in for a full disk."""
    path, out = tmp_path / "s.sqlite", tmp_path / "out"
    with Store(path) as store:
        load_notices([plan(2001, path="old.txt")], store)
    size = path.stat().st_size
    write_dataset([plan(1990 + n, path=f"{n}.txt") for n in range(200)], out)
    script = (
        "import resource,signal,sys;signal.signal(signal.SIGXFSZ,signal.SIG_IGN);"
        f"resource.setrlimit(resource.RLIMIT_FSIZE,({size + 50000},)*2);"
        "from pipeline.cli import main;sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", script, "load", str(out), "--store", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "free space on the disk" in done.stderr
    with Store(path) as store:
        assert rows(store, "SELECT year FROM notices") == [(2001,)]
        assert search(store, Query(("智慧食堂",))).total == 1
        assert counts(load_output(out, store)) == (200, 0, 0, 0)


def test_numbers_beyond_measure(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    with Store(place) as store:
        load_notices([plan()], store)
        with pytest.raises(StoreError):
            store.frame("items", year=10**30)
    for args in (["--limit", "-1"], ["--year", "99999999999"], ["--year", "x"]):
        with pytest.raises(SystemExit) as caught:
            cli.main(["search", "食堂", "--store", place, *args])
        assert caught.value.code == 2
    assert cli.main(["search", "--leader", "王宏彬", "--role", "host", "--store", place]) == 2
    assert "a leader leads" in capsys.readouterr().err


def test_sqlite_by_its_url(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no store lies there"):
        Store(f"sqlite:///{tmp_path}/none.sqlite", read_only=True)
    assert not (tmp_path / "none.sqlite").exists()
    with Store(f"sqlite:///{tmp_path}/some.sqlite") as store:
        load_notices([plan()], store)
    assert (tmp_path / "some.sqlite").is_file()
    with pytest.raises(StoreError, match="is no place that lasts"):
        Store("sqlite://")


def test_strange_file_names(tmp_path: Path) -> None:
    path = tmp_path / "库 a%20b?c#d.sqlite"
    with Store(path) as store:
        load_notices([plan()], store)
    assert path.is_file()
    with Store(path, read_only=True) as store:
        assert store.frame("notices")["notice_id"].tolist() == [plan().notice_id]


def test_the_index_is_made_anew_where_folding_changed(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    with Store(path) as store:
        load_notices([plan()], store)
        with store.writing() as connection:
            connection.execute(text("UPDATE about SET value = 'old' WHERE name = 'index'"))
            connection.exec_driver_sql("INSERT INTO item_words(item_words) VALUES ('delete-all')")
        assert not search(store, Query(("食堂",))).hits
        load_notices([plan(2012, path="b.txt")], store)
        assert search(store, Query(("食堂",))).total == 2


def test_frames(place: str) -> None:
    with Store(place) as store:
        load_notices([plan(2011), plan(2012, path="b.txt")], store)
        items = store.frame("items", year=2011)
        kinds = {name: str(items[name].dtype) for name in ("year", "title", "number")}
        assert kinds == {"year": "Int64", "title": "string", "number": "Int64"}
        assert items["due"].dt.date.astype("string").dropna().tolist() == ["2011-06-30"]
        assert len(store.frame("items", year=[2011, 2012])) == 6
        hosts = store.frame("assignments", year=2012, role="host")
        assert hosts["name"].tolist() == ["区民政局", "区住建局", "区财政局"]
        assert set(store.frame("duties", name="区财政局")["role"]) == {"host", "co_host"}
        assert store.frame("unit_years", canonical="盐田区财政局")["hosted"].tolist() == [1, 1]
        with pytest.raises(StoreError, match="nothing: is no table of a store; one of"):
            store.frame("nothing")
        with pytest.raises(StoreError, match="items: has no column 'x'; one of"):
            store.frame("items", x=1)


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert cli.main(["parse", str(RAW), "-o", str(out)]) == 0
    assert cli.main(["load", str(out)]) == 0
    store = str(out / "fengong.sqlite")
    capsys.readouterr()
    assert cli.main(["search", "财政局", "--year", "2011", "--role", "host", "--store", store]) == 0
    told = capsys.readouterr()
    assert "host units: 区【财政局】" in told.out
    assert "1 items" in told.err
    assert cli.main(["search", "--store", store]) == 2
    assert cli.main(["export", str(out), "--to", "sqlite", "-o", str(tmp_path / "x.sqlite")]) == 0
    with Store(tmp_path / "x.sqlite") as other:
        assert len(other.frame("items")) == 12


@pytest.mark.parametrize("read_only", [True, False])
@pytest.mark.parametrize("prefix", ["", "sqlite:///"])
def test_a_store_is_a_regular_file(tmp_path: Path, prefix: str, read_only: bool) -> None:  # noqa: FBT001
    os.mkfifo(tmp_path / "pipe")
    for path, fact in (
        (tmp_path / "pipe", "is a device or a pipe and can be no store; name a file"),
        (Path(os.devnull), "is a device or a pipe and can be no store; name a file"),
        (tmp_path, "is a folder; name a file"),
    ):
        with pytest.raises(StoreError, match=fact):
            Store(f"{prefix}{path}", read_only=read_only)
