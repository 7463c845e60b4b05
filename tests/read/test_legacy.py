"""Old Word files: converted when a converter is there, never left hanging, never guessed."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

import pytest

from pipeline.errors import SourceError
from pipeline.read import legacy, process
from pipeline.read.file_signatures import OLE as OLE_MARK
from pipeline.read.file_signatures import RTF, is_encrypted
from tests.conftest import need
from tests.read.wordxml import docx, li, lists, lvl, p

PLACE = Path("a.doc")
OLE = OLE_MARK + b"\0" * 600


@pytest.fixture
def office() -> str:
    found = shutil.which("soffice")
    need(found is not None, "LibreOffice (libreoffice-writer-nogui)")
    return str(found)


def converted(data: bytes, office: str, kind: str, folder: Path) -> bytes:
    """A .docx as LibreOffice writes it in another format: "doc:MS Word 97"."""
    (folder / "a.docx").write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", kind, "--outdir", str(folder)]
    subprocess.run([*command, str(folder / "a.docx")], capture_output=True, check=True)
    return (folder / "a").with_suffix(f".{kind.split(':', maxsplit=1)[0]}").read_bytes()


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the only one on PATH for programs of a converter's name."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "sleep").symlink_to(shutil.which("sleep") or "sleep")
    monkeypatch.setenv("PATH", str(folder))
    return folder


def write_program(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n", "utf-8")
    path.chmod(0o755)


@pytest.mark.tries
@pytest.mark.parametrize(
    # LibreOffice's own RTF writer loses Chinese characters of a label
    ("kind", "shape", "label"),
    [("doc:MS Word 97", "（%1）", "（{}）"), ("rtf", "(%1)", "({})")],
)
def test_numbers_and_tables_survive(
    office: str, kind: str, shape: str, label: str, tmp_path: Path
) -> None:
    grid = "<w:tblGrid><w:gridCol w:w='2000'/><w:gridCol w:w='2000'/></w:tblGrid>"
    cells = "".join(f"<w:tc><w:tcPr><w:tcW w:w='2000'/></w:tcPr>{p(x)}</w:tc>" for x in "甲乙")
    levels = (lvl(0, "chineseCounting", shape), lvl(1, "decimal", "%2."))
    body = (
        p("标题") + li("事") + li("项", 1) + li("事") + f"<w:tbl>{grid}<w:tr>{cells}</w:tr></w:tbl>"
    )
    data = converted(docx(body + p("完"), numbering=lists(*levels)), office, kind, tmp_path)
    content = legacy.read(data, PLACE)
    one, two = label.format("一"), label.format("二")
    assert content.text == f"标题\n{one}事\n1. 项\n{two}事\n甲\t乙\n完"
    assert content.media_type in (legacy.DOC_TYPE, legacy.RTF_TYPE)


def test_a_converter_that_is_busy_for_ever_is_ended(
    program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_program(program, "soffice", "while :; do :; done")
    monkeypatch.setattr(process, "_BUSY", 1)
    with pytest.raises(SourceError, match="was busy for more than 1 s") as caught:
        legacy.read(OLE, PLACE)
    assert caught.value.remedy


def test_a_converter_that_is_killed_was_not_busy(program: Path) -> None:
    write_program(program, "soffice", "kill -9 $$")
    with pytest.raises(SourceError, match="LibreOffice cannot open it"):
        legacy.read(OLE, PLACE)


def test_a_converter_that_hangs_is_killed_with_its_children(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = tmp_path / "child"
    write_program(program, "soffice", f"(sleep 2; echo x > {mark}) &\nsleep 60")
    monkeypatch.setattr(process, "TIMEOUT", 0.3)
    with pytest.raises(SourceError, match="took longer"):
        legacy.read(OLE, PLACE)
    time.sleep(2.2)
    assert not mark.exists()


def test_a_converter_that_makes_nothing(program: Path) -> None:
    write_program(program, "soffice", "exit 0")
    with pytest.raises(SourceError, match="cannot open it"):
        legacy.read(OLE, PLACE)


def test_a_converter_that_cannot_start(program: Path) -> None:
    write_program(program, "soffice", "")
    (program / "soffice").write_bytes(b"\0")
    with pytest.raises(SourceError, match="cannot be started"):
        legacy.read(OLE, PLACE)


def test_bare_text_where_no_office_is(program: Path) -> None:
    write_program(program, "antiword", "echo")
    write_program(program, "catdoc", "echo 标题; echo '|甲 |乙|'")
    content = legacy.read(OLE, PLACE)
    assert content.text == "标题\n甲\t乙"
    assert [(one.code, one.severity) for one in content.remarks] == [("plain-converter", "warning")]


@pytest.mark.usefixtures("program")
@pytest.mark.parametrize("data", [OLE, RTF + b"1 x}"])
def test_no_converter_at_all(data: bytes) -> None:
    with pytest.raises(SourceError, match="needs a converter") as caught:
        legacy.read(data, PLACE)
    assert "install LibreOffice" in caught.value.remedy


def encrypted_doc() -> bytes:
    """The beginning of an OLE file: a directory entry and Word's header with its flag set."""
    data = bytearray(OLE_MARK + b"\0" * 2040)
    data[30] = 9
    data[512:536] = "WordDocument".encode("utf-16-le")
    data[512 + 116] = 1
    data[1024:1036] = b"\xec\xa5" + b"\0" * 9 + b"\x01"
    return bytes(data)


def test_encrypted_files() -> None:
    package = OLE + "EncryptedPackage".encode("utf-16-le")
    for data in (package, encrypted_doc()):
        with pytest.raises(SourceError, match="encrypted"):
            legacy.read(data, PLACE)
    assert not is_encrypted(OLE + "WordDocument".encode("utf-16-le"))


def test_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(legacy, "SIZE_LIMIT", 100)
    with pytest.raises(SourceError, match="larger than"):
        legacy.read(OLE, PLACE)
