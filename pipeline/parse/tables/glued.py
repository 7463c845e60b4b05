"""Find the tables whose cells were run together with nothing between them.

序号主要任务具体措施完成时限责任单位1推进生态文明1、建立机制3月区经发局区环土局2、…

Two layouts are read. In a run of text, a deadline straight before units shows where a row's task
ends and its owners begin, and the numbers of the measures count on from row to row. On lines of
their own, the units at a line's end make as many groups as there are owners' columns. Without
these signs the table has no rows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from pipeline.lexicon import mapping
from pipeline.parse.tables.column_heads import parse_column_head
from pipeline.parse.tables.glued_run import find_counted_rows
from pipeline.parse.tables.glued_units import cut_units, find_known_units, split_groups
from pipeline.parse.tables.table import Span, TableColumn, TableRow, TextTable
from pipeline.text import trim

_HEAD_WORDS = tuple(
    word for word in {**mapping("columns", "kind"), **mapping("labels", "role")} if len(word) > 1
)
_FIRST = re.compile(r"(?:序 *号|编 *号) ?(?=[\u4e00-\u9fff])")
_STOP = re.compile(r"注:|备注:|附件|抄送")
_DUE = r"""(?:
    (?:20\d\d年)?(?:
        # 3月, 2021年3月底前, 十二月上旬
        (?:\d{1,2}|[一二三四五六七八九十]{1,2})月(?:\d{1,2}日|底|末|初|中旬|上旬|下旬)?前?
        | 第?[一二三四]季度 | 上半年 | 下半年 | 全年 | 年底前? | 年内
        | 长期坚持 | 长期 | 持续推进 | 持续
    )
)"""
_LAST_DUE = re.compile(rf"{_DUE}(?:完成)?$", re.VERBOSE)
# 3月|区经发局…; not 3月|份起.
_DUE_BEFORE_UNITS = re.compile(rf"{_DUE}(?=(?:[省市县区各]|相关|有关)[\u4e00-\u9fff])", re.VERBOSE)
_RUN = re.compile(r"[\u4e00-\u9fff、]+(?:\([\u4e00-\u9fff]{2,14}\)[\u4e00-\u9fff、]*)*")
# A measure's number: 12、 and 12. but neither 1.5 nor the 37 of 〔2011〕37、.
_MARK = re.compile(r"(?<![\d.〔\[])(\d{1,3})[、.](?!\d)")
# A row on a line of its own: 2改造农村厕所….
_ROW = re.compile(r"\n[ \t]*(\d{1,3})(?=[\u4e00-\u9fff“《])([^\n]+)")
# A table of fewer rows shows no run of numbers.
_FEWEST_ROWS, _FEWEST_COLUMNS = 3, 3
# A longer run of heads is a text that repeats a word.
_MOST_COLUMNS = 24
# A group's name is no further than this before its first measure.
_GROUP_REACH = 60

# 2分解落实目标责任, up to where its first measure begins.
_GROUP = re.compile(
    r"(?<!\d)(?P<number>\d+) ?(?=(?P<name>[\u4e00-\u9fff](?:(?!\d{1,3}[、.])[^()。]){3,44})$)"
)


class _Anchor(NamedTuple):
    """The end of a row: its deadline and its owners."""

    due: Span
    units: list[Span]


def find_glued(folded: str) -> list[TextTable]:
    """The tables with glued cells of a folded text; a table that could not be split has no rows."""
    tables: list[TextTable] = []
    if "号" not in folded:
        return tables
    at = 0
    while (first := _FIRST.search(folded, at)) is not None:
        columns, start = _find_head(folded, first.start())
        at = max(first.end(), start)
        if columns is None:
            continue
        stop = _STOP.search(folded, start)
        region = (start, stop.start() if stop else len(folded))
        rows = (
            _find_rows_on_lines(folded, region, columns)
            or _find_rows_in_run(folded, region, columns)
            or find_counted_rows(folded, region, columns)
        )
        end = rows[-1].end if rows else region[1]
        heads = [(first.start(), columns[-1].label[1])]
        tables.append(
            TextTable(first.start(), end, columns, rows, heads, by_shape=True, flattened=True)
        )
        at = end
    return tables


@cache
def _head_pattern() -> re.Pattern[str]:
    spaced = (" *".join(map(re.escape, word)) for word in sorted(_HEAD_WORDS, key=_longest_first))
    return re.compile("|".join(spaced))


def _longest_first(word: str) -> tuple[int, str]:
    return -len(word), word


def _find_head(folded: str, start: int) -> tuple[list[TableColumn] | None, int]:
    """The columns of the heads that are glued together from `start` on, and where the cells begin.

    None where the heads are not glued (序号 主要任务) or name no task or no owner, with the place
    from which on a head may begin.
    """
    columns: list[TableColumn] = []
    at = start
    while (match := _head_pattern().match(folded, at)) is not None:
        head = parse_column_head(match[0])
        columns.append(TableColumn(head.kind if head else "field", match.span(), head and head.say))
        at = match.end()
        if folded[at : at + 1] == " ":
            at += 1
        if len(columns) > _MOST_COLUMNS:
            break
    kinds = [column.kind for column in columns]
    if "owner" not in kinds or "task" not in kinds:
        # No part of these heads names both either, but more heads may follow the last one.
        return None, columns[-1].label[0] if columns else start
    if len(columns) < _FEWEST_COLUMNS or folded[columns[0].label[1]] in " \t\n|":
        return None, start
    return columns, at


def _find_rows_in_run(folded: str, region: Span, columns: Sequence[TableColumn]) -> list[TableRow]:
    """A row for every deadline with units behind it, if the numbers of the measures count on."""
    kinds = [column.kind for column in columns]
    due = kinds.index("deadline") if "deadline" in kinds else len(kinds)
    if kinds[due + 1 : due + 2] != ["owner"]:
        return []
    rows: list[TableRow] = []
    after, expected_group = region[0], 1
    group: Span | None = None
    missed = 0
    for anchor in _find_anchors(folded, *region):
        marks = _MARK.finditer(folded, after, anchor.due[0])
        counted = [mark.start() for mark in marks if int(mark[1]) == len(rows) + 1]
        if not counted:
            missed += 1
            continue
        own_group = _find_group(folded, after, counted[-1], expected_group)
        if own_group:
            group, expected_group = own_group[1], own_group[0] + 1
        task = trim(folded, counted[-1], anchor.due[0])
        row = _make_row(columns, task, anchor)
        rows.append(_with_group(row, columns, group, own=own_group is not None))
        after = anchor.units[-1][1]
    if len(rows) < _FEWEST_ROWS or 10 * missed > len(rows):
        return []
    return rows


def _make_row(columns: Sequence[TableColumn], task: Span, anchor: _Anchor) -> TableRow:
    kinds = [column.kind for column in columns]
    due = kinds.index("deadline")
    cells: dict[int, Span] = {
        _task_columns(columns)[-1]: task,
        due: anchor.due,
        due + 1: (anchor.units[0][0], anchor.units[-1][1]),
    }
    width = range(len(columns))
    own = tuple(index in cells for index in width)
    return TableRow(tuple(map(cells.get, width)), own, units=tuple(anchor.units))


def _task_columns(columns: Sequence[TableColumn]) -> list[int]:
    """The task columns left of the deadline."""
    due = [column.kind for column in columns].index("deadline")
    return [index for index in range(due) if columns[index].kind == "task"]


def _with_group(
    row: TableRow, columns: Sequence[TableColumn], group: Span | None, *, own: bool
) -> TableRow:
    """The row with its group in the first of several task columns."""
    tasks = _task_columns(columns)
    if len(tasks) == 1 or group is None:
        return row
    cells, printed = list(row.cells), list(row.own)
    cells[tasks[0]], printed[tasks[0]] = group, own
    return TableRow(tuple(cells), tuple(printed), units=row.units)


def _find_rows_on_lines(
    folded: str, region: Span, columns: Sequence[TableColumn]
) -> list[TableRow]:
    """Rows on lines of their own: 2改造农村厕所县农业农村局县卫健局、各乡镇11月底前.

    The columns must be a number, a task, owners and perhaps a deadline, the numbers must count on
    from 1, and the units at each line's end must make one group for each owners' column.
    """
    kinds = [column.kind for column in columns]
    has_due = kinds[-1] == "deadline"
    owners = kinds[2:-1] if has_due else kinds[2:]
    if kinds[:2] != ["number", "task"] or not owners or set(owners) != {"owner"}:
        return []
    rows: list[TableRow] = []
    for match in _ROW.finditer(folded, max(0, region[0] - 1), region[1]):
        if int(match[1]) != len(rows) + 1:
            return []
        a, b = trim(folded, *match.span(2))
        due = _LAST_DUE.search(folded, a, b) if has_due else None
        groups = split_groups(folded, a, due.start() if due else b, len(owners))
        if groups is None or (has_due and due is None):
            return []
        cells = (match.span(1), (a, groups[0][0]), *groups, *([due.span()] if due else []))
        rows.append(TableRow(cells, (True,) * len(columns)))
    return rows if len(rows) >= _FEWEST_ROWS else []


def _find_group(folded: str, start: int, end: int, number: int) -> tuple[int, Span] | None:
    """The number and name of a group straight before its first measure: 2分解落实目标责任|7、….

    One number may be missing: a 3 is read where a 2 is expected.
    """
    before = folded[max(start, end - _GROUP_REACH) : end]
    low = end - len(before)
    for value in (number, number + 1):
        for match in _GROUP.finditer(before):
            if match["number"] == str(value):
                return value, (low + match.start("name"), low + match.end("name"))
    return None


def _find_anchors(folded: str, start: int, end: int) -> list[_Anchor]:
    """The deadlines with units straight behind them."""
    found: list[tuple[Span, Span]] = []
    # The lookahead must not see past the end of the table, so the stretch is cut out.
    for match in _DUE_BEFORE_UNITS.finditer(folded[start:end]):
        due = (start + match.start(), start + match.end())
        run = _RUN.match(folded, due[1], end)
        if run:
            found.append((due, run.span()))
    known = find_known_units(folded, [run for _, run in found])
    return [_Anchor(due, units) for due, run in found if (units := cut_units(folded, run, known))]
