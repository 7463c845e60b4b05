"""Bytes -> text by the stated rule; every refusal names place, fact and remedy."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline import read_source
from pipeline.errors import SourceError

TEXT = "一〇八次会议通过\n第二行"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8"),
        (TEXT.encode("gb18030"), "gb18030"),
        (TEXT.encode("utf-16"), "utf-16-le"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.replace("\n", "\r\n").encode(), "utf-8"),
        (TEXT.replace("\n", "\r").encode(), "utf-8"),
    ],
)
def test_encodings(tmp_path: Path, data: bytes, encoding: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    source = read_source(path)
    assert (source.text, source.encoding) == (TEXT, encoding)


@pytest.mark.parametrize(
    ("data", "fact"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"\x1a\x03\x04\0\0", "binary file"),
        (b"abc\xff\xff\xff", "byte 3"),
        (b"\xff\xfe\x00\xd8", "utf-16-le"),
    ],
)
def test_refusals(tmp_path: Path, data: bytes, fact: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    with pytest.raises(SourceError, match=fact) as caught:
        read_source(path)
    assert str(path) in str(caught.value)
    assert caught.value.remedy


def test_missing_and_forbidden(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        read_source(tmp_path / "none.txt")
    path = tmp_path / "a.txt"
    path.write_text("甲", "utf-8")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user reads everything")
    with pytest.raises(SourceError, match="rights"):
        read_source(path)


def test_blanks_alone_are_no_document(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("<html><p>&nbsp;\x1c</p></html>", "utf-8")
    with pytest.raises(SourceError, match="the document has no text; give the notice's own file"):
        read_source(path)
