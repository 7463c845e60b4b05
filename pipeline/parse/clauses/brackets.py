"""Find brackets that assign: (X、Y负责), [牵头单位:X;责任单位:Y], (区农发局、区环土局)."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from pipeline.lexicon import alternation, words
from pipeline.names.units import is_unit
from pipeline.parse.clauses.clause import Carrier, Clause, Share
from pipeline.parse.clauses.clause_shares import (
    CUT,
    move_share,
    parse_bare_shares,
    parse_shares,
    split_segments,
)
from pipeline.parse.clauses.labels import BEFORE_LABEL, find_inner_label
from pipeline.parse.clauses.verbs import find_verb
from pipeline.text import trim

_BRACKET = re.compile(r"[()\[\]〈〉]")
_OPENING = frozenset("([〈")
# What each mark closes: a 〉 typed for ) too, and ( ] are a pair of slips.
_CLOSES = {")": "([", "]": "[(", "〉": "〈("}
_LONGEST_BRACKET = 800
_LONGEST_NAME = 40
# A plan prints the same brackets again and again: so many are remembered.
_REMEMBERED = 1 << 12
# A number with its title is no longer than this.
_TITLE_REACH = 60
# A bracket behind one of these follows a whole sentence.
_STOPS = '。;!?:…”"》)]>、'
# What an open bracket says of a responsibility: (区教育局牵头, [责任单位:区教育局.
_RESPONSIBLE = re.compile(
    r"牵头|负责|配合|会同|主办|承办|协办|参与|落实|(?:单位|部门|领导|处室|科室):"
)
_FURNITURE = frozenset(words("boilerplate", "furniture"))
_PAGE_WORDS = re.compile(alternation(_FURNITURE))
_PAGE_WORD_STARTS = frozenset(word[0] for word in _FURNITURE)
# 新建学校3所(甲镇、乙镇): the bracket lists the places; 建设2021(甲局) counts nothing.
_COUNTED = re.compile(r"\d(?:个|所|家|处|座|条|项|名|辆|台|套|人|次)$")
# A name that explains: 设在省编办, 原市经委, 含各街道, 甲局的; not 向阳区.
_EXPLAINS = re.compile(
    rf"""
    ^(?!{alternation(words("unit_words", "opening_word"))})
      (?:设在|设于|由|经|如|即|含|原|见|包括|其中|除|不含|以下|简称|暂|挂靠|隶属|报|向|对|在)
    | 《 | 的
    """,
    re.VERBOSE,
)
# What tells a deadline from a mere date: (6月底前), (长期坚持), not (2023年3月14日), (2022年版).
_LIMITS = re.compile("前|底|末|[年度]内|完成|持续|长期|常态|季度|半年|全年")
# 家庭医生(团队), 示范中心(园区), …路150号(区公路中心): the bracket explains the noun before it.
_PLAIN_NOUN = re.compile("[\u4e00-\u9fff]{1,2}(?<![局委办厅部府院室处司署])")
_ADDRESS = re.compile(r"\d+(?:号|楼|室|层|栋|幢)(?:院|楼|室)?$")
# 报区政府办公室(区营商办): behind an office one more unit is its other name.
_OFFICE_BEFORE = re.compile(r"(?:局|委|委员会|办|办公室|厅|政府)$")
# 县(市、区) explains a level and names nobody.
_LEVEL = r"(?:[省市县区州旗盟乡镇村]|街道)"
_LEVELS_ONLY = re.compile(rf"各?{_LEVEL}(?:[、/]?{_LEVEL})*")


def find_next_edge(edges: list[int], position: int, folded: str) -> int:
    """The first of these sorted offsets behind a position, or the text's end."""
    index = bisect_right(edges, position)
    return edges[index] if index < len(edges) else len(folded)


class Brackets(NamedTuple):
    """The outermost closed pairs as (opening, closing), and the brackets that never close.

    These speak of a responsibility; each is given with the edge before which it stays open.
    """

    pairs: list[tuple[int, int]]
    opened: list[tuple[int, int]]


def find_brackets(folded: str, edges: list[int]) -> Brackets:
    """The brackets of a text; one that is still open where a block begins or ends stays open."""
    pairs: list[tuple[int, int]] = []
    opened: list[tuple[int, int]] = []
    marks = [match.start() for match in _BRACKET.finditer(folded)]
    first = 0
    for end in (*edges, len(folded)):
        last = bisect_left(marks, end, first)
        if last > first:
            closed, left_open = _match_marks(folded, marks[first:last])
            pairs += closed
            opened += [(at, end) for at in left_open if _is_responsible(folded, at, end)]
        first = last
    return Brackets(_find_outermost(folded, pairs), opened)


def _find_outermost(folded: str, pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The pairs in order without those inside another one, long ones and 〈〉."""
    outermost: list[tuple[int, int]] = []
    for opening, closing in sorted(pairs):
        short = closing - opening <= _LONGEST_BRACKET
        inside = bool(outermost) and opening <= outermost[-1][1]
        if folded[opening] != "〈" and short and not inside:
            outermost.append((opening, closing))
    return outermost


def _match_marks(folded: str, marks: list[int]) -> tuple[list[tuple[int, int]], list[int]]:
    """The closed pairs of these brackets and the open ones; an open one inside a pair is skipped."""
    pairs: list[tuple[int, int]] = []
    stack: list[int] = []
    for at in marks:
        mark = folded[at]
        if mark in _OPENING:
            stack.append(at)
        elif stack and folded[stack[-1]] in _CLOSES[mark]:
            pairs.append((stack.pop(), at))
        elif len(stack) > 1 and folded[stack[-2]] in _CLOSES[mark]:
            stack.pop()
            pairs.append((stack.pop(), at))
    return pairs, stack


def find_open_brackets(folded: str, start: int, end: int) -> list[int]:
    """The brackets of a span that never close in it and that speak of a responsibility."""
    printed = "".join(_BRACKET.findall(folded, start, end))
    if not printed.replace("()", ""):
        return []
    marks = [match.start() for match in _BRACKET.finditer(folded, start, end)]
    _, opened = _match_marks(folded, marks)
    return [at for at in opened if _is_responsible(folded, at, end)]


def _is_responsible(folded: str, opening: int, end: int) -> bool:
    return _RESPONSIBLE.search(folded, opening, _find_open_end(folded, opening, end)) is not None


def _find_open_end(folded: str, opening: int, end: int) -> int:
    newline = folded.find("\n", opening, end)
    return min(newline if newline >= 0 else end, opening + _LONGEST_BRACKET)


def parse_open_bracket(folded: str, opening: int, limit: int) -> Clause | None:
    """The clause of a bracket that never closes, up to its line's end: (区教育局牵头,⏎2.推进发展).

    It assigns only with a verb, and only where it names nothing but units.
    """
    end = _find_open_end(folded, opening, limit)
    if _BRACKET.search(folded, opening + 1, end) or not _has_verb(folded[opening + 1 : end]):
        return None
    shares = parse_shares(folded, (opening + 1, end), None, None)
    names = [folded[name.start : name.end] for share in shares for name in share.names.names]
    return (
        Clause("bracket", opening, end, tuple(shares))
        if names and all(map(is_unit, names))
        else None
    )


def parse_bracket(folded: str, opening: int, closing: int, starts: list[int]) -> Clause | None:
    """The clause of a bracket, or None where it assigns nothing.

    `starts` are where numbered blocks begin. A bracket without label and verb assigns only where
    it closes a sentence and lists nothing but units.
    """
    inner = folded[opening + 1 : closing]
    if len(inner) < 2 or inner.isascii() or inner.strip() in _FURNITURE:
        return None
    labelled = ":" in inner and _has_label(folded, opening + 1, closing)
    if not labelled and not _is_set_apart(folded, opening, closing, starts):
        return None
    shares, names, are_short = _read_words(inner)
    carrier: Carrier = "bracket"
    if not names:
        if not _is_deadline(folded, opening, closing, shares, starts=starts):
            return None
    elif not labelled:
        if not are_short:
            return None
        if not _has_verb(inner):
            if not _is_unit_list(folded, opening, closing, names, starts=starts):
                return None
            carrier = "list"
    end = closing + 1
    while names and end < len(folded) and folded[end] in "。;":
        end += 1
    return Clause(carrier, opening, end, tuple([move_share(one, opening + 1) for one in shares]))


class _Words(NamedTuple):
    """The shares of a bracket's words, at offsets in these, and the names in them.

    `are_short`: the names are no longer than names are, and have no 的.
    """

    shares: tuple[Share, ...]
    names: tuple[str, ...]
    are_short: bool


@lru_cache(_REMEMBERED)
def _read_words(words: str) -> _Words:
    """The shares and names of a bracket without a label before it."""
    shares = parse_bare_shares(words)
    names = tuple(words[name.start : name.end] for share in shares for name in share.names.names)
    return _Words(
        shares, names, not any("的" in name or len(name) > _LONGEST_NAME for name in names)
    )


def _is_deadline(
    folded: str, opening: int, closing: int, shares: Sequence[Share], *, starts: list[int]
) -> bool:
    """Whether a bracket is nothing but a deadline at the end of a sentence: …。(6月底前完成)"""
    if not shares or any(share.printed_role != "deadline" for share in shares):
        return False
    limits = _LIMITS.search(folded, opening, closing) is not None
    return limits and _closes_sentence(folded, closing, starts)


def _is_unit_list(
    folded: str, opening: int, closing: int, names: Sequence[str], *, starts: list[int]
) -> bool:
    """Whether the names of a bracket without a verb are units that answer for what is before it."""
    if not _closes_sentence(folded, closing, starts):
        return False
    if not all(is_unit(name) and not _EXPLAINS.search(name) for name in names):
        return False
    if _COUNTED.search(folded, max(0, opening - 4), opening):
        return False
    if _ADDRESS.search(folded, max(0, opening - 8), opening):
        return False
    if folded[opening - 1] not in _STOPS and all(map(_PLAIN_NOUN.fullmatch, names)):
        return False
    if len(names) == 1 and _OFFICE_BEFORE.search(folded, max(0, opening - 4), opening):
        return False
    return folded[opening - 1] in _STOPS or not all(map(_LEVELS_ONLY.fullmatch, names))


def _has_label(folded: str, start: int, end: int) -> bool:
    """Whether an owner's label begins a segment, or follows a blank in one."""
    for a, b in split_segments(folded, start, end):
        label = find_inner_label(folded, *trim(folded, a, b))
        if label is None or label.printed_role == "field":
            continue
        if label.start == a or folded[label.start - 1] in BEFORE_LABEL:
            return True
    return False


@lru_cache(_REMEMBERED)
def _has_verb(words: str) -> bool:
    """Whether a segment of a bracket's words ends with a verb of responsibility."""
    segments = split_segments(words, 0, len(words))
    return any(find_verb(words[a:b].strip()) for a, b in segments)


def _is_set_apart(folded: str, opening: int, closing: int, starts: list[int]) -> bool:
    """Whether a bracket follows a sentence or closes one.

    A remark in mid-sentence, 技工院校(校内由人社部门负责)应当…, does neither.
    """
    before = opening - 1
    while before >= 0 and folded[before] in " \t":
        before -= 1
    if before < 0 or folded[before] in _STOPS or folded[before] == "\n":
        return True
    return _closes_sentence(folded, closing, starts) or _ends_title(
        folded, opening, closing, starts
    )


def _ends_title(folded: str, opening: int, closing: int, starts: list[int]) -> bool:
    """Whether a bracket follows an item's title: 1.优化公交线网(市交通局负责)新增…"""
    index = bisect_right(starts, opening) - 1
    if index < 0 or opening - starts[index] > _TITLE_REACH:
        return False
    if folded[closing + 1 : closing + 2] != " " and "由" in folded[opening:closing]:
        return False
    return CUT.search(folded, starts[index] + 4, opening) is None


def _closes_sentence(folded: str, closing: int, starts: list[int]) -> bool:
    """Whether nothing of a sentence follows a bracket: a stop, a line's end, the next number."""
    after = closing + 1
    while after < len(folded) and folded[after] in " \t。;":
        after += 1
    if after >= len(folded) or folded[after] == "\n" or folded[closing + 1] in "。;":
        return True
    # Lines that were run together keep their indents.
    if folded.startswith("  ", closing + 1):
        return True
    index = bisect_right(starts, closing)
    if index < len(starts) and starts[index] == after:
        return True
    return folded[after] in _PAGE_WORD_STARTS and _PAGE_WORDS.match(folded, after) is not None
