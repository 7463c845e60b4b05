"""Score how well the words of a cell fit the kind of a column."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.names.leader_cells import read_leader_cell
from pipeline.names.units import is_unit, is_whole_unit
from pipeline.parse.clauses.labels import PrintedRole
from pipeline.parse.tables.row_numbers import is_row_code, is_row_number
from pipeline.parse.tables.table import ColumnKind, Span, TableColumn

# The kinds whose cells show by their words that they belong there.
SHAPED = frozenset(("number", "owner", "deadline"))
# A row with a cell that fits its column worse than this is doubtful.
WORST_FIT = -1.5
_DUE = re.compile(
    r"""
    (?:\d|[一二三四五六七八九十])+月              # 6月底, 十二月
    | 季度 | 年底 | 年内 | 全年 | 半年 | 长期 | 持续 | 每[年月季] | 常态
    | ^20\d\d(?:年|[.-]\d)                       # 2021年, 2021.6; not 投资2021万元
    | \d[日号]前                                 # 15日前
    | ^\d{1,2}\.\d{1,2}$                         # 6.30
    | 按.{0,8}(?:要求|计划|时限|进度)            # 按省要求
    """,
    re.VERBOSE,
)
_EMPTY = re.compile(r"[-—–/\\\s]*|无")
_REMARK = re.compile(r"\([^()]*\)$")
_SPLIT = re.compile(r"[、,;/\s]|及(?=各|其他|相关|有关)|和(?=各|其他|相关|有关)")
# The words round a name that are no part of it: 县教育局牵头, 牵头单位:县教育局.
_VERBED = re.compile(
    r"""
    (?:牵头|负责|配合|参与|协助|主办|协办|分别|等)+(?:单位|部门)?[:]?$
    | ^(?:牵头|责任|配合)单位:
    """,
    re.VERBOSE,
)
_LONGEST_LIST, _LONGEST_UNIT, _LONGEST_LEADER = 300, 24, 16


def score_cell(folded: str, cell: Span, column: TableColumn) -> float:
    """How well a cell fits a column: above 0 fits, below 0 does not."""
    return score_words(folded[cell[0] : cell[1]], column.kind, column.say)


@lru_cache(1 << 14)
def score_words(words: str, kind: ColumnKind, say: PrintedRole | None) -> float:
    """How well words fit a kind of column: "县教育局" as "owner" -> 3.0, as "task" -> -3.0."""
    number = is_row_number(words, (0, len(words)))
    if kind == "number":
        return 4.0 if number or is_row_code(words, (0, len(words))) else -8.0
    if _EMPTY.fullmatch(words):
        return 1.0 if kind in ("owner", "deadline", "field", "ignore") else -3.0
    number = number and words[0] not in "一二三四五六七八九十"
    if kind == "owner":
        return _score_leader(words) if say == "leader" else _score_owner(words, number=number)
    if kind == "deadline":
        return 3.0 if len(words) <= 30 and _DUE.search(words) else -3.0
    if kind in ("task", "group"):
        return _score_prose(words, kind, number=number)
    return 0.0


def _score_leader(words: str) -> float:
    """The score of a cell of leaders, each with the posts printed beside the name."""
    if read_leader_cell(words) is not None:
        return 2.0
    return -1.0 if len(words) <= _LONGEST_LEADER else -4.0


def _score_owner(words: str, *, number: bool) -> float:
    if is_unit_list(words):
        return 3.0
    return -1.0 if len(words) <= 60 and not number and "。" not in words else -6.0


def _score_prose(words: str, kind: ColumnKind, *, number: bool) -> float:
    """The score of a task, which is long, or of a group, which is short."""
    if number or is_unit_list(words):
        return -3.0
    if kind == "task":
        return 1.5 if len(words) >= 8 else 0.0
    return 0.5 if len(words) <= 20 else -1.5


def is_nobody(words: str) -> bool:
    """Whether a cell says that there is nobody: —, /, 无."""
    return _EMPTY.fullmatch(words) is not None


@lru_cache(1 << 14)
def is_unit_list(words: str) -> bool:
    """Whether at least two thirds of a cell's pieces are units: 县教育局、县财政局,各乡镇."""
    pieces = _split_units(words)
    if not pieces or "。" in words or len(words) > _LONGEST_LIST:
        return False
    units = sum(is_unit(piece) and len(piece) <= _LONGEST_UNIT for piece in pieces)
    return 3 * units >= 2 * len(pieces)


def is_pure_unit_list(words: str) -> bool:
    """Whether every piece of a cell is a unit; not 市委⏎网信办、市大数, whose last one is torn."""
    pieces = _split_units(words)
    return bool(pieces) and all(is_whole_unit(piece) for piece in pieces)


def _split_units(words: str) -> list[str]:
    """The pieces of a cell of units, without the verbs beside them."""
    pieces = (_VERBED.sub("", piece) for piece in _SPLIT.split(_REMARK.sub("", words)))
    return [piece for piece in pieces if piece]
