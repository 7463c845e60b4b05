"""Files that hold files: each member a source of its own, under a path such as a.zip!/b.docx."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Collection

DEEPEST = 3
MOST_MEMBERS = 10_000
MAX_MEMBER = 256 * 2**20
MAX_WHOLE = 2**30
# Text of a page packs to a twentieth; a file packed tighter than this was made to be unpacked.
MAX_RATIO = 200
_RATIO_FROM = 2**20
_COMPANION = re.compile(r"(?P<page>.+)(?:_files|\.files|_file|_文件)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside another: its name, slashes between folders, and how to get its bytes."""

    name: str
    read: Callable[[], bytes]


@dataclass(slots=True)
class Budget:
    """How many bytes may still be unpacked, over all members of all levels."""

    left: int = MAX_WHOLE
    seen: set[tuple[str, bytes]] = field(default_factory=set)

    def spend(self, size: int, packed: int, place: str) -> None:
        """Take a member's size; raises SourceError for one too large or packed too tight."""
        remedy = "unpack it by hand and give the documents"
        if size > MAX_MEMBER:
            raise SourceError(place, f"a member above {MAX_MEMBER >> 20} MiB", remedy)
        if size > _RATIO_FROM and size > packed * MAX_RATIO:
            raise SourceError(place, f"packed tighter than 1 to {MAX_RATIO}", remedy)
        if size > self.left:
            raise SourceError(place, f"unpacks to more than {MAX_WHOLE >> 20} MiB", remedy)
        self.left -= size


def inner_name(name: str, place: str) -> str:
    """A member's name with slashes; raises SourceError for one that points out of its archive."""
    clean = name.replace("\\", "/").replace("\0", "")
    steps = clean.split("/")
    if ".." in steps or clean.startswith("/") or re.match(r"[A-Za-z]:", clean):
        fact = f"a member named {clean[:80]!r}, which points out of the archive"
        raise SourceError(place, fact, "unpack it by hand and give the document")
    return "/".join(step for step in steps if step not in ("", "."))


def is_companion(path: str, pages: Collection[str]) -> bool:
    """Whether a file belongs to a page that a browser saved: page_files/ beside page.html.

    `pages` are the paths of all pages, without their suffix.
    """
    *folders, _ = path.split("/")
    for depth, folder in enumerate(folders):
        match = _COMPANION.fullmatch(folder)
        if match and "/".join((*folders[:depth], match["page"])) in pages:
            return True
    return False


def page_stems(paths: Collection[str]) -> set[str]:
    """The paths of the pages among these, without their suffix."""
    return {
        path.rsplit(".", 1)[0]
        for path in paths
        if path.lower().endswith((".htm", ".html", ".shtml"))
    }


Holder = Callable[[bytes, str, Budget], Iterator[Member]]
