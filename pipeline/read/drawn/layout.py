"""Drawn pages -> the text a person reads: lines, wrapped ones joined, tables by their cells.

For formats that say where each character stands and nothing else: PDF, OFD, recognised scans.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from pipeline.lexicon import mapping
from pipeline.read.draft import Cell, Draft, Place
from pipeline.read.drawn.ruled import Edge, Glyph, Ruled, find_tables

_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]")
_LABEL = re.compile(
    r"[一二三四五六七八九十百]+[、.．]|[(（][一二三四五六七八九十0-9]{1,3}[)）]|\d{1,3}[、.．](?!\d)"
    r"|第[一二三四五六七八九十百0-9]+[条章节项]|[①-⑳]|[\u4e00-\u9fff]{2,8}[:：]|附件\d*[:：]?"
)
_ENDED = tuple("。；;：:！!？?")
# What is not torn at a line's end: a word or number, a character with its quotes and stops. Where
# it does not fit, the whole of it goes down and the line above ends early.
_UNIT = re.compile(
    r"[“‘\"'(（《〈〔【]*(?:[A-Za-z0-9.,%:/_?=&#-]+|.)"
    r"(?:[“‘\"']+.|[”’、，。；：！？）〕】》〉,.;:!?)\]…—]+)*"
)
_PAGE_MARK = re.compile(
    r"[-—–·.\s]*(?:第\s*)?(?:\d{1,4}|[ivxIVX]{1,6})(?:\s*页)?(?:[\s/,，]*(?:共\s*)?\d{1,4}\s*页?)?[-—–·.\s]*"
)
# Text that begins further in is no paragraph that hangs.
_FAR = 6
_DIGITS = re.compile(r"\d+")
# No page has more; looking for columns must not take the square of its lines.
_LINES_LIMIT = 400
# Where heads and page numbers stand, as a share of the page's height.
_MARGIN = 0.12
_RADICAL = re.compile("[\u2e80-\u2fdf\uf900-\ufaff]")


@dataclass(frozen=True, slots=True)
class Page:
    """A page's characters and drawn lines; sizes in points, y downwards."""

    number: int
    width: float
    height: float
    glyphs: list[Glyph]
    edges: list[Edge] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text on a page; `em` is the width of one of its characters.

    `frame` are the sides of the column that it stands in, where the page has two.
    """

    text: str
    page: int
    x0: float
    top: float
    x1: float
    bottom: float
    em: float
    frame: tuple[float, float] | None = None
    is_latin: bool = False


@dataclass(slots=True)
class Grid:
    """A table as rows of texts, merged cells repeated.

    `whole` are the rows of a single cell, `merged` the columns with a cell over several rows.
    """

    page: int
    top: float
    columns: list[float]
    rows: list[list[str]]
    pages: list[int]
    whole: set[int]
    merged: set[int]


Block = Line | Grid


def write_pages(draft: Draft, pages: Sequence[Page]) -> None:
    """Write pages down; running heads and page numbers are left out."""
    blocks = [_blocks(page) for page in pages]
    heads = _running_heads(blocks, pages)
    kept = [
        [block for block in one if not (isinstance(block, Line) and id(block) in heads)]
        for one in blocks
    ]
    tables = 0
    lines = [line for one in kept for line in one if isinstance(line, Line)]
    shape = _Shape(lines, {page.number: round(page.width, 1) for page in pages})
    repaired: Counter[str] = Counter()
    for block in _paragraphs(_joined_tables(kept), shape):
        if isinstance(block, Grid):
            tables += 1
            _write_grid(draft, block, tables, repaired)
        else:
            text = repair("".join(piece for piece, _ in block), repaired)
            draft.line(text, Place(page=block[0][1]))
    if repaired:
        found = "".join(sorted(repaired))
        message = f"{sum(repaired.values())} look-alike characters were replaced: {found[:40]}"
        draft.remark("radicals-repaired", message)


def repair(text: str, found: Counter[str]) -> str:
    """The text with radicals and compatibility forms as the characters they look like.

    ⼀、⾏政 -> 一、行政; what was replaced is counted in `found`.
    """
    if not _RADICAL.search(text):
        return text

    def one(match: re.Match[str]) -> str:
        sign = match[0]
        other = mapping("radicals", "ideograph").get(sign) or unicodedata.normalize("NFKC", sign)
        if other != sign:
            found[sign] += 1
        return other

    return _RADICAL.sub(one, text)


def _write_grid(draft: Draft, grid: Grid, number: int, repaired: Counter[str]) -> None:
    for index, (row, page) in enumerate(zip(grid.rows, grid.pages, strict=True), 1):
        places = [
            Place(page=page, table=number, row=index, column=column)
            for column in range(1, len(row) + 1)
        ]
        cells = [
            Cell(repair(text, repaired), place) for text, place in zip(row, places, strict=True)
        ]
        draft.row(cells[:1] if index - 1 in grid.whole else cells)


def _blocks(page: Page) -> list[Block]:
    """A page's lines and tables from the top down, column by column where it has two."""
    tables = find_tables(page.edges)
    inside: list[dict[int, list[Glyph]]] = [{} for _ in tables]
    outside: list[Glyph] = []
    boxes = [table.box for table in tables]
    for glyph in page.glyphs:
        x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
        for table, box, cells in zip(tables, boxes, inside, strict=True):
            if box.x0 <= x <= box.x1 and box.top <= y <= box.bottom:
                region = table.region_at(x, y)
                if region is not None:
                    cells.setdefault(region, []).append(glyph)
                    break
        else:
            outside.append(glyph)
    grids = [
        _grid(table, cells, page.number)
        for table, cells in zip(tables, inside, strict=True)
        if cells
    ]
    return _in_order(_lines(outside, page.number), grids)


def _in_order(lines: list[Line], grids: list[Grid]) -> list[Block]:
    blocks: list[Block] = [*lines, *grids]
    return sorted(blocks, key=lambda block: block.top) if grids else blocks


def _lines(glyphs: list[Glyph], page: int) -> list[Line]:
    """Characters as lines, from the top down; two columns of text one after the other."""
    rows: list[list[Glyph]] = []
    middle = 0.0
    for glyph in sorted(glyphs, key=lambda one: (one.top + one.bottom, one.x0)):
        center = (glyph.top + glyph.bottom) / 2
        if rows and center - middle < (glyph.bottom - glyph.top) * 0.5:
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
            middle = center
    pieces = [_line(piece, page) for row in rows for piece in _pieces(row)]
    return _columns([line for line in pieces if line.text])


def _pieces(row: list[Glyph]) -> Iterator[list[Glyph]]:
    """The stretches of a line, parted by gaps as wide as between two columns."""
    row.sort(key=lambda one: one.x0)
    start = 0
    for index in range(1, len(row)):
        one, two = row[index - 1], row[index]
        if two.x0 - one.x1 > 1.4 * max(one.bottom - one.top, two.bottom - two.top):
            yield row[start:index]
            start = index
    yield row[start:]


def _columns(pieces: list[Line]) -> list[Line]:
    """Pieces in reading order: those of one height as one line, unless columns part them."""
    found: list[Line] = []
    at = 0
    while at < len(pieces):
        left, right, end = _two_columns(pieces, at)
        if end > at:
            found += [*_framed(left), *_framed(right)]
            at = end
            continue
        end = at + 1
        while end < len(pieces) and _is_level(pieces[at], pieces[end]):
            end += 1
        found.append(_beside(pieces[at:end]))
        at = end
    return found


def _framed(column: list[Line]) -> Iterator[Line]:
    """The lines of a column, each with the column's sides."""
    frame = (min(line.x0 for line in column), max(line.x1 for line in column))
    return (replace(line, frame=frame) for line in column)


def _is_level(one: Line, two: Line) -> bool:
    return abs((one.top + one.bottom) - (two.top + two.bottom)) < one.em


def _beside(pieces: Sequence[Line]) -> Line:
    """Pieces of one height as one line, a blank between."""
    pieces = sorted(pieces, key=lambda one: one.x0)
    text = " ".join(piece.text for piece in pieces)
    first, last = pieces[0], pieces[-1]
    return Line(text, first.page, first.x0, first.top, last.x1, first.bottom, first.em)


def _two_columns(pieces: list[Line], at: int) -> tuple[list[Line], list[Line], int]:
    """The pieces from here on that stand left and right of one gap, at least four lines each."""
    end = at
    left: list[Line] = []
    right: list[Line] = []
    low, high = 0.0, float("inf")
    while end < min(len(pieces), at + _LINES_LIMIT):
        piece = pieces[end]
        other = pieces[end + 1] if end + 1 < len(pieces) else None
        if other is not None and _is_level(piece, other):
            a, b = sorted((piece, other), key=lambda one: one.x0)
            if max(low, a.x1) >= min(high, b.x0):
                break
            low, high = max(low, a.x1), min(high, b.x0)
            left.append(a)
            right.append(b)
            end += 2
        elif left and piece.x1 <= high and piece.x0 < low:
            left.append(piece)
            low = max(low, piece.x1)
            end += 1
        elif left and piece.x0 >= low:
            right.append(piece)
            high = min(high, piece.x0)
            end += 1
        else:
            break
    enough = min(len(left), len(right)) >= 4
    wide = [line for line in (*left, *right) if len(line.text) >= 10]
    if enough and len(wide) * 2 > len(left) + len(right):
        return left, right, end
    return [], [], at


def _line(glyphs: list[Glyph], page: int) -> Line:
    """Characters of one height, from left to right, as a line; gaps become a blank."""
    wide = [one.x1 - one.x0 for one in glyphs if _WIDE.match(one.text)]
    height = median(one.bottom - one.top for one in glyphs)
    em = median(wide) if wide else height * 0.9
    text: list[str] = []
    before: Glyph | None = None
    blank = False
    for glyph in glyphs:
        if glyph.text.isspace():
            blank = True
            continue
        if before is not None:
            if glyph.text == before.text and glyph.x0 - before.x0 < 0.4 * (glyph.x1 - glyph.x0):
                continue  # printed twice to look bold
            gap = (glyph.x0 - before.x1) / em if em else 0.0
            is_latin = before.text.isascii() and glyph.text.isascii()
            if gap > (0.2 if is_latin else 0.45) or (blank and gap > 0.1):
                text.append(" ")
        text.append(glyph.text)
        before, blank = glyph, False
    shown = "".join(text)
    drawn = [one for one in glyphs if not one.text.isspace()] or glyphs
    return Line(
        shown,
        page,
        drawn[0].x0,
        min(one.top for one in drawn),
        max(one.x1 for one in drawn),
        max(one.bottom for one in drawn),
        em or 1.0,
        is_latin=not wide,
    )


def _grid(table: Ruled, cells: dict[int, list[Glyph]], page: int) -> Grid:
    """A ruled table with the text of its cells."""
    sides = table.sides()
    lines = {region: _lines(glyphs, page) for region, glyphs in cells.items()}
    pad = _padding(sides, lines)
    texts = {
        region: _cell_text(found, sides[region][1] - sides[region][0] - 2 * pad)
        for region, found in lines.items()
    }
    rows = table.rows()
    shown = [
        (index, row)
        for index, row in enumerate(rows)
        if any(texts.get(region) for region in row)
        and not (index and len(set(row)) == 1 and row[0] in rows[index - 1])
    ]
    return Grid(
        page,
        table.box.top,
        table.columns,
        [[texts.get(region, "") for region in row] for _, row in shown],
        [page] * len(shown),
        {at for at, (_, row) in enumerate(shown) if len(set(row)) == 1 < len(row)},
        {
            column
            for (_, one), (_, two) in pairwise(shown)
            for column, region in enumerate(one)
            if two[column] == region and len(set(two)) > 1
        },
    )


def _padding(sides: dict[int, tuple[float, float]], lines: dict[int, list[Line]]) -> float:
    """How far text keeps from the lines of its cell: the least that any cell shows."""
    gaps = [line.x0 - sides[region][0] for region, found in lines.items() for line in found]
    return max(0.0, min(gaps, default=0.0))


def _cell_text(lines: list[Line], room: float) -> str:
    """A cell's lines as one: full lines run on, others keep a blank between."""
    text = ""
    for line, after in zip(lines, [*lines[1:], None], strict=True):
        text += line.text
        if after is not None:
            is_full = _is_full(room - (line.x1 - line.x0), line, after)
            text += _glue(line, after) if is_full else " "
    return text


def _is_full(room: float, line: Line, after: Line) -> bool:
    """Whether the first word of the next line finds no room on this one."""
    unit = _UNIT.match(after.text)
    signs = unit[0] if unit else after.text[:1]
    wide = sum(1.0 if sign > "\u2000" else 0.5 for sign in signs)
    return room < (wide + 0.1) * line.em


def _glue(line: Line, after: Line) -> str:
    """What joins a wrapped line to the next: a blank between Latin words, else nothing."""
    one, two = line.text[-1:], after.text[:1]
    return " " if one.isascii() and two.isascii() and one.isalpha() and two.isalpha() else ""


def _running_heads(blocks: Sequence[Sequence[Block]], pages: Sequence[Page]) -> set[int]:
    """The lines that stand at a page's edge and are its number, or the same on most pages."""
    edge: list[tuple[Line, bool]] = []
    seen: Counter[tuple[bool, str]] = Counter()
    for one, page in zip(blocks, pages, strict=True):
        top, bottom = page.height * _MARGIN, page.height * (1 - _MARGIN)
        at_edge = [
            (line, line.bottom <= top)
            for line in one
            if isinstance(line, Line) and (line.bottom <= top or line.top >= bottom)
        ]
        seen.update({(upper, _DIGITS.sub("#", line.text)) for line, upper in at_edge})
        edge += at_edge
    often = max(2, len(pages) / 2)
    return {
        id(line)
        for line, upper in edge
        if _PAGE_MARK.fullmatch(line.text)
        or (len(pages) > 1 and seen[upper, _DIGITS.sub("#", line.text)] >= often)
    }


class _Shape:
    """How a document sets its text: its margins, its size, whether paragraphs are indented.

    Upright and wide pages of one document have margins of their own.
    """

    def __init__(self, lines: Sequence[Line], widths: dict[int, float]) -> None:
        long = [line for line in lines if len(line.text) > 4]
        self.em = median([line.em for line in long]) if long else 10.0
        self._widths = widths
        kinds: dict[float, list[Line]] = {}
        for line in long:
            kinds.setdefault(widths[line.page], []).append(line)
        self._frames = {width: self._margins(some, width) for width, some in kinds.items()}
        starts = [self.indent(two) for one, two in pairwise(long) if not self.is_full(one, two)]
        self.indented = sum(one > self.em for one in starts) * 2 >= len(starts)
        self._first = median(starts) if starts else 2 * self.em

    def _margins(self, lines: Sequence[Line], width: float) -> tuple[float, float]:
        left = _usual([line.x0 for line in lines], 0.05)
        furthest = max(line.x1 for line in lines)
        # stops may hang beyond the margin, words may stay short of it
        right = _usual([line.x1 for line in lines if line.x1 > furthest - 2.5 * self.em], 0.8)
        if right - left < 0.75 * (width - 2 * left):
            right = width - left  # no line was long enough to wrap
        return left, right

    def _frame(self, line: Line) -> tuple[float, float]:
        width = self._widths[line.page]
        return line.frame or self._frames.get(width, (0.0, width))

    def indent(self, line: Line) -> float:
        """How far a line begins from the left margin."""
        return line.x0 - self._frame(line)[0]

    def _is_title(self, line: Line, after: Line) -> bool:
        """Whether both lines are in large letters and centred."""
        rooms = [self._frame(one)[1] - one.x1 for one in (line, after)]
        indents = [self.indent(one) for one in (line, after)]
        return line.em > 1.15 * self.em and all(
            abs(room - indent) < line.em for room, indent in zip(rooms, indents, strict=True)
        )

    def is_full(self, line: Line, after: Line) -> bool:
        """Whether a line goes to the right margin, or as near as the next word let it."""
        room = self._frame(line)[1] - line.x1
        if self._is_title(line, after):
            room += max(0.0, self.indent(line))  # half of what is left stands on either side
        return _is_full(room, line, after)

    def goes_on(self, line: Line, after: Line, *, is_open: bool) -> bool:
        """Whether the next line belongs to the same paragraph; `is_open` says a bracket is."""
        is_same_size = line.is_latin or after.is_latin or abs(line.em / after.em - 1) < 0.12
        if not self.is_full(line, after) or not is_same_size:
            return False
        indent = self.indent(after)
        if self._is_title(line, after):
            return True
        if max(indent, self.indent(line)) > _FAR * line.em:
            return False  # a signature at the right margin
        if self.indented:
            hangs = abs(indent - self._first) > 0.8 * line.em
            return indent < 1.2 * line.em or (hangs and not _LABEL.match(after.text))
        if line.text.endswith(_ENDED):
            return indent < 1.2 * line.em and (is_open or not _LABEL.match(after.text))
        return indent < 1.2 * line.em or not _LABEL.match(after.text)


def _usual(values: list[float], share: float) -> float:
    """The value that this share of the values does not pass."""
    values = sorted(values)
    return values[int((len(values) - 1) * share)] if values else 0.0


def _paragraphs(blocks: Sequence[Block], shape: _Shape) -> Iterator[Grid | list[tuple[str, int]]]:
    """Tables as they are, lines joined to paragraphs: pieces of text with their page."""
    paragraph: list[tuple[str, int]] = []
    last: Line | None = None
    for block in blocks:
        if (
            isinstance(block, Line)
            and last is not None
            and shape.goes_on(last, block, is_open=_is_open(paragraph))
        ):
            paragraph.append((_glue(last, block) + block.text, block.page))
        else:
            if paragraph:
                yield paragraph
            paragraph = [(block.text, block.page)] if isinstance(block, Line) else []
        last = block if isinstance(block, Line) else None
        if isinstance(block, Grid):
            yield block
    if paragraph:
        yield paragraph


def _is_open(paragraph: list[tuple[str, int]]) -> bool:
    """Whether a paragraph's last bracket or quote is open, as far as its last lines tell."""
    text = "".join(piece for piece, _ in paragraph[-6:])
    return any(
        max(map(text.rfind, opening)) > max(map(text.rfind, closing))
        for opening, closing in (("(（[〔【", ")）]〕】"), ("“《", "”》"))
    )


def _joined_tables(pages: Sequence[Sequence[Block]]) -> list[Block]:
    """All blocks in order; a table that goes on over a page is one, its header said once."""
    found: list[Block] = []
    for blocks in pages:
        for index, block in enumerate(blocks):
            last = found[-1] if found else None
            if (
                index == 0
                and isinstance(block, Grid)
                and isinstance(last, Grid)
                and _is_same_shape(last, block)
            ):
                _append(last, block)
            else:
                found.append(block)
    return found


def _is_same_shape(one: Grid, two: Grid) -> bool:
    return len(one.columns) == len(two.columns) and all(
        abs(a - b) < 8 for a, b in zip(one.columns, two.columns, strict=True)
    )


def _append(table: Grid, more: Grid) -> None:
    """Add the rows of the next page: without its repeated header, a torn row mended."""
    skip = 0
    while (
        skip < min(len(table.rows), len(more.rows))
        and table.rows[skip] == more.rows[skip]
        and skip < 4
    ):
        skip += 1
    rows = more.rows[skip:]
    if not rows or not table.rows:
        return
    number = _number_column(table.rows)
    if skip in more.whole:
        pass
    elif number is not None and not rows[0][number] and table.rows[-1][number]:
        table.rows[-1] = [a + b for a, b in zip(table.rows[-1], rows[0], strict=True)]
        rows = rows[1:]
        skip += 1
    else:
        _fill_down(rows, table)
    first = len(table.rows)
    table.whole |= {first + index - skip for index in more.whole if index >= skip}
    table.rows += rows
    table.pages += more.pages[len(more.pages) - len(rows) :]


def _number_column(rows: Sequence[Sequence[str]]) -> int | None:
    """The column of running numbers, or None."""
    for column in range(len(rows[0])):
        numbers = sum(row[column].strip(".、").isdecimal() for row in rows)
        if numbers and numbers >= len(rows) * 0.6:
            return column
    return None


def _fill_down(rows: list[list[str]], table: Grid) -> None:
    """Carry merged cells over to the rows of the new page, where their text is not printed."""
    for column in table.merged:
        for row in rows:
            if row[column]:
                break
            row[column] = table.rows[-1][column]
