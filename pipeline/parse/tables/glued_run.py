"""Find the rows of a table in one run of text whose rows end in units, perhaps with a deadline.

序号工作任务负责单位时间进度1修建农村道路县交通局(牵头)、县财政局6月底前完成2改造老旧小区…

A row begins with the next number, straight behind the end of the row before. Its owners are the
units before the deadline, or before the next number. The first of them is told from the words of
the task by units that are printed elsewhere in the table, or by the level word that it begins with.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from pipeline.lexicon import alternation, words
from pipeline.names.units import is_unit
from pipeline.parse.tables.glued_units import split_groups
from pipeline.parse.tables.table import Span, TableColumn, TableRow
from pipeline.text import trim

# 2014年4季度出台具体措施, 6月底前完成, 持续实施; the first words of a deadline's cell.
_DUE = re.compile(
    r"""(?:20\d\d年|\d{1,2}月|[一二三四五六七八九十]{1,2}月|第?[一二三四]季度
    | [上下]半年 | 全年 | 年[底内前中] | 每[年季月] | 逐年 | 长期 | 持续 | 常态化)""",
    re.VERBOSE,
)
_LONGEST_DUE = 24
_SENTENCE = re.compile("[。,;、]")
# The words behind a deadline that certainly belong to it, where no next number ends its cell.
_DUE_WORDS = re.compile(
    r"[\u4e00-\u9fff\d]{0,10}?(?:完成|落实|实施|推进|措施|坚持|启动|[底前内末])"
)
# A row's number before its task: 2改造…; not 2014年, 20个 or 1.5.
_NUMBER = re.compile(
    r"(?<![\d.])\d{1,4}(?=[\u4e00-\u9fff“《])(?![年月日季个项家人万亿元次户亩座处条天名])"
)
# 二、政策措施部分 between two rows.
_LONGEST_HEADING = 24
_HEADING = re.compile(r"(?:[一二三四五六七八九十]{1,3}、)[^。,;、\d]{2,20}$")
_UNIT_END = re.compile(rf"(?:{alternation(words('unit_words', 'ending'))}|单位|部门|\))$")
# The units before a deadline and words of the task before them, read from the end.
_TAIL = re.compile(r"[\u4e00-\u9fff、()]+")
# A row is no longer, and a unit's ending neither.
_LONGEST_ROW, _LONGEST_ENDING = 2000, 12
# The lists of several owners' columns are no longer.
_LONGEST_OWNERS = 400
_MARK = re.compile(r"\((?:牵头|配合|主办|协办|负责)\)")
# What joins two names of a list: 市老龄办会同市卫生局, 市财政局和各区县.
_JOIN = re.compile(
    r"、|会同|(?<=[局委办厅部会社\)])和|(?<=[局委办厅部会社\)])及(?=[省市县区各有相])"
)
_LEVEL = re.compile(r"[省市县区州盟旗](?![级域直内外])|各|有关|相关")
_SHORTEST, _LONGEST = 3, 16
_FEWEST_ROWS = 3
# An unknown first unit that two rows share is at least so long.
_SHORTEST_SHARED = 5


class _Parts(NamedTuple):
    """A row before its first unit is found: its number, the words of task and owners, the deadline."""

    number: Span
    body: Span
    due: Span | None
    heading: Span | None


def find_counted_rows(folded: str, region: Span, columns: Sequence[TableColumn]) -> list[TableRow]:
    """The rows that numbers from 1 on and units at the ends of rows show; [] where one is unclear.

    The columns must be a number, a task, owners and perhaps a deadline; a remark behind them has no
    words. Several columns of owners must make as many lists. A row whose first unit is nowhere else in the table is doubtful.
    """
    kinds = [column.kind for column in columns]
    while kinds and kinds[-1] in ("ignore", "field"):
        kinds.pop()
    has_due = kinds[-1:] == ["deadline"]
    owners = kinds[2 : len(kinds) - has_due]
    if kinds[:2] != ["number", "task"] or not owners or set(owners) != {"owner"}:
        return []
    rows = _split_rows(folded, region, has_due=has_due)
    if len(owners) == 1:
        known = _find_known(folded, rows)
        made = [_make_row(folded, row, known, len(columns)) for row in rows]
    else:
        made = [_make_wide_row(folded, row, len(owners), len(columns)) for row in rows]
    whole = [row for row in made if row is not None]
    return whole if len(whole) == len(made) >= _FEWEST_ROWS else []


def _split_rows(folded: str, region: Span, *, has_due: bool) -> list[_Parts]:
    """The rows of a region, cut before each next number that is behind the end of a row."""
    number = _next_number(folded, region, 1)
    heading = _cut_heading(folded, (region[0], number[0]))[1] if number else None
    rows: list[_Parts] = []
    while number is not None:
        found = _find_row_end(folded, number, region[1], has_due=has_due)
        if found is None:
            last = _split_last(folded, (number[1], region[1]), has_due=has_due)
            return [*rows, _Parts(number, *last, heading)] if last else []
        parts, below, after = found
        rows.append(_Parts(number, *parts, heading))
        heading, number = below or heading, after
    return rows


def _find_row_end(
    folded: str, number: Span, end: int, *, has_due: bool
) -> tuple[tuple[Span, Span | None], Span | None, Span] | None:
    """The body and deadline of a row, the heading below it, and the number of the next row.

    None where no next number is behind words that end a row: the row is the last one.
    """
    limit = min(end, number[1] + _LONGEST_ROW)
    value = int(folded[slice(*number)]) + 1
    after = _next_number(folded, (number[1], limit), value)
    while after is not None:
        span, below = _cut_heading(folded, (number[1], after[0]))
        parts = _split_due(folded, span, has_due=has_due)
        if parts is not None:
            return parts, below, after
        after = _next_number(folded, (after[1], limit), value)
    return None


def _next_number(folded: str, span: Span, value: int) -> Span | None:
    numbers = _NUMBER.finditer(folded, *span)
    return next((match.span() for match in numbers if int(match[0]) == value), None)


def _cut_heading(folded: str, span: Span) -> tuple[Span, Span | None]:
    """A span without the heading of the next group at its end, and the words of that heading."""
    low = max(span[0], span[1] - _LONGEST_HEADING)
    match = _HEADING.search(folded[low : span[1]])
    if match is None:
        return span, None
    begin = low + match.start()
    return (span[0], begin), (folded.index("、", begin) + 1, span[1])


def _ends_in_unit(folded: str, start: int, end: int) -> bool:
    return _UNIT_END.search(folded[max(start, end - _LONGEST_ENDING) : end]) is not None


def _split_due(folded: str, span: Span, *, has_due: bool) -> tuple[Span, Span | None] | None:
    """The words before a row's deadline, which end in a unit, and the deadline that ends the row."""
    start, end = trim(folded, *span)
    if not has_due:
        return ((start, end), None) if _ends_in_unit(folded, start, end) else None
    for match in reversed(list(_DUE.finditer(folded, max(start, end - _LONGEST_DUE), end))):
        begin = match.start()
        if _ends_in_unit(folded, start, begin) and not _SENTENCE.search(folded, begin, end):
            return (start, begin), (begin, end)
    return None


def _split_last(folded: str, span: Span, *, has_due: bool) -> tuple[Span, Span | None] | None:
    """The last row, behind which no number but other text follows: it ends with its first deadline."""
    start, end = span[0], min(span[1], span[0] + _LONGEST_ROW)
    line = folded.find("\n", start, end)
    end = end if line < 0 else line
    if not has_due:
        return _split_due(folded, (start, end), has_due=False)
    for match in _DUE.finditer(folded, start, end):
        if _ends_in_unit(folded, start, match.start()):
            tail = _DUE_WORDS.match(folded, match.end(), end)
            return (start, match.start()), (match.start(), tail.end() if tail else match.end())
    return None


def _find_known(folded: str, rows: Sequence[_Parts]) -> set[str]:
    """The units that marks set apart on both sides: those behind a first one that is marked 牵头.

    Elsewhere a piece must be one unit by its words. A unit that the first pieces of two rows end in
    is added where it begins with no level word: 人行甲市中心支行.
    """
    known: set[str] = set()
    first: list[str] = []
    for row in rows:
        pieces = _JOIN.split(_find_tail(folded, row.body))
        marked = next((i for i, piece in enumerate(pieces) if _MARK.search(piece)), None)
        behind = pieces[1:] if marked is None else pieces[marked + 1 :]
        known.update(
            name
            for piece in behind
            if _is_plain(name := _MARK.sub("", piece))
            or (marked is not None and len(name) <= _LONGEST and is_unit(name))
        )
        first += [_MARK.sub("", pieces[marked])] if marked is not None else []
    return known | _find_shared(first, known)


def _find_shared(first: Sequence[str], known: set[str]) -> set[str]:
    """The units at the ends of two rows' first pieces, longer than any known unit there."""
    shared: set[str] = set()
    ordered = sorted(piece[::-1] for piece in first)
    for one, two in pairwise(ordered):
        length = next(
            (i for i, (a, b) in enumerate(zip(one, two, strict=False)) if a != b),
            min(len(one), len(two)),
        )
        name = one[:length][::-1]
        is_new = not any(name.endswith(unit) for unit in known)
        if is_new and _SHORTEST_SHARED <= length <= _LONGEST and is_unit(name):
            shared.add(name)
    return shared


def _is_plain(name: str) -> bool:
    """Whether a piece between marks is one unit and nothing else: it begins with its level."""
    if not _SHORTEST <= len(name) <= _LONGEST or not is_unit(name) or not _LEVEL.match(name):
        return False
    seams = [m.start() for m in _LEVEL.finditer(name) if m.start() >= _SHORTEST]
    return not any(_UNIT_END.search(name[:seam]) for seam in seams)


def _make_row(folded: str, parts: _Parts, known: set[str], width: int) -> TableRow | None:
    """The cells of a row; None where its first unit cannot be told from the task's words."""
    found = _find_first_unit(folded, parts.body, known)
    if found is None:
        return None
    seam, certain = found
    task = trim(folded, parts.body[0], seam)
    if task[1] <= task[0]:
        return None
    return _to_row(parts, [task, (seam, parts.body[1])], width, doubtful=not certain)


def _make_wide_row(folded: str, parts: _Parts, owners: int, width: int) -> TableRow | None:
    """The cells of a row with several columns of owners; None where they are not that many lists."""
    start, end = parts.body
    groups = split_groups(folded, max(start, end - _LONGEST_OWNERS), end, owners)
    task = trim(folded, parts.body[0], groups[0][0]) if groups else parts.body
    if groups is None or task[1] <= task[0]:
        return None
    return _to_row(parts, [task, *groups], width, doubtful=False)


def _to_row(parts: _Parts, words_: Sequence[Span], width: int, *, doubtful: bool) -> TableRow:
    cells: list[Span | None] = [parts.number, *words_, *([parts.due] if parts.due else [])]
    cells += [None] * (width - len(cells))
    own = tuple(cell is not None for cell in cells)
    return TableRow(tuple(cells), own, parts.heading, doubtful=doubtful)


def _find_first_unit(folded: str, body: Span, known: set[str]) -> tuple[int, bool] | None:
    """Where the owners of a row begin, and whether that is certain.

    The first unit is in the piece that is marked 牵头, else in the last that is not one unit.
    """
    run = _find_tail(folded, body)
    joins = [match.span() for match in _JOIN.finditer(run)]
    begins = [0, *(end for _, end in joins)]
    ends = [*(start for start, _ in joins), len(run)]
    names = [run[begin:end] for begin, end in zip(begins, ends, strict=True)]
    marked = next((i for i, name in enumerate(names) if _MARK.search(name)), None)
    index = marked if marked is not None else _find_mixed(names, known)
    if index is None or (index and (names[index - 1] in known or _is_plain(names[index - 1]))):
        return None
    begin = begins[index]
    seam = _split_name(_MARK.sub("", names[index]), known)
    return (body[1] - len(run) + begin + seam[0], seam[1]) if seam else None


def _find_tail(folded: str, body: Span) -> str:
    """The words at the end of a row's body that may be units: no sentence mark, figure or blank."""
    match = _TAIL.match(folded[slice(*body)][::-1])
    return match[0][::-1] if match else ""


def _find_mixed(names: Sequence[str], known: set[str]) -> int | None:
    """The last piece that is not one unit: words of the task and the first unit."""
    mixed = [i for i, name in enumerate(names) if name not in known and not _is_plain(name)]
    return mixed[-1] if mixed else None


def _split_name(words_: str, known: set[str]) -> tuple[int, bool] | None:
    """Where the unit at the end of words begins: 养老服务机构|市民政局; and whether that is certain."""
    suffixes = [at for at in range(len(words_) - _SHORTEST + 1) if words_[at:] in known]
    if suffixes:
        return suffixes[0], True
    seams = [
        match.start()
        for match in _LEVEL.finditer(words_, max(0, len(words_) - _LONGEST))
        if is_unit(words_[match.start() :]) and len(words_) - match.start() >= _SHORTEST
    ]
    # 改造厕所|县农业农村局|县卫健局: which of them is in the owner's cell is unclear.
    if not seams or any(is_unit(words_[seam : seams[-1]]) for seam in seams[:-1]):
        return None
    # 老旧小区|县住建局: 区 is the end of a word where another level word follows it.
    apart = [seam for seam in seams if seam + 1 not in seams]
    return seams[-1], len(apart) == 1
