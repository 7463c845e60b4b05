"""Texts in encodings that nothing names, and files that were cut inside a character."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import read_source
from pipeline.errors import SourceError
from pipeline.read import plain

SIMPLE = (
    "甲区2024年重点工作任务分工\n一、建设社区食堂10个。（牵头单位：区民政局）\n二、修缮老旧小区。"
)
TRADITIONAL = (
    "甲區2024年重點工作任務分工\n一、建設社區食堂10個。（牽頭單位：區民政局）\n二、修繕老舊小區。"
)


@pytest.mark.parametrize(
    ("text", "written_in", "read_as"),
    [
        (SIMPLE, "utf-16-le", "utf-16-le"),
        (SIMPLE, "utf-16-be", "utf-16-be"),
        (SIMPLE, "hz", "hz"),
        (SIMPLE, "gb18030", "gb18030"),
        (SIMPLE, "utf-8", "utf-8"),
        (TRADITIONAL, "big5", "big5hkscs"),
        (TRADITIONAL, "gb18030", "gb18030"),
        ("镕、昉、堃、喆等4名同志。", "gb18030", "gb18030"),
    ],
)
def test_texts_and_pages_without_a_mark(
    tmp_path: Path, text: str, written_in: str, read_as: str
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode(written_in))
    source = read_source(path)
    assert (source.text, source.encoding, source.remarks) == (text, read_as, ())
    page = "".join(f"<p>{line}</p>" for line in text.split("\n"))
    path.write_bytes(f"\n<html><body>{page}</body></html>".encode(written_in))
    source = read_source(path)
    assert (source.text, source.encoding) == (text, read_as)


@pytest.mark.parametrize("end", ["\x85", "\u2028", "\u2029", "\r", "\r\n"])
def test_every_line_end_is_a_newline(tmp_path: Path, end: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(SIMPLE.replace("\n", end).encode())
    assert read_source(path).text == SIMPLE
    if end[0] != "\r":
        path.write_bytes(f"<html><p>{SIMPLE.replace(chr(10), end)}</p></html>".encode())
        assert read_source(path).text == SIMPLE


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("gb18030", b""),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-le", b""),
    ],
)
def test_a_cut_last_character_is_left_out_and_told(
    tmp_path: Path, encoding: str, mark: bytes
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(mark + f"{SIMPLE}乙".encode(encoding)[:-1])
    source = read_source(path)
    assert (source.text, source.encoding) == (SIMPLE, encoding)
    assert [remark.code for remark in source.remarks] == ["damaged-bytes"]


@pytest.mark.parametrize(("encoding", "declared"), [("utf-8", ""), ("gb18030", "gb2312")])
def test_a_page_cut_inside_its_last_character(tmp_path: Path, encoding: str, declared: str) -> None:
    path = tmp_path / "a.html"
    lines = "".join(f"<p>{line}</p>" for line in SIMPLE.split("\n"))
    page = f"<html><meta charset='{declared}'>{lines}<p>三、乙局"
    path.write_bytes(page.encode(encoding)[:-1])
    source = read_source(path)
    assert source.text == f"{SIMPLE}\n三、乙"
    assert [remark.code for remark in source.remarks] == ["damaged-bytes"]


def test_a_page_in_big5_that_declares_gbk(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    lines = "".join(f"<p>{line}</p>" for line in TRADITIONAL.split("\n"))
    path.write_bytes(f"<html><meta charset=gbk>{lines}</html>".encode("big5"))
    assert read_source(path).text == TRADITIONAL


@pytest.mark.parametrize("data", [b"\0\x01\x02\x03", b"PK\x05\0\0\0", b"a\xff\xffb"])
def test_what_is_no_text_stays_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    with pytest.raises(SourceError):
        read_source(path)


def test_tildes_in_braces_are_no_hz(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("a ~{b} ~{x+y~} c")
    assert read_source(path).text == "a ~{b} ~{x+y~} c"


def test_a_text_above_the_limit_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(SourceError, match="above the limit of 16 MiB"):
        plain.decode(b"\xff" * (plain.MAX_TEXT + 1), Path("a.txt"))
