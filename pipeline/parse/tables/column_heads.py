"""Classify the columns of a table by the words of their heads (序号, 主要任务, 责任单位)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from pipeline.lexicon import alternation, mapping
from pipeline.parse.clauses.labels import PrintedRole, parse_printed_role
from pipeline.parse.tables.table import ColumnKind, Span, TableColumn
from pipeline.text import without_blanks

_KINDS: dict[str, ColumnKind] = mapping("columns", "kind")  # type: ignore[assignment]
# A known word at the end of a longer head: 全年|重点任务.
_ENDING = re.compile(rf"(?:{alternation(_KINDS)})$")
# 2021年工作任务, 1-6月份工作任务: the period is no part of the head's word.
_PERIOD = re.compile(r"^(?:20\d\d年?度?|\d{1,2}[-—]\d{1,2}月份?)")
# 责任单位(排首位者牵头): the remark is no part of the head's word.
_REMARK = re.compile(r"\([^()]*\)$")
# 牵头及责任单位, 工作内容与目标, 配合/责任单位: the words that join two heads.
_JOINT = re.compile(r"以及|[及和与或、/]")
# A role's word that shares the noun of the next part: 牵头|及责任单位.
_SHARED_NOUN = re.compile(r"(?:单位|部门|处室|科室|股室|机构|领导)$")
# The kind of a joined head is the first of these that one of its parts has.
_BY_WEIGHT: tuple[ColumnKind, ...] = (
    "task",
    "owner",
    "deadline",
    "group",
    "field",
    "ignore",
    "number",
)
# Persons under a head that is no leader's: 责任人, 负责人, 联系人.
_PERSONS = re.compile(r"人员?$")
# The head of an owner's column; a cheap test before anything is split.
OWNER_HEAD = re.compile(
    r"(?:单 *位|部 *门|处 *室|科 *室|股 *室|站 *所|镇 *街|机 *构|主 *体|领 *导|人|分 *工|牵 *头|负 *责|责 *任|主 *办|承 *办)"
    r"(?:\([^()\n]*\))?(?=[ \t|\n]|$)"
)
# The longest word that is a head, and the longest cell in a line of heads.
LONGEST_HEAD = 14
_LONGEST_CELL = 2 * LONGEST_HEAD
# A role's word without a noun: 牵头, 配合.
_LONGEST_ROLE = 2
_FEWEST_COLUMNS, _MOST_COLUMNS = 2, 16


class ColumnHead(NamedTuple):
    """What a head says of its column: its kind, an owner's role, the role of persons beside units."""

    kind: ColumnKind
    say: PrintedRole | None = None
    persons: PrintedRole | None = None


@lru_cache(1 << 10)
def parse_column_head(words: str) -> ColumnHead | None:
    """The kind that a head names, and the role if it is an owner's; None for unknown words.

    "责任单位(排首位者牵头)" -> owner, resp; "2021年工作任务" -> task; "工作内容及目标" -> task;
    "责任单位及责任人" -> owner, resp, whose persons are a field.
    """
    bare = without_blanks(words)
    plain = _REMARK.sub("", bare)
    if bare in _KINDS:
        return _head_of_kind(bare)
    joined = _parse_joined(plain, bare[len(plain) :].strip("()"))
    if joined:
        return joined
    names = (bare, plain, _PERIOD.sub("", bare))
    known = next((name for name in names if name in _KINDS), None)
    if known:
        return _head_of_kind(known)
    say: PrintedRole | None = next(filter(None, map(parse_printed_role, names)), None)
    if say and say != "field":
        return ColumnHead("deadline") if say == "deadline" else ColumnHead("owner", say)
    # 重点工作内容 is a task by its last word, whatever its label is elsewhere.
    ending = _ENDING.search(plain) if len(bare) <= LONGEST_HEAD else None
    if ending:
        return _head_of_kind(ending[0])
    return ColumnHead("field") if say else None


def _head_of_kind(word: str) -> ColumnHead:
    """The head that a word of the table names; an owner's is responsible: 责任分工."""
    kind = _KINDS[word]
    return ColumnHead(kind, "resp" if kind == "owner" else None)


def _parse_joined(name: str, remark: str) -> ColumnHead | None:
    """The head that several heads make together; None unless each of them is known.

    A remark may be one of them: 责任单位(责任人), 牵头领导(单位).
    """
    if len(name) > _LONGEST_CELL or not (remark or _JOINT.search(name)):
        return None
    parts = [*_split_joined(name), *_parts_of_remark(name, remark)]
    heads = [parse_column_head(part) for part in parts]
    known = [head for head in heads if head is not None]
    if len(parts) < 2 or len(known) < len(parts):
        return None
    kinds = {head.kind for head in known}
    kind = next(one for one in _BY_WEIGHT if one in kinds)
    if kind != "owner":
        return ColumnHead(kind)
    says = [head.say for head in known if head.say not in (None, "leader")]
    persons = _find_persons(parts, known)
    if not says:
        return ColumnHead("owner", "leader")
    return ColumnHead("owner", _join_roles(says), persons)


def _split_joined(name: str) -> Iterator[str]:
    """The parts of a joined head, a role's word with the noun that it shares: 牵头单位, 责任单位."""
    parts = [part for part in _JOINT.split(name) if part]
    noun = _SHARED_NOUN.search(parts[-1]) if parts else None
    for part in parts:
        say = parse_printed_role(part) if part not in _KINDS else None
        bare = say is not None and not _SHARED_NOUN.search(part) and len(part) <= _LONGEST_ROLE
        yield part + noun[0] if bare and noun and not _PERSONS.search(part) else part


def _parts_of_remark(name: str, remark: str) -> Iterator[str]:
    """The head that a remark in brackets adds: 责任人, or another noun for the same role."""
    if _PERSONS.search(remark):
        yield remark
        return
    noun = _SHARED_NOUN.search(name) if _SHARED_NOUN.fullmatch(remark) else None
    if noun and (noun[0] == "领导") != (remark == "领导"):
        yield name[: noun.start()] + remark


def _join_roles(says: Sequence[PrintedRole | None]) -> PrintedRole:
    """The role of a list under several labels; the row's other owners decide: 配合/责任单位."""
    return says[0] if len(set(says)) == 1 and says[0] else "resp"


def _find_persons(parts: Sequence[str], heads: Sequence[ColumnHead]) -> PrintedRole | None:
    """The role of persons beside units: that of a leader, or a field such as 责任人."""
    if any(head.say == "leader" for head in heads):
        return "leader"
    named = any(
        head.kind == "field" and _PERSONS.search(part)
        for part, head in zip(parts, heads, strict=True)
    )
    return "field" if named else None


def is_column_head(folded: str, cell: Span) -> bool:
    """Whether a cell contains a known head."""
    a, b = cell
    return b - a <= _LONGEST_CELL and parse_column_head(folded[a:b]) is not None


def is_column_head_line(folded: str, cells: Sequence[Span]) -> bool:
    """Whether a line of cells may be the first of a head: short cells, two of five known heads."""
    filled = [cell for cell in cells if cell[1] > cell[0]]
    if not len(filled) >= _FEWEST_COLUMNS or any(b - a > _LONGEST_CELL for a, b in filled):
        return False
    return 5 * sum(is_column_head(folded, cell) for cell in filled) >= 2 * len(filled)


def find_columns(folded: str, cells: Sequence[Span]) -> list[TableColumn] | None:
    """The columns that a line of cells names, or None where the line is no head.

    At least three of five cells must be known heads, one of them an owner's; an unknown head makes
    a "field". Only the first number column is "number".
    """
    if not _FEWEST_COLUMNS <= len(cells) <= _MOST_COLUMNS:
        return None
    if any(b - a > _LONGEST_CELL for a, b in cells):
        return None
    heads = [parse_column_head(folded[a:b]) if b > a else None for a, b in cells]
    columns = _make_columns(cells, heads)
    kinds = {column.kind for column in columns}
    known = sum(head is not None for head in heads)
    if "owner" not in kinds or 5 * known < 3 * len(cells):
        return None
    if "task" not in kinds:
        columns = _choose_task(columns)
    return columns if any(column.kind == "task" for column in columns) else None


def _make_columns(cells: Sequence[Span], heads: Sequence[ColumnHead | None]) -> list[TableColumn]:
    columns = [
        TableColumn(head.kind, cell, head.say, head.persons) if head else TableColumn("field", cell)
        for cell, head in zip(cells, heads, strict=True)
    ]
    numbers = [index for index, column in enumerate(columns) if column.kind == "number"]
    for index in numbers[1:]:
        columns[index] = TableColumn("field", columns[index].label)
    return columns


def _choose_task(columns: list[TableColumn]) -> list[TableColumn]:
    """Make a field the task column where no head names a task (预期目标), else a group (类别)."""
    fields = [i for i, c in enumerate(columns) if c.kind == "field" and c.label[1] > c.label[0]]
    groups = [i for i, c in enumerate(columns) if c.kind == "group"]
    index = next(iter((*fields, *groups)), None)
    if index is None:
        return columns
    task = TableColumn("task", columns[index].label)
    return [*columns[:index], task, *columns[index + 1 :]]
