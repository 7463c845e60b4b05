"""Recognise lists that are no plans: of persons, figures, data fields, prices and licences.

A list is known by the columns of its table, or by words that nearly every one of its entries has. A
column with tasks, or one for who leads and who takes part, makes a table a plan's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import ceil
from typing import NamedTuple, Protocol

from pipeline.lexicon import alternation, words

_LISTS = {
    "people": "人员名册",
    "figures": "统计表",
    "dictionary": "数据字典",
    "prices": "价目表",
    "licences": "证照台账",
}
_WORDS = {kind: frozenset(words("register_words", kind)) for kind in _LISTS}
# Longer words of a list may have words before them in a column's head.
_LONG = {
    kind: tuple(word for word in of_kind if len(word) >= 3) for kind, of_kind in _WORDS.items()
}
_ANY = {kind: re.compile(alternation(words("register_words", kind))) for kind in _LISTS}
# The columns of a plan: 主要任务, 工作内容, 目标值, 牵头单位; not 责任单位, which many lists have.
_PLAN_COLUMN = re.compile(r"任务|举措|措施|工作|目标|实事|改革|整改|牵头|配合|主办|协办|时限|进度")
_MARKED_CELLS, _SPACED_CELLS = re.compile(r"[\t|]"), re.compile(r" {2,}")
# Blanks, and what a head says in brackets.
_ASIDE = re.compile(r"\s+|\([^()]*\)")
# A head whose end is a longer word of a list is no longer than this.
_LONGEST_HEAD = 8
# A head has so many columns, of which so many are those of one kind of list.
_FEWEST_COLUMNS, _FEWEST_OWN = 3, 2
# The words of a list in running text are in this share of its entries, and in so many.
_SHARE, _FEWEST_ENTRIES = 0.8, 3
# A list without entries that were read fills this share of its document.
_WHOLE = 0.5
_LONGEST_COLUMN = max(_LONGEST_HEAD, *(len(word) for own in _WORDS.values() for word in own))


class _Stretch(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


class _Register(NamedTuple):
    """A table of a list: where its lines are, its kind, and its own columns as printed."""

    start: int
    end: int
    kind: str
    columns: list[str]


def find_register_reason(
    folded: str, tasks: Sequence[_Stretch], blocks: Sequence[_Stretch]
) -> str | None:
    """Why a document is a list and no plan, in Chinese; None for any other document.

    `tasks` are the entries that were read as tasks; without any, the numbered `blocks` are judged.
    """
    tables = _find_tables(folded)
    if tables and _is_all_of(folded, tables, tasks):
        first = tables[0]
        return f"是{_LISTS[first.kind]}:表头有{'、'.join(first.columns)}"
    return _find_entries_reason(folded, tasks or blocks)


def _find_tables(folded: str) -> list[_Register]:
    """The tables under the heads of lists, each up to the first line that is no row."""
    found: list[_Register] = []
    at = 0
    for line in folded.split("\n"):
        end = at + len(line)
        if "\t" in line or "|" in line or "  " in line:
            cells = _split_cells(line)
            if head := _read_head(cells):
                found.append(_Register(at, end, *head))
            elif found and found[-1].end == at - 1:
                found[-1] = found[-1]._replace(end=end)
        at = end + 1
    return found


def _split_cells(line: str) -> list[str]:
    """The cells of a line with marks between them, or wide gaps."""
    between = _MARKED_CELLS if "\t" in line or "|" in line else _SPACED_CELLS
    return [cell.strip() for cell in between.split(line)]


def _read_head(cells: Sequence[str]) -> tuple[str, list[str]] | None:
    """The kind of list and its columns, for a head with at least two columns of one kind."""
    if len(cells) < _FEWEST_COLUMNS:
        return None
    filled = [cell for cell in cells if cell]
    if len(filled) < _FEWEST_COLUMNS or any(map(_PLAN_COLUMN.search, filled)):
        return None
    bare = [_ASIDE.sub("", cell) for cell in filled]
    # Most rows have longer cells than any head.
    if sum(len(cell) <= _LONGEST_COLUMN for cell in bare) < _FEWEST_OWN:
        return None
    own = {
        kind: [cell for cell, inner in zip(filled, bare, strict=True) if _is_own(inner, kind)]
        for kind in _WORDS
    }
    kind = max(own, key=lambda one: len(own[one]))
    return (kind, own[kind]) if len(own[kind]) >= _FEWEST_OWN else None


def _is_own(bare: str, kind: str) -> bool:
    """Whether a column is one of a kind of list: 姓名, 身份证号, 笔试总成绩.

    Given without blanks and brackets.
    """
    return bare in _WORDS[kind] or (len(bare) <= _LONGEST_HEAD and bare.endswith(_LONG[kind]))


def _is_all_of(folded: str, tables: Sequence[_Register], tasks: Sequence[_Stretch]) -> bool:
    """Whether all tasks are rows of these tables; without tasks, whether they fill the document."""
    if not tasks:
        filled = sum(table.end - table.start for table in tables)
        return filled >= _WHOLE * len(folded.strip())
    return all(any(one.start <= task.start < one.end for one in tables) for task in tasks)


def _find_entries_reason(folded: str, entries: Sequence[_Stretch]) -> str | None:
    """The reason of a text in which nearly all entries have the same two words of one kind."""
    if len(entries) < _FEWEST_ENTRIES:
        return None
    for kind, pattern in _ANY.items():
        common = _find_common(pattern, folded, entries)
        if len(common) >= _FEWEST_OWN:
            return f"是{_LISTS[kind]}:{len(entries)}项写的是{'、'.join(common)}"
    return None


def _find_common(pattern: re.Pattern[str], folded: str, entries: Sequence[_Stretch]) -> list[str]:
    """The words of a kind of list that are in nearly all entries; empty for fewer than two of them."""
    needed = ceil(_SHARE * len(entries))
    missing = len(entries) - needed
    counts: dict[str, int] = {}
    for seen, entry in enumerate(entries, start=1):
        for word in dict.fromkeys(pattern.findall(folded, entry.start, entry.end)):
            counts[word] = counts.get(word, 0) + 1
        # Most documents are no lists, and show it in their first entries.
        if (
            sum(seen - count <= missing for count in counts.values()) < _FEWEST_OWN
            and seen > missing
        ):
            return []
    return [word for word, count in counts.items() if count >= needed]
