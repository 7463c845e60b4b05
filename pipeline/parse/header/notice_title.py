"""Find the title of the published document, which is the covering notice's where it has one."""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.dates import find_date
from pipeline.lexicon import alternation, words
from pipeline.parse.header.document_number import NUMBER
from pipeline.parse.header.page_keys import KEY, KeyedValues, Span
from pipeline.parse.header.printed import ENDS_TITLE, FORMS, TITLE_LINE, find_printed, simplify
from pipeline.parse.normalize import NormalizedText
from pipeline.text import without_blanks

_FURNITURE = re.compile(alternation(words("boilerplate", "furniture")))
_FORM = alternation(FORMS)
# A title begins in one of the first lines, on a line no longer than this.
_MOST_LINES, _LONGEST_LINE, _LONGEST_TITLE = 30, 80, 150
_LINES_OF_TITLE = 4
# A line of prose that is no longer than this means that the text has begun without a title.
_LONGEST_PROSE = 600
# The title of a covering notice goes on to the next line until it names its kind.
_COVERS = re.compile(r"关于(?:印发|转发|批转|下达|公布)")
_COVERED = re.compile(rf"的\s?(?:{_FORM}|通\s知)\s*(?:\([^)]*\)\s*)?$")
# …的通知(深盐办[2011]37号): the number is no part of the title.
_NUMBER_BEHIND = re.compile(r"[(（][^()（）]*号[)）]$")
_TOKEN = re.compile(r"(?:^|(?<=\s))(?P<title>[^\s。;:《]{8,70})(?=\s)")
# A title is this near to the end of the line above a plan, or to the start of a line.
_ABOVE_PLAN, _LINE_HEAD = 12, 400
# 深盐办[2011]37号 关于印发…的通知|各街道办事处: the title at the start of a long line, up to a number,
# the addressees or a blank.
_RUN_ON = re.compile(
    rf"""
    (?:[^。:]{{0,24}}?\d{{4}}[\])]\d{{1,4}}号)?\s*
    (?P<title>[^。:;\n]{{0,40}}?(?:关于|印发)[^。:;\n]{{4,90}}?的?(?:{_FORM}))
    (?=
        [\u4e00-\u9fff]{{1,8}}[\[(]20
        | 各 | 区直 | 市直 | 县直 | \s
        | [\u4e00-\u9fff]{{2,10}}[,、:]
    )
    """,
    re.VERBOSE,
)
# 首页 政务公开 某某区关于印发…的通知…: the title behind a blank or a number.
_RUN_ON_LATER = re.compile(
    rf"""
    (?:^|[ 号])
    (?P<title>[^。:; \n]{{0,40}}关于(?:印发|下达|转发|批转|公布)[^。:;\n]{{4,90}}?的(?:{_FORM}))
    """,
    re.VERBOSE,
)
_RUN_ON_REACH = 1500


class FoundTitle(NamedTuple):
    """A title without blanks, or None, and the offset where its printing ends."""

    title: str | None
    end: int


_NO_TITLE = FoundTitle(None, 0)


def find_notice_title(
    shadow: NormalizedText, end: int, keyed: KeyedValues, page_title: str
) -> FoundTitle:
    """The title of the document: the page's own, that beside the page's key, or the one in the text.

    `page_title` counts only where the text before `end` prints it.
    """
    text = shadow.text
    title = without_blanks(page_title)
    if title and len(title) < _LONGEST_TITLE and ENDS_TITLE.search(simplify(title)):
        printed = find_printed(text, 0, end, title, last=True)
        if printed:
            return FoundTitle(title, printed[1])
    if "notice_title" in keyed:
        a, b = keyed["notice_title"]
        title = without_blanks(text[a:b]) if b - a < _LONGEST_TITLE else ""
        if title:
            printed = find_printed(text, 0, end, title, last=True)
            return FoundTitle(title, printed[1] if printed else b)
    return _find_in_lines(text, shadow.folded, end)


def _find_in_lines(text: str, folded: str, end: int) -> FoundTitle:
    """A title on lines of its own, or run into the words behind it on one long line."""
    lines = [m.span() for m in TITLE_LINE.finditer(folded, 0, end) if m[0].strip()]
    for first, (a, b) in enumerate(lines[:_MOST_LINES]):
        said = folded[a:b].strip()
        if len(said) <= _LONGEST_LINE and _is_noise(folded, a, said):
            continue
        if _is_prose(said):
            span = _find_in_prose(folded, a, b, end)
            if span:
                return FoundTitle(without_blanks(text[slice(*span)]), span[1])
            if "。" in said and len(said) < _LONGEST_PROSE:
                return _NO_TITLE
            continue
        found = _join_lines(text, folded, lines[first : first + _LINES_OF_TITLE])
        if found:
            return found
    return _NO_TITLE


def _is_prose(line: str) -> bool:
    """Whether a line is no title for its stop, colon or length."""
    return "。" in line or line.endswith(":") or len(line) > _LONGEST_LINE


def _is_noise(folded: str, start: int, line: str) -> bool:
    """Whether a line above a title is no part of it: a key, a number, a path of menus, 某某文件."""
    return bool(
        KEY.match(folded, start)
        or _is_date_or_number(line)
        or line.endswith("文件")
        or ">" in line
        or _FURNITURE.search(line)
    )


def _is_date_or_number(line: str) -> bool:
    """Whether a line is only a date, a number or a rule: (2011年7月22日), (深盐办[2011]37号), ----."""
    bare = line.strip("() ")
    date = find_date(bare)
    if date and date.span() == (0, len(bare)):
        return True
    number = NUMBER.search(bare)
    return bool(number and number.span() == (0, len(bare))) or set(bare) <= set("=-—_* ")


def _join_lines(text: str, folded: str, lines: list[Span]) -> FoundTitle | None:
    """The first lines that together are a title; a covering notice's goes on to 的通知."""
    covers = False
    for count, (a, b) in enumerate(lines, 1):
        said = folded[a:b].strip()
        if _is_prose(said) or _is_date_or_number(said) or "_" in said or "|" in said:
            return None
        covers = covers or _COVERS.search(said) is not None
        if (_COVERED if covers else ENDS_TITLE).search(said):
            joined = "".join(without_blanks(text[x:y]) for x, y in lines[:count])
            bare = _NUMBER_BEHIND.sub("", joined)
            return FoundTitle(bare, b) if len(bare) < _LONGEST_TITLE else None
    return None


def _find_in_prose(folded: str, start: int, end: int, limit: int) -> Span | None:
    """The span of a title on a long line: between blanks, at the line's start, or behind a blank."""
    token = _find_token(folded, start, min(end, limit))
    if token:
        return token
    match = _RUN_ON.match(folded, start, end)
    match = match or _RUN_ON_LATER.search(folded, start, min(end, start + _RUN_ON_REACH))
    return match.span("title") if match else None


def _find_token(folded: str, start: int, end: int) -> Span | None:
    """A title with blanks round it: the last where it is straight above the plan, else the first."""
    titles = [
        m.span("title")
        for m in _TOKEN.finditer(folded, start, end)
        if ENDS_TITLE.search(m["title"]) and "关于" not in m["title"]
    ]
    if titles and end - titles[-1][1] < _ABOVE_PLAN:
        return titles[-1]
    return titles[0] if titles and titles[0][0] - start < _LINE_HEAD else None
