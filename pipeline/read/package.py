"""Open a zip file of XML parts (Word, Excel, OFD) without trusting it.

Sizes are checked before and while anything is unpacked, entities and document types are never
followed, and every defect inside is a SourceError.
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

from pipeline.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lxml.etree import _Element

MEMBER_LIMIT = 128 * 1024 * 1024
TOTAL_LIMIT = 512 * 1024 * 1024
MEMBERS_LIMIT = 20_000
# XML of long tables shrinks to a fiftieth; bombs to a thousandth.
RATIO_LIMIT = 400
_RATIO_FROM = 4 * 1024 * 1024
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
    RuntimeError,
    NotImplementedError,
    KeyError,
    IndexError,
)
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_TRANSITIONAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"


class Package:
    """The members of one zip file; names are matched without regard to case.

    Raises SourceError for a damaged, encrypted or oversized file.
    """

    def __init__(self, data: bytes, place: Path) -> None:
        self.place = place
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            infos = self._zip.infolist()
        except _BROKEN as error:
            raise _broken(place, f"not a whole zip file ({error})") from error
        if len(infos) > MEMBERS_LIMIT or sum(one.file_size for one in infos) > TOTAL_LIMIT:
            fact = f"unpacks to more than {TOTAL_LIMIT >> 20} MB or {MEMBERS_LIMIT:,} members"
            raise SourceError(place, fact, "give the document alone")
        self._infos = {_plain(one.filename): one for one in infos}

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self._infos

    def names(self) -> list[str]:
        """The members' names in lower case, in the file's order."""
        return list(self._infos)

    def read(self, name: str) -> bytes:
        """The bytes of a member, at most MEMBER_LIMIT of them."""
        info = self._infos.get(_plain(name))
        if info is None:
            raise _broken(self.place, f"the part {name} is missing")
        self._check(info, info.file_size)
        try:
            with self._zip.open(info) as member:
                data = member.read(MEMBER_LIMIT + 1)
        except _BROKEN as error:
            raise _broken(self.place, f"the part {name} is damaged ({error})") from error
        self._check(info, len(data))
        return data

    def _check(self, info: zipfile.ZipInfo, size: int) -> None:
        packed = max(1, info.compress_size)
        if size > MEMBER_LIMIT or (size > _RATIO_FROM and size > packed * RATIO_LIMIT):
            fact = f"the part {info.filename} unpacks to {size >> 20} MB, as a zip bomb does"
            raise SourceError(self.place, fact, "give the document itself")

    def xml(self, name: str) -> _Element:
        """The root of an XML member."""
        return parse_xml(self.read(name), self.place, name)

    def optional_xml(self, name: str | None) -> _Element | None:
        """The root of an XML member, or None where the file has no such member."""
        return self.xml(name) if name and name in self else None

    def links(self, name: str) -> dict[str, str]:
        """The parts that a part refers to, by the last word of the kind: {"styles": "word/styles.xml"}."""
        found: dict[str, str] = {}
        for kind, _, target in self._links(name):
            found.setdefault(kind, target)
        return found

    def links_by_id(self, name: str) -> dict[str, str]:
        """The parts that a part refers to, by the ids it uses: {"rId3": "word/chunk.html"}."""
        return {link_id: target for _, link_id, target in self._links(name)}

    def _links(self, name: str) -> Iterator[tuple[str, str, str]]:
        folder, base = posixpath.split(name.lstrip("/"))
        root = self.optional_xml(posixpath.join(folder, "_rels", f"{base}.rels"))
        for link in () if root is None else root:
            target = str(link.get("Target") or "")
            if link.get("TargetMode") != "External" and target:
                kind = str(link.get("Type") or "").rsplit("/", 1)[-1]
                path = posixpath.normpath(posixpath.join("/", folder, target))
                yield kind, str(link.get("Id")), path


def parse_xml(data: bytes, place: Path, name: str) -> _Element:
    """The root of an XML document: no entities, no outside files, no document type.

    Raises SourceError where it is not well formed or declares a document type, which no office
    format has and entity bombs need.
    """
    from lxml import etree  # noqa: PLC0415

    if _STRICT in data[:4096]:
        data = data.replace(_STRICT, _TRANSITIONAL)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise _broken(place, f"the part {name} is no whole XML ({error})") from error
    if root.getroottree().docinfo.internalDTD is not None:
        fact = f"the part {name} declares a document type"
        raise SourceError(place, fact, "save the document again with an office program")
    return root


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _broken(place: Path, fact: str) -> SourceError:
    return SourceError(place, fact, "get the file again, or open and save it with its program")
