"""Find the annexes of a notice, each with its title; numbering restarts with every annex."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from pipeline.lexicon import alternation, words
from pipeline.parse.clauses.labels import LABELS
from pipeline.text import find_nth_character, trim, without_blanks

Span = tuple[int, int]

_PLANS = alternation(words("document_types", "plan"))
# 附件1, 附件一:, 附表2 at a line's start or behind a blank; its title follows on the line or below.
_MARK = re.compile(
    r"""
    附(?:件|表|录)?[ ]?(?:\d{1,2}|[一二三四五六七八九十]{1,2})?
    (?:[ ]?[::] | [ ] | (?=\n) | (?=[《〈]?(?:20\d\d|[\u4e00-\u9fff]{2,})))
    """,
    re.VERBOSE,
)
_BEFORE_MARK = "\n \t。)"
# Behind 附件: these begin a list of attachments: 1.某方案 2.某方案, 《某方案》.
_LIST_ENTRY = re.compile(r"\s*(?:\d{1,2}[.、]|《)")
# A line by itself without list marks: 甲县2021年重点工作责任分解, but not 附件:甲县…
_TITLE_LINE = re.compile(r"\n[ \t]*(?P<title>[^\n。;:、(\t|][^\n。;:\t|]{3,88})(?=\n)")
# The end of a plan's title: …工作方案, …任务分工(试行).
_TITLE_END = re.compile(rf"(?:{_PLANS})(?:\([^()\n]{{1,20}}\))?\Z")
# Few lines end with the last character of such a title; the pattern is tried on these only.
_LAST_OF_TITLES = frozenset(word[-1] for word in words("document_types", "plan")) | {")"}
# The first number of a list soon below a title: 一、 (一) 1. (1) or a table's head 序号.
_FIRST_NUMBER = re.compile(
    r"""
    [\s\S]{0,1500}?\n[ \t]*(?:一[、.]|\(一\)|1[、.](?!\d)|\(1\)|序号)
    """,
    re.VERBOSE,
)
# The first number of a list anywhere.
_LIST_BEGIN = re.compile(r"\n[ \t]*(?:一[、.]|\(一\)|1[、.](?!\d))")
# A line above a label line is a task: 某市停车管理办法, and below it 起草单位:某局.
_LABEL_LINE = re.compile(r"\n[ \t]*(?P<word>[\u4e00-\u9fff ]{2,12}):")
# A line with a number, 一、 (一) 1. 第一, is no title.
_NUMBERED = re.compile(
    r"[ \t]*(?:[一二三四五六七八九十]{1,4}[、.]|\(|\d{1,3}[、.)]|第[一二三四五六七八九十])"
)
# A title this close behind an annex mark is that annex's.
_NEAR = 60
# An annex has at least this many characters; a mark with fewer behind it is a list's entry.
_FEWEST = 120
# A title is in the first lines behind an annex mark, each read this far and no longer than this.
_TITLE_LINES, _LINE_REACH, _LONGEST_LINE = 3, 200, 70

# Names of plans in the notice: 印发《某方案》的通知, 印发某方案和某计划的通知; and any 《某方案》.
_ISSUED = re.compile(
    rf"""
    (?:印发|下达|转发|公布|批转)《?
    (?P<name>[^《》。;:\n]{{5,90}}?(?:{_PLANS})(?:\([^()]{{1,16}}\))?)
    》?的通知
    """,
    re.VERBOSE,
)
_QUOTED = re.compile(rf"《(?P<name>[^《》\n]{{5,80}}?(?:{_PLANS})(?:\([^()]{{1,16}}\))?)》")
_AND = re.compile(r"和|及|、|》《")
_NOTICE_REACH = 2500
_SHORTEST_TITLE = 8
# A title by itself has one of these before it, and none of these behind it.
_BEFORE_TITLE, _BEHIND_TITLE = " \n\t日)", ("》", "〉", "的", "已")

# A list of attachments: 附件:1.某方案 2.某方案.
_ATTACHMENTS = re.compile(r"附件? ?: ?(?=\s*(?:\d|《))")
# An entry of that list, an attachment's title, is no longer than this.
_LONGEST_ENTRY = 90


class Annex(NamedTuple):
    """A span of the document that is numbered by itself, and the span of its title."""

    start: int
    end: int
    title: Span | None


def find_annexes(folded: str, tables: list[Span]) -> list[Annex]:
    """The spans of a document: the notice or plan itself, then each annex.

    `folded` has line breaks in place of `tables`.
    """
    starts = _find_marked(folded)
    marked = sorted(starts)
    for title in _find_named(folded):
        near = _last_before(marked, title[0] + 4)
        starts[near if near and title[0] - near < _NEAR else title[0]] = title
    starts |= _find_title_lines(folded, sorted(starts))
    places = sorted(starts)
    annexes: list[Annex] = []
    for start, end in zip(places, [*places[1:], len(folded)], strict=True):
        if annexes and not _is_whole(folded, start, end, tables):
            annexes[-1] = annexes[-1]._replace(end=end)
        else:
            annexes.append(Annex(start, end, starts[start]))
    return annexes


def _is_whole(folded: str, start: int, end: int, tables: list[Span]) -> bool:
    """Whether a span is long enough for an annex, or has a table or a list's first number."""
    if any(start <= table[0] < end for table in tables):
        return True
    return (
        _LIST_BEGIN.search(folded, start, end) is not None
        or len(folded[start:end].strip()) >= _FEWEST
    )


def _find_marked(folded: str) -> dict[int, Span | None]:
    """Where annex marks (附件1) are, and the document's own start; with the titles behind them."""
    starts: dict[int, Span | None] = {0: None}
    for match in _MARK.finditer(folded):
        before = folded[match.start() - 1] if match.start() else "\n"
        if before in _BEFORE_MARK and not _LIST_ENTRY.match(folded, match.end()):
            starts[match.start()] = _find_title_behind(folded, match.end())
    return starts


def _find_title_behind(folded: str, at: int) -> Span | None:
    """The title behind an annex mark: the rest of its line, or the next lines until it is whole."""
    start, end = at, at
    for _ in range(_TITLE_LINES):
        newline = folded.find("\n", end)
        newline = len(folded) if newline < 0 else newline
        line = trim(folded, end, min(newline, end + _LINE_REACH))
        if line[1] > line[0]:
            if not _may_be_title(folded, line):
                return None
            start = line[0] if start == at else start
            if _is_title(folded[start : line[1]]):
                return (start, line[1])
        end = newline + 1
        if end >= len(folded):
            return None
    return None


def _is_title(words_: str) -> bool:
    """Whether some words end as a plan's title does."""
    return words_[-1:] in _LAST_OF_TITLES and _TITLE_END.search(words_) is not None


def _may_be_title(folded: str, line: Span) -> bool:
    numbered = _NUMBERED.match(folded, line[0]) is not None
    return not numbered and "。" not in folded[slice(*line)] and line[1] - line[0] <= _LONGEST_LINE


def _find_named(folded: str) -> list[Span]:
    """Where titles that the notice names are printed by themselves, above their plans."""
    found: dict[int, int] = {}
    names = _find_names(folded)
    bare = without_blanks(folded) if names else ""
    for name in names:
        for start, end in _find_spaced(folded, bare, without_blanks(name)):
            before = folded[start - 1] if start else "\n"
            if before in _BEFORE_TITLE and not folded.startswith(_BEHIND_TITLE, end):
                found[start] = max(found.get(start, 0), end)
    return sorted(found.items())


def _find_spaced(folded: str, bare: str, name: str) -> Iterator[Span]:
    """Where a name without blanks is printed, with any blanks inside; `bare` has no blanks."""
    if folded.count(name) == bare.count(name):
        # Hardly any title has blanks inside where it is printed.
        at = folded.find(name)
        while at >= 0:
            yield at, at + len(name)
            at = folded.find(name, at + len(name))
        return
    begin = counted = 0
    at = bare.find(name)
    while at >= 0:
        start = find_nth_character(folded, at - counted, begin)
        end = find_nth_character(folded, len(name) - 1, start) + 1
        yield start, end
        begin, counted = end, at + len(name)
        at = bare.find(name, counted)


def _find_names(folded: str) -> list[str]:
    """The titles of plans that the notice issues or quotes, without repeats."""
    names: dict[str, None] = {}
    for pattern in (_ISSUED, _QUOTED):
        for match in pattern.finditer(folded, 0, _NOTICE_REACH):
            for name in (match["name"], *_AND.split(match["name"])):
                if len(name) >= _SHORTEST_TITLE and _is_title(name):
                    names.setdefault(name)
    return list(names)


def _find_title_lines(folded: str, marked: list[int]) -> dict[int, Span]:
    """Lines that are a plan's title and that numbers restart below; none close behind `marked`."""
    found: dict[int, Span] = {}
    for match in _TITLE_LINE.finditer(folded):
        line = match["title"]
        if not _is_title(line.rstrip()) or line.startswith(("关于", "附")):
            continue
        if _NUMBERED.match(folded, match.start() + 1):
            continue
        if match.start() - _last_before(marked, match.start()) < _NEAR:
            continue
        below = _LABEL_LINE.match(folded, match.end())
        if below and below["word"].replace(" ", "") in LABELS:
            continue
        restarts = _FIRST_NUMBER.match(folded, match.end() - 1) is not None
        if restarts and _LIST_BEGIN.search(folded, 0, match.start()):
            found[match.start()] = match.span("title")
    return found


def _last_before(places: list[int], position: int) -> int:
    """The last of these places that is not behind a position."""
    return places[max(0, bisect_right(places, position) - 1)]


def find_attachment_numbers(folded: str, numbers: list[tuple[int, int]]) -> list[int]:
    """The indices of numbers, given as (start, value), that belong to a list of attachments.

    Such a list is 附件:1.某方案 2.某方案, counted from 1 without a sentence between.
    """
    starts = [start for start, _ in numbers]
    found: list[int] = []
    for match in _ATTACHMENTS.finditer(folded):
        index = bisect_left(starts, match.end())
        at, want = match.end(), 1
        while index < len(numbers) and numbers[index][1] == want:
            between = folded[at : starts[index]]
            if (want == 1 and between.strip()) or len(between) > _LONGEST_ENTRY or "。" in between:
                break
            found.append(index)
            at, want, index = starts[index], want + 1, index + 1
    return found
