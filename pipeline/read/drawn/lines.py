"""Join the characters of a page to lines, in reading order.

For formats that give only the position of each character: PDF, OFD, recognised scans.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from pipeline.read.drawn.glyphs import Glyph
from pipeline.read.drawn.turning import turned_box, turned_glyphs

_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]")
# The text that is kept together at a line's end: a word or number, a character with its quotes and
# stops (“甲, 甲》。), what stands on both sides of a quote (服”改) and a number after a stop (度。2020).
# Where it does not fit, all of it moves down and the line above ends early.
_UNBREAKABLE = re.compile(
    r"[“‘\"'(（《〈〔【]*(?:[A-Za-z0-9.,%:/_?=&#-]+|.)"
    r"(?:[“”‘’\"']+[^“”‘’\"'，。；：、]|[”’\"'、，。；：！？）〕】》〉,.．;:!?)\]…—]+[0-9]*)*"
)
# No page has more lines; the search for columns must not take the square of their number.
_LINES_LIMIT = 400
# A gap of so many heights of a character separates two columns.
_COLUMN_GAP = 1.4
_FEWEST_LINES = 4
# Fewer characters at one height are no stretched line.
_FEWEST_SIGNS = 4
# From so wide a gap on, in characters and on average, a line was stretched.
_STRETCHED = 0.02
# A sign that is so many characters wide stands for as many: —— in one.
_WIDE_SIGN = 1.5
_WIDE_BLANK = "\u3000"


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """A line of text on a page; `em` is the width of a Chinese character in it.

    `frame` are the left and right side of its column, where the page has two columns. `start` is the width
    of what cannot be parted at its beginning, 0 where it is not known.
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
    is_turned: bool = False
    start: float = 0.0


def find_lines(glyphs: list[Glyph], page: int) -> list[DrawnLine]:
    """The lines of a page or cell from the top down; two columns of text one after the other.

    Lines that are set sideways follow in the order in which they are read when turned.
    """
    turns = sorted({one.ink.turn for one in glyphs})
    if not turns or turns == [0]:
        return _upright_lines(glyphs, page)
    found = []
    for turn in turns:
        some = [one for one in glyphs if one.ink.turn == turn]
        found += _turned_lines(some, page, turn) if turn else _upright_lines(some, page)
    return found


def _turned_lines(glyphs: list[Glyph], page: int, turn: int) -> list[DrawnLine]:
    """The lines of characters that are all turned alike, each with its place on the page."""
    size = (0.0, 0.0)  # about the upper left corner; back again about the same
    found = []
    for line in _upright_lines(turned_glyphs(glyphs, turn, size), page):
        box = turned_box((line.x0, line.top, line.x1, line.bottom), 360 - turn, size)
        x0, top, x1, bottom = box
        found.append(replace(line, x0=x0, top=top, x1=x1, bottom=bottom, is_turned=True))
    return found


def _upright_lines(glyphs: list[Glyph], page: int) -> list[DrawnLine]:
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
    return _in_reading_order([line for line in pieces if line.text])


def _pieces(row: list[Glyph]) -> Iterator[list[Glyph]]:
    """Split a row of characters at gaps as wide as between two columns."""
    row.sort(key=lambda one: one.x0)
    usual = _usual_gap(row)
    start = 0
    for index in range(1, len(row)):
        one, two = row[index - 1], row[index]
        high = max(one.bottom - one.top, two.bottom - two.top)
        if two.x0 - one.x1 > _COLUMN_GAP * high + usual:
            yield row[start:index]
            start = index
    yield row[start:]


def _usual_gap(row: Sequence[Glyph]) -> float:
    """The gap between most characters of a row, where it was stretched over a wide line."""
    if len(row) < _FEWEST_SIGNS:
        return 0.0
    return max(0.0, median(two.x0 - one.x1 for one, two in pairwise(row)))


def _in_reading_order(pieces: list[DrawnLine]) -> list[DrawnLine]:
    """Pieces in reading order: those at one height are one line, unless they are in two columns."""
    found: list[DrawnLine] = []
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


def _framed(column: list[DrawnLine]) -> Iterator[DrawnLine]:
    """The lines of a column with the column's sides as their frame."""
    frame = (min(line.x0 for line in column), max(line.x1 for line in column))
    return (replace(line, frame=frame) for line in column)


def _is_level(one: DrawnLine, two: DrawnLine) -> bool:
    return abs((one.top + one.bottom) - (two.top + two.bottom)) < one.em


def _beside(pieces: Sequence[DrawnLine]) -> DrawnLine:
    """Join pieces at one height to a line, with blanks between them."""
    if len(pieces) == 1:
        return pieces[0]
    pieces = sorted(pieces, key=lambda one: one.x0)
    text = " ".join(piece.text for piece in pieces)
    is_latin = all(piece.is_latin for piece in pieces)
    return replace(pieces[0], text=text, x1=pieces[-1].x1, is_latin=is_latin)


def _two_columns(pieces: list[DrawnLine], at: int) -> tuple[list[DrawnLine], list[DrawnLine], int]:
    """The pieces from `at` on that are left and right of one gap, and the index after them.

    Both lists are empty where fewer than four lines are on a side, or most lines are short.
    """
    end = at
    left: list[DrawnLine] = []
    right: list[DrawnLine] = []
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
    enough = min(len(left), len(right)) >= _FEWEST_LINES
    wide = [line for line in (*left, *right) if len(line.text) >= 10]
    if enough and len(wide) * 2 > len(left) + len(right):
        return left, right, end
    return [], [], at


def _line(glyphs: list[Glyph], page: int) -> DrawnLine:
    """Join characters at one height, sorted from left to right, to a line.

    A gap becomes a blank; blanks as wide as a Chinese character stay as they are printed.
    """
    wide = [one.x1 - one.x0 for one in glyphs if _WIDE.match(one.text)]
    height = median(one.bottom - one.top for one in glyphs)
    em = median(wide) if wide else height * 0.9
    spread = _spread(glyphs, em)
    text: list[str] = []
    ends: list[float] = []
    before: Glyph | None = None
    blank = ""
    for glyph in glyphs:
        if glyph.text.isspace():
            blank = blank.strip(" ") + glyph.text if glyph.text == _WIDE_BLANK else blank or " "
            continue
        if before is not None:
            if glyph.text == before.text and _is_printed_twice(before, glyph, em):
                continue
            gap = (glyph.x0 - before.x1) / em - spread if em else 0.0
            if gap > _least_blank(before.text, glyph.text) or (blank and gap > 0.1):
                text += blank or " "
                ends += [before.x1] * len(blank or " ")
        text.append(glyph.text)
        ends.append(glyph.x1)
        before, blank = glyph, ""
    drawn = [one for one in glyphs if not one.text.isspace()] or glyphs
    return DrawnLine(
        "".join(text),
        page,
        drawn[0].x0,
        min(one.top for one in drawn),
        max(one.x1 for one in drawn),
        max(one.bottom for one in drawn),
        em or 1.0,
        is_latin=not wide,
        start=_start(text, ends, spread * em, drawn[0].x0),
    )


def _is_printed_twice(one: Glyph, two: Glyph, em: float) -> bool:
    """Whether a character is printed a second time, to look bold, and not one of a wide sign: ——."""
    wide = two.x1 - two.x0
    return two.x0 - one.x0 < 0.4 * wide and wide < _WIDE_SIGN * em


def _start(text: Sequence[str], ends: Sequence[float], spread: float, left: float) -> float:
    """The width of the characters that cannot be parted at a line's beginning."""
    unit = _UNBREAKABLE.match("".join(text))
    if not unit or len(text) < unit.end():
        return 0.0
    return ends[unit.end() - 1] - left - spread * (unit.end() - 1)


def _least_blank(one: str, two: str) -> float:
    """The width from which a gap between two characters is a blank, in Chinese characters.

    Writers leave a gap of their own between Chinese and Latin characters.
    """
    if one.isascii() and two.isascii():
        return 0.2
    return 0.35 if one.isascii() or two.isascii() else 0.3


def _spread(glyphs: Sequence[Glyph], em: float) -> float:
    """The gap between any two characters of a line that was stretched to the margin, in characters."""
    if len(glyphs) < _FEWEST_SIGNS:
        return 0.0
    free = glyphs[-1].x1 - glyphs[0].x0 - sum([one.x1 - one.x0 for one in glyphs])
    if free < _STRETCHED * em * len(glyphs):
        return 0.0
    drawn = [one for one in glyphs if not one.text.isspace()]
    gaps = [two.x0 - one.x1 for one, two in pairwise(drawn)]
    return max(0.0, median(gaps)) / em if gaps and em else 0.0


def is_full(free: float, line: DrawnLine, after: DrawnLine) -> bool:
    """Whether the first word of the next line does not fit in the free width of this one."""
    if after.start:
        return free < after.start + 0.1 * line.em
    unit = _UNBREAKABLE.match(after.text)
    signs = unit[0] if unit else after.text[:1]
    wide = sum(1.0 if sign > "\u2000" else 0.5 for sign in signs)
    return free < (wide + 0.1) * line.em


def wrap_joint(line: DrawnLine, after: DrawnLine) -> str:
    """The text between a wrapped line and the next: a blank between Latin words, else nothing."""
    one, two = line.text[-1:], after.text[:1]
    return " " if one.isascii() and two.isascii() and one.isalpha() and two.isalpha() else ""


def starts_count(texts: Sequence[str]) -> bool:
    """Whether texts, after a head at most, are numbers that follow each other: 序号, 1, 2, 3."""
    values = [text.strip("．.、 ") for text in texts]
    if values and not values[0].isdecimal():
        values = values[1:]
    if not values or not all(value.isdecimal() and len(value) < 5 for value in values):
        return False
    return all(int(two) == int(one) + 1 for one, two in pairwise(values))
