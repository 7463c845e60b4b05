"""Tables that were flattened to text -> rows of cells under known columns.

A table comes as a row a line (cells parted by tabs, bars or blanks), a cell a line, or as one run
of cells with nothing but blanks between. Its header says what each column is; numbers and shapes
say which cell stands in which column where merged cells were printed once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, NamedTuple

from pipeline.lexicon import alternation, mapping, words
from pipeline.names.lists import is_unit
from pipeline.parse.clauses.labels import PrintedRole, parse_printed_role
from pipeline.text import parse_numeral, trim, without_blanks

ColumnKind = Literal["number", "group", "task", "owner", "deadline", "field", "ignore"]
Span = tuple[int, int]

_WORDS = mapping("columns", "kind")
_YEAR_HEAD = re.compile(r"^(?:20\d\d年?度?|\d{1,2}[-—]\d{1,2}月份?)")
_REMARK = re.compile(r"\([^()]*\)$")
_ROW_NUMBER = re.compile(r"\(?(\d{1,3}|[一二三四五六七八九十]{1,4})\)?[、.]?")
_OWN_NUMBER = re.compile(
    r"(?:\d{1,3}[.、](?!\d)|\(\d{1,3}\)|\([一二三四五六七八九十]{1,4}\)|[一二三四五六七八九十]{1,4}、|[①-⑳])\s?"
)
_DUE = re.compile(
    r"(?:\d|[一二三四五六七八九十])+月|季度|年底|年内|全年|半年|长期|持续|每[年月季]|常态|^20\d\d(?:年|[.-]\d)|\d[日号]前|^\d{1,2}\.\d{1,2}$|按.{0,8}(?:要求|计划|时限|进度)"
)
_PERSON = re.compile(r"[\u4e00-\u9fff·]{2,4}(?:[、, ][\u4e00-\u9fff·]{2,4})*")
_PADDING = re.compile(
    r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff]) +(?=[\u4e00-\u9fff](?![\u4e00-\u9fff]))"
)
_EMPTY = re.compile(r"[-—–/\\\s]*|无")
_LINE = re.compile(r"[^\n]+")
_BAR_ROW = re.compile(r"\s*\|?(?:\s*:?-{2,}:?\s*\|)*\s*:?-{2,}:?\s*\|?\s*")
_CELL = re.compile(r"[^\t|]*")
_TOKEN = re.compile(r"[^\s|]+(?: (?=[^\s|一-龥]))?")
_END = re.compile(
    rf" *(?:附件|附:|注:|备注:|说明:|抄送|\(此件|{alternation(words('boilerplate', 'furniture'))})"
)
_PAGE_NUMBER = re.compile(r"\d{1,3}")
# A header word is no longer than this; a table has at least this many columns.
_HEADER_WORD, _FEWEST = 14, 2
# Columns whose cells show by their shape that they stand there.
_SHAPED = frozenset(("number", "owner", "deadline"))
# A row whose cells fit their columns worse than this is told to be looked at.
_DOUBTFUL = -1.5
_NEVER = -1e9


class Column(NamedTuple):
    """What a column holds: its kind, its header's place, and for owners what it says."""

    kind: ColumnKind
    label: Span
    say: PrintedRole | None = None


@dataclass(slots=True)
class Row:
    """A row's cells by column; `own` are the columns that the row itself prints."""

    cells: list[Span | None]
    own: list[bool]
    heading: Span | None = None
    doubtful: bool = False
    # The owners, where they stand with nothing between them.
    units: list[Span] = field(default_factory=list)

    @property
    def start(self) -> int:
        """Where the row's own first cell begins."""
        return min(c[0] for c, own in zip(self.cells, self.own, strict=True) if c and own)

    @property
    def end(self) -> int:
        """Where the row's own last cell ends."""
        return max(c[1] for c, own in zip(self.cells, self.own, strict=True) if c and own)


@dataclass(slots=True)
class Table:
    """A table's extent, its columns and its rows in reading order."""

    start: int
    end: int
    columns: list[Column]
    rows: list[Row] = field(default_factory=list)
    # The lines of its heads, the first and those repeated.
    heads: list[Span] = field(default_factory=list)
    # Rows that name no task: nothing can be made of them.
    skipped: list[Span] = field(default_factory=list)
    # Whether cells were told apart by shape, for want of any mark between them.
    by_shape: bool = False


@lru_cache(1 << 10)
def read_column(words: str) -> tuple[ColumnKind, PrintedRole | None] | None:
    """What a header cell's words call: "责任单位(排首位者牵头)" -> owner."""
    bare = without_blanks(words)
    for name in (bare, _REMARK.sub("", bare), _YEAR_HEAD.sub("", bare)):
        kind = _WORDS.get(name)
        if kind:
            return kind, None  # type: ignore[return-value]
        say = parse_printed_role(name)
        if say:
            if say == "field":
                return "field", None
            return ("deadline", None) if say == "deadline" else ("owner", say)
    ending = _ENDING.search(_REMARK.sub("", bare))
    return (_WORDS[ending[0]], None) if ending and len(bare) <= _HEADER_WORD else None  # type: ignore[return-value]


_ENDING = re.compile(rf"(?:{alternation(_WORDS)})$")


def find_tables(folded: str) -> list[Table]:
    """The tables of a folded text that name an owner's column, in reading order."""
    if not _may_hold(folded):
        return []
    lines = [trim(folded, *m.span()) for m in _LINE.finditer(folded) if m[0].strip(" |\t")]
    tables: list[Table] = []
    at = 0
    while at < len(lines):
        found = _row_header(folded, lines, at) or _cell_header(folded, lines, at)
        if found is None:
            at += 1
            continue
        columns, first, mode = found
        table = Table(lines[at][0], lines[at][0], columns)
        table.heads.extend(lines[at : first if mode == "rows" else at + 1])
        if mode == "rows":
            at = _read_rows(folded, lines, first, table)
        elif mode == "cells":
            at = _read_cells(folded, lines, first, table)
        else:
            at = _read_run(folded, lines, at, first, table)
        if table.rows:
            tables.append(table)
    return tables


_HEAD = re.compile(r"(?:单位|部门|处室|科室|领导|责任人)(?:\([^()\n]*\))?[ \t|\n]")


def _may_hold(folded: str) -> bool:
    """Whether any place looks like an owner's column head: a test before lines are cut."""
    return _HEAD.search(folded) is not None


def _cells(folded: str, start: int, end: int) -> list[Span]:
    """The cells of a line with tabs or bars, empty ones too; bars at both ends enclose."""
    while start > 0 and folded[start - 1] in "\t ":
        start -= 1
    while end < len(folded) and folded[end] in "\t ":
        end += 1
    a, b = trim(folded, start, end, " ")
    if folded[a] == "|":
        start, end = a + 1, b
    if b > a and folded[b - 1] == "|":
        end = b - 1
    cells = []
    at = start
    while at <= end:
        match = _CELL.match(folded, at, end)
        stop = match.end() if match else end
        cells.append(trim(folded, at, stop))
        at = stop + 1
    return cells


def _read_header(folded: str, cells: list[Span]) -> list[Column] | None:
    """The columns that cells name, if most are known, with an owner and a task or number."""
    if not _FEWEST <= len(cells) <= 16:
        return None
    columns: list[Column] = []
    known = 0
    for a, b in cells:
        if b - a > 2 * _HEADER_WORD:
            return None
        read = read_column(folded[a:b]) if b > a else None
        known += read is not None
        columns.append(Column(read[0], (a, b), read[1]) if read else Column("field", (a, b)))
    numbers = [i for i, column in enumerate(columns) if column.kind == "number"]
    for index in numbers[1:]:
        columns[index] = Column("field", columns[index].label)
    kinds = {column.kind for column in columns}
    if "owner" not in kinds or 5 * known < 3 * len(cells):
        return None
    if "task" not in kinds:
        columns = _target_as_task(columns)
    return columns if any(c.kind == "task" for c in columns) else None


def _target_as_task(columns: list[Column]) -> list[Column]:
    """Where no column is a task's, the first that is no number or group is: 预期目标."""
    for index, column in enumerate(columns):
        if column.kind == "field" and column.label[1] > column.label[0]:
            return [*columns[:index], Column("task", column.label), *columns[index + 1 :]]
    for index, column in enumerate(columns):
        if column.kind == "group":
            return [*columns[:index], Column("task", column.label), *columns[index + 1 :]]
    return columns


def _row_header(folded: str, lines: list[Span], at: int) -> tuple[list[Column], int, str] | None:
    """A header on one line: cells parted by tabs or bars, or by blanks with rows to match."""
    a, b = lines[at]
    line = folded[a:b]
    if "\t" in line or "|" in line:
        columns = _read_header(folded, _cells(folded, a, b))
        if columns is None or len(columns) < _FEWEST:
            return None
        return (*_second_header(folded, lines, at, columns), "rows")
    if " " not in line:
        return None
    return _blank_header(folded, a, b, at)


def _second_header(
    folded: str, lines: list[Span], at: int, columns: list[Column]
) -> tuple[list[Column], int]:
    """A header over two rows: the lower one tells more where it tells anything."""
    if at + 1 < len(lines):
        a, b = lines[at + 1]
        below = _cells(folded, a, b)
        read = [read_column(folded[x:y]) if y > x else None for x, y in below]
        known = sum(one is not None for one in read)
        if (
            len(below) == len(columns)
            and known
            and all(one is not None or y == x for one, (x, y) in zip(read, below, strict=True))
        ):
            merged = [
                Column(one[0], cell, one[1]) if one else column
                for one, cell, column in zip(read, below, columns, strict=True)
            ]
            return merged, at + 2
    return columns, at + 1


def _blank_header(folded: str, a: int, b: int, at: int) -> tuple[list[Column], int, str] | None:
    """Header words parted by blanks: a line of its own, or in the middle of one long line."""
    for owner in _HEAD.finditer(folded, a, b):
        near = max(a, owner.start() - _HEAD_REACH), min(b, owner.end() + _HEAD_REACH)
        found = _head_near(folded, near, at, whole=(a, b))
        if found:
            return found
    return None


# A table's head is no longer than this on either side of an owner's column.
_HEAD_REACH = 120


def _head_near(
    folded: str, near: Span, at: int, *, whole: Span
) -> tuple[list[Column], int, str] | None:
    """The head of blank-parted columns in a stretch of a line, and how its cells go on."""
    a, b = near
    tokens = [m.span() for m in _WORD.finditer(folded, a, b)]
    for first, (x, y) in enumerate(tokens):
        read = read_column(folded[x:y]) if y - x <= _HEADER_WORD else None
        if read is None or read[0] not in ("number", "group", "task"):
            continue
        last = first
        while last < len(tokens) and _known_word(folded, tokens[last]):
            last += 1
        columns = _read_header(folded, tokens[first:last])
        if columns is not None and len(columns) >= 3:
            alone = (x, tokens[last - 1][1]) == whole
            return (columns, at + 1, "cells") if alone else (columns, tokens[last - 1][1], "run")
    return None


_WORD = re.compile(r"[^\s|]+")


def _known_word(folded: str, token: Span) -> bool:
    a, b = token
    return b - a <= 2 * _HEADER_WORD and read_column(folded[a:b]) is not None


def _cell_header(folded: str, lines: list[Span], at: int) -> tuple[list[Column], int, str] | None:
    """A header a cell a line: a run of lines that are each a column's name."""
    if not _known_word(folded, trim(folded, *lines[at], " |\t")):
        return None
    cells: list[Span] = []
    known = last = at
    while last < len(lines) and last - at < 16 and last - known <= 1:
        cell = trim(folded, *lines[last], " |\t")
        if cell[1] - cell[0] > _HEADER_WORD or _ROW_NUMBER.fullmatch(folded, *cell):
            break
        cells.append(cell)
        last += 1
        if _known_word(folded, cell):
            known = last
    cells = cells[: known - at]
    if len(cells) < 3:
        return None
    columns = _read_header(folded, cells)
    return (columns, known, "cells") if columns else None


def _read_rows(folded: str, lines: list[Span], first: int, table: Table) -> int:
    """Rows on lines of their own; returns the line after the table."""
    at = first
    headings: Span | None = None
    while at < len(lines):
        a, b = lines[at]
        line = folded[a:b]
        if _BAR_ROW.fullmatch(line):
            at += 1
            continue
        if "\t" not in line and "|" not in line:
            if not _goes_on(folded, lines, at):
                break
            headings = (a, b)
            at += 1
            continue
        cells = _cells(folded, a, b)
        told = [cell for cell in cells if cell[1] > cell[0]]
        again = _read_header(folded, cells)
        if again is not None:
            if len(again) != len(table.columns) or [c.kind for c in again] != [
                c.kind for c in table.columns
            ]:
                break
            table.heads.append((a, b))
            at += 1
            continue
        if len(told) > 1 and all(_known_word(folded, cell) for cell in told):
            table.heads.append((a, b))
        elif told and len({folded[x:y] for x, y in told}) == 1 and len(cells) > 1:
            headings = told[0]
        elif told and without_blanks(folded[told[0][0] : told[0][1]]) not in _TOTALS:
            row = _fit(folded, cells, table)
            row.heading = headings
            table.rows.append(row)
        table.end = b
        at += 1
    return at


_TOTALS = frozenset(("合计", "总计", "小计", "共计"))


def _goes_on(folded: str, lines: list[Span], at: int) -> bool:
    """Whether a line without cells stands inside a table: a group's heading or a page's number."""
    a, b = lines[at]
    if b - a > 40 or _END.match(folded, a, b) or folded[b - 1] in "。:" or at + 1 >= len(lines):
        return False
    x, y = lines[at + 1]
    after = folded[x:y]
    # A head of its own behind the line makes another table, under a heading of the text.
    return ("\t" in after or "|" in after) and _read_header(folded, _cells(folded, x, y)) is None


def _fit(folded: str, cells: list[Span], table: Table) -> Row:
    """A row's cells under its columns: one for one, or where cells are missing by shape."""
    width = len(table.columns)
    if len(cells) > width:
        empty = sum(b == a for a, b in cells[width:])
        cells = cells[:width] if empty == len(cells) - width else [c for c in cells if c[1] > c[0]]
    if width // 2 < len(cells) < width and _ends_early(folded, cells, table.columns):
        # Only empty cells at a row's end are left out by those who write tables as text.
        cells = [*cells, *((cells[-1][1], cells[-1][1]) for _ in range(width - len(cells)))]
    if len(cells) == width:
        placed: list[Span | None] = [cell if cell[1] > cell[0] else None for cell in cells]
        row = Row(placed, [cell is not None for cell in placed])
    else:
        row = _align_one(folded, cells, table.columns)
    _fill(folded, row, table)
    return row


def _ends_early(folded: str, cells: list[Span], columns: list[Column]) -> bool:
    """Whether a row prints its cells in their places but the last: it holds an empty cell within,
    or begins with the number that its first column is for."""
    if any(b == a for a, b in cells):
        return True
    fits = [_fits(folded, c, column) for c, column in zip(cells, columns, strict=False)]
    shaped = [fit for fit, column in zip(fits, columns, strict=False) if column.kind in _SHAPED]
    return columns[0].kind == "number" and all(fit > 0 for fit in shaped)


def _fill(folded: str, row: Row, table: Table) -> None:
    """What a merged cell says stands in every row that it covers.

    A group, its number and what stands left of a row's first own cell go down; so do a leader
    and a lead where the row prints none. An empty co-host stays empty.
    """
    before = table.rows[-1] if table.rows else None
    first = next((i for i, cell in enumerate(row.cells) if cell), 0)
    owned = any(
        cell and column.kind == "owner" and column.say in _HOSTING
        for cell, column in zip(row.cells, table.columns, strict=True)
    )
    for index, column in enumerate(table.columns):
        if row.cells[index] is not None or before is None:
            continue
        merged = index < first or column.kind == "group"
        if column.kind == "owner":
            merged = column.say == "leader" or (not owned and column.say in _HOSTING)
            row.doubtful |= merged and column.say != "leader"
        if column.kind == "task" and index < _last_task(table.columns):
            merged = True
        if merged:
            row.cells[index] = before.cells[index]
    row.doubtful |= any(
        own and cell and column.kind in _SHAPED and _fits(folded, cell, column) < _DOUBTFUL
        for own, cell, column in zip(row.own, row.cells, table.columns, strict=True)
    )


def _last_task(columns: list[Column]) -> int:
    return max(index for index, column in enumerate(columns) if column.kind == "task")


def _fits(folded: str, cell: Span, column: Column) -> float:
    """How well a cell's words are what its column holds."""
    return _fit_words(folded[cell[0] : cell[1]], column.kind, column.say)


@lru_cache(1 << 14)
def _fit_words(words: str, kind: ColumnKind, say: PrintedRole | None) -> float:
    if kind == "number":
        return 4.0 if _ROW_NUMBER.fullmatch(words) else -8.0
    if _EMPTY.fullmatch(words):
        return 1.0 if kind in ("owner", "deadline", "field", "ignore") else -3.0
    number = _ROW_NUMBER.fullmatch(words) is not None and words[0] not in "一二三四五六七八九十"
    if kind == "owner" and say == "leader":
        person = _PERSON.fullmatch(_PADDING.sub(r"\1", words)) is not None
        return 2.0 if person and not _is_list(words) else -1.0 if len(words) <= 16 else -4.0
    if kind == "owner":
        if _is_list(words):
            return 3.0
        return -1.0 if len(words) <= 60 and not number and "。" not in words else -6.0
    if kind == "deadline":
        return 3.0 if len(words) <= 30 and _DUE.search(words) else -3.0
    if kind == "task":
        if number or _is_list(words):
            return -3.0
        return 1.5 if len(words) >= 8 else 0.0
    if kind == "group":
        if number or _is_list(words):
            return -3.0
        return 0.5 if len(words) <= 20 else -1.5
    return 0.0


_SPLIT = re.compile(r"[、,;/\s]|及(?=各|其他|相关|有关)|和(?=各|其他|相关|有关)")
_VERBED = re.compile(
    r"(?:牵头|负责|配合|参与|协助|主办|协办|分别|等)+(?:单位|部门)?[:]?$|^(?:牵头|责任|配合)单位:"
)


@lru_cache(1 << 14)
def _is_list(words: str) -> bool:
    """Whether a cell reads as a list of units: most of its pieces are."""
    pieces = [_VERBED.sub("", piece) for piece in _SPLIT.split(_REMARK.sub("", words)) if piece]
    pieces = [piece for piece in pieces if piece]
    if not pieces or "。" in words or len(words) > 300:
        return False
    units = sum(is_unit(piece) and len(piece) <= 24 for piece in pieces)
    return 3 * units >= 2 * len(pieces)


def _align_one(folded: str, cells: list[Span], columns: list[Column]) -> Row:
    """One row's cells to rising columns, best fit first."""
    told = [cell for cell in cells if cell[1] > cell[0]]
    rows = _align(folded, told, columns, one_row=True)
    if rows:
        return rows[0]
    placed: list[Span | None] = [*told[: len(columns)]]
    placed += [None] * (len(columns) - len(placed))
    return Row(placed, [cell is not None for cell in placed], doubtful=True)


_HOSTING = frozenset(("lead", "main", "resp"))
_SKIP = {"number": 4.0, "group": 0.4, "task": 4.0, "deadline": 1.2, "field": 0.8, "ignore": 0.3}
_SKIP_SAY = {"leader": 1.2, "lead": 2.0, "main": 2.0, "resp": 2.0, "assist": 0.8}


def _skip(column: Column) -> float:
    return _SKIP_SAY.get(column.say or "", 1.0) if column.kind == "owner" else _SKIP[column.kind]


def _stay(folded: str, before: Span, cell: Span, column: Column) -> float:
    """What it costs that a cell goes on in a second piece."""
    if column.kind in ("number", "ignore"):
        return 6.0
    if folded[before[1] - 1] in "、,;(":
        return 0.2
    words = folded[cell[0] : cell[1]]
    if column.kind == "owner":
        if column.say == "leader":
            return 2.5
        return 0.8 if _is_list(words) else 5.0
    if column.kind == "task":
        return 0.8 if len(words) > 6 or _OWN_NUMBER.match(words) else 1.6
    return 2.0


def _align(
    folded: str,
    cells: list[Span],
    columns: list[Column],
    *,
    one_row: bool = False,
    first: int = 1,
) -> list[Row]:
    """Cells in reading order to columns row by row, by the least cost of misfits and gaps.

    A state is the column that the last cell fell in; the next cell goes on in it, moves right
    over skipped columns, or opens a row.
    """
    width = len(columns)
    skips = [_skip(column) for column in columns]
    upto = [sum(skips[:i]) for i in range(width + 1)]
    sequence = _sequence(folded, cells, first)
    score = [_NEVER] * width
    trail: list[list[tuple[int, bool]]] = []
    for index, cell in enumerate(cells):
        fits = [
            _piece_fit(folded, cell, column, expected=sequence.get(index)) for column in columns
        ]
        now, came = [_NEVER] * width, [(-1, False)] * width
        for j in range(width):
            if index == 0:
                now[j], came[j] = fits[j] - upto[j], (-1, True)
                continue
            best, source = score[j] - _stay(folded, cells[index - 1], cell, columns[j]), (j, False)
            gain = max(0.0, fits[j]) * 0.3
            best += gain if columns[j].kind != "number" else _NEVER
            for i in range(j):
                moved = score[i] - (upto[j] - upto[i + 1]) + fits[j]
                if moved > best:
                    best, source = moved, (i, False)
            if not one_row:
                for i in range(width):
                    moved = score[i] - (upto[width] - upto[i + 1]) - upto[j] + fits[j]
                    if moved > best:
                        best, source = moved, (i, True)
            now[j], came[j] = best, source
        score = now
        trail.append(came)
    ends = [s - (upto[width] - upto[i + 1]) for i, s in enumerate(score)]
    return _walk(cells, columns, trail, ends)


def _piece_fit(folded: str, cell: Span, column: Column, *, expected: bool | None) -> float:
    fit = _fits(folded, cell, column)
    if column.kind == "number" and fit > 0:
        return fit + (2.0 if expected else -6.0)
    return fit


def _sequence(folded: str, cells: list[Span], want: int) -> dict[int, bool]:
    """Which cells are the next number of the running count: 1, 2, 3 …"""
    found: dict[int, bool] = {}
    for index, (a, b) in enumerate(cells):
        match = _ROW_NUMBER.fullmatch(folded, a, b)
        value = parse_numeral(match[1]) if match else None
        if value is None:
            continue
        near = want <= value <= want + 2 or value == 1
        found[index] = near
        if near:
            want = value + 1
    return found


def _walk(
    cells: list[Span],
    columns: list[Column],
    trail: list[list[tuple[int, bool]]],
    score: list[float],
) -> list[Row]:
    """The rows along the best way back through the states."""
    if not cells:
        return []
    j = max(range(len(columns)), key=lambda i: score[i])
    places: list[tuple[int, bool]] = []
    for came in reversed(trail):
        before, opens = came[j]
        places.append((j, opens))
        j = before
    rows: list[Row] = []
    for cell, (j, opens) in zip(cells, reversed(places), strict=True):
        if opens or not rows:
            rows.append(Row([None] * len(columns), [False] * len(columns)))
        row = rows[-1]
        held = row.cells[j]
        row.cells[j] = (held[0], cell[1]) if held else cell
        row.own[j] = True
    return rows


def _read_cells(folded: str, lines: list[Span], first: int, table: Table) -> int:
    """A cell a line; returns the line after the table."""
    cells: list[Span] = []
    heading: Span | None = None
    at = first
    header = [without_blanks(folded[a:b]) for a, b in (c.label for c in table.columns)]
    while at < len(lines):
        a, b = trim(folded, *lines[at], " |\t")
        if _END.match(folded, a, b) or (at > first and _new_header(folded, lines, at, header)):
            break
        if without_blanks(folded[a:b]) == header[0] and _repeats(folded, lines, at, header):
            at += len(header)
            continue
        if b > a and _is_heading(folded, lines, at, table):
            _take(folded, cells, table, heading)
            cells, heading = [], (a, b)
        elif b > a:
            cells.extend(_blank_cells(folded, a, b, len(table.columns)))
        at += 1
    _take(folded, cells, table, heading)
    return at


_GROUP_HEAD = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\)) ?[^。\n]{2,36}"
)


def _is_heading(folded: str, lines: list[Span], at: int, table: Table) -> bool:
    """Whether a line between rows is a group's heading (一、夯实基础): a row's number follows."""
    if table.columns[0].kind != "number" or at + 1 >= len(lines):
        return False
    follows = _ROW_NUMBER.fullmatch(folded, *trim(folded, *lines[at + 1], " |\t"))
    return (
        follows is not None
        and _GROUP_HEAD.fullmatch(folded, *trim(folded, *lines[at], " |\t")) is not None
    )


def _blank_cells(folded: str, a: int, b: int, width: int) -> Iterator[Span]:
    """A line of the table: one cell, or several parted by blanks or bars."""
    tokens = [m.span() for m in _WORD.finditer(folded, a, b)]
    if 1 < len(tokens) <= 3 * width and (
        _ROW_NUMBER.fullmatch(folded, *tokens[0]) or "|" in folded[a:b] or "  " in folded[a:b]
    ):
        yield from tokens
    else:
        yield (a, b)


def _repeats(folded: str, lines: list[Span], at: int, header: list[str]) -> bool:
    there = [without_blanks(folded[a:b].strip(" |\t")) for a, b in lines[at : at + len(header)]]
    return there == header


def _new_header(folded: str, lines: list[Span], at: int, header: list[str]) -> bool:
    found = _cell_header(folded, lines, at)
    return found is not None and not _repeats(folded, lines, at, header)


def _read_run(folded: str, lines: list[Span], at: int, start: int, table: Table) -> int:
    """Cells with only blanks between, on what is left of a line and the lines below it."""
    table.start = table.columns[0].label[0]
    cells: list[Span] = []
    x, y = start, lines[at][1]
    header = [without_blanks(folded[a:b]) for a, b in (c.label for c in table.columns)]
    tokens = [m.span() for m in _WORD.finditer(folded, x, y)]
    index = 0
    while index < len(tokens):
        a, b = tokens[index]
        if _END.match(folded, a, b):
            break
        ahead = [folded[p:q] for p, q in tokens[index : index + len(header)]]
        if ahead == header:
            index += len(header)
            continue
        cells.append((a, b))
        index += 1
    table.by_shape = True
    _take(folded, cells, table)
    return at + 1


def _take(folded: str, cells: list[Span], table: Table, heading: Span | None = None) -> None:
    """The rows of cells told apart by shape, under a group's heading if there is one."""
    first = _first_number(folded, table)
    for row in _align(folded, cells, table.columns, first=first):
        row.heading = heading
        if not any(
            cell and own and column.kind in ("task", "owner")
            for cell, own, column in zip(row.cells, row.own, table.columns, strict=True)
        ):
            row.doubtful = True
        _fill(folded, row, table)
        table.rows.append(row)
    if table.rows:
        table.end = table.rows[-1].end


def _first_number(folded: str, table: Table) -> int:
    """The number that a table's next row should have."""
    for row in reversed(table.rows):
        cell = row.cells[0]
        match = _ROW_NUMBER.fullmatch(folded, *cell) if cell else None
        if match:
            return (parse_numeral(match[1]) or 0) + 1
    return 1


def split_number(folded: str, cell: Span) -> tuple[Span | None, Span]:
    """A cell's own number and its words: "14.改扩建…" -> (14., 改扩建…)."""
    match = _OWN_NUMBER.match(folded, *cell)
    if match is None or match.end() >= cell[1]:
        return None, cell
    return trim(folded, *match.span()), (match.end(), cell[1])
