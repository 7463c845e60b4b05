"""Old word processor files, .doc, .wps and .rtf, through a converter that is installed.

LibreOffice turns them into .docx, which keeps tables and automatic numbers; antiword and catdoc
give bare text of a .doc. A converter runs on its own copy in its own folder, without a network,
and is killed with everything it started when its time is up.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from pipeline.errors import SourceError
from pipeline.read.content import Content
from pipeline.read.draft import Cell, Draft
from pipeline.read.word import document

DOC_TYPE = "application/msword"
RTF_TYPE = "application/rtf"
OPEN_TYPE = "application/vnd.oasis.opendocument.text"
RTF = b"{\\rtf"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TIMEOUT = 120.0
SIZE_LIMIT = 256 * 1024 * 1024
_OFFICE = ("soffice", "libreoffice")
_PLAIN = (("antiword", ("-m", "UTF-8.txt", "-w", "0")), ("catdoc", ("-d", "utf-8", "-w")))
# Nothing that a document links to may be fetched, and none of its macros may run.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel"
 oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop
 oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse">
<value>2</value></prop></item>
</oor:items>
"""
_NOWHERE = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "127.0.0.1:9")


def read(data: bytes, place: Path) -> Content:
    """The content of a .doc, .wps or .rtf file.

    Raises SourceError where it is encrypted or damaged, where the converter fails or takes longer
    than TIMEOUT seconds, and where none is installed.
    """
    is_rtf = data.lstrip().startswith(RTF)
    if len(data) > SIZE_LIMIT:
        fact = f"larger than {SIZE_LIMIT >> 20} MB"
        raise SourceError(place, fact, "take the pictures out")
    if is_encrypted(data):
        raise SourceError(place, "the document is encrypted", "save it without a password")
    office = _which(_OFFICE)
    with tempfile.TemporaryDirectory(prefix="fengong-") as name:
        folder = Path(name)
        source = folder / ("source.rtf" if is_rtf else "source.doc")
        source.write_bytes(data)
        if office:
            content = _through_office(office, source, place)
        elif is_rtf:
            raise _missing(place, "RTF")
        else:
            content = _through_plain(source, place)
    media_type = RTF_TYPE if is_rtf else OPEN_TYPE if data.startswith(b"PK") else DOC_TYPE
    return replace(content, media_type=media_type)


def is_encrypted(data: bytes) -> bool:
    """Whether an OLE file is an encrypted package or a Word file with a password."""
    if not data.startswith(OLE):
        return False
    if "EncryptedPackage".encode("utf-16-le") in data:
        return True
    entry = data.find("WordDocument".encode("utf-16-le"))
    if entry < 0 or len(data) < entry + 120:
        return False
    # The directory entry holds the stream's first sector; the stream starts with Word's header,
    # whose flags have a bit for encryption.
    size = 1 << min(data[30], 16)
    start = (int.from_bytes(data[entry + 116 : entry + 120], "little") + 1) * size
    header = data[start : start + 12]
    is_header = header[:2] in (b"\xec\xa5", b"\xdc\xa5")
    return is_header and len(header) == 12 and bool(header[11] & 1)


def _which(names: tuple[str, ...]) -> str | None:
    return next((path for name in names if (path := shutil.which(name))), None)


def _missing(place: Path, kind: str) -> SourceError:
    remedy = "install LibreOffice (libreoffice-writer-nogui), or save it as .docx"
    return SourceError(place, f"{kind} needs a converter and none is installed", remedy)


def _through_office(office: str, source: Path, place: Path) -> Content:
    folder = source.parent
    profile = folder / "profile"
    settings = profile / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(_SETTINGS, "utf-8")
    command = [
        *(office, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"),
        *("--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder / "out"), str(source)),
    ]
    run(command, place, folder)
    made = folder / "out" / "source.docx"
    if not made.is_file():
        fact = "LibreOffice cannot open it"
        raise SourceError(place, fact, "get the file again, or save it as .docx")
    return document.read(made.read_bytes(), place)


def _through_plain(source: Path, place: Path) -> Content:
    """The text that antiword or catdoc print; a row of a table stands between bars."""
    for name, options in _PLAIN:
        program = shutil.which(name)
        if not program:
            continue
        text = run([program, *options, str(source)], place, source.parent).decode(
            "utf-8", "replace"
        )
        if not text.strip():
            continue
        draft = Draft(place)
        draft.remark(
            "plain-converter", f"read with {name}: automatic numbers and tables may be lost",
            warning=True,
        )  # fmt: skip
        for line in text.replace("\r\n", "\n").strip("\n").split("\n"):
            bare = line.strip()
            if len(bare) > 1 and bare[0] == bare[-1] == "|":
                draft.row([Cell(cell.strip()) for cell in bare[1:-1].split("|")])
            else:
                draft.line(bare)
        return Content(draft.text, DOC_TYPE, remarks=tuple(draft.remarks))
    raise _missing(place, "the old Word format")


def run(command: list[str], place: Path, folder: Path) -> bytes:
    """What a program prints, run in a folder; it and all its children end with the call."""
    environment = os.environ | _NOWHERE | {"HOME": str(folder), "TMPDIR": str(folder)}
    try:
        program = subprocess.Popen(  # noqa: S603 - found on PATH, given a copy of our own naming
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        fact = f"{command[0]} cannot be started ({error.strerror})"
        raise SourceError(place, fact, "install it again") from error
    with program:
        try:
            return program.communicate(timeout=TIMEOUT)[0]
        except subprocess.TimeoutExpired as error:
            fact = f"the converter took longer than {TIMEOUT:.0f} s"
            raise SourceError(place, fact, "save the document as .docx") from error
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(program.pid, signal.SIGKILL)
