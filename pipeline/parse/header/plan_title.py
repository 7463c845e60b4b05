"""Find the plan's own title, which differs from that of the notice that covers it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.lexicon import alternation
from pipeline.parse.header.issuer import ENDS_BODY
from pipeline.parse.header.notice_title import LINES_OF_TITLE, FoundTitle, join_title_lines
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
    (?P<verb>印发|转发|批转|下达|公布|发布|实施)(?P<inner>.{4,120}?)
    (?:的(?:通知|通报|函|决定|公告)|(?<=》))$
    """,
    re.VERBOSE,
)
_DOES = (
    r"(?:做好|推广|复制|落实|贯彻|开展|推进|加强|进一步|加快|深入|深化|全面|切实|组织|报送|征集|申报|抓好|"
    r"明确|调整|完善|实施|举办|公开|编制|建立|成立|取消|废止|修改|修订|清理|上报|申请|印发|同意|认真|继续|"
    r"积极|大力|严格|规范|健全|支持|促进|提高|提升|优化|确保|强化)"
)
# 关于|2011年重点工作分工方案|的通知; not 关于做好2011年重点工作的通知; not 关于做好防汛工作的通知, which names no plan.
_ABOUT = re.compile(
    rf"关于(?P<inner>(?!{_DOES}).{{4,100}}?(?:{alternation(PLANS)}))的(?:通知|通报|函)$"
)
# 甲县2021年工作要点|的通知, where the words before the plan are left out.
_BARE = re.compile(
    rf"^(?P<inner>(?:(?!关于|印发|转发).){{4,90}}?(?:{alternation(PLANS)}))的(?:通知|通报|函)$"
)
_IN_QUOTES = r"(?P<inner>[^《》\n]{4,90}(?:《[^《》\n]*》[^《》\n]*)?)"
_QUOTED = re.compile(r"《(?P<inner>[^《》]{4,90}(?:《[^《》]*》[^《》]*)?)》")
_SENDS = r"(?:印\s?发|转\s?发|下\s?达|下\s?发|公\s?布|发\s?布)"
# 现将《2011年重点工作分工方案》印发给你们 · 《2011年重点工作分工方案》已经县政府同意,现印发给你们 ·
# 《2011年重点工作分工方案》现印发给你们 · 我局制定了《2011年重点工作分工方案》,现印发给你们; not 根据《…》, not 印发了《…》.
_ISSUED = re.compile(
    rf"""
      将\s?《{_IN_QUOTES}》[^。《]{{0,20}}?{_SENDS}
    | 《{_IN_QUOTES.replace("inner", "passed")}》
      (?:\s?[和、及与]?\s?《[^《》\n]{{4,90}}》){{0,3}}
      (?:
        \s?(?:已|业|经)[^。《》]{{2,60}}?[,。]\s?(?:现|特|予|请|并)[^。《》]{{0,12}}?
        | \s?现
      )
      {_SENDS}
    | (?:制定|制订|编制|起草|修订|拟定|拟订|形成|提出)了?\s?《{_IN_QUOTES.replace("inner", "made")}》
      [,。][^。《》]{{0,40}}?(?:现|予以)[^。《》]{{0,12}}?{_SENDS}
    """,
    re.VERBOSE,
)
# 转发县教育局制订的|《甲县2021年工作要点》.
_QUOTED_AT_END = re.compile(r"(?:制定|制订|拟定|拟订|报送|提出|起草)的《(?P<inner>[^《》]+)》$")
_OUTER_MARKS = str.maketrans("〈〉", "《》")
_LONGEST_TITLE = 60
# What ends above a title: a sentence, a date, a remark in brackets, 附件.
_ENDS_PART = re.compile(r"[。!)]$|日$|^附件\s?\d{0,2}\s?:?$")
# What a plan begins with: its foreword or its first number.
_BEGINS_PLAN = re.compile(
    r"(?:为|根据|按照|依据|围绕|对照|今年|20\d\d年|坚持|经|[一(（]|第一|1[.、]|序号|$)"
)
_BEGINNING = 8
# 一是制定实施方案 · (三)工作要点 · 《…》: no title.
_NUMBERED = re.compile(r"[《(（]|第|[一二三四五六七八九十]{1,3}[是、要]|\d{1,2}[.、]|各|要|将")
_MOST_LINES = 60
# The notice may leave out the place that the printed title begins with: 盐田区|2011年….
_PLACE_BEFORE = re.compile(r"(?:^|\s)([\u4e00-\u9fff]{2,10}[省市县区州旗盟])$")
_PLACE_REACH = 14
# A quoted title is that of the notice's plan if more of its characters than this are the same.
_SAME_SHARE = 0.7


def find_plan_title(shadow: NormalizedText, end: int, notice: FoundTitle) -> FoundTitle:
    """The plan's title as printed above the plan before `end`, else as the notice names it.

    The title is None where the notice covers nothing and so is the plan itself, and where there
    is neither a notice's title nor a sentence that issues a plan.
    """
    text, after = shadow.text, notice.end
    named = _find_named(shadow, notice.title) if notice.title else None
    issued = _find_issued(shadow, after, end)
    quoted = _find_quoted(text, after, end, named) if named else []
    printed = _find_above_plan(
        text, after, end, [*filter(None, [issued]), *quoted, *filter(None, [named])]
    )
    if printed:
        return printed
    if issued or named:
        return FoundTitle(issued or named, after)
    # 关于某事的意见 is itself the plan; a title above its table is an annex's.
    simple = simplify(notice.title or "")
    if simple.endswith(tuple(FORMS)) and not simple.endswith("意见"):
        above = _find_last_lines(shadow.folded, after, end)
        if above:
            return FoundTitle(without_blanks(text[slice(*above)]), above[1])
    behind = None if notice.title else _find_behind_prose(shadow, end)
    return behind or FoundTitle(None, after)


def _find_named(shadow: NormalizedText, title: str) -> str | None:
    """The plan that the title of a covering notice names, without its marks 《》."""
    simple = title if shadow.folded is shadow.plain else simplify(title)
    for pattern in (_WRAPPED, _ABOUT, _BARE):
        match = pattern.search(simple)
        if match is None:
            continue
        inner = title[slice(*match.span("inner"))]
        quoted = _QUOTED.fullmatch(inner) or _QUOTED_AT_END.search(inner)
        inner = quoted["inner"] if quoted else inner
        if match.groupdict().get("verb") == "印发" or any(word in match["inner"] for word in PLANS):
            return inner[1:-1] if inner[0] in "《〈" and inner[-1] in "》〉" else inner
    return None


def _find_issued(shadow: NormalizedText, start: int, end: int) -> str | None:
    """The first plan that the text says it issues: 现将《…》印发给你们; inner marks 〈〉 as 《》."""
    match = _ISSUED.search(shadow.folded, start, end)
    if match is None:
        return None
    title = without_blanks(shadow.text[slice(*match.span(match.lastgroup or 0))])
    return title if "《" in title else title.translate(_OUTER_MARKS)


def _find_quoted(text: str, start: int, end: int, named: str) -> list[str]:
    """The plans that the notice's text quotes in 《》 and that have the characters of the named one."""
    quoted = [m["inner"] for m in _QUOTED.finditer(text, start, end) if "\n" not in m[0]]
    return [
        title
        for title in quoted
        if ENDS_TITLE.search(title)
        and title[-2:] == named[-2:]
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


def _find_behind_prose(shadow: NormalizedText, end: int) -> FoundTitle | None:
    """A title on lines of its own behind a sentence, a date or a remark, where the plan begins."""
    text, folded = shadow.text, shadow.folded
    lines = [m.span() for m in TITLE_LINE.finditer(folded, 0, end) if m[0].strip()]
    for at, before in enumerate(lines[:_MOST_LINES], 1):
        above = folded[slice(*before)].strip()
        if not (_ENDS_PART.search(above) or ENDS_BODY.search(above)):
            continue
        found = join_title_lines(text, folded, lines[at : at + LINES_OF_TITLE])
        if found is None or not found.title or not _is_plain_title(found.title):
            continue
        if _BEGINS_PLAN.match(folded[found.end :].lstrip()[:_BEGINNING]):
            return found
    return None


def _is_plain_title(title: str) -> bool:
    """Whether words on lines of their own are a title and no part of a sentence."""
    return (
        len(title) <= _LONGEST_TITLE
        and not set(title) & set(",，。;；:：、")
        and not _NUMBERED.match(title)
    )
