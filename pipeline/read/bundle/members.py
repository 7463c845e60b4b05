"""Members of archives and messages: each is a source with a path such as a.zip!/b.docx."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from pipeline.errors import SourceError
from pipeline.readable import make_readable

DEEPEST = 3
MOST_MEMBERS = 10_000
MAX_MEMBER = 256 * 2**20
MAX_WHOLE = 2**30
# The text of a page packs to a twentieth; a file packed more tightly than this is a zip bomb.
MAX_RATIO = 200
_RATIO_FROM = 2**20


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside another: its name with slashes between folders, and a function that reads it."""

    name: str
    read: Callable[[], bytes]


@dataclass(slots=True)
class Budget:
    """The bytes that may still be unpacked, over all members of all levels."""

    left: int = MAX_WHOLE
    seen: set[tuple[str, bytes]] = field(default_factory=set)

    def spend(self, size: int, packed: int, place: str) -> None:
        """Subtract a member's size; raises SourceError for one too large or packed too tightly."""
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
    clean = make_readable(name).replace("\\", "/").replace("\0", "")
    steps = clean.split("/")
    if ".." in steps or clean.startswith("/") or re.match(r"[A-Za-z]:", clean):
        fact = f"a member named {clean[:80]!r}, which points out of the archive"
        raise SourceError(place, fact, "unpack it by hand and give the document")
    return "/".join(step for step in steps if step not in ("", "."))


Holder = Callable[[bytes, str, Budget], Iterator[Member]]
