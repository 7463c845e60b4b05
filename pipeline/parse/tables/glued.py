"""Tables whose cells were run together with nothing between them -> rows, where they can be told.

序号主要任务具体措施完成时限责任单位1推进生态文明1、建立机制3月区经发局区环土局2、…

A deadline straight before a run of units shows where a row's task ends and its owners begin; the
numbers of the measures run on from row to row. Where there is no deadline column, or the numbers
do not run on, nothing is read.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from pipeline.lexicon import alternation, mapping, words
from pipeline.names.units import is_unit
from pipeline.parse.tables.table import Column, Row, Table, read_column
from pipeline.text import trim

Span = tuple[int, int]

_HEAD_WORDS = tuple(
    word for word in {**mapping("columns", "kind"), **mapping("labels", "role")} if len(word) > 1
)
_FIRST = re.compile(r"(?:序号|编号) ?(?=[\u4e00-\u9fff])")
_STOP = re.compile(r"注:|备注:|附件|抄送")
_DUE = (
    r"(?:20\d\d年)?(?:(?:\d{1,2}|[一二三四五六七八九十]{1,2})月(?:\d{1,2}日|底|末|初|中旬|上旬|下旬)?前?"
    r"|第?[一二三四]季度|上半年|下半年|全年|年底前?|年内|长期坚持|长期|持续推进|持续)"
)
_MARK = re.compile(r"(?<![\d.〔\[])(\d{1,3})[、.](?!\d)")
_RUN = re.compile(r"[\u4e00-\u9fff、]+(?:\([\u4e00-\u9fff]{2,14}\)[\u4e00-\u9fff、]*)*")
_ENDINGS = alternation(words("unit_words", "ending"))
_SEAM = re.compile(
    r"(?<=[\u4e00-\u9fff)])(?=(?:[省市县区](?!级|域)|各|相关|有关|所在地)[\u4e00-\u9fff])"
)
_OPEN = re.compile(r"(?!\d{1,3}[、.]|\d{1,2}[\u4e00-\u9fff])[^\s]")
_SHORTEST_UNIT, _LONGEST_UNIT = 3, 14
# A table of fewer rows than this shows no run of numbers.
_FEWEST_ROWS = 3
_GROUP_REACH = 60


class _Anchor(NamedTuple):
    """Where a row's deadline and owners stand."""

    due: Span
    units: list[Span]


def find_glued(folded: str) -> list[Table]:
    """The tables with glued cells of a folded text; one without rows could not be told apart."""
    tables: list[Table] = []
    if "序号" not in folded and "编号" not in folded:
        return tables
    at = 0
    while (first := _FIRST.search(folded, at)) is not None:
        columns, start = _read_head(folded, first.start())
        at = first.end()
        if columns is None:
            continue
        end = _region_end(folded, start)
        table = Table(first.start(), end, columns, by_shape=True)
        table.rows = _read_lines(folded, start, end, columns) or _read_rows(
            folded, start, end, columns
        )
        if table.rows:
            table.end = table.rows[-1].end
        tables.append(table)
        at = table.end
    return tables


@cache
def _heads() -> re.Pattern[str]:
    return re.compile(alternation(_HEAD_WORDS))


def _read_head(folded: str, start: int) -> tuple[list[Column] | None, int]:
    """The column heads that are glued together from here on, and where the cells begin."""
    columns: list[Column] = []
    at = start
    while (match := _heads().match(folded, at)) is not None:
        read = read_column(match[0])
        columns.append(
            Column(read[0], match.span(), read[1]) if read else Column("field", match.span())
        )
        at = match.end()
        if folded[at : at + 1] == " ":
            at += 1
    kinds = [column.kind for column in columns]
    glued = len(columns) >= 3 and folded[columns[0].label[1]] not in " \t\n|"
    if not glued or "owner" not in kinds or "task" not in kinds:
        return None, start
    return columns, at


def _region_end(folded: str, start: int) -> int:
    stop = _STOP.search(folded, start)
    return stop.start() if stop else len(folded)


def _read_rows(folded: str, start: int, end: int, columns: list[Column]) -> list[Row]:
    """A row for every deadline with units behind it, if the measures' numbers run on."""
    kinds = [column.kind for column in columns]
    if "deadline" not in kinds or kinds.index("deadline") + 1 >= len(kinds):
        return []
    if kinds[kinds.index("deadline") + 1] != "owner":
        return []
    anchors = _find_anchors(folded, start, end)
    rows: list[Row] = []
    after, want, group_want = start, 1, 1
    group: Span | None = None
    missed = 0
    for anchor in anchors:
        marks = [m for m in _MARK.finditer(folded, after, anchor.due[0]) if int(m[1]) == want]
        if not marks:
            missed += 1
            continue
        mark = marks[-1]
        found = _find_group(folded, after, mark.start(), group_want)
        if found:
            group, group_want = found[1], found[0] + 1
        rows.append(_row(folded, columns, mark, anchor, group, own_group=bool(found)))
        after, want = anchor.units[-1][1], want + 1
    if len(rows) < _FEWEST_ROWS or 10 * missed > len(rows):
        return []
    return rows


_ROW = re.compile(r"\n[ \t]*(\d{1,3})(?=[\u4e00-\u9fff“《])([^\n]+)")
_LAST_DUE = re.compile(rf"{_DUE}(?:完成)?$")


def _read_lines(folded: str, start: int, end: int, columns: list[Column]) -> list[Row]:
    """Rows on lines of their own: 2改造农村厕所县农业农村局县卫健局、各乡镇11月底前.

    Read only where the columns are a number, a task, owners and perhaps a deadline, and the units
    at a line's end part into just as many groups as there are owners' columns.
    """
    kinds = [column.kind for column in columns]
    dues = kinds[-1:] == ["deadline"]
    owners = kinds[2:-1] if dues else kinds[2:]
    if kinds[:2] != ["number", "task"] or not owners or set(owners) != {"owner"}:
        return []
    rows: list[Row] = []
    for match in _ROW.finditer(folded, max(0, start - 1), end):
        if int(match[1]) != len(rows) + 1:
            return []
        a, b = trim(folded, *match.span(2))
        due = _LAST_DUE.search(folded, a, b) if dues else None
        groups = _groups(folded, a, due.start() if due else b, len(owners))
        if groups is None or (dues and due is None):
            return []
        cells: list[Span | None] = [match.span(1), (a, groups[0][0]), *groups]
        rows.append(Row([*cells, due.span()] if due else cells, [True] * len(columns)))
    return rows if len(rows) >= _FEWEST_ROWS else []


def _groups(folded: str, start: int, end: int, count: int) -> list[Span] | None:
    """The units at a stretch's end as so many lists, parted where no 、 stands between units."""
    run = _TAIL.search(folded, start, end)
    for seam in _SEAM.finditer(folded, run.start(), end) if run else ():
        pieces = _pieces(folded, seam.start(), end)
        if not all(_is_plain_unit(folded[a:b]) and b - a <= _LONGEST_UNIT for a, b in pieces):
            continue
        groups: list[Span] = []
        for a, b in pieces:
            if groups and folded[a - 1] == "、":
                groups[-1] = (groups[-1][0], b)
            else:
                groups.append((a, b))
        if count == 1:
            return [(groups[0][0], groups[-1][1])] if len(groups) == 1 else None
        return groups if len(groups) == count else None
    return None


_TAIL = re.compile(r"[\u4e00-\u9fff、]+(?:\([\u4e00-\u9fff]{2,14}\)[\u4e00-\u9fff、]*)*$")


def _row(
    folded: str,
    columns: list[Column],
    mark: re.Match[str],
    anchor: _Anchor,
    group: Span | None,
    *,
    own_group: bool,
) -> Row:
    cells: list[Span | None] = [None] * len(columns)
    own = [False] * len(columns)
    kinds = [column.kind for column in columns]
    due = kinds.index("deadline")
    tasks = [i for i in range(due) if kinds[i] == "task"]
    cells[tasks[-1]] = trim(folded, mark.start(), anchor.due[0])
    cells[due] = anchor.due
    cells[due + 1] = (anchor.units[0][0], anchor.units[-1][1])
    for index in (tasks[-1], due, due + 1):
        own[index] = True
    if len(tasks) > 1 and group:
        cells[tasks[0]], own[tasks[0]] = group, own_group
    row = Row(cells, own)
    row.units = anchor.units
    return row


def _find_group(folded: str, start: int, end: int, number: int) -> tuple[int, Span] | None:
    """A group's number and name straight before its first measure: 2分解落实目标责任|7、…"""
    low = max(start, end - _GROUP_REACH)
    for value in (number, number + 1):
        match = _group(value).search(folded[low:end])
        if match:
            return value, (low + match.start("name"), low + match.end("name"))
    return None


@cache
def _group(number: int) -> re.Pattern[str]:
    return re.compile(
        rf"(?<!\d){number} ?(?=[\u4e00-\u9fff])(?P<name>(?:(?!\d{{1,3}}[、.])[^()。]){{4,45}})$"
    )


def _find_anchors(folded: str, start: int, end: int) -> list[_Anchor]:
    """The deadlines with units straight behind them; known units help to cut the others."""
    found: list[tuple[Span, Span]] = []
    for match in re.finditer(
        rf"{_DUE}(?=(?:[省市县区各]|相关|有关)[\u4e00-\u9fff])", folded[start:end]
    ):
        due = (start + match.start(), start + match.end())
        run = _RUN.match(folded, due[1], end)
        if run:
            found.append((due, run.span()))
    known = {
        folded[a:b]
        for _, run in found
        for a, b in _pieces(folded, *run)
        if b - a <= _LONGEST_UNIT and _is_plain_unit(folded[a:b])
    }
    return [_Anchor(due, units) for due, run in found if (units := _cut(folded, run, known))]


def _pieces(folded: str, start: int, end: int) -> list[Span]:
    """A run of units cut at 、 and where a level word opens the next one."""
    pieces: list[Span] = []
    at = start
    for index in range(start + 1, end + 1):
        if (
            index == end
            or folded[index] == "、"
            or (_SEAM.match(folded, index) and re.search(rf"(?:{_ENDINGS})$", folded[at:index]))
        ):
            if index > at:
                pieces.append((at, index))
            at = index + (index < end and folded[index] == "、")
    return pieces


def _is_plain_unit(name: str) -> bool:
    return len(name) >= _SHORTEST_UNIT and is_unit(name)


def _cut(folded: str, run: Span, known: set[str]) -> list[Span]:
    """The units at the head of a run; what follows the last is the next column's."""
    units: list[Span] = []
    for a, b in _pieces(folded, *run):
        shorter = [k for k in known if len(k) < b - a and folded.startswith(k, a, b)]
        if shorter:
            seam = a + max(map(len, shorter))
            units.append((a, seam))
            if not _is_plain_unit(folded[seam:b]) or _goes_on(folded, seam, b, run[1]):
                break
            units.append((seam, b))
            continue
        if not _is_plain_unit(folded[a:b]) or b - a > _LONGEST_UNIT:
            break
        if _goes_on(folded, a, b, run[1]):
            break
        units.append((a, b))
    return units


def _goes_on(folded: str, start: int, end: int, last: int) -> bool:
    """Whether a run's last piece opens the next column's words: no number, blank or end behind."""
    return end == last and not _SEAM.match(folded, start) and _OPEN.match(folded, end) is not None
