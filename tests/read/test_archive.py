"""Archives: each document a source of its own, within limits; nothing is written or fetched."""

from __future__ import annotations

import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from pipeline import read_source, read_sources
from pipeline.errors import PipelineError, SourceError
from pipeline.read import Skipped
from pipeline.read.bundle import members
from tests.read.samples import archive, html, plain, zipped


def read(tmp_path: Path, data: bytes) -> tuple[list[str], list[str]]:
    """The paths of the sources in an archive, and the errors of the rest."""
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    errors: list[PipelineError] = []
    found = [source.path or "" for source in read_sources(path, on_error=errors.append)]
    return [one.removeprefix(tmp_path.as_posix() + "/") for one in found], [str(e) for e in errors]


def test_every_member_is_a_source(tmp_path: Path) -> None:
    found, errors = read(tmp_path, archive())
    assert found == ["a.zip!/通知.html", "a.zip!/附件/分工.txt"]
    assert errors == []


def test_archives_in_archives(tmp_path: Path) -> None:
    inner = zipped({"b.txt": plain()})
    found, errors = read(tmp_path, zipped({"in.zip": inner}))
    assert found == ["a.zip!/in.zip!/b.txt"]
    for _ in range(members.DEEPEST):
        inner = zipped({"in.zip": inner, "c.txt": plain()})
    found, errors = read(tmp_path, inner)
    assert found == ["a.zip!/in.zip!/in.zip!/c.txt", "a.zip!/in.zip!/c.txt", "a.zip!/c.txt"]
    assert len(errors) == 1
    assert "nested deeper" in errors[0]


def test_names_in_gbk(tmp_path: Path) -> None:
    data = zipped({"abcd.txt": plain()}).replace(b"abcd", "分工".encode("gbk"))
    assert read(tmp_path, data)[0] == ["a.zip!/分工.txt"]


def test_a_saved_page_s_folder_is_part_of_the_page(tmp_path: Path) -> None:
    data = zipped({"通知.html": html(), "通知_files/ad.html": html(), "b_files/c.html": html()})
    assert read(tmp_path, data)[0] == ["a.zip!/通知.html", "a.zip!/b_files/c.html"]


def test_one_bad_member_does_not_stop_the_rest(tmp_path: Path) -> None:
    data = zipped({"1.txt": b"\xff\xff\xff", "../2.txt": plain(), "3.txt": plain()})
    found, errors = read(tmp_path, data)
    assert found == ["a.zip!/3.txt"]
    assert ["a.zip!/1.txt" in errors[0], "points out of" in errors[1]] == [True, True]
    with pytest.raises(SourceError, match="no text"):
        list(read_sources(tmp_path / "a.zip"))


def test_read_source_takes_an_archive_of_one(tmp_path: Path) -> None:
    read(tmp_path, zipped({"b.txt": plain()}))
    assert (read_source(tmp_path / "a.zip").path or "").endswith("a.zip!/b.txt")
    read(tmp_path, archive())
    with pytest.raises(SourceError, match="2 documents"):
        read_source(tmp_path / "a.zip")


def _many() -> bytes:
    size = 17 << 20
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 60000, 60000, size, 0, 0)
    return b"PK\x03\x04" + bytes(size) + end


def _very_many() -> bytes:
    """A list of files whose size is in the record of large archives."""
    size = 17 << 20
    large = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, 70000, 70000, size, 4)
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 65535, 65535, 2**32 - 1, 0, 0)
    return b"PK\x03\x04" + bytes(size) + large + end


def _encrypted() -> bytes:
    data = bytearray(zipped({"a.txt": plain()}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def _liar() -> bytes:
    """A member of 50 MB of zeros that says it is small."""
    return zipped({"a.txt": bytes(50 << 20)}).replace(
        struct.pack("<I", 50 << 20), struct.pack("<I", 1000)
    )


@pytest.mark.parametrize(
    ("data", "fact"),
    [
        (zipped({"a.txt": b" " * (30 << 20)}), "packed tighter"),
        (_liar(), "broken member"),
        (_many(), "list of files is above 16 MiB"),
        (_very_many(), "list of files is above 16 MiB"),
        (_encrypted(), "encrypted"),
        (archive()[:-60], "broken or cut"),
        (b"PK\x05\x06" + bytes(18), "no document"),
        (zipped({"a.png": b"\x89PNG", "b.css": b"x"}), "no document"),
        (zipped({"[Content_Types].xml": b"<x/>", "word/a.xml": b"<x/>"}), "binary file"),
        (b"Rar!\x1a\x07\x00", "RAR"),
    ],
    ids=[
        "bomb",
        "liar",
        "many",
        "very many",
        "encrypted",
        "cut",
        "empty",
        "pictures",
        "package",
        "rar",
    ],
)
def test_refusals(tmp_path: Path, data: bytes, fact: str) -> None:
    found, errors = read(tmp_path, data)
    assert found == []
    assert len(errors) == 1
    assert fact in errors[0]


def test_every_document_is_read_or_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.read.sources.MOST_MEMBERS", 5)
    named = {f"{n}.png": b"\x89PNG" for n in range(9)} | {f"{n}.txt": plain() for n in range(7)}
    found, errors = read(tmp_path, zipped(named))
    assert found == [f"a.zip!/{n}.txt" for n in range(5)]
    (error,) = errors
    assert "a.zip: 2 of 7 documents were left out: an archive is read up to 5; unpack it" in error


def test_an_archive_of_70000_members_is_read(tmp_path: Path) -> None:
    """Of more than 65,535 members the counts are in a record of large archives."""
    named = {f"{n}.png": b"" for n in range(66_000)} | {"通知.txt": plain()}
    found, errors = read(tmp_path, zipped(named, zipfile.ZIP_STORED))
    assert (found, errors) == (["a.zip!/通知.txt"], [])


def test_limits_over_all_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = zipped({f"{n}.txt": plain() for n in range(9)}, zipfile.ZIP_STORED)
    monkeypatch.setattr("pipeline.read.sources.Budget", lambda: members.Budget(5 * len(plain())))
    found, errors = read(tmp_path, data)
    assert len(found) == 5
    assert all("unpacks to more" in error for error in errors)


def test_what_is_no_document_is_passed_over_and_named(tmp_path: Path) -> None:
    names = ["__MACOSX/._a.docx", "~$分工.docx", ".DS_Store", "Thumbs.db", "b.png", "b/._c.txt"]
    path = tmp_path / "a.zip"
    path.write_bytes(zipped(dict.fromkeys(names, b"\0\1") | {"a.txt": plain()}))
    skipped: list[Skipped] = []
    found = list(read_sources(path, on_skip=skipped.append))
    assert [source.path for source in found] == [f"{path.as_posix()}!/a.txt"]
    assert [one.path.partition("!/")[2] for one in skipped] == names
    assert all(one.why for one in skipped)


def test_a_name_in_the_extra_field(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    name = "附件/任务.txt".encode()
    for crc, expected in ((zlib.crc32(b"abcd.txt"), "附件/任务.txt"), (1, "abcd.txt")):
        info = zipfile.ZipInfo("abcd.txt")
        field = struct.pack("<BI", 1, crc) + name
        info.extra = b"\x01\x00\x00\x00" + struct.pack("<HH", 0x7075, len(field)) + field
        with zipfile.ZipFile(path, "w") as archive_:
            archive_.writestr(info, plain())
        assert read(tmp_path, path.read_bytes())[0] == [f"a.zip!/{expected}"]


def test_a_name_in_gbk_taken_for_latin_and_marked_as_utf8(tmp_path: Path) -> None:
    latin = "附件/任务分工.txt".encode("gbk").decode("cp437")
    assert read(tmp_path, zipped({latin: plain()}))[0] == ["a.zip!/附件/任务分工.txt"]
    assert read(tmp_path, zipped({"café.txt": plain()}))[0] == ["a.zip!/café.txt"]
