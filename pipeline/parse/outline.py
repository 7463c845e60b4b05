"""Text -> blocks: numbered headings and items, their levels and what each covers.

A number is believed because of where it stands and what it continues, never by its shape alone:
published plans come with a line a number, with everything on one line, and with lines broken in
mid-sentence. Levels are those of the document at hand: the first kind of number seen is the
outermost, a new kind below it opens the next level.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from pipeline.lexicon import alternation, words
from pipeline.text import parse_numeral

Kind = Literal[
    "chapter",
    "formal",
    "comma",
    "round",
    "point",
    "arabic_round",
    "circled",
    "half_round",
    "decimal",
    "task",
    "lost",
]

_CHINESE = "一二三四五六七八九十百"
_FORMAL = "壹贰叁参肆伍陆柒捌玖拾"
_PLAIN_NUMERALS = str.maketrans(_FORMAL, "一二三三四五六七八九十")
# One alternation, dispatched on lastgroup. The dot of "1." must not be a decimal point, but
# "1.2017年10月底前" is item 1 whose text begins with a year.
_MARK = re.compile(
    rf"(?P<comma>[{_CHINESE}]{{1,4}}[、.])"
    rf"|(?P<formal>[{_FORMAL}]{{1,3}}[、.])"
    rf"|\(\s?(?:(?P<round>[{_CHINESE}]{{1,4}})|(?P<arabic_round>\d{{1,3}}))\s?\)"
    rf"|(?P<point>\d{{1,3}})(?:\s?[、.](?!\d)|[.、](?=20\d\d年|\d{{1,2}}月))"
    r"|(?P<circled>[①-⑳])|(?P<sign>[⑴-⒛㈠-㈩])"
    # 1.1, 任务一: 项目2: at a line's start
    r"|(?:(?<=\n)|\A)\d{1,2}\.(?P<decimal>\d{1,2})(?=[ 、]?[\u4e00-\u9fff])[ 、]?"
    rf"|(?:(?<=\n)|\A)(?:任务|项目|事项|举措)(?P<task>[{_CHINESE}]{{1,3}}|\d{{1,3}})[:、.]"
    rf"|(?P<chapter>第[{_CHINESE}\d]{{1,4}}[章部条]分?)"
    r"|(?P<half_round>\d{1,2})\)"
    r"|(?:(?<=\n)|\A)(?P<glued>\d{1,3})(?=[\u4e00-\u9fff])"
    # A number that a wrong decoding ate, with what it left: ?.?转型升级, ?。ǘ┩七M
    r"|(?<=[\n。 ])(?P<lost>[?\ufffd][.。]?[^\u4e00-\u9fff\n]{0,4}(?<![,.;:?!]))(?=[\u4e00-\u9fff])"
    r"|(?<=[\n。 ])(?P<lost_point>[?\ufffd]\.?[?\ufffd])(?=[\u4e00-\u9fff])"
)
# Where a number may begin: not in the middle of a word or figure (十九届二中全会, 2016).
_FIRST = re.compile(
    rf"[{_FORMAL}(①-⑳⑴-⒛㈠-㈩第?\ufffd]|(?<!\d)\d|(?<![\u4e00-\u9fff])[{_CHINESE}]|(?<=\n)[任项事举]"
)
# One character that is a whole number: where its row begins, and what it stands for.
_SIGN_ROWS: tuple[tuple[int, Kind, int], ...] = (
    (0x2474, "arabic_round", 20),
    (0x2488, "point", 20),
    (0x3220, "round", 10),
)
_SIGNS: dict[str, tuple[Kind, str]] = {
    chr(first + n): (kind, str(n + 1)) for first, kind, count in _SIGN_ROWS for n in range(count)
}
# What a number may not be followed by: a reference ("(三)至(五)", "(二)项") or a measure.
_REFERENCE = re.compile(r"[至到和、,]?\s?[(第]?[一二三四五六七八九十\d]*\)?[款项条至]|[至—~-]")
_MEASURE = re.compile(
    r"[个条件项年月日万亿元名家户人次届期批类级号号座所处台辆公里亩吨米倍度岁起%‰余多大周天小分秒]"
)
_PARAGRAPH_END = "。!?;:…\n"
_CLOSERS = ')]》〉>”"’'
# A heading that has no stop before its first child is at most this long.
_HEADING_REACH = 60
# An excerpt of a plan does not begin with a number above this.
_EXCERPT = 60


@dataclass(slots=True)
class Block:
    """A numbered stretch of text; positions are offsets in the source text."""

    kind: Kind
    number: int
    start: int
    body: int
    depth: int
    parent: int
    gap: bool = False
    lost: bool = False
    end: int = 0
    first_child: int = 0

    @property
    def own_end(self) -> int:
        """Where the block's own text ends: at its first child, or with the block."""
        return self.first_child or self.end


@dataclass(slots=True)
class _Mark:
    kind: Kind
    number: int
    start: int
    end: int
    strength: int
    glued: bool = False
    followed: bool = False


def find_blocks(folded: str, start: int = 0, end: int | None = None) -> list[Block]:
    """The numbered blocks of a stretch of folded text in reading order.

    A block's `parent` is the index of the block around it, or -1.
    """
    blocks: list[Block] = []
    stack: list[int] = []
    last: dict[Kind, int] = {}
    end = len(folded) if end is None else end
    marks = _find_marks(folded, start, end)
    for index, mark in enumerate(marks):
        lost = mark.kind == "lost"
        if lost:
            depth = _recover(mark, marks[index + 1 : index + 2], blocks, stack)
        else:
            depth = _place(mark, blocks, stack, last, folded)
        if depth is None:
            continue
        before = blocks[stack[depth]] if depth < len(stack) else None
        ends = mark.start
        while ends > start and folded[ends - 1] in BESIDE:
            ends -= 1
        for open_ in stack[depth:]:
            blocks[open_].end = ends
        del stack[depth:]
        if stack and not blocks[stack[-1]].first_child:
            blocks[stack[-1]].first_child = mark.start
        parent = stack[-1] if stack else -1
        gap = before is not None and mark.number > before.number + 1
        stack.append(len(blocks))
        blocks.append(Block(mark.kind, mark.number, mark.start, mark.end, depth, parent, gap, lost))
        last[mark.kind] = mark.number
    for index in stack:
        blocks[index].end = end
    return blocks


def _find_marks(folded: str, start: int, end: int) -> list[_Mark]:
    """Every place that looks like a number of a list, with how strongly it stands apart."""
    marks: list[_Mark] = []
    at = start
    # Where the stretch begins, behind a title, a number may touch its last word.
    for place in [start, *(first.start() for first in _FIRST.finditer(folded, start + 1, end))]:
        if place < at:
            continue
        match = _MARK.match(folded, place)
        if match is None:
            continue
        at = match.end()
        kind = match.lastgroup or ""
        if kind.startswith("lost"):
            marks.append(_Mark("lost", 0, match.start(), match.end(), 3))
            continue
        digits = match[kind].strip("、.第章部条分节")
        if kind == "sign":
            kind, digits = _SIGNS[digits]
        if kind == "decimal" and _MEASURE.match(folded, match.end()):
            continue
        number = parse_numeral(digits.translate(_PLAIN_NUMERALS) if kind == "formal" else digits)
        if not number:
            continue
        strength = _strength(folded, match.start(), start)
        after = match.end()
        if kind == "circled":
            strength = max(strength, 1)
        glued = kind == "glued"
        if glued and _MEASURE.match(folded, after):
            continue
        if strength < 3 and _REFERENCE.match(folded, after):
            continue
        named: Kind = "point" if glued else kind  # type: ignore[assignment]
        marks.append(_Mark(named, number, match.start(), after, strength, glued))
    marks = _without_figures(marks, folded)
    ahead: dict[tuple[Kind, int], int] = {}
    for mark in reversed(marks):
        mark.followed = (mark.kind, mark.number + 1) in ahead
        ahead[mark.kind, mark.number] = mark.start
    return marks


def _without_figures(marks: list[_Mark], folded: str) -> list[_Mark]:
    """The marks without decimals that do not stand beside their next: 1.2 needs a 1.1 or 1.3."""
    found = {
        (folded[m.start : folded.index(".", m.start)], m.number): m
        for m in marks
        if m.kind == "decimal"
    }
    if not found:
        return marks
    lonely = {
        mark.start
        for (whole, number), mark in found.items()
        if (whole, number - 1) not in found and (whole, number + 1) not in found
    }
    return [mark for mark in marks if mark.kind != "decimal" or mark.start not in lonely]


def _recover(
    mark: _Mark, following: list[_Mark], blocks: list[Block], stack: list[int]
) -> int | None:
    """The depth of a number that was lost, told by the one behind it; its kind and value are set.

    Where the next number skips one of its list, that one was lost. Where it goes on or begins
    anew, the lost number was that of the heading above.
    """
    if not stack:
        return None
    after = following[0] if following else None
    for depth in range(len(stack) - 1, -1, -1):
        block = blocks[stack[depth]]
        skips = after and after.kind == block.kind and after.number == block.number + 2
        if skips or (after is None and depth == len(stack) - 1):
            mark.kind, mark.number = block.kind, block.number + 1
            return depth
    top = blocks[stack[-1]]
    goes_on = after is not None and after.kind == top.kind and after.number in (1, top.number + 1)
    if goes_on and len(stack) > 1:
        above = blocks[stack[-2]]
        mark.kind, mark.number = above.kind, above.number + 1
        return len(stack) - 2
    return None


# A star or bullet may stand before a number.
BESIDE = " \t★☆▲△●◆■"


def _strength(folded: str, position: int, start: int) -> int:
    """How clearly a number stands apart: 3 at a line's or the stretch's start, 2 after a stop,
    1 after a blank or a closing mark, 0 in the middle of words."""
    at = position - 1
    while at >= start and folded[at] in BESIDE:
        at -= 1
    if at < start or folded[at] == "\n":
        return 3
    if folded[at] in _PARAGRAPH_END:
        return 2
    if folded[at] in _CLOSERS or at < position - 1:
        return 1
    return 0


def _place(
    mark: _Mark, blocks: list[Block], stack: list[int], last: dict[Kind, int], folded: str
) -> int | None:
    """The depth at which a mark continues or opens a list, or None if it is no list's number."""
    for depth in range(len(stack) - 1, -1, -1):
        block = blocks[stack[depth]]
        if block.kind != mark.kind:
            continue
        step = mark.number - block.number
        if step == 1 and _continues(mark, folded):
            return depth
        if mark.glued:
            return None
        if mark.number == 1 and mark.strength >= 2:
            return depth
        # A printed list may skip or repeat a number; a far jump is some other number.
        if (1 < step <= 5 or step == 0) and mark.strength >= (1 if 1 < step <= 3 else 3):
            return None if mark.kind == "circled" and step == 0 else depth
        if mark.number == 1 and mark.kind in ("arabic_round", "circled", "half_round"):
            return depth
        return None
    if mark.glued:
        # Glued to its words a number looks like a figure: it has to run on, or others from it.
        runs_on = mark.number == last.get("point", -1) + 1
        begins = mark.followed and (mark.number == 1 or (not stack and mark.number < _EXCERPT))
        return len(stack) if runs_on or begins else None
    opens = mark.number == 1 or mark.number == last.get(mark.kind, -1) + 1
    if not opens:
        excerpt = mark.kind not in last and mark.strength == 3 and mark.followed
        return len(stack) if excerpt and mark.number < _EXCERPT else None
    if mark.strength >= 2 or (mark.strength == 1 and (mark.followed or mark.number > 1)):
        return len(stack)
    return len(stack) if _opens_under_heading(mark, blocks, stack, folded) else None


def _continues(mark: _Mark, folded: str) -> bool:
    """Whether a number that comes next in its list may stand where it stands.

    "十八届二、三中全会" is no second item; "(二)" in running text nearly always is.
    """
    if mark.strength >= 1:
        return True
    if mark.kind in ("round", "arabic_round", "circled"):
        return folded[mark.start - 1] not in "第式图表"
    return False


def _opens_under_heading(mark: _Mark, blocks: list[Block], stack: list[int], folded: str) -> bool:
    """Whether the first number of a list stands right behind a heading: 三、备足苗木1.落实苗木。"""
    if mark.kind == "circled":
        return True
    if not stack or not mark.followed or mark.kind == "comma":
        return False
    body = blocks[stack[-1]].body
    return mark.start - body <= _HEADING_REACH and "。" not in folded[body : mark.start]


_STOP = re.compile(r"[。\n]")
_LEAD_IN = re.compile(rf"(?:{alternation(words('boilerplate', 'lead_in'))}):")
_COUPLET = re.compile(r"([\u4e00-\u9fff]{3,8})[,，]")
_OPENER = re.compile(alternation(words("boilerplate", "body_opener")))


def find_heading_end(folded: str, start: int, end: int) -> int:
    """Where the heading that begins at `start` ends: at its line's end, after its first stop,
    before a glued lead-in or, with nothing between, after a pair of equal halves.

    "饮用水治理指标:…" -> "饮用水"; "明确任务,落实责任根据今年…" -> "明确任务,落实责任"
    """
    stop = _STOP.search(folded, start, end)
    limit = end
    if stop is not None:
        limit = stop.end() if stop[0] == "。" else stop.start()
    colon = folded.find(":", start, limit)
    lead_in = _LEAD_IN.search(folded, start, limit) if colon >= 0 else None
    if lead_in and lead_in.start() > start:
        limit = lead_in.start()
    couplet = _COUPLET.match(folded, start, limit)
    if couplet:
        seam = couplet.end() + len(couplet[1])
        if seam < limit and _OPENER.match(folded, seam):
            limit = seam
    while limit > start and folded[limit - 1] in " \t\n":
        limit -= 1
    return limit
