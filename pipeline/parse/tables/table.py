"""The records of a table that was flattened to text: its columns, its rows, the table."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from pipeline.parse.clauses.labels import PrintedRole

ColumnKind = Literal["number", "group", "task", "owner", "deadline", "field", "ignore"]
# How a head and its rows are laid out: a row a line, a cell a line, or one run of cells.
Layout = Literal["rows", "cells", "run"]
Span = tuple[int, int]


class TableColumn(NamedTuple):
    """A column: its kind, the span of its head, and the role that an owner's head names.

    `persons` is the role of the persons in an owner's column for units and persons together:
    "field" under 责任单位及责任人, "leader" under 责任领导及责任单位.
    """

    kind: ColumnKind
    label: Span
    say: PrintedRole | None = None
    persons: PrintedRole | None = None


class TableHead(NamedTuple):
    """The columns of a table and where its cells begin.

    `begin` is an index of a line, or an offset where the layout is "run". `filled` is true where
    the text repeats a merged cell in every row that it covers, so that an empty cell is empty;
    `spaced` where blanks separate the cells of the head.
    """

    columns: list[TableColumn]
    begin: int
    layout: Layout
    filled: bool = False
    spaced: bool = False


class TableRow(NamedTuple):
    """The cells of a row, one for each column; `own` marks the cells that the row itself prints.

    A cell that is not `own` was printed in an earlier row and covers this one too. `heading` is
    the line above the row that names its group. `doubtful` marks a row that fits its columns badly.
    `units` are the owners of a row that is printed without marks between its units. `complete` rows
    print a cell for every column, empty ones too.
    """

    cells: tuple[Span | None, ...]
    own: tuple[bool, ...]
    heading: Span | None = None
    doubtful: bool = False
    units: tuple[Span, ...] = ()
    complete: bool = False

    @property
    def start(self) -> int:
        """The offset of the first cell that the row itself prints."""
        return min(c[0] for c, own in zip(self.cells, self.own, strict=True) if c and own)

    @property
    def end(self) -> int:
        """The end of the last cell that the row itself prints."""
        return max(c[1] for c, own in zip(self.cells, self.own, strict=True) if c and own)


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table in a text: its span, its columns and its rows in reading order.

    `heads` are the lines of its heads, the first and the repeated ones. `by_shape` is true where no
    mark separates the cells, so that only their words show where a cell ends; `flattened` where
    only their words show which column a cell is in.
    """

    start: int
    end: int
    columns: list[TableColumn]
    rows: list[TableRow]
    heads: list[Span] = field(default_factory=list)
    by_shape: bool = False
    flattened: bool = False
