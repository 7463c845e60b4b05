"""Which files are passed over, and why: most by their names alone, without being opened."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import NamedTuple

_PAGES = ".txt .text .md .html .htm .shtml .xhtml .mht .mhtml .eml .zip"
_OFFICE = (
    ".docx .docm .doc .wps .rtf .odt .fodt .xlsx .xlsm .xls .et .ods .fods .csv .tsv .pdf .ofd"
)
SUFFIXES = frozenset(f"{_PAGES} {_OFFICE}".split())
# Many programs write such files; a few of them are documents, and their bytes tell which.
MIXED_SUFFIXES = frozenset({".xml"})
NO_DOCUMENT = "XML of another kind than documents"
_SYSTEM_FILES = frozenset((".ds_store", "thumbs.db", "desktop.ini", "ehthumbs.db", ".localized"))


class Skipped(NamedTuple):
    """A file that was passed over: its path as people read it, and why."""

    path: str
    why: str


def skip_reason(path: str) -> str | None:
    """Why a file of this path is no document, None for one that may be read.

    A path has slashes between folders and may be that of a member of an archive.
    """
    steps = path.split("/")
    name = steps[-1]
    if "__MACOSX" in steps or name.startswith("._"):
        return "notes of macOS on another file"
    if name.startswith(("~$", ".~")):
        return "the mark of an office program on an open document"
    if name.lower() in _SYSTEM_FILES:
        return "a file of the operating system"
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in SUFFIXES or suffix in MIXED_SUFFIXES:
        return None
    return f"files of this kind are not read ({suffix})" if suffix else "a name without a suffix"
