"""Lines of a document as a reader writes them down, with the place of each in the file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypedDict

from pipeline.errors import SourceError
from pipeline.model import Location, Problem, Span

if TYPE_CHECKING:
    from pathlib import Path

_BREAKS = re.compile(r"[ \xa0]*[\t\n\r\v\f]+[ \xa0]*")
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")


# A long text in a cell merged over thousands of rows would stand in each of them.
LENGTH_LIMIT = 50_000_000


class Place(TypedDict, total=False):
    """Where something stands in its file: see Location."""

    page: int
    sheet: str
    cell: str
    table: int
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text and its place."""

    text: str
    place: Place = field(default_factory=Place)


class Draft:
    """Lines in reading order and the places of those that have one."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._lines: list[str] = []
        self._length = 0
        self.locations: list[Location] = []
        self.remarks: list[Problem] = []

    @property
    def text(self) -> str:
        """What was written, a newline between lines."""
        return "\n".join(self._lines)

    def line(self, text: str, place: Place | None = None) -> None:
        """Write a line; breaks inside it make it several."""
        text = _UNSEEN.sub("", text)
        self._locate(self._length, text, place)
        self._write(text)

    def row(self, cells: Sequence[Cell]) -> None:
        """Write a table's row: cells joined by a tab, breaks inside a cell as a blank."""
        texts = [one_line(cell.text) for cell in cells]
        if self._length + sum(map(len, texts)) > LENGTH_LIMIT:
            fact = f"its merged cells fill more than {LENGTH_LIMIT:,} characters"
            raise SourceError(self._place, fact, "split the table")
        at = self._length
        for cell, text in zip(cells, texts, strict=True):
            self._locate(at, text, cell.place)
            at += len(text) + 1
        self._write("\t".join(texts))

    def remark(self, code: str, message: str, *, warning: bool = False) -> None:
        """Tell what had to be repaired or passed over."""
        severity = "warning" if warning else "info"
        self.remarks.append(Problem(code=code, severity=severity, message=message))

    def _locate(self, start: int, text: str, place: Place | None) -> None:
        if place and text:
            span = Span(start=start, end=start + len(text))
            self.locations.append(Location(span=span, **place))

    def _write(self, text: str) -> None:
        self._lines.append(text)
        self._length += len(text) + 1


def one_line(text: str) -> str:
    """A cell's text on one line: breaks and tabs as one blank, none at the ends."""
    return _BREAKS.sub(" ", _UNSEEN.sub("", text)).strip()
