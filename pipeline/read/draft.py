"""A text under construction: lines and table rows, each with its place in the file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypedDict

from pipeline.errors import SourceError
from pipeline.model import Location, Problem, Severity, Span
from pipeline.read.document_content import Content

if TYPE_CHECKING:
    from pathlib import Path

# Twenty times the longest plan. The text of a cell merged over thousands of rows is repeated in each.
LENGTH_LIMIT = 10_000_000
_BREAKS = re.compile(r"[ \xa0]*[\t\n\r\v\f]+[ \xa0]*")
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")


class DraftPlace(TypedDict, total=False):
    """The place of a line or cell in its file, with the fields of Location."""

    page: int
    sheet: str
    cell: str
    table: int
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class DraftCell:
    """A cell's text and its place."""

    text: str
    place: DraftPlace = field(default_factory=DraftPlace)


class Draft:
    """Lines in reading order, the locations of those with a place, and the reader's remarks."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._lines: list[str] = []
        self._length = 0
        self.locations: list[Location] = []
        self.remarks: list[Problem] = []

    @property
    def text(self) -> str:
        """All lines, joined by newlines."""
        return "\n".join(self._lines)

    def line(self, text: str, place: DraftPlace | None = None) -> None:
        """Add a line; breaks inside the text make it several.

        Raises SourceError where the text grows beyond LENGTH_LIMIT characters.
        """
        self._check(len(text))
        text = _INVISIBLE.sub("", text)
        self._locate(self._length, text, place)
        self._append(text)

    def row(self, cells: Sequence[DraftCell]) -> None:
        """Add a table row: cells joined by a tab, breaks inside a cell as a blank.

        Raises SourceError where the text grows beyond LENGTH_LIMIT characters.
        """
        self._check(sum(len(cell.text) for cell in cells))
        texts = [one_line(cell.text) for cell in cells]
        at = self._length
        for cell, text in zip(cells, texts, strict=True):
            self._locate(at, text, cell.place)
            at += len(text) + 1
        self._append("\t".join(texts))

    def remark(self, code: str, message: str, *, warning: bool = False) -> None:
        """Add a remark on something that was repaired or left out."""
        severity: Severity = "warning" if warning else "info"
        self.remarks.append(Problem(code=code, severity=severity, message=message))

    def content(self, media_type: str, encoding: str | None = None) -> Content:
        """The finished content."""
        return Content(
            self.text,
            media_type,
            encoding,
            locations=tuple(self.locations),
            remarks=tuple(self.remarks),
        )

    def _check(self, more: int) -> None:
        if self._length + more > LENGTH_LIMIT:
            fact = f"its text has more than {LENGTH_LIMIT:,} characters, with those of merged cells"
            raise SourceError(self._place, fact, "split the document")

    def _locate(self, start: int, text: str, place: DraftPlace | None) -> None:
        if place and text:
            span = Span(start=start, end=start + len(text))
            self.locations.append(Location(span=span, **place))

    def _append(self, text: str) -> None:
        self._lines.append(text)
        self._length += len(text) + 1


def one_line(text: str) -> str:
    """A cell's text on one line: breaks and tabs as one blank, no blanks at the ends."""
    return _BREAKS.sub(" ", _INVISIBLE.sub("", text)).strip()
