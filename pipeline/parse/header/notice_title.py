"""Find the title of the published document, which is the covering notice's where it has one."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from pipeline.dates import find_date
from pipeline.lexicon import alternation, words
from pipeline.names.gazetteer import NO_HOME, find_longest
from pipeline.parse.header.document_number import NUMBER
from pipeline.parse.header.issuer import ENDS_BODY
from pipeline.parse.header.page_keys import KEY, KeyedValues, Span
from pipeline.parse.header.printed import ENDS_TITLE, FORMS, TITLE_LINE, find_printed, simplify
from pipeline.parse.normalize import NormalizedText
from pipeline.text import without_blanks

_FURNITURE = re.compile(alternation(words("boilerplate", "furniture")))
_FORM = alternation(FORMS)
# A title begins in one of the first lines, on a line no longer than this.
_MOST_LINES, _LONGEST_LINE, _LONGEST_TITLE = 30, 80, 150
LINES_OF_TITLE = 8
# A line is looked at with each of the lines above it, so what it is is remembered: of so many lines.
_REMEMBERED = 1 << 8
# 各街道办事处,区直各单位: · 委各相关单位: no title of a notice follows its addressees.
_ADDRESSEES = re.compile(r"(?!关于)[^。:]{0,12}(?:各|有关|相关)[^。:]{1,200}:$")
# A line of prose that is no longer than this means that the text has begun without a title.
_LONGEST_PROSE = 600
# The title of a covering notice goes on to the next line until it names its kind.
_COVERS = re.compile(r"关于(?:印发|转发|批转|下达|公布)|印发(?=关于|《)")
_COVERED = re.compile(rf"的(?:{_FORM})(?:\([^)]*\))?$")
# 甲县人民政府印发《甲县2021年工作要点》: a title without 的通知, where a number or date follows.
_ISSUES_QUOTED = re.compile(r"印发《[^《》]*(?:《[^《》]*》[^《》]*)?》$")
# …的通知(深盐办[2011]37号): the number is no part of the title.
_NUMBER_BEHIND = re.compile(
    r"(?:[(（][^()（）]*号[)）]|[\u4e00-\u9fff]{2,14}[\[〔(（](?:19|20)\d\d[\]〕)）]\d{1,5}号)$"
)
# …的通知(2023年3月9日): collections print the day behind the title.
DAY_BEHIND = re.compile(r"[(（](?P<day>20\d\d年\d{1,2}月\d{1,2})日?[)）]$")
# …的通知(2023年3月9日)|各区人民政府: a wrapped title whose last line runs into the addressees.
_RUNS_ON = re.compile(
    rf"的\s?(?:{_FORM})\s?\(\s?20\d\d\s?年\s?\d{{1,2}}\s?月\s?\d{{1,2}}\s?日?\s?\)(?=\S)"
)
# 甲县2021年重点工作|责任分工方案: what a title may go on from, and a last line that belongs to it.
_MAY_GO_ON = re.compile(r"(?:工作|任务|目标|项目|实事|事项|工程|分工|分解|指标)$")
_LAST_LINE = re.compile(
    r"[\u4e00-\u9fff]{0,10}(?:方案|计划|要点|[表书]|清单|意见|措施|举措|安排|台账)(?:\([^()]*\))?"
)
# --- 第12页 --- and # Page 454: are marks between pages; 附件1: above a title is no part of it.
_MARK_LINE = re.compile(
    r"[-=—#\s]*(?:第\s?\d+\s?页|page\s?\d+)[-=—:\s]*|附件\s?\d{0,2}\s?:?", re.IGNORECASE
)
# A heading above a title (考核依据) is no part of it where the title begins with its place.
_OPENS_TITLE = re.compile(r"关于|中共|国务院|国家|中央")
_GOES_ON = re.compile(r"(?:关于|印发|转发|批转|下达|《|、|和|与|的)$")
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
_CITES = re.compile(r"^(?:根据|按照|依据|为|[)、,])|^[^《]*?[,。].*?(?:关于|印发)|印发了")
_ONE_QUOTE = str.maketrans("〈〉<>", "《》《》")
# The interpretation of a document is named after it: 《…实施意见》解读.
_EXPLAINS = ("解读", "问答", "说明")


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
    title = without_day(without_blanks(page_title))
    ends = ENDS_TITLE.search(simplify(title)) or title.endswith(_EXPLAINS)
    if title and len(title) < _LONGEST_TITLE and ends:
        printed = find_printed(text, 0, end, title, last=True)
        if printed:
            return FoundTitle(title, printed[1])
    if "notice_title" in keyed:
        a, b = keyed["notice_title"]
        title = without_day(without_blanks(text[a:b])) if b - a < _LONGEST_TITLE else ""
        if title:
            printed = find_printed(text, 0, end, title, last=True)
            return FoundTitle(title, printed[1] if printed else b)
    return _find_in_lines(text, shadow.folded, end)


def without_day(title: str) -> str:
    """A title without the day that a collection prints behind it."""
    return DAY_BEHIND.sub("", title)


def _find_in_lines(text: str, folded: str, end: int) -> FoundTitle:
    """A title on lines of its own, or run into the words behind it on one long line."""
    lines = [m.span() for m in TITLE_LINE.finditer(folded, 0, end) if _has_words(m[0])]
    for first, (a, b) in enumerate(lines[:_MOST_LINES]):
        said = folded[a:b].strip()
        if len(said) <= _LONGEST_LINE and _is_noise(folded, a, said):
            continue
        if _ADDRESSEES.match(said):
            return _NO_TITLE
        if is_prose(said) and not _RUNS_ON.search(folded, a, b):
            span = _find_in_prose(folded, a, b, end)
            if span:
                return FoundTitle(without_blanks(text[slice(*span)]), span[1])
            if "。" in said and len(said) < _LONGEST_PROSE:
                return _NO_TITLE
            continue
        found = join_title_lines(text, folded, lines[first : first + LINES_OF_TITLE])
        if found:
            return found
    return _NO_TITLE


def _has_words(line: str) -> bool:
    """Whether a line is neither blank nor a mark between pages."""
    bare = line.strip()
    return bool(bare) and _MARK_LINE.fullmatch(bare) is None


def is_prose(line: str) -> bool:
    """Whether a line is no title for its stop, colon or length."""
    if "。" in line or line.endswith(":") or len(line) > _LONGEST_TITLE:
        return True
    bare = without_blanks(line)
    return len(line) > _LONGEST_LINE and not (_COVERS.search(bare) and _COVERED.search(bare))


def _is_noise(folded: str, start: int, line: str) -> bool:
    """Whether a line above a title is no part of it: a key, a number, a path of menus, 某某文件."""
    return bool(
        KEY.match(folded, folded.index(line, start))
        or _is_date_or_number(line)
        or line.endswith("文件")
        or ">" in line
        or _FURNITURE.search(line)
    )


@lru_cache(_REMEMBERED)
def _is_date_or_number(line: str) -> bool:
    """Whether a line is only a date, a number or a rule: (2011年7月22日), (深盐办[2011]37号), ----."""
    bare = line.strip("() ")
    date = find_date(bare)
    if date and date.span() == (0, len(bare)):
        return True
    number = NUMBER.search(bare) if "号" in bare else None
    return bool(number and number.span() == (0, len(bare))) or set(bare) <= set("=-—_* ")


def join_title_lines(text: str, folded: str, lines: list[Span]) -> FoundTitle | None:
    """The first lines that together are a title; a covering notice's goes on to 的通知."""
    joined = ""
    for count, (a, b) in enumerate(lines, 1):
        said = folded[a:b].strip()
        runs_on = _RUNS_ON.search(folded, a, b)
        if runs_on and _COVERS.search(joined + without_blanks(folded[a : runs_on.end()])):
            return _as_title(text, folded, [*lines[: count - 1], (a, runs_on.end())])
        if is_prose(said) or _is_date_or_number(said) or "_" in said or "|" in said:
            quoted = _ISSUES_QUOTED.search(joined) if count > 1 else None
            return _as_title(text, folded, lines[: count - 1]) if quoted else None
        joined += without_blanks(said)
        covers = _COVERS.search(joined) is not None
        ends = (_COVERED if covers else ENDS_TITLE).search(_NUMBER_BEHIND.sub("", joined))
        if ends and not _goes_on(joined, folded, lines[count : count + 1]):
            return _as_title(text, folded, lines[:count])
    return None


def _goes_on(joined: str, folded: str, following: list[Span]) -> bool:
    """Whether a title that could end goes on: 甲县2021年重点工作|责任分工方案."""
    line = without_blanks(folded[slice(*following[0])]) if following else ""
    return bool(_MAY_GO_ON.search(joined)) and bool(_LAST_LINE.fullmatch(line))


def _as_title(text: str, folded: str, lines: list[Span]) -> FoundTitle | None:
    """The title on some lines, without a heading above it and a number or day behind it."""
    first = _find_first_line([folded[a:b].strip() for a, b in lines])
    joined = "".join(without_blanks(text[a:b]) for a, b in lines[first:])
    bare = without_day(_NUMBER_BEHIND.sub("", joined))
    return FoundTitle(bare, lines[-1][1]) if len(bare) < _LONGEST_TITLE else None


def _find_first_line(lines: list[str]) -> int:
    """Where a title begins: behind a heading, on a line with the title's own place or year."""
    head = lines[0]
    is_heading = not (
        _OPENS_TITLE.match(head)
        or _GOES_ON.search(head)
        or ENDS_BODY.search(head)
        or _begins_title(head)
    )
    if not is_heading:
        return 0
    return next((at for at, line in enumerate(lines) if at and _begins_title(line)), 0)


def _begins_title(line: str) -> bool:
    """Whether a line begins with a place that the table has: 石城县2018年度…."""
    return find_longest(line, NO_HOME) is not None


def _find_in_prose(folded: str, start: int, end: int, limit: int) -> Span | None:
    """The span of a title on a long line: between blanks, at the line's start, or behind a blank."""
    token = _find_token(folded, start, min(end, limit))
    if token:
        return token
    at_start = _RUN_ON.match(folded, start, end)
    later = _RUN_ON_LATER.finditer(folded, start, min(end, start + _RUN_ON_REACH))
    matches = [at_start, *later] if at_start else later
    return next((m.span("title") for m in matches if not _is_citation(m["title"])), None)


def _is_citation(title: str) -> bool:
    """Whether words that look like a title are those of a sentence that cites one.

    2021年11月,我局印发了《…》的通知 · …55号)、《…关于印发…的通知 · 根据…关于印发…的通知
    """
    quotes = title.translate(_ONE_QUOTE)
    closed = quotes.count("《") == quotes.count("》") and quotes.find("》") >= quotes.find("《")
    return not closed or _CITES.search(title) is not None


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
