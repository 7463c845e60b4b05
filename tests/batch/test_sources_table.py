"""sources.csv: every file of the sources and what became of it; a notice in two files counts once."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from pipeline.batch.jobs import Job
from pipeline.batch.verify import find_faults
from pipeline.cli import main
from pipeline.cli.long_jobs import LongJobs
from pipeline.dataset.duplicates import mark_of, without_duplicates
from pipeline.dataset.record_files import read_records
from pipeline.store import Store, load_output
from tests.read.samples import spreadsheet_xml, zipped

LINES = [
    "甲区2024年重点工作任务分工",
    "一、建设社区食堂10个。（牵头单位：区民政局）",
    "二、新建口袋公园5个。（牵头单位：区园林局）",
]
TEXT = "\n".join(LINES).encode()
PAGE = f"<html>{''.join(f'<p>{line}</p>' for line in LINES)}</html>".encode()


def sources(tmp_path: Path, **files: bytes) -> Path:
    folder = tmp_path / "in"
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        (folder / name.replace("_", ".", 1)).write_bytes(data)
    return folder


def parse(tmp_path: Path) -> int:
    return main(["parse", str(tmp_path / "in"), "-o", str(tmp_path / "out"), "--json"])


def rows(tmp_path: Path) -> dict[str, tuple[str, str, bool, bool]]:
    """Name -> kind, fate, whether it has a hash, whether it has a reason."""
    text = (tmp_path / "out" / "sources.csv").read_text("utf-8-sig")
    return {
        row["path"].rpartition("/in/")[2]: (
            row["kind"], row["fate"], bool(row["sha256"]), bool(row["why"])
        )
        for row in csv.DictReader(io.StringIO(text))
    }  # fmt: skip


def test_every_file_has_a_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    members = {"甲.txt": TEXT, "__MACOSX/._甲.txt": b"\0", "b.png": b"\0"}
    sources(tmp_path, a_txt=TEXT + b"\n", e_txt=b" ", p_png=b"\0", z_zip=zipped(members))
    assert parse(tmp_path) == 1
    expected = {
        "a.txt": ("txt", "read", True, False),
        "e.txt": ("txt", "failed", True, True),
        "p.png": ("png", "skipped", False, True),
        "z.zip!/__MACOSX/._甲.txt": ("txt", "skipped", False, True),
        "z.zip!/b.png": ("png", "skipped", False, True),
        "z.zip!/甲.txt": ("txt", "read", True, True),
    }
    assert rows(tmp_path) == expected
    told = json.loads(capsys.readouterr().out)
    assert told["skipped"] == len(told["skipped_files"]) == 3
    assert all(one["why"] for one in told["skipped_files"])
    assert list(find_faults(tmp_path / "out")) == []
    # Also where nothing has changed, and the archive is not opened again.
    parse(tmp_path)
    assert rows(tmp_path) == expected
    package = json.loads((tmp_path / "out" / "datapackage.json").read_bytes())
    assert "sources" in [one["name"] for one in package["resources"]]


def test_skipped_files_are_named_on_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = sources(tmp_path, a_txt=TEXT, **{f"p{n}_png": b"\0" for n in range(7)})
    main(["parse", str(folder), "-o", str(tmp_path / "out")])
    told = capsys.readouterr().err
    assert f"{folder}/p0.png: skipped: files of this kind are not read (.png)" in told
    assert "p5.png" not in told
    assert "2 more skipped files" in told
    assert "7 files skipped" in told


def test_a_changed_row_is_a_fault(tmp_path: Path) -> None:
    sources(tmp_path, a_txt=TEXT, p_png=b"\0")
    parse(tmp_path)
    table = tmp_path / "out" / "sources.csv"
    table.write_bytes(table.read_bytes().replace(b"skipped", b"read", 1))
    assert any("sources.csv" in fault for fault in find_faults(tmp_path / "out"))


def test_a_formula_in_a_name_is_defused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "=1+1.txt"
    (tmp_path / name).write_bytes(b" ")
    (tmp_path / "a.txt").write_bytes(TEXT)
    monkeypatch.chdir(tmp_path)
    main(["parse", name, "a.txt", "-o", "out", "--json"])
    assert f"\n'{name}," in (tmp_path / "out" / "sources.csv").read_text("utf-8-sig")


def test_a_notice_in_two_files_is_counted_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = TEXT.replace("食堂".encode(), "书屋".encode())
    sources(tmp_path, a_txt=TEXT, b_txt=TEXT, c_html=PAGE, d_txt=other)
    assert parse(tmp_path) == 0
    told = json.loads(capsys.readouterr().out)
    assert (len(told["notices"]), told["items"], told["duplicates"]) == (4, 4, 2)
    out = tmp_path / "out"
    records = list(read_records(out))
    marked = [bool(mark_of(one)) for one in records]
    assert marked == [False, True, True, False]
    assert "a.txt" in mark_of(records[1])
    assert len(list(without_duplicates(records))) == 2
    assert list(find_faults(out)) == []
    with Store(str(tmp_path / "s.sqlite")) as store:
        assert len(load_output(out, store).added) == 2


def test_the_mark_goes_with_the_first_notice(tmp_path: Path) -> None:
    folder = sources(tmp_path, a_txt=TEXT, c_html=PAGE)
    parse(tmp_path)
    before = (tmp_path / "out" / "sources.csv").read_bytes()
    parse(tmp_path)
    assert (tmp_path / "out" / "sources.csv").read_bytes() == before
    (folder / "a.txt").unlink()
    parse(tmp_path)
    assert [mark_of(one) for one in read_records(tmp_path / "out")] == [""]
    assert list(find_faults(tmp_path / "out")) == []


def test_a_file_that_takes_long_is_named() -> None:
    said: list[str] = []
    watch = LongJobs(said.append, every=10)
    assert watch.report(0) is None
    watch.begin(Job("a/big.txt", "big.txt"))
    assert "a/big.txt: still at work" in (watch.report(1e12) or "")
    assert watch.report(0) is None
    watch.begin(None)
    assert watch.report(1e12) is None


def table_rows(tmp_path: Path, name: str) -> list[dict[str, str]]:
    text = (tmp_path / "out" / f"{name}.csv").read_text("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def hosted(tmp_path: Path) -> dict[str, tuple[str, str]]:
    return {
        row["canonical"]: (row["notices"], row["hosted"]) for row in table_rows(tmp_path, "units")
    }


LED = TEXT.replace(
    "（牵头单位：区民政局）".encode(), "（牵头领导：王红；牵头单位：区民政局）".encode()
)


@pytest.mark.parametrize("number", [0, 1])
def test_a_notice_in_two_files_is_summed_once(tmp_path: Path, number: int) -> None:
    other = LED.replace("食堂".encode(), "书屋".encode())
    sources(tmp_path, a_txt=LED, b_txt=LED + b"\n", c_txt=other)
    parse(tmp_path)
    assert hosted(tmp_path) == {"甲区民政局": ("2", "2"), "甲区园林绿化局": ("2", "2")}
    (leader,) = table_rows(tmp_path, "leaders")
    assert (leader["notices"], leader["items"]) == ("2", "2")
    assert main(["names", str(tmp_path / "out")]) == 0
    assert {row["count"] for row in table_rows(tmp_path, "names")} == {"2"}
    # Of a correction only the rows that it concerns are counted again.
    item = list(read_records(tmp_path / "out"))[number].items[0].item_id
    words = ["--set", "host_units=区教育局、区园林局", "--who", "甲"]
    assert main(["correct", item, *words, "-o", str(tmp_path / "out")]) == 0
    patched = hosted(tmp_path)
    if number == 0:
        assert patched == {
            "甲区民政局": ("1", "1"),
            "甲区园林绿化局": ("2", "3"),
            "甲区教育局": ("1", "1"),
        }
    else:
        assert patched == {"甲区民政局": ("2", "2"), "甲区园林绿化局": ("2", "2")}
    (tmp_path / "in" / "d.txt").write_bytes(LED.replace(b"2024", b"2023"))
    parse(tmp_path)
    (tmp_path / "in" / "d.txt").unlink()
    parse(tmp_path)
    assert hosted(tmp_path) == patched


def test_xml_files_are_looked_at_by_their_bytes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = b'<?xml version="1.0"?><settings><font>SimSun</font></settings>'
    feed = b'<?xml version="1.0"?><rss><item><p>a</p><p>b</p><p>c</p></item></rss>'
    member = {"b.xml": spreadsheet_xml(), "c.xml": settings}
    page = b"<?xml version='1.0'?>" + PAGE
    sources(tmp_path, a_xml=spreadsheet_xml(), f_xml=feed, p_xml=page, s_xml=settings)
    sources(tmp_path, z_zip=zipped(member))
    expected = {
        "a.xml": ("xml", "read", True, False),
        "f.xml": ("xml", "skipped", True, True),
        "p.xml": ("xml", "read", True, False),
        "s.xml": ("xml", "skipped", True, True),
        "z.zip!/b.xml": ("xml", "read", True, True),
        "z.zip!/c.xml": ("xml", "skipped", False, True),
    }
    for _ in range(2):
        assert parse(tmp_path) == 0
        assert rows(tmp_path) == expected
        told = json.loads(capsys.readouterr().out)
        assert [one["why"] for one in told["skipped_files"]] == [
            "XML of another kind than documents"
        ] * 3
