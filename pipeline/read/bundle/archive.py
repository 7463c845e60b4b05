"""Read the members of zip archives, one at a time and within limits; nothing is written."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

from pipeline.errors import SourceError
from pipeline.read.bundle.members import Budget, Member, inner_name

if TYPE_CHECKING:
    from collections.abc import Iterator

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    LookupError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)
_END = b"PK\x05\x06"
_END_SIZE = 22
_UTF8_FLAG, _ENCRYPTED_FLAG = 0x800, 0x1
# In an archive of more than 65,535 files another record at the end has the size of their list.
_END64 = b"PK\x06\x06"
_END64_SIZE, _ELSEWHERE = 56, 0xFFFFFFFF
# A hundred thousand names and more; of each, the library makes a thousand bytes.
_MAX_DIRECTORY = 16 * 2**20
# The extra field with a name in UTF-8: a version, the checksum of the other name, the name.
_UNICODE_PATH, _PATH_HEAD = 0x7075, 5
# Lines and blocks of the old encoding of DOS, which no name has but one in GBK taken for it.
_DRAWN = re.compile("[\u2500-\u259f]")
_PACKAGES = ("[Content_Types].xml", "OFD.xml", "mimetype", "_rels/.rels", "AndroidManifest.xml")


def is_archive(data: bytes) -> bool:
    """Whether bytes are a zip file that is not itself a document, as Word and OFD files are."""
    if not data.startswith((b"PK\x03\x04", _END)):
        return False
    try:
        names = set(_open(data, "").namelist())
    except (*_BROKEN, SourceError):
        return True
    return names.isdisjoint(_PACKAGES)


def members(data: bytes, place: str, budget: Budget) -> Iterator[Member]:
    """The files of an archive, in the archive's order.

    Raises SourceError for a broken archive and for one with too long a list of files; a member's `read`
    raises it for a broken or encrypted member and for one beyond the limits.
    """
    try:
        archive = _open(data, place)
        infos = [info for info in archive.infolist() if not info.is_dir()]
    except _BROKEN as error:
        fact = f"a broken or cut zip archive ({error or type(error).__name__})"
        raise SourceError(place, fact, "fetch it again") from error
    for info in infos:

        def read(info: zipfile.ZipInfo = info) -> bytes:
            return _read(archive, info, f"{place}!/{_name(info)}", budget)

        yield Member(_name(info), read)


def _open(data: bytes, place: str) -> zipfile.ZipFile:
    end = data.rfind(_END)
    is_whole = 0 <= end <= len(data) - _END_SIZE
    if is_whole and _directory_size(data, end) > _MAX_DIRECTORY:
        fact = f"an archive whose list of files is above {_MAX_DIRECTORY >> 20} MiB"
        raise SourceError(place, fact, "unpack it and give the folder")
    return zipfile.ZipFile(io.BytesIO(data))


def _directory_size(data: bytes, end: int) -> int:
    """Read how many bytes the list of files has; `end` is where the record at the end begins."""
    (size,) = struct.unpack_from("<I", data, end + 12)
    at = data.rfind(_END64, 0, end)
    if size == _ELSEWHERE and 0 <= at <= end - _END64_SIZE:
        (size,) = struct.unpack_from("<Q", data, at + 40)
    return int(size)


def _name(info: zipfile.ZipInfo) -> str:
    """A member's name: that of the extra field, in UTF-8 where so marked, else as Chinese programs
    write it. A name in GBK that another program took for Latin and marked as UTF-8 is GBK again.
    """
    name = info.orig_filename.partition("\0")[0]
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    extra = _extra_name(info.extra, raw)
    if extra:
        return extra
    is_utf8 = bool(info.flag_bits & _UTF8_FLAG)
    if is_utf8 and not _DRAWN.search(name):
        return name
    for encoding in ("gb18030",) if is_utf8 else ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name


def _extra_name(extra: bytes, raw: bytes) -> str | None:
    """The name in UTF-8 that a zip program wrote beside the one of an old encoding, if it is of it."""
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        field = extra[at + 4 : at + 4 + size]
        if kind == _UNICODE_PATH and len(field) > _PATH_HEAD and field[0] == 1:
            if int.from_bytes(field[1:_PATH_HEAD], "little") != zlib.crc32(raw):
                return None
            return field[_PATH_HEAD:].decode("utf-8", "replace")
        at += 4 + size
    return None


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, place: str, budget: Budget) -> bytes:
    inner_name(_name(info), place)
    if info.flag_bits & _ENCRYPTED_FLAG:
        raise SourceError(place, "an encrypted member", "unpack it with its password")
    budget.spend(info.file_size, info.compress_size, place)
    try:
        with archive.open(info) as file:
            return file.read(info.file_size + 1)
    except _BROKEN as error:
        fact = f"a broken member ({error or type(error).__name__})"
        raise SourceError(place, fact, "fetch the archive again") from error
