"""The result of every reader: the text of a document and what else its file says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.model import Attachment, Location, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Content:
    """A document as a person sees it, before the path and the hash of its file are known.

    `text` follows the record contract: line ends as newlines, a table row on one line, its cells
    joined by a tab, a line break inside a cell as a blank. The text of a merged cell is repeated in
    every row and column that it covers; a cell over the whole width of its table is a line without
    tabs. `url` is the address that the file gives as its own.
    """

    text: str
    media_type: str
    encoding: str | None = None
    particulars: dict[str, str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    locations: tuple[Location, ...] = ()
    remarks: tuple[Problem, ...] = ()
    url: str | None = None


def find_damage(damaged: int, encoding: str | None, *, cut: bool = False) -> Iterator[Problem]:
    """The remark on damaged characters, if there are any; of a cut file the last one is left out."""
    if damaged:
        message = f"{damaged} damaged characters in {encoding}; they read as \ufffd"
        if cut:
            message = "the file is cut inside its last character, which is left out"
        yield Problem(code="damaged-bytes", severity="warning", message=message)
