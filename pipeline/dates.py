"""Parse dates (2011年7月22日) and deadline phrases (6月底前完成) into days and their precision."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from typing import NamedTuple

from pipeline.lexicon import alternation, words
from pipeline.text import fold, parse_numeral, without_blanks

_CHINESE_DIGIT = "〇零O0一二三四五六七八九"
_DATE = re.compile(
    # It begins with a set, which makes the search of a long text several times faster.
    rf"(?P<y>[12一二](?:(?<=1)9\d\d|(?<=2)0\d\d|(?<=[一二])[{_CHINESE_DIGIT}]{{3}}))\s?(?:年|[-/.])\s?"
    r"(?P<m>\d{1,2}|[一二三四五六七八九十]{1,2})\s?(?:月|[-/.])\s?"
    r"(?P<d>\d{1,2}|[一二三四五六七八九十]{1,3})\s?日?"
)
_NUMERAL = "[一二三四五六七八九十]"
_ENDING = "(?:年?[底末终]|年?度?内)"
# One time expression of a deadline phrase without blanks; its groups tell which:
#   [2020年|今年|明年]6月[15日|上旬|底]; 2020.6[.30]; [2020年]第三季度; [2020年]上半年; 2020年底, 年内, 全年;
#   2020年, 今年; 2020-2022[年]. The start of the year (年初) and its middle (年中) name no day.
_TOKEN = re.compile(
    rf"""
      (?P<first>20\d\d)年?(?:[-—–~至到]+)(?P<last>20\d\d)(?:年度?{_ENDING}?|(?!\d))(?!\d*月)
    | (?P<y2>20\d\d)[./-](?P<m2>\d{{1,2}})(?:[./-](?P<d2>\d{{1,2}}))?(?![\d月])
    | (?:(?P<y>20\d\d)[年./-]|(?P<next>明年|次年|翌年|下一?年度?)|(?P<this>今年|本年度?|当年))?
      (?:
        (?P<m>\d{{1,2}}|{_NUMERAL}{{1,2}})月份?
        (?:(?P<d>\d{{1,2}}|{_NUMERAL}{{1,3}})[日号]|(?P<third>上中旬|中下旬|上旬|中旬|下旬|初|中|底|末))?
      | (?:年?度)?第?(?P<q>[一二三四1234])季度
      | (?:年?度)?(?P<h>上半年|下半年)
      | (?P<end>{alternation(words("due_phrases", "year"))})
      )
    | (?:(?P<y3>20\d\d)年度?|(?P<next3>明年|次年|翌年|下一?年度?)|(?P<this3>今年|本年度?|当年))
      (?:{_ENDING}|(?![\d年]|[初中](?!小)))
    """,
    re.VERBOSE,
)
# 6.30前: month and day with a point, only as the whole phrase; not 3.5亿元.
_POINTED = re.compile(r"(\d{1,2})\.(\d{1,2})(?:日?[前底]|)(?:完成)?")
# 6月底前完成,并于2021年3月验收: the day is that of the completion, not of a later step.
_COMPLETED = re.compile(alternation(words("due_phrases", "done")))
_THIRDS = {"上旬": 10, "上中旬": 20, "初": 10, "中旬": 20, "中": 20}
_ONGOING = re.compile(alternation(words("due_phrases", "ongoing")))
# A day that no calendar tells: 汛期前, 高考前, 验收前, 6个月内, 月底 without its month; not 目前.
_EVENT = re.compile(
    rf"""
      {alternation((*words("due_phrases", "event"), *words("due_phrases", "vague")))}
    | [\u4e00-\u9fff](?<![年月日号底末初旬度终内中半之以目提当空])(?:之|以)?前(?![列茅瞻沿端期提])
    | (?<![\d一二三四五六七八九十])月(?:[底末初]|[上中下]旬)
    | 个月 | \d(?:个?工作)?[日天]内 | (?<!\d)年前
    """,
    re.VERBOSE,
)
# 2023年6月起: the day of the beginning, with no end behind it.
_BEGINS = re.compile("起(?![至到-])|开始")
_REMARK = re.compile(r"[(\[][^()\[\]]*[)\]]")
_CHINESE_YEAR = re.compile(f"[二][{_CHINESE_DIGIT}]{{3}}(?=年)")
# A date with blanks anywhere, as texts of PDF files have them: 2023 年6 月 底前, 2 0 2 3 年 第 三 季度;
# not 3 月嫂培训, where 3 is the number of an item. Each ~ is a place where a blank may be.
_SPACED_MONTH = r"""
    (?:1[ ]?[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])~月(?![嫂饼子光亮季球湖度均薪租报收销])
    (?:~(?:(?:[12][ ]?\d|3[ ]?[01]|0?[1-9]|[一二三四五六七八九十]{1,3})~[日号]|[上中下]~旬|[底末初份]))?
"""
# A blank with a character of a date on either side, and how far a date reaches from it.
_DATE_BLANK = re.compile(
    r" (?=[年月日季底末前内初度半之以第上下\d])(?<=[\d年月季度半第底末二〇零一三四五六七八九十].)"
)
_LONGEST_DATE = 30
_SPACED_DATE = re.compile(
    rf"""
    (?<!\d)(?:
      (?:2[ ]?0[ ]?[0-4][ ]?\d|二[ ]?[{_CHINESE_DIGIT}][ ]?[{_CHINESE_DIGIT}][ ]?[{_CHINESE_DIGIT}])~年
      (?:~(?:
        {_SPACED_MONTH} | 第?~[一二三四1-4]~季~度 | [上下]~半~年 | 度?[底末内初]
      ))?
      | {_SPACED_MONTH}
    )
    (?:~(?:之前|以前|前))?
    """.replace("~", "[ ]{0,3}"),
    re.VERBOSE,
)
_BLANKS = re.compile(" +")
# 20221215日, 615日: 年 and 月 were lost; 15日 alone is a day of any month.
_UNSEPARATED = re.compile(r"(?<![\d月])(?:(?P<year>20\d\d)(?P<rest>\d{2,4})|(?P<short>\d{3,4}))日")

# What may lead to a time expression, link two of them and follow the last: 自2023年3月起至6月底之前.
_DUE_PREFIX = "(?:力争|确保|原则上|计划|预计|最迟|不晚于|不迟于|自|从|于|在|到|至)"
_DUE_LINK = "[-—–~至到和及、起]"
_DUE_TAIL = "(?:之前|以前|之内|以内|前|内|起|期间|结束)?"
_TIMES = re.compile(
    rf"""
    {_DUE_PREFIX}*
    (?P<time>
      20\d\d年度?(?:(?:年?[底末终初中])|年?度?内)? | (?:明|次|翌|今|本|当|下一?)年度?
      | (?:\d{{1,2}}|{_NUMERAL}{{1,2}}|元)月份?
      | (?:\d{{1,2}}|{_NUMERAL}{{1,3}})[日号] | [上中下]{{1,2}}旬 | [底末初](?=[前,]|之前|以前|$)
      | 前?第?[一二三四1-4]季度[末底]? | [上下]半年 | 20\d\d[./-]\d{{1,2}}(?:[./-]\d{{1,2}})?
      | {alternation(words("due_phrases", "year"))}
      | \d{{1,2}}(?=[-—–~至]\d{{1,2}}月)
      | {_DUE_LINK}
    )+
    {_DUE_TAIL}
    """,
    re.VERBOSE,
)
_MOMENT = re.compile("[年月日旬季度底末初]|半年")
# 国庆节前, 高考结束后, 会议召开之前
_EVENT_ELEMENT = re.compile(
    rf"(?:20\d\d年|[今明]年)?(?:{alternation(words('due_phrases', 'event'))})[\u4e00-\u9fff]{{0,4}}?(?:之|以)?[前后]"
)
_STANDING_ELEMENT = re.compile(
    rf"(?:并|需|要)?(?:{alternation((*words('due_phrases', 'ongoing'), *words('due_phrases', 'vague')))})+"
    "(?:推进|坚持|开展|实施|落实|进行|工作|任务|深化|优化|加强|提升|完善|完成|整改|抓好){0,2}"
)
# Without one of these characters words are no deadline.
_DUE_CHARACTERS = frozenset("年月季旬前后") | frozenset(
    word[0] for meaning in ("ongoing", "vague") for word in words("due_phrases", meaning)
)


class Due(NamedTuple):
    """The last permitted day as ISO date, and its precision.

    No day: there is none (ongoing), its year is not known, or the phrase was not understood, in
    which case there is no precision either.
    """

    day: str | None
    precision: str | None


def find_date(folded: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
    """Find the first full date between two positions: 2011年7月22日, 二〇一一年七月二十二日."""
    return _DATE.search(folded, start, len(folded) if end is None else end)


def parse_date(match: re.Match[str]) -> str | None:
    """Parse a match of `find_date` into an ISO day, None where no such day exists."""
    year, month, day = (parse_numeral(match[part]) for part in "ymd")
    if year is None or month is None or day is None or not 1 <= month <= 12:
        return None
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    return f"{year:04d}-{month:02d}-{day:02d}"


def find_date_blanks(folded: str) -> Iterator[tuple[int, int]]:
    """The spans of blanks within dates: those of 2023 年6 月 底前."""
    for start, end in _find_windows(folded):
        for date in _SPACED_DATE.finditer(folded, start, end):
            for blanks in _BLANKS.finditer(folded, *date.span()):
                yield blanks.span()


def _find_windows(folded: str) -> Iterator[tuple[int, int]]:
    """The stretches around blanks that may be within a date; a search of the whole text takes longer."""
    begin = end = 0
    for blank in _DATE_BLANK.finditer(folded):
        if blank.start() > end:
            if end:
                yield begin, end
            begin = max(0, blank.start() - _LONGEST_DATE)
        end = min(len(folded), blank.end() + _LONGEST_DATE)
    if end:
        yield begin, end


def find_due(words: str) -> tuple[int, int] | None:
    """The span of the first time or event in some words that a deadline may consist of.

    市教育局2023年6月底前完成 -> that of 2023年6月底前; 持续推进, 汛期前: all of it; None for words without.
    """
    if _DUE_CHARACTERS.isdisjoint(words):
        return None
    standing = _STANDING_ELEMENT.fullmatch(words) or _EVENT_ELEMENT.search(words)
    if standing:
        return standing.span()
    for match in _TIMES.finditer(words):
        if _MOMENT.search(match[0]):
            return match.span()
    return None


def parse_unseparated(folded: str, start: int, end: int, year: int | None = None) -> list[str]:
    """The ISO days that a date without separators may mean: none, one or several.

    "20221215日" -> 2022-12-15; "2026115日" -> 2026-01-15 or 2026-11-05
    """
    match = _UNSEPARATED.search(folded, start, end)
    at = int(match["year"]) if match and match["year"] else year
    if match is None or at is None:
        return []
    rest = match["rest"] or match["short"]
    days = []
    for cut in range(1, min(3, len(rest))):
        month, day = int(rest[:cut]), int(rest[cut:])
        if rest[cut] != "0" and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(at, month)[1]:
            days.append(f"{at:04d}-{month:02d}-{day:02d}")
    return days


def parse_due(phrase: str, year: int | None) -> Due:
    """Parse a deadline phrase; `year` is that of the plan, used where the phrase names none.

    "6月底前完成" of 2020 -> 2020-06-30, month; "2020年3月-2021年6月" -> 2021-06-30, month;
    "长期坚持" -> no day, ongoing; "汛期前" -> no day, no precision
    """
    words = _CHINESE_YEAR.sub(_in_digits, without_blanks(fold(phrase))).replace("元月", "1月")
    pointed = _POINTED.fullmatch(words)
    if pointed and year is not None:
        return _day(year, int(pointed[1]), int(pointed[2]))
    days = parse_unseparated(words, 0, len(words), year)
    if days and "月" not in words:
        return Due(days[0], "day") if len(days) == 1 else Due(None, None)
    event = _EVENT.search(words) is not None
    words = _REMARK.sub("", words) or words
    token = _find_last_token(words, year)
    if token is not None and (token[1].precision != "year" or not event):
        return _parse_end(words, *token)
    if event or _ONGOING.search(words) is None:
        return Due(None, None)
    return Due(None, "ongoing")


def _in_digits(year: re.Match[str]) -> str:
    return str(parse_numeral(year[0]))


def _parse_end(words: str, end: int, due: Due) -> Due:
    """The due day of a phrase whose last time expression ends at `end`; a beginning is none."""
    if not _BEGINS.match(words, end):
        return due
    return Due(None, "ongoing" if _ONGOING.search(words, end) else None)


def _find_last_token(words: str, year: int | None) -> tuple[int, Due] | None:
    """The time expression that counts, as its end and its day: the last, or the last completion.

    Of 6月底前完成,并于2021年3月验收 it is the first, of 6月底前完成甲,年底前完成乙 the last.
    """
    tokens = list(_TOKEN.finditer(words))
    at, last, completed = year, None, None
    for index, match in enumerate(tokens):
        at = _year_of(match, at, year)
        last = match.end(), _parse_token(match, at)
        following = tokens[index + 1].start() if index + 1 < len(tokens) else len(words)
        if last[1].day and _COMPLETED.search(words, match.end(), following):
            completed = last
    return completed or last


def _year_of(match: re.Match[str], before: int | None, plan: int | None) -> int | None:
    """The year that a time expression names, else that of the expression before it."""
    if match["next"] or match["next3"]:
        return plan + 1 if plan else None
    if match["this"] or match["this3"]:
        return plan
    named = match["last"] or match["y"] or match["y2"] or match["y3"]
    return int(named) if named else before


def _parse_token(match: re.Match[str], year: int | None) -> Due:
    """Parse one time expression in a year: its day, or the last day of its month, quarter, half."""
    if match["m"]:
        month = parse_numeral(match["m"]) or 0
        if match["d"]:
            return _day(year, month, parse_numeral(match["d"]) or 0)
        return _month(year, month, _THIRDS.get(match["third"] or ""))
    if match["m2"]:
        month = int(match["m2"])
        return _day(year, month, int(match["d2"])) if match["d2"] else _month(year, month, None)
    if match["q"]:
        month = 3 * (parse_numeral(match["q"]) or 0)
        day = f"{year:04d}-{month:02d}-{30 if month in (6, 9) else 31}" if year else None
        return Due(day, "quarter")
    if match["h"]:
        half = "06-30" if match["h"] == "上半年" else "12-31"
        return Due(f"{year:04d}-{half}" if year else None, "half")
    return Due(f"{year:04d}-12-31" if year else None, "year")


def _day(year: int | None, month: int, day: int) -> Due:
    """A day, without precision where the calendar lacks it."""
    if not 1 <= month <= 12 or year is None:
        return Due(None, "day")
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return Due(None, None)
    return Due(f"{year:04d}-{month:02d}-{day:02d}", "day")


def _month(year: int | None, month: int, day: int | None) -> Due:
    """A day in a month (上旬: the 10th), or its last day."""
    if not 1 <= month <= 12 or year is None:
        return Due(None, "month")
    last = day or calendar.monthrange(year, month)[1]
    return Due(f"{year:04d}-{month:02d}-{last:02d}", "month")
