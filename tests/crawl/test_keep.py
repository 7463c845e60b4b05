"""raw/ over kills and with a table that cannot be read: nothing is lost, nothing written over."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.batch.origins import read_origins
from pipeline.errors import OutputError
from tests.crawl.server import serve
from tests.crawl.test_fetch import fetch, kept, plan_site

BROKEN: dict[str, bytes] = {
    "in another encoding": "path,url\n甲/2024/a.html,http://a/\n".encode("gb18030"),
    "without the column path": b"file,url\na,http://a/\n",
    "a cell without an end": b'path,url\na.html,"http://a/\nb.html,http://b/\n',
}


def _note_as_begun(folder: Path) -> None:
    """What a run leaves in its state that is killed after it has entered its files."""
    with closing(sqlite3.connect(folder / "crawl" / "state.sqlite")) as db:
        for path in kept(folder):
            if path != "SOURCES.csv":
                db.execute("insert into writing values (?, '')", (f"raw:{path}",))
        for warc in (folder / "crawl" / "warc").rglob("*.gz"):
            name = warc.relative_to(folder / "crawl" / "warc").as_posix()
            db.execute("insert into writing values (?, '')", (f"warc:{name}",))
        db.commit()


@pytest.mark.parametrize("case", BROKEN)
def test_no_file_is_removed_or_written_by_a_table_that_cannot_be_read(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FENGONG_LANG", "en")
    with serve(plan_site) as site:
        assert fetch(tmp_path, f"{site.url}/a/t1.html") == 0
        _note_as_begun(tmp_path)
        table = tmp_path / "raw" / "SOURCES.csv"
        good = table.read_bytes()
        table.write_bytes(BROKEN[case])
        before, asked = kept(tmp_path), len(site.asked)
        assert fetch(tmp_path, f"{site.url}/a/t1.html") == 1
        assert kept(tmp_path) == before
        # Nothing is asked that could not be kept.
        assert len(site.asked) == asked
        told = capsys.readouterr().err
        assert "SOURCES.csv: cannot be read" in told
        assert "mend it, so that no row of it is lost" in told
        table.write_bytes(good)
        assert fetch(tmp_path, f"{site.url}/a/t1.html") == 0
    assert kept(tmp_path) == before | {"SOURCES.csv": good}
    assert list((tmp_path / "crawl" / "warc").rglob("*.gz"))


def test_files_that_no_row_names_are_removed_and_others_stay(tmp_path: Path) -> None:
    with serve(plan_site) as site:
        assert fetch(tmp_path, f"{site.url}/a/t1.html") == 0
        (tmp_path / "raw" / "SOURCES.csv").unlink()
        _note_as_begun(tmp_path)
        (tmp_path / "raw" / "mine.txt").write_text("mine", "utf-8")
        before = len(kept(tmp_path))
        assert fetch(tmp_path, f"{site.url}/a/t1.html") == 0
    assert len(kept(tmp_path)) == before + 1
    assert "mine.txt" in kept(tmp_path)


def test_parse_tells_a_table_of_origins_that_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FENGONG_LANG", "en")
    with serve(plan_site) as site:
        assert fetch(tmp_path, f"{site.url}/a/t1.html") == 0
    (tmp_path / "raw" / "SOURCES.csv").write_bytes(BROKEN["without the column path"])
    with pytest.raises(OutputError):
        read_origins(tmp_path / "raw")
    monkeypatch.chdir(tmp_path)
    assert cli.main(["parse", "raw", "-o", "out"]) == 1
    assert "without it files have no address" in capsys.readouterr().err


def test_a_state_of_another_version_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FENGONG_LANG", "en")
    (tmp_path / "crawl").mkdir()
    with closing(sqlite3.connect(tmp_path / "crawl" / "state.sqlite")) as db:
        db.execute("create table pages (url text)")
    assert fetch(tmp_path, "http://127.0.0.1:1/") == 1
    assert "cannot be used as a state" in capsys.readouterr().err
