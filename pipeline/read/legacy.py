"""Read old word processor files (.doc, .wps, .rtf) through a converter that is installed.

LibreOffice converts them into .docx, which keeps tables and automatic numbers; antiword and catdoc
print the bare text of a .doc. A converter works on a copy in a folder of its own.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import SourceError
from pipeline.read.draft import Draft, DraftCell
from pipeline.read.file_signatures import RTF, is_encrypted
from pipeline.read.process import run_program
from pipeline.read.word import document
from pipeline.scratch import scratch_folder

if TYPE_CHECKING:
    from pipeline.read.document_content import Content
    from pipeline.read.word.document import ChunkReader

DOC_TYPE = "application/msword"
RTF_TYPE = "application/rtf"
OPEN_TYPE = "application/vnd.oasis.opendocument.text"
SIZE_LIMIT = 256 * 1024 * 1024
_OFFICE = ("soffice", "libreoffice")
_PLAIN = (("antiword", ("-m", "UTF-8.txt", "-w", "0")), ("catdoc", ("-d", "utf-8", "-w")))
# No linked content is fetched and no macro runs.
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


def read(data: bytes, place: Path, read_chunk: ChunkReader | None = None) -> Content:
    """The content of a .doc, .wps or .rtf file; `read_chunk` as in `document.read`.

    Raises SourceError where the file is encrypted or damaged, where the converter fails or takes
    too long, and where none is installed.
    """
    is_rtf = data.lstrip().startswith(RTF)
    if len(data) > SIZE_LIMIT:
        fact = f"larger than {SIZE_LIMIT >> 20} MB"
        raise SourceError(place, fact, "take the pictures out")
    if is_encrypted(data):
        raise SourceError(place, "the document is encrypted", "save it without a password")
    office = _which(_OFFICE)
    with scratch_folder() as folder:
        source = folder / ("source.rtf" if is_rtf else "source.doc")
        source.write_bytes(data)
        if office:
            docx = _convert(office, source, place)
            content = document.read(docx, place, read_chunk)
        elif is_rtf:
            raise _missing(place, "RTF")
        else:
            content = _read_printed(source, place)
    media_type = RTF_TYPE if is_rtf else OPEN_TYPE if data.startswith(b"PK") else DOC_TYPE
    return replace(content, media_type=media_type)


def _which(names: tuple[str, ...]) -> str | None:
    return next((path for name in names if (path := shutil.which(name))), None)


def _missing(place: Path, kind_message: str) -> SourceError:
    remedy = "install LibreOffice (libreoffice-writer-nogui), or save it as .docx"
    return SourceError(place, f"{kind_message} needs a converter and none is installed", remedy)


def _convert(office: str, source: Path, place: Path) -> bytes:
    """The document as .docx, as LibreOffice writes it with a profile of its own."""
    folder = source.parent
    profile = folder / "profile"
    settings = profile / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(_SETTINGS, "utf-8")
    command = [
        *(office, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"),
        *("--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder / "out"), str(source)),
    ]
    run_program(command, place, folder, source.stat().st_size)
    made = folder / "out" / "source.docx"
    if not made.is_file():
        fact = "LibreOffice cannot open it"
        raise SourceError(place, fact, "get the file again, or save it as .docx")
    return made.read_bytes()


def _read_printed(source: Path, place: Path) -> Content:
    """The text that antiword or catdoc print; they print a table row between bars."""
    for name, options in _PLAIN:
        program = shutil.which(name)
        if not program:
            continue
        size = source.stat().st_size
        printed = run_program([program, *options, str(source)], place, source.parent, size)
        text = printed.decode("utf-8", "replace")
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
                draft.row([DraftCell(cell.strip()) for cell in bare[1:-1].split("|")])
            else:
                draft.line(bare)
        return draft.content(DOC_TYPE)
    raise _missing(place, "the old Word format")
