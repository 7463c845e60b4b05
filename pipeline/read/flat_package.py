"""Turn a package of parts in one XML document (flat OPC) into the zip file that it stands for."""

from __future__ import annotations

import base64
import binascii
import io
import zipfile
from pathlib import Path

from lxml import etree

from pipeline.errors import SourceError
from pipeline.read.package import parse_xml

_PKG = "{http://schemas.microsoft.com/office/2006/xmlPackage}"


def zip_parts(data: bytes, place: Path) -> bytes:
    """A zip file of the parts, which every reader of packages takes.

    Raises SourceError where the document is damaged or holds no parts of an office document.
    """
    root = parse_xml(data, place, place.name)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for part in root.iterchildren(_PKG + "part"):
            name = str(part.get(_PKG + "name") or "").lstrip("/")
            content = _content(part)
            if name and content is not None and name not in package.namelist():
                package.writestr(name, content)
        names = {name.lower() for name in package.namelist()}
    if not names & {"word/document.xml", "xl/workbook.xml"}:
        raise SourceError(place, "a package without a document", "save it as .docx")
    return file.getvalue()


def _content(part: etree._Element) -> bytes | None:
    inner = part.find(_PKG + "xmlData")
    if inner is not None:
        return etree.tostring(inner[0], encoding="utf-8") if len(inner) else None
    binary = part.find(_PKG + "binaryData")
    try:
        return None if binary is None else base64.b64decode("".join((binary.text or "").split()))
    except binascii.Error:
        return None
