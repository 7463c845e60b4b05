"""What a reader of one format hands over, before the file's path and hash make it a Source."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.model import Attachment, Location, Problem


@dataclass(frozen=True, slots=True)
class Content:
    """A document as a person sees it, and what else its file tells.

    `text` as the record contract says: line ends as newlines, a table row on one line, its cells
    joined by a tab, a line break inside a cell as a blank. A merged cell's text stands in every
    row and column that it covers; a cell over the whole width of its table is a line without tabs.
    `url` is where the file says that it was saved from.
    """

    text: str
    media_type: str
    encoding: str | None = None
    particulars: dict[str, str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    locations: tuple[Location, ...] = ()
    remarks: tuple[Problem, ...] = ()
    url: str | None = None
