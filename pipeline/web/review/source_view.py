"""The source of a notice as the document looks: headings, paragraphs and tables, with its marks."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Literal, NamedTuple

from pipeline.text import fold
from pipeline.web.review.segments import Mark, Segment, cut_segments, cut_stretch
from pipeline.web.visible import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.model import Location, Notice, Problem, Span

# A line of a million characters is shown as many blocks, of which a browser lays out those in sight.
_LONGEST_BLOCK = 3_000
# A longer line that begins with a heading is a paragraph with its text behind it.
_LONGEST_HEADING = 120
_GREY_PARTS = frozenset(("furniture", "repeat", "header"))
_LINE = re.compile(r"[^\n]*")
VALUE_FIELDS = ("leaders", "host_units", "co_host_units")


class Run(NamedTuple):
    """Words that are shown alike: `start` is their offset, `hidden` the code of one that is not seen."""

    start: int
    text: str
    item: str = ""
    value: str = ""
    doubt: str = ""
    grey: str = ""
    hidden: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: its runs, and its address in a sheet such as B7."""

    runs: tuple[Run, ...]
    address: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, a piece of a long line, or a table; `place` is where a page or sheet begins."""

    kind: Literal["title", "heading", "paragraph", "table"]
    runs: tuple[Run, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    level: int = 0
    page: int | None = None
    sheet: str | None = None


@dataclass(slots=True)
class _Text:
    """A source's text with its segments, and where in the file its lines are."""

    text: str
    segments: list[Segment]
    starts: list[int]
    locations: Sequence[Location]
    location_starts: list[int]
    headings: dict[int, int]
    heading_starts: list[int]
    titles: frozenset[str]

    def runs(self, start: int, end: int) -> tuple[Run, ...]:
        """Return a stretch as runs."""
        first = max(0, bisect_right(self.starts, start) - 1)
        return tuple(
            run
            for one in cut_stretch(self.segments, first, start, end)
            for run in _part_hidden(one, self.text)
        )

    def located(self, start: int, end: int) -> list[Location]:
        """Return the places that lie inside a line."""
        first = bisect_right(self.location_starts, start - 1)
        behind = bisect_left(self.location_starts, end)
        return list(self.locations[first:behind])

    def level(self, start: int, end: int) -> int:
        """Return the level of the first heading that begins inside a line, 0 where none does."""
        at = bisect_left(self.heading_starts, start)
        if at < len(self.heading_starts) and self.heading_starts[at] < end:
            return self.headings[self.heading_starts[at]]
        return 0


def make_blocks(notice: Notice, problems: Sequence[Problem]) -> list[Block]:
    """Return the source of a notice in force as blocks; `problems` are numbered as they are given."""
    source = notice.source
    locations = sorted(source.locations, key=lambda one: one.span.start)
    segments = cut_segments(_find_marks(notice, problems), len(source.text))
    headings = {one.span.start: one.level for one in notice.sections}
    text = _Text(
        source.text,
        segments,
        [one.start for one in segments],
        locations,
        [one.span.start for one in locations],
        headings,
        sorted(headings),
        frozenset(_squeeze(one) for one in (notice.title, notice.notice_title) if one),
    )
    lines = [found.span() for found in _LINE.finditer(source.text) if found[0].strip()]
    blocks: list[Block] = []
    for table, group in groupby(lines, lambda line: _table_of(text, *line)):
        if table is None:
            blocks += (block for line in group for block in _read_line(text, *line))
        else:
            blocks.append(_read_table(text, list(group)))
    return list(_name_places(blocks))


def make_runs(
    notice: Notice, problems: Sequence[Problem], stretch: tuple[int, int]
) -> tuple[Run, ...]:
    """Return a stretch of the source of a notice as runs."""
    segments = cut_segments(_find_marks(notice, problems), len(notice.source.text))
    return tuple(
        run
        for one in cut_stretch(segments, 0, *stretch)
        for run in _part_hidden(one, notice.source.text)
    )


def value_key(index: int, name: str, number: int = 0) -> str:
    """Return how a value of an item is named on the page: "3-leaders-0"."""
    return f"{index}-{name}-{number}"


def _find_marks(notice: Notice, problems: Sequence[Problem]) -> Iterator[Mark]:
    for index, item in enumerate(notice.items):
        yield _mark(item.span, "item", str(index))
        for name in VALUE_FIELDS:
            for number, one in enumerate(getattr(item, name)):
                yield _mark(one.span, "value", value_key(index, name, number))
        if item.deadline:
            yield _mark(item.deadline.span, "value", value_key(index, "deadline"))
        title = notice.source.text.find(item.title, item.span.start, item.span.end)
        if title >= 0:
            yield Mark(title, title + len(item.title), "value", value_key(index, "title"))
    for number, problem in enumerate(problems):
        if problem.span:
            yield _mark(problem.span, "doubt", str(number))
    for part in notice.parts:
        if part.name in _GREY_PARTS:
            yield _mark(part.span, "grey", part.name)


def _mark(span: Span, layer: Literal["item", "value", "doubt", "grey"], means: str) -> Mark:
    return Mark(span.start, span.end, layer, means)


def _part_hidden(one: Segment, text: str) -> Iterator[Run]:
    """Yield the runs of a segment, each character that is not seen as one of its own."""
    at = one.start
    for found in HIDDEN.finditer(text, one.start, one.end):
        if found.start() > at:
            yield _run(one, text, at, found.start())
        yield _run(one, text, found.start(), found.end())._replace(
            text="", hidden=f"{ord(found[0]):04X}"
        )
        at = found.end()
    if at < one.end:
        yield _run(one, text, at, one.end)


def _run(one: Segment, text: str, start: int, end: int) -> Run:
    return Run(start, text[start:end], one.item, one.value, one.doubt, one.grey)


def _table_of(text: _Text, start: int, end: int) -> tuple[int | None, str | None] | None:
    """Return which table a line is a row of: a table's number, or a sheet's name; None for no row."""
    first = next((one for one in text.located(start, end) if one.column or one.cell), None)
    return (first.table, first.sheet) if first else None


def _read_line(text: _Text, start: int, end: int) -> Iterator[Block]:
    """Yield a line as one block, a very long one as several."""
    location = next(iter(text.located(start, end)), None)
    page = location.page if location else None
    level = text.level(start, end)
    is_short = end - start < _LONGEST_HEADING
    kind: Literal["title", "heading", "paragraph"] = (
        "heading" if level and is_short else "paragraph"
    )
    if kind == "paragraph" and is_short and _squeeze(text.text[start:end]) in text.titles:
        kind = "title"
    for at in range(start, end, _LONGEST_BLOCK):
        piece = text.runs(at, min(at + _LONGEST_BLOCK, end))
        yield Block(kind, piece, level=min(level, 4), page=page)


def _read_table(text: _Text, lines: list[tuple[int, int]]) -> Block:
    """Return lines that are rows of one table; what has no cell of its own is a cell beside them."""
    rows = []
    first: Location | None = None
    for start, end in lines:
        cells = [one for one in text.located(start, end) if one.column or one.cell]
        first = first or cells[0]
        last = 0
        row: list[Cell] = []
        for one in cells:
            # Cells without words have no place; the row keeps room for them.
            gap = min(max((one.column or last + 1) - last - 1, 0), 60)
            row += [Cell(())] * gap
            row.append(Cell(text.runs(one.span.start, one.span.end), one.cell or ""))
            last = one.column or last + 1
        rows.append(tuple(row))
    width = max(map(len, rows))
    rows = [(*row, *[Cell(())] * (width - len(row))) for row in rows]
    return Block(
        "table",
        rows=tuple(rows),
        page=first.page if first else None,
        sheet=first.sheet if first else None,
    )


def _name_places(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the blocks; page and sheet are kept only at the first block of each."""
    before: tuple[int | None, str | None] = (None, None)
    for one in blocks:
        now = (one.page or before[0], one.sheet)
        if now == before:
            is_named = one.page is not None or one.sheet is not None
            yield replace(one, page=None, sheet=None) if is_named else one
        else:
            is_new_page = one.page is not None and one.page != before[0]
            yield replace(one, page=one.page if is_new_page else None)
        before = now


def _squeeze(text: str) -> str:
    return "".join(fold(text).split())
