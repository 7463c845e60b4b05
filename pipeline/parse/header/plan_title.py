"""Find the plan's own title, which differs from that of the notice that covers it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.lexicon import alternation
from pipeline.parse.header.notice_title import FoundTitle
from pipeline.parse.header.page_keys import Span
from pipeline.parse.header.printed import (
    ENDS_TITLE,
    FORMS,
    PLANS,
    TITLE_LINE,
    find_printed,
    simplify,
)
from pipeline.parse.normalize import NormalizedText
from pipeline.text import trim, without_blanks

# 关于印发|盐田区2011年重点改革计划|的通知.
_WRAPPED = re.compile(
    r"""
    (?:印发|转发|批转|下达|公布|发布|实施)(?P<inner>.{4,120}?)
    的(?:通知|通报|函|决定|公告)$
    """,
    re.VERBOSE,
)
# 关于|2011年重点工作分工方案|的通知; not 关于做好防汛工作的通知, which names no plan.
_ABOUT = re.compile(rf"关于(?P<inner>.{{4,100}}?(?:{alternation(PLANS)}))的(?:通知|通报|函)$")
_QUOTED = re.compile(r"《(?P<inner>[^《》]{4,90}(?:《[^《》]*》[^《》]*)?)》")
# 现将《2011年重点工作分工方案》印发给你们; not 根据《…》.
_ISSUED = re.compile(
    r"""
    将《(?P<inner>[^《》\n]{4,90}(?:《[^《》]*》[^《》]*)?)》
    [^。]{0,20}?(?:印发|下达|下发|公布)
    """,
    re.VERBOSE,
)
_LONGEST_TITLE = 60
# The notice may leave out the place that the printed title begins with: 盐田区|2011年….
_PLACE_BEFORE = re.compile(r"(?:^|\s)([\u4e00-\u9fff]{2,10}[省市县区州旗盟])$")
_PLACE_REACH = 14
# A quoted title is that of the notice's plan if more of its characters than this are the same.
_SAME_SHARE = 0.7


def find_plan_title(shadow: NormalizedText, end: int, notice: FoundTitle) -> FoundTitle:
    """The plan's title as printed above the plan before `end`, else as the notice names it.

    The title is None where the notice covers nothing and so is the plan itself.
    """
    text, after = shadow.text, notice.end
    named = _find_named(shadow, notice.title) if notice.title else None
    if named:
        quoted = _find_quoted(text, after, end, named)
        return _find_above_plan(text, after, end, [*quoted, named]) or FoundTitle(named, after)
    if not notice.title:
        return FoundTitle(None, after)
    issued = [
        m["inner"] for m in _ISSUED.finditer(text, after, end) if ENDS_TITLE.search(m["inner"])
    ]
    printed = _find_above_plan(text, after, end, issued)
    if printed:
        return printed
    # 关于某事的意见 is itself the plan; a title above its table is an annex's.
    simple = simplify(notice.title)
    if simple.endswith(tuple(FORMS)) and not simple.endswith("意见"):
        above = _find_last_lines(shadow.folded, after, end)
        if above:
            return FoundTitle(without_blanks(text[slice(*above)]), above[1])
    return FoundTitle(None, after)


def _find_named(shadow: NormalizedText, title: str) -> str | None:
    """The plan that the title of a covering notice names, without its marks 《》."""
    simple = title if shadow.folded is shadow.plain else simplify(title)
    for pattern in (_WRAPPED, _ABOUT):
        match = pattern.search(simple)
        if match and any(word in match["inner"] for word in PLANS):
            inner = title[slice(*match.span("inner"))]
            return inner[1:-1] if inner[0] in "《〈" and inner[-1] in "》〉" else inner
    return None


def _find_quoted(text: str, start: int, end: int, named: str) -> list[str]:
    """The plans that the notice's text quotes in 《》 and that have the characters of the named one."""
    quoted = [m["inner"] for m in _QUOTED.finditer(text, start, end) if "\n" not in m[0]]
    return [
        title
        for title in quoted
        if ENDS_TITLE.search(title)
        and not title.startswith(("关于", "中华"))
        and len(set(title) & set(named)) > _SAME_SHARE * len(set(title))
    ]


def _find_above_plan(text: str, start: int, end: int, titles: Sequence[str]) -> FoundTitle | None:
    """The first of some titles that is printed by itself, as printed."""
    for title in titles:
        printed = _find_unquoted(text, start, end, title)
        if printed:
            return FoundTitle(without_blanks(text[slice(*printed)]), printed[1])
    return None


def _find_unquoted(text: str, start: int, end: int, title: str) -> Span | None:
    """The last printing of a title, unless it is quoted in 《》."""
    found = find_printed(text, start, end, title, last=True)
    if found is None or text[max(0, found[0] - 1)] in "《〈":
        return None
    place = _PLACE_BEFORE.search(text[max(0, found[0] - _PLACE_REACH) : found[0]])
    return (found[0] - len(place[1]), found[1]) if place else found


def _find_last_lines(folded: str, start: int, end: int) -> Span | None:
    """A title on one of the last three lines above the first item."""
    lines = [m.span() for m in TITLE_LINE.finditer(folded, start, end) if m[0].strip()]
    for line in reversed(lines[-3:]):
        a, b = trim(folded, *line)
        said = folded[a:b]
        if len(said) <= _LONGEST_TITLE and ENDS_TITLE.search(said) and not set(said) & set("。:;"):
            return a, b
    return None
