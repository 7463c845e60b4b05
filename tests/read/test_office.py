"""The bytes decide: what a file's name says is not asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import read_source
from pipeline.batch.source_files import find_jobs
from pipeline.errors import SourceError
from pipeline.read import draft
from pipeline.read.file_signatures import OLE
from tests.read import writers
from tests.read.wordxml import docx, p, zipped

PLAN: writers.Plan = ["某区2024年重点工作", "1、建设智慧城市。", "主办单位：区财政局；"]


def entry(name: str) -> bytes:
    """An OLE file of nothing but a directory entry."""
    return (OLE.ljust(512, b"\0") + name.encode("utf-16-le")).ljust(1024, b"\0")


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("a.docx", writers.html),
        ("a.doc", writers.html),
        ("a.xls", writers.html),
        ("a.doc", writers.docx),
        ("a.txt", writers.docx),
        ("a.xls", writers.xlsx),
        ("a.xlsx", writers.xls),
        ("a.et", writers.xls),
        ("a.docx", writers.txt),
        ("a.html", writers.pdf),
        ("a.zip", writers.ofd),
        ("a.pdf", lambda plan: b"\n\n" + writers.pdf(plan)),
    ],
)
def test_a_wrong_name_is_no_matter(
    name: str, write: Callable[[writers.Plan], bytes], tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(write(PLAN))
    assert read_source(path).text.split("\n") == PLAN


@pytest.mark.parametrize(
    ("data", "fact"),
    [
        (entry("EncryptedPackage"), "encrypted"),
        (writers.docx(PLAN)[:3000], "not a whole zip"),
        (writers.xlsx(PLAN)[:3000], "not a whole zip"),
        (writers.ofd(PLAN)[:300], "not a whole zip"),
        (entry("Workbook"), "no readable workbook"),
    ],
)
def test_refusals(data: bytes, fact: str, tmp_path: Path) -> None:
    path = tmp_path / "a.doc"
    path.write_bytes(data)
    with pytest.raises(SourceError, match=fact):
        read_source(path)


@pytest.mark.parametrize(
    "data",
    [
        entry("WordDocument"),
        entry("WordDocument") + entry("Workbook"),
        entry("x") + b"\0" * 9 + "Workbook".encode("utf-16-le") + b"\0" * 99,
        b"  {\\rtf1}",
        b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><x/>',
        b"<office:document "
        + b'xmlns:a="urn:a" ' * 200
        + b'office:mimetype="application/vnd.oasis.opendocument.text"/>',
        zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}),
    ],
)
def test_what_only_a_converter_reads(
    data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    path = tmp_path / "a"
    path.write_bytes(data)
    with pytest.raises(SourceError, match="needs a converter"):
        read_source(path)


def test_merged_cells_without_end(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(draft, "LENGTH_LIMIT", 100)
    cell = f'<w:tc><w:tcPr><w:gridSpan w:val="60"/></w:tcPr>{p("长" * 9)}</w:tc>'
    path = tmp_path / "a.docx"
    path.write_bytes(docx(f"<w:tbl><w:tr>{cell}<w:tc>{p('短')}</w:tc></w:tr></w:tbl>" * 60))
    with pytest.raises(SourceError, match="more than 100 characters"):
        read_source(path)


def test_a_folder_is_walked_without_our_own_tables(tmp_path: Path) -> None:
    for name in ("a/plan.csv", "a/plan.docx", "a/~$plan.docx", "a/SOURCES.csv", "b/items.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "b/datapackage.json").write_bytes(b"{}")
    found = find_jobs([tmp_path])
    assert [job.relative for job in found.jobs] == ["a/plan.csv", "a/plan.docx"]
    assert found.skipped == 4
