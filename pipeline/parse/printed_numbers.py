"""Find what may be a number of a list, with how clearly each is set apart from the words."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from pipeline.parse.line_numbers import CHINESE, MEASURES, NUMERAL
from pipeline.text import parse_numeral

NumberKind = Literal[
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

_FORMAL = "壹贰叁参肆伍陆柒捌玖拾佰仟"
_PLAIN_NUMERALS = str.maketrans(_FORMAL, "一二三三四五六七八九十百千")
_MEASURE = re.compile(MEASURES)
# One alternation; the name of the group that matched is the kind of number.
_MARK = re.compile(
    rf"""
    (?P<comma>{NUMERAL}[、.])                 # 三、 十二. 一千零一、
    | (?P<formal>[{_FORMAL}][{_FORMAL}零]{{0,6}}[、.])    # 叁、
    | \(\s?(?:                                  # (二) ( 12 )
        (?P<round>{NUMERAL}) | (?P<arabic_round>\d{{1,5}})
      )\s?\)
    | (?P<point>\d{{1,5}})(?:                   # 12. 3、 but not the figure 1.5
        \s?[、.](?!\d)
        | [.、](?=20\d\d年|\d{{1,2}}月)         # 1.2017年10月底前…: the text begins with a date
      )
    | (?P<circled>[①-⑳㉑-㉟㊱-㊿])
    | (?P<sign>[⑴-⒛㈠-㈩])
    | (?:(?<=\n)|\A)\d{{1,2}}\.(?P<decimal>\d{{1,2}})(?=[ 、]?[\u4e00-\u9fff])(?!{MEASURES})[ 、]?   # 1.1推进
    # 2.5G基站建设, 1.20个项目, 10.100%完成: the text begins with a figure
    | (?P<figure>\d{{1,3}})\.(?=\d+(?:\.\d+)?[ ]?(?:[A-Za-z%‰+-]|{MEASURES}))
    | (?:(?<=\n)|\A)(?:任务|项目|事项|举措|工程|行动|专项|工作|实事)(?P<task>{NUMERAL}|\d{{1,5}})[:、.]  # 任务一:
    # 第一项:, 第3件实事:
    | (?:(?<=\n)|\A)第(?P<nth>{NUMERAL}|\d{{1,5}})[项件类个](?:任务|工作|实事|事项|项目)?[:、.\ ]
    | (?P<chapter>第(?:{NUMERAL}|\d{{1,5}})[章部条]分?)                               # 第一部分
    | (?P<half_round>\d{{1,5}})\)               # 1)
    | (?:(?<=\n)|\A)(?P<glued>\d{{1,5}})(?=[\u4e00-\u9fff])                             # 5合理安排
    # A number that a wrong decoding destroyed: ?.?转型升级, ?。ǘ┩七M; not a question's end (?,).
    | (?<=[\n。 ])(?P<lost>
        [?\ufffd][.。]?[^\u4e00-\u9fff\n]{{0,4}}(?<![,.;:?!])
      )(?=[\u4e00-\u9fff])
    | (?<=[\n。 ])(?P<lost_point>[?\ufffd]\.?[?\ufffd])(?=[\u4e00-\u9fff])
    """,
    re.VERBOSE,
)
# Where a number may begin: (一), ①, 第一章, 3.; not within a word or figure (十九届二中全会, 2016).
# It begins with a set of characters, without \d, which makes the search of a long text several times faster;
# what must be before the character is looked up behind it.
_FIRST = re.compile(
    rf"""
    [{_FORMAL}(①-⑳㉑-㉟㊱-㊿⑴-⒛㈠-㈩第?\ufffd0-9{CHINESE}]
    (?:
      (?<=[0-9])(?:(?<!\d\d)(?=\d{{0,4}}\s?[、.)])|(?<=\n\d))
      | (?<=[{CHINESE}])(?=[{CHINESE}万零〇]{{0,8}}[、.])(?:
          (?<![\u4e00-\u9fff].)
          # 预期性三、重点任务(一), 单位二、打防结合,推动处置(二): a heading straight before a number of its list
          | (?<![{CHINESE}第届].)(?=
              [{CHINESE}]{{0,2}}、(?![{CHINESE}])
              [^,。;:、\n()]{{2,24}}(?:,[^,。;:、\n()]{{2,24}})?\((?:1|[{CHINESE}]{{1,3}})\)
            )
        )
      | (?<=\()(?=\s?[\d{CHINESE}])
      | (?<=第)(?=[\d{CHINESE}])
      | (?<=[{_FORMAL}①-⑳㉑-㉟㊱-㊿⑴-⒛㈠-㈩?\ufffd])
    )
    """,
    re.VERBOSE,
)
# 任务一: on the next line; a literal is found faster than one more character of the set above.
_TASK_LINE = re.compile(r"\n(?=[任项事举工行专实])")
# Rows of characters that are a whole number each (⑴, ⒈, ㈠): first, kind, how many.
_SIGN_ROWS: tuple[tuple[int, NumberKind, int], ...] = (
    (0x2474, "arabic_round", 20),
    (0x2488, "point", 20),
    (0x3220, "round", 10),
)
_SIGNS: dict[str, tuple[NumberKind, str]] = {
    chr(first + n): (kind, str(n + 1)) for first, kind, count in _SIGN_ROWS for n in range(count)
}
# Behind a number these make it a reference: (三)至(五), (二)项, 第一、二款; (二)推进 is none.
_REFERENCE = re.compile(r"[至到和、,]?\s?[(第]?[一二三四五六七八九十\d]*\)?[款项条至]|[至—~-]")
# The rest of a line behind a number that is alone on it; perhaps a blank line follows.
_ALONE = re.compile(r"[ \t]*\n(?:[ \t]*\n)?[ \t]*(?=[^\s])")
_BLANKS = frozenset(" \t\n")
_PARAGRAPH_END = "。!?;:…\n"
_CLOSERS = ')]》〉>”"’'
# A heading before a number is looked for so far back.
_LINE_REACH = 80
_HEADING_LINE = re.compile(
    rf"[ \t]*(?:{NUMERAL}[、.]|\({NUMERAL}\)|第{NUMERAL}[章部条])[^,。\n]{{2,30}}"
)
# A star or bullet may be printed before a number.
BESIDE = " \t★☆▲△●◆■"
# From here on a number of a list looks like a year or a figure: 2011. (2023)
_LONG = 1000
# A list may skip so many numbers before one that looks like a year.
_LONG_SKIP = 3
# How clearly a number is set apart from the words before it.
AT_LINE_START, AFTER_STOP, AFTER_BLANK, IN_WORDS = 3, 2, 1, 0


class PrintedNumber(NamedTuple):
    """A number as printed; `followed` if a later mark of its kind has the next value."""

    kind: NumberKind
    number: int
    start: int
    end: int
    strength: int
    glued: bool = False
    followed: bool = False


def find_printed_numbers(folded: str, start: int, end: int) -> list[PrintedNumber]:
    """Every place that looks like a number of a list, with how clearly it is set apart."""
    marks: list[PrintedNumber] = []
    at = start
    for place in _find_places(folded, start, end):
        match = _MARK.match(folded, place) if place >= at else None
        if match is not None:
            at = match.end()
            mark = _parse_mark(folded, match, start, end)
            if mark is not None:
                marks.append(mark)
    return _note_followed(_remove_years(_remove_figures(folded, marks)))


def _find_places(folded: str, start: int, end: int) -> list[int]:
    """Where a number may begin, in order; where the span does, it may touch a title's last word."""
    places = [start, *[first.start() for first in _FIRST.finditer(folded, start, end)]]
    lines = [line.end() for line in _TASK_LINE.finditer(folded, start, end)]
    return sorted(places + lines) if lines else places


def _parse_mark(folded: str, match: re.Match[str], start: int, end: int) -> PrintedNumber | None:
    """A matched number with its kind and value; None for a reference or a quantity."""
    kind = match.lastgroup or ""
    first, behind = match.span()
    if kind.startswith("lost"):
        return PrintedNumber("lost", 0, first, behind, AT_LINE_START)
    digits = match[kind].strip("、.第章部条分节")
    if kind == "sign":
        kind, digits = _SIGNS[digits]
    if kind in ("decimal", "glued") and _MEASURE.match(folded, behind):
        return None
    number = parse_numeral(digits.translate(_PLAIN_NUMERALS) if kind == "formal" else digits)
    strength = _find_strength(folded, first, start)
    if kind == "circled":
        strength = max(strength, AFTER_BLANK)
    if not number or (strength < AT_LINE_START and _REFERENCE.match(folded, behind)):
        return None
    if kind == "figure" and not _begins_sentence(folded, first, first=number == 1):
        return None
    glued = kind in ("glued", "figure")
    named: NumberKind = "point" if glued else "task" if kind == "nth" else kind  # type: ignore[assignment]
    return PrintedNumber(named, number, first, _find_body(folded, behind, end), strength, glued)


def _begins_sentence(folded: str, position: int, *, first: bool) -> bool:
    """Whether a sentence ends before a position, or a heading does whose `first` number is there."""
    before = folded[max(0, position - _LINE_REACH) : position].rstrip()
    if not before or before[-1] in _PARAGRAPH_END or before[-1] in _CLOSERS:
        return True
    return first and _HEADING_LINE.fullmatch(before.rpartition("\n")[2]) is not None


def _find_body(folded: str, behind: int, end: int) -> int:
    """Where the text behind a number begins: on the next line if the number is alone on its own."""
    if folded[behind : behind + 1] not in _BLANKS:
        return behind
    alone = _ALONE.match(folded, behind, end)
    return alone.end() if alone else behind


def _note_followed(marks: list[PrintedNumber]) -> list[PrintedNumber]:
    """The marks with a note on those whose next number comes later in the text."""
    later: set[tuple[NumberKind, int]] = set()
    noted: list[PrintedNumber] = []
    for mark in reversed(marks):
        kind, number, start, end, strength, glued, _ = mark
        followed = (kind, number + 1) in later
        noted.append(PrintedNumber(kind, number, start, end, strength, glued, followed))
        later.add((kind, number))
    return noted[::-1]


def _remove_figures(folded: str, marks: list[PrintedNumber]) -> list[PrintedNumber]:
    """Remove decimals without a neighbour: 1.2 is a number only where a 1.1 or 1.3 is one too."""
    places = {
        (folded[mark.start : folded.index(".", mark.start)], mark.number): mark.start
        for mark in marks
        if mark.kind == "decimal"
    }
    lonely = {
        start
        for (whole, number), start in places.items()
        if (whole, number - 1) not in places and (whole, number + 1) not in places
    }
    return [mark for mark in marks if mark.start not in lonely] if lonely else marks


def _remove_years(marks: list[PrintedNumber]) -> list[PrintedNumber]:
    """Remove numbers of four digits that continue no count: 1000. is a number only behind 999."""
    if max([mark.number for mark in marks], default=0) < _LONG:
        return marks
    counted: set[tuple[NumberKind, int]] = set()
    kept: list[PrintedNumber] = []
    for mark in marks:
        reach = range(mark.number, mark.number - _LONG_SKIP - 1, -1)
        continues = any((mark.kind, one) in counted for one in reach)
        if mark.number < _LONG or (continues and mark.strength >= AFTER_BLANK):
            counted.add((mark.kind, mark.number))
            kept.append(mark)
    return kept


def skip_beside(folded: str, position: int, start: int) -> int:
    """The offset behind the last character before a number that is no blank, star or bullet."""
    while position > start and folded[position - 1] in BESIDE:
        position -= 1
    return position


def _find_strength(folded: str, position: int, start: int) -> int:
    """How clearly a number is set apart, from 3 at a line's or the span's start to 0 in words."""
    if position > start and folded[position - 1] == "\n":
        return AT_LINE_START
    at = skip_beside(folded, position, start)
    if at == start or folded[at - 1] == "\n":
        return AT_LINE_START
    if folded[at - 1] in _PARAGRAPH_END:
        return AFTER_STOP
    return AFTER_BLANK if folded[at - 1] in _CLOSERS or at < position else IN_WORDS
