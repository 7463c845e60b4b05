"""Find the comments that people put on cells; no reader of cells sees them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from pipeline.read.package import Package

# What Excel puts before the words of a comment that others can answer.
_THREADED = re.compile(r"^\[[^\]]*\].*?(?:Comment:|批注:|注释:)\s*", re.DOTALL)


class CellComment(NamedTuple):
    """A comment on a cell (D7; empty where the file does not say it), with its author if it has one."""

    sheet: str
    cell: str
    author: str
    text: str

    def describe(self) -> str:
        """Say where the comment is and what it says."""
        words = " ".join(self.text.split())
        by = f" by {self.author}" if self.author else ""
        return f"{' '.join(filter(None, (self.sheet, self.cell)))}: a comment{by}: {words}"


def find_comments(package: Package) -> list[CellComment]:
    """Find the comments of a workbook (.xlsx, .ods)."""
    if "xl/workbook.xml" in package:
        found = _excel_comments(package)
    else:
        root = package.optional_xml("content.xml")
        found = iter(()) if root is None else _open_comments(root)
    return [one for one in found if one.text.strip()]


def _excel_comments(package: Package) -> Iterator[CellComment]:
    parts = package.links_by_id("xl/workbook.xml")
    for sheet in package.xml("xl/workbook.xml").iter("{*}sheet"):
        link = next((v for name, v in sheet.attrib.items() if str(name).endswith("}id")), "")
        part = parts.get(str(link), "")
        root = package.optional_xml(package.links(part).get("comments")) if part else None
        if root is not None:
            yield from _read_part(root, str(sheet.get("name")))


def _read_part(root: _Element, sheet: str) -> Iterator[CellComment]:
    authors = ["".join(map(str, one.itertext())) for one in root.iter("{*}author")]
    for one in root.iter("{*}comment"):
        text = "".join("".join(map(str, part.itertext())) for part in one.iter("{*}t"))
        number = str(one.get("authorId") or "")
        at = int(number) if number.isdigit() else len(authors)
        author = authors[at] if at < len(authors) else ""
        # The id of a thread is no name.
        named = "" if author.startswith("tc=") else author
        yield CellComment(sheet, str(one.get("ref") or ""), named, _THREADED.sub("", text))


def _open_comments(root: _Element) -> Iterator[CellComment]:
    for table in root.iter("{*}table"):
        name = next((str(v) for key, v in table.attrib.items() if str(key).endswith("}name")), "")
        for one in table.iter("{*}annotation"):
            lines = ("".join(map(str, part.itertext())) for part in one.iter("{*}p"))
            author = next(
                ("".join(map(str, part.itertext())) for part in one.iter("{*}creator")), ""
            )
            yield CellComment(name, "", author, "\n".join(lines))
