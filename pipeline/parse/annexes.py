"""One notice, several plans: where each annex begins, and its title.

Numbering restarts with every annex, so each is outlined alone.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import NamedTuple

from pipeline.lexicon import alternation, words
from pipeline.parse.clauses.labels import LABELS
from pipeline.text import trim

Span = tuple[int, int]

_PLANS = alternation(words("document_types", "plan"))
# 附件1, 附件一:, 附表2 at a line's start or behind a blank; its title follows on the line or below.
_MARK = re.compile(
    r"附(?:件|表|录)? ?(?P<n>\d{1,2}|[一二三四五六七八九十]{1,2})?(?: ?[::]| |(?=\n)|(?=[《〈]?(?:20\d\d|[\u4e00-\u9fff]{2,})))"
)
_TITLE_LINE = re.compile(r"\n[ \t]*(?P<title>[^\n。;:、(\t|][^\n。;:\t|]{3,88})(?=\n)")
_FIRST_NUMBER = re.compile(r"[\s\S]{0,1500}?\n[ \t]*(?:一[、.]|\(一\)|1[、.](?!\d)|\(1\)|序号)")
# A line above a label line is a task: 某市停车管理办法, and below it 起草单位:某局.
_LABEL_LINE = re.compile(r"\n[ \t]*(?P<word>[\u4e00-\u9fff ]{2,12}):")
_BEFORE_MARK = "\n \t。)"
_LIST_ENTRY = re.compile(r"\s*(?:\d{1,2}[.、]|《)")
_NUMBERED = re.compile(
    r"[ \t]*(?:[一二三四五六七八九十]{1,4}[、.]|\(|\d{1,3}[、.)]|第[一二三四五六七八九十])"
)
# A title this close behind an annex mark is that annex's.
_NEAR = 60
# What an annex holds at least; a mark with less behind it stands in a list of attachments.
_FEWEST = 120


class Annex(NamedTuple):
    """A stretch of the document that is numbered by itself, and where its title stands."""

    start: int
    end: int
    title: Span | None


def find_annexes(folded: str, tables: list[Span]) -> list[Annex]:
    """The stretches of a document: the notice or plan itself, then each annex.

    `folded` has line breaks where `tables` stand.
    """
    starts: dict[int, Span | None] = {0: None}
    for match in _MARK.finditer(folded):
        before = folded[match.start() - 1] if match.start() else "\n"
        if before not in _BEFORE_MARK or _LIST_ENTRY.match(folded, match.end()):
            continue
        starts[match.start()] = _title_behind(folded, match.end())
    marked = sorted(starts)
    for title in _find_named(folded):
        near = _before(marked, title[0] + 4)
        starts[near if near and title[0] - near < _NEAR else title[0]] = title
    marked = sorted(starts)
    for match in _TITLE_LINE.finditer(folded):
        line = match["title"]
        if not _ENDS.search(line.rstrip()) or line.startswith(("关于", "附")):
            continue
        if _NUMBERED.match(folded, match.start() + 1):
            continue
        if match.start() - _before(marked, match.start()) < _NEAR:
            continue
        below = _LABEL_LINE.match(folded, match.end())
        if below and below["word"].replace(" ", "") in LABELS:
            continue
        restarts = _FIRST_NUMBER.match(folded, match.end() - 1) is not None
        if restarts and _numbers_before(folded, match.start()):
            starts[match.start()] = match.span("title")
    places = sorted(starts)
    annexes: list[Annex] = []
    for start, end in zip(places, [*places[1:], len(folded)], strict=True):
        held = any(start <= a < end for a, _ in tables)
        whole = held or _BEGUN.search(folded, start, end) is not None
        if annexes and not whole and len(folded[start:end].strip()) < _FEWEST:
            annexes[-1] = annexes[-1]._replace(end=end)
        else:
            annexes.append(Annex(start, end, starts[start]))
    return annexes


def _before(places: list[int], position: int) -> int:
    """The last of these places that is not behind a position."""
    return places[max(0, bisect_right(places, position) - 1)]


_ISSUED = re.compile(
    rf"(?:印发|下达|转发|公布|批转)《?(?P<name>[^《》。;:\n]{{5,90}}?(?:{_PLANS})(?:\([^()]{{1,16}}\))?)》?的通知"
)
_QUOTED = re.compile(rf"《(?P<name>[^《》\n]{{5,80}}?(?:{_PLANS})(?:\([^()]{{1,16}}\))?)》")
_AND = re.compile(r"和|及|、|》《")
_NOTICE_REACH = 2500
_SHORTEST_TITLE = 8


def _find_named(folded: str) -> list[Span]:
    """Where the titles that the notice names are printed by themselves, above their plans."""
    names: dict[str, None] = {}
    for pattern in (_ISSUED, _QUOTED):
        for match in pattern.finditer(folded, 0, _NOTICE_REACH):
            for name in (match["name"], *_AND.split(match["name"])):
                if len(name) >= _SHORTEST_TITLE and _ENDS.search(name):
                    names.setdefault(name)
    found: dict[int, int] = {}
    for name in names:
        spaced = re.compile(r"\s*".join(map(re.escape, "".join(name.split()))))
        for match in spaced.finditer(folded):
            start, end = match.span()
            before = folded[start - 1] if start else "\n"
            if before not in " \n\t日)" or folded[end : end + 1] in ("》", "〉", "的", "已"):
                continue
            found[start] = max(found.get(start, 0), end)
    return sorted(found.items())


def _numbers_before(folded: str, position: int) -> bool:
    """Whether a list has begun before, so that numbers below this title begin anew."""
    return _BEGUN.search(folded, 0, position) is not None


_BEGUN = re.compile(r"\n[ \t]*(?:一[、.]|\(一\)|1[、.](?!\d))")


def _title_behind(folded: str, at: int) -> Span | None:
    """The title behind an annex mark: the rest of its line, or the next lines until it is whole."""
    start, end = at, at
    for _ in range(3):
        newline = folded.find("\n", end)
        newline = len(folded) if newline < 0 else newline
        line = trim(folded, end, min(newline, end + 200))
        if line[1] > line[0]:
            if (
                _NUMBERED.match(folded, line[0])
                or "。" in folded[slice(*line)]
                or line[1] - line[0] > 70
            ):
                break
            start = line[0] if start == at else start
            if _ENDS.search(folded, start, line[1]):
                return (start, line[1])
        end = newline + 1
        if end >= len(folded):
            break
    return None


_ENDS = re.compile(rf"(?:{_PLANS})(?:\([^()\n]{{1,20}}\))?\Z")


def find_attachment_numbers(folded: str, numbers: list[tuple[int, int]]) -> list[int]:
    """Which of these numbers, as (start, value), belong to a list of attachments: 附件:1.…2.…"""
    starts = [start for start, _ in numbers]
    dropped: list[int] = []
    for match in _ATTACHMENTS.finditer(folded):
        index = bisect_left(starts, match.end())
        at, want = match.end(), 1
        while index < len(numbers) and numbers[index][1] == want:
            between = folded[at : starts[index]]
            if (want == 1 and between.strip()) or len(between) > _ENTRY or "。" in between:
                break
            dropped.append(index)
            at, want, index = starts[index], want + 1, index + 1
    return dropped


# A list's entry, an attachment's title, is no longer than this.
_ENTRY = 90
_ATTACHMENTS = re.compile(r"附件? ?: ?(?=\s*(?:\d|《))")
