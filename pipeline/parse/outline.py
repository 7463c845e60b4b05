"""Outline a text: find its numbered blocks, their levels and their extents.

A number is believed because of its place and of the number that it continues, never by its shape
alone: published plans come with a line a number, with everything on one line, and with lines
broken in mid-sentence. Levels are those of the document at hand: the first kind of number in it is
the outermost, and a new kind below that opens the next level.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import zip_longest
from typing import NamedTuple

from pipeline.lexicon import alternation, mapping, words
from pipeline.parse.printed_numbers import (
    AFTER_BLANK,
    AFTER_STOP,
    AT_LINE_START,
    NumberKind,
    PrintedNumber,
    find_printed_numbers,
    skip_beside,
)

# A heading that has no stop before its first child is at most this long.
_HEADING_REACH = 60
# An excerpt of a plan does not begin with a number above this.
_EXCERPT = 60
# A printed list may skip this many numbers; a longer skip needs a number at a line's start.
_SHORT_SKIP, _LONG_SKIP = 3, 5

# A bracket that assigns is open no further before the next number than this.
_OPEN_REACH = 200
_NUMERALS = "0123456789一二三四五六七八九十"
# (区教育局牵头, [责任单位:区教育局, before the next number; not (其中小学1所,
_ASSIGNS = re.compile(rf"(?:{alternation(mapping('verbs', 'role'))})[,、]|(?:单位|部门|领导):")


# 工作措施:(1)甲;(2)乙; on one line, and what shows that a measure in it has an owner.
_FIELD_LABELS = [one for one, role in mapping("labels", "role").items() if role == "field"]
_FIELD = re.compile(
    rf"[ \t]*(?=[{''.join(sorted({label[0] for label in _FIELD_LABELS}))}])(?:{alternation(_FIELD_LABELS)}) ?:"
)
# It begins with a line break, which is found fast.
_FIELD_LINE = re.compile(rf"\n{_FIELD.pattern}")
_LONGEST_FIELD = 300
# 责任单位: 配合处室(单位): and the ends of names of units behind it.
_OWNER_LABEL = re.compile(r"(?:单位|部门|处室|科室)(?:\([^()]{1,6}\))? ?:")
_OWNER_END = re.compile(
    r"(?:[局委办厅部院会所站队处科室组]|中心|单位|部门|公司|\([村居中心会]{1,3}\))$"
)
_OWNED_LINE = re.compile(r"负责|牵头|配合|落实\)|(?:单位|部门|领导|处室|科室) ?:")


class Block(NamedTuple):
    """A numbered span of text; positions are offsets in the normalized text.

    `body` is where the text behind the number begins; `depth` is 0 for the outermost blocks;
    `parent` is the index of the block around it, or -1; `first_child` is where its first child
    begins, or 0 if it has none.
    """

    kind: NumberKind
    number: int
    start: int
    body: int
    end: int
    depth: int
    parent: int
    first_child: int = 0
    # Whether the number itself is unreadable and was inferred from its neighbours.
    lost: bool = False

    @property
    def own_end(self) -> int:
        """Where the block's own text ends: at its first child, or with the block."""
        return self.first_child or self.end


class _Placed(NamedTuple):
    """A mark that is believed, and how deep its list is."""

    mark: PrintedNumber
    depth: int
    lost: bool = False


def find_blocks(
    folded: str, start: int = 0, end: int | None = None, *, first: int = 0
) -> list[Block]:
    """The numbered blocks of a span of folded text in reading order; the index of the first is `first`."""
    end = len(folded) if end is None else end
    marks = find_printed_numbers(folded, start, end)
    if marks:
        marks = _drop_marks_in_fields(folded, marks)
    return _nest(folded, _place_marks(folded, marks), start, end, first=first)


def _drop_marks_in_fields(folded: str, marks: list[PrintedNumber]) -> list[PrintedNumber]:
    """The marks without those in the value of a field that names nobody: 工作措施:(1)甲;(2)乙.

    Such a list is on the label's own line.
    """
    fields = list(_find_field_values(folded, marks[0].start, marks[-1].start))
    if not fields:
        return marks
    begins = [start for start, _ in fields]
    return [
        mark
        for mark in marks
        if (at := bisect_right(begins, mark.start) - 1) < 0 or mark.start >= fields[at][1]
    ]


def _find_field_values(folded: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    """The values of fields on one line that name nobody, from one place's line up to another place."""
    before = folded.rfind("\n", 0, first)
    fields = _FIELD_LINE.finditer(folded, max(before, 0), last)
    begin = _FIELD.match(folded, 0, last) if before < 0 else None
    for field in (begin, *fields) if begin else fields:
        newline = folded.find("\n", field.end())
        end = newline if newline >= 0 else len(folded)
        if end - field.end() <= _LONGEST_FIELD and not _OWNED_LINE.search(folded, field.end(), end):
            yield field.end(), end


def _place_marks(folded: str, marks: list[PrintedNumber]) -> list[_Placed]:
    """The marks that continue or open a list, given the lists that are open where each is."""
    placed: list[_Placed] = []
    # The last mark of each open list, outermost first; the last number of each kind.
    around: list[PrintedNumber] = []
    last: dict[NumberKind, int] = {}
    for mark, after in zip_longest(marks, marks[1:]):
        if mark.kind == "lost":
            one = _infer_lost(mark, after, around)
        else:
            depth = _find_depth(folded, mark, around, last)
            one = None if depth is None else _Placed(mark, depth)
        if one is not None:
            around[one.depth :] = [one.mark]
            last[one.mark.kind] = one.mark.number
            placed.append(one)
    return placed


def _nest(folded: str, placed: list[_Placed], start: int, end: int, *, first: int) -> list[Block]:
    """Blocks of placed marks: each ends where the next that is not deeper begins."""
    parents: list[int] = []
    ends = [end] * len(placed)
    first_children: dict[int, int] = {}
    stack: list[int] = []
    for index, (mark, depth, _) in enumerate(placed):
        before = skip_beside(folded, mark.start, start)
        for closed in stack[depth:]:
            ends[closed] = before
        del stack[depth:]
        if stack:
            first_children.setdefault(stack[-1], mark.start)
        parents.append(first + stack[-1] if stack else -1)
        stack.append(index)
    blocks: list[Block] = []
    for index, (mark, depth, lost) in enumerate(placed):
        kind, number, begin, body, *_ = mark
        child = first_children.get(index, 0)
        blocks.append(
            Block(kind, number, begin, body, ends[index], depth, parents[index], child, lost)
        )
    return blocks


def _infer_lost(
    mark: PrintedNumber, after: PrintedNumber | None, around: list[PrintedNumber]
) -> _Placed | None:
    """A number that was lost, inferred from the one behind it.

    Where the next number skips one of its list, that one was lost. Where it goes on or begins
    anew, the lost number was that of the heading above.
    """
    if not around:
        return None
    innermost = len(around) - 1
    for depth in range(innermost, -1, -1):
        before = around[depth]
        skips = after and after.kind == before.kind and after.number == before.number + 2
        if skips or (after is None and depth == innermost):
            return _place_lost(mark, before, depth)
    top = around[innermost]
    goes_on = after is not None and after.kind == top.kind and after.number in (1, top.number + 1)
    return _place_lost(mark, around[-2], innermost - 1) if goes_on and innermost else None


def _place_lost(mark: PrintedNumber, before: PrintedNumber, depth: int) -> _Placed:
    return _Placed(mark._replace(kind=before.kind, number=before.number + 1), depth, lost=True)


def _find_depth(
    folded: str, mark: PrintedNumber, around: list[PrintedNumber], last: dict[NumberKind, int]
) -> int | None:
    """The depth of the list that a mark continues or opens; None if it is no list's number."""
    for depth in range(len(around) - 1, -1, -1):
        if around[depth].kind == mark.kind:
            return depth if _continues(folded, mark, around[depth]) else None
    opens = _opens_glued if mark.glued else _opens
    return len(around) if opens(folded, mark, around, last) else None


def _continues(folded: str, mark: PrintedNumber, before: PrintedNumber) -> bool:
    """Whether a mark continues the open list of its kind, or begins another one in its place."""
    step = mark.number - before.number
    if step == 1 and _may_follow(folded, mark, before):
        return True
    if mark.glued:
        return False
    if mark.number == 1 and mark.strength >= AFTER_STOP:
        return True
    # A printed list may skip or repeat a number; a far jump is some other number.
    needed = AFTER_BLANK if 1 < step <= _SHORT_SKIP else AT_LINE_START
    if (step == 0 or 1 < step <= _LONG_SKIP) and mark.strength >= needed:
        return mark.kind != "circled" or step > 0
    return mark.number == 1 and mark.kind in ("arabic_round", "circled", "half_round")


def _may_follow(folded: str, mark: PrintedNumber, before: PrintedNumber) -> bool:
    """Whether the next number of a list may be where it is.

    "十八届二、三中全会" is no second item; "(二)" in running text nearly always is, and so is a
    number behind the names of a bracket that was not closed.
    """
    if mark.strength >= AFTER_BLANK:
        return True
    if mark.kind in ("round", "arabic_round", "circled"):
        return folded[mark.start - 1] not in "第式图表"
    if mark.kind == "comma" and _HEADS_LIST.match(folded, mark.end):
        return folded[mark.start - 1] not in _NUMERALS + "第届、"
    if mark.kind == "point" and _is_behind_owners(folded, before.end, mark):
        return True
    return folded[mark.start - 1] in ",、" and _is_in_open_list(folded, before.end, mark)


def _is_behind_owners(folded: str, start: int, mark: PrintedNumber) -> bool:
    """Whether a number is behind the owners of the number before it: 责任单位:甲局、各有关单位2.推进乙."""
    reach = max(start, mark.start - _OPEN_REACH)
    labels = list(_OWNER_LABEL.finditer(folded, reach, mark.start))
    if not labels or not "\u4e00" <= folded[mark.end : mark.end + 1] <= "\u9fff":
        return False
    names = folded[labels[-1].end() : mark.start]
    return _OWNER_END.search(names) is not None and not _STOP.search(names)


def _is_in_open_list(folded: str, start: int, mark: PrintedNumber) -> bool:
    """Whether a number is in a bracket that assigns and was not closed: (甲局牵头,2.推进.

    A bracket that begins with a number has a list of its own: (1、甲局,2、乙局).
    """
    opening = max(
        folded.rfind(one, max(start, mark.start - _OPEN_REACH), mark.start) for one in "(["
    )
    if opening < 0 or folded[opening + 1] in _NUMERALS:
        return False
    inside = folded[opening + 1 : mark.start]
    return not (")" in inside or "]" in inside) and _ASSIGNS.search(inside) is not None


def _opens_glued(
    folded: str,  # noqa: ARG001  as _opens
    mark: PrintedNumber,
    around: list[PrintedNumber],
    last: dict[NumberKind, int],
) -> bool:
    """Whether a number glued to its words, which looks like a figure, opens a list.

    It has to continue the last number of its kind, or another has to continue it.
    """
    first = mark.number == 1 or (not around and mark.number < _EXCERPT)
    return mark.number == last.get("point", -1) + 1 or (mark.followed and first)


def _opens(
    folded: str, mark: PrintedNumber, around: list[PrintedNumber], last: dict[NumberKind, int]
) -> bool:
    """Whether a mark opens a list: 1, the number after the last of its kind, or an excerpt."""
    if mark.number != 1 and mark.number != last.get(mark.kind, -1) + 1:
        if mark.strength < AT_LINE_START or not mark.followed:
            return False
        if mark.kind not in last:
            return mark.number < _EXCERPT
        # Under a new heading the count goes on behind a gap, or the list's first numbers are missing.
        return mark.number <= _SHORT_SKIP or 0 < mark.number - last[mark.kind] <= _SHORT_SKIP
    if mark.strength >= AFTER_STOP:
        return True
    if mark.strength == AFTER_BLANK and (mark.followed or mark.number > 1):
        return True
    return _opens_under_heading(folded, mark, around)


def _opens_under_heading(folded: str, mark: PrintedNumber, around: list[PrintedNumber]) -> bool:
    """Whether a number that opens a list is right behind a heading: 三、备足苗木1.落实苗木。"""
    if mark.kind == "circled":
        return True
    # The last number of a numbering that runs through all sections has no next one.
    if not around or mark.kind == "comma" or (mark.number == 1 and not mark.followed):
        return False
    body = around[-1].end
    return mark.start - body <= _HEADING_REACH and "。" not in folded[body : mark.start]


# A heading straight before a number of its list: …预期性三、重点任务(一)兜底线, …成员单位二、打防结合,推动处置(二)
_HEADS_LIST = re.compile(
    r"(?![一二三四五六七八九十])[^,。;:、\n()]{2,24}(?:,[^,。;:、\n()]{2,24})?"
    r"\((?:1|[一二三四五六七八九十]{1,3})\)"
)
_STOP = re.compile(r"[。\n]")
_LEAD_IN = re.compile(rf"(?:{alternation(words('boilerplate', 'lead_in'))}):")
# The first half of 明确任务,落实责任, which a second half of equal length follows.
_COUPLET = re.compile(r"([\u4e00-\u9fff]{3,8})[,，]")
_OPENERS = words("boilerplate", "body_opener")
_OPENER = re.compile(alternation(_OPENERS))
# 在, 对, 从 are in the words of headings too.
_LONG_OPENER = re.compile(alternation(one for one in _OPENERS if len(one) > 1))
_WORDS = re.compile("[^,。;:、]{4,40}")
_SHORTEST_HEADING = 4


def find_heading_end(folded: str, start: int, end: int) -> int:
    """Where the heading that begins at `start` ends.

    It ends with its line, with its first stop or before a lead-in that is glued to it:
    "饮用水治理指标:…" -> "饮用水". With nothing between heading and text it ends after a pair of
    equal halves: "明确任务,落实责任根据今年…" -> "明确任务,落实责任".
    """
    stop = _STOP.search(folded, start, end)
    limit = end
    if stop is not None:
        limit = stop.end() if stop[0] == "。" else stop.start()
    lead_in = None
    if folded.find(":", start, limit) >= 0:
        lead_in = _LEAD_IN.search(folded, start, limit)
    if lead_in and lead_in.start() > start:
        limit = lead_in.start()
    couplet = _COUPLET.match(folded, start, limit)
    if couplet:
        seam = couplet.end() + len(couplet[1])
        if seam < limit and _OPENER.match(folded, seam):
            limit = seam
    if is_running_text(folded, start, limit):
        limit = _find_seam(folded, start, limit)
    while limit > start and folded[limit - 1] in " \t\n":
        limit -= 1
    return limit


def is_running_text(folded: str, start: int, end: int) -> bool:
    """Whether a heading is more than one: a long sentence that other text follows in its line."""
    if end - start <= _HEADING_REACH or folded[end - 1] != "。" or folded.startswith("\n", end):
        return False
    return end < len(folded)


def _find_seam(folded: str, start: int, end: int) -> int:
    """Where the words of a heading run into its text: 扶持政策|按照分级联动培育原则,…; else `end`."""
    words = _WORDS.match(folded, start, end)
    if words is None:
        return end
    seam = _LONG_OPENER.search(folded, start + _SHORTEST_HEADING, words.end())
    return seam.start() if seam else end
