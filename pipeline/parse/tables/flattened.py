"""Find the tables of a text that were flattened: a row a line, a cell a line, or one run of cells.

The head says what each column is. Tabs and bars, or else numbers and words, show which cell is in
which column where a merged cell was printed once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pipeline.parse.tables.by_line import find_line_head, find_table_by_line, has_cells
from pipeline.parse.tables.by_shape import (
    find_blank_head,
    find_stacked_head,
    find_table_in_run,
    find_table_of_cells,
)
from pipeline.parse.tables.column_heads import OWNER_HEAD
from pipeline.parse.tables.table import Span, TableHead, TextTable
from pipeline.text import trim

_BY_LAYOUT = {
    "rows": find_table_by_line,
    "cells": find_table_of_cells,
    "run": find_table_in_run,
}


def find_tables(folded: str, *, filled: bool = False) -> list[TextTable]:
    """The tables of a folded text that have an owner's column, in reading order.

    `filled`: the text repeats a merged cell in every row that it covers, as readers of files do.
    """
    if OWNER_HEAD.search(folded) is None:
        return []

    def find_head(folded: str, lines: list[Span], at: int) -> TableHead | None:
        head = _find_head(folded, lines, at)
        return head._replace(filled=filled) if head else None

    return list(walk_tables(folded, find_head))


def walk_tables(
    folded: str, find_head: Callable[[str, list[Span], int], TableHead | None]
) -> Iterator[TextTable]:
    """The tables with rows below each head that `find_head` finds at the index of a line."""
    lines = _find_lines(folded)
    at = 0
    while at < len(lines):
        head = find_head(folded, lines, at)
        if head is None:
            at += 1
            continue
        table, at = _BY_LAYOUT[head.layout](folded, lines, at, head)
        if table.rows:
            yield table


def _find_lines(folded: str) -> list[Span]:
    """The lines with words, without the blanks at their ends."""
    lines: list[Span] = []
    at = 0
    for line in folded.split("\n"):
        if line.strip(" |\t"):
            lines.append(trim(folded, at, at + len(line), " \t"))
        at += len(line) + 1
    return lines


def _find_head(folded: str, lines: list[Span], at: int) -> TableHead | None:
    """The head that begins on a line: cells with marks between, with blanks, or a cell a line."""
    a, b = lines[at]
    line = folded[a:b]
    head = None
    if has_cells(line):
        head = find_line_head(folded, lines, at)
    elif " " in line:
        head = find_blank_head(folded, lines, at)
    return head or find_stacked_head(folded, lines, at)
