"""The figures of a text: a number with its unit, and the words that say what it counts.

Years, dates, ordinals, names with a number (5G, PM2.5, 12345热线), numbers of documents and the
titles of documents are no figures.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from pipeline.lexicon import mapping
from pipeline.text import fold, parse_numeral, simplify, without_blanks

if TYPE_CHECKING:
    from collections.abc import Iterator

Bound = Literal["least", "most", ""]

_UNITS = mapping("measure_units", "same_as")
_SAME_UNIT = {unit: same or unit for unit, same in _UNITS.items()}
# Shares are compared as parts of a hundred.
_SHARES = {"%": Fraction(1), "‰": Fraction(1, 10)}
_POWERS = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
# The title of a document, and a quotation so short that it is a name: their numbers are no figures,
# their other words say what a figure counts.
_NAME = re.compile(r"""《[^《》\n]{1,80}》|“[^“”\n]{1,20}”|"[^"\n]{1,20}\"""")
_NUMERALS = re.compile(r"[\d一二两三四五六七八九十]")
# A line that breaks within a sentence: 由自/然资源部门.
_BROKEN_LINE = re.compile(r"(?<=[\u4e00-\u9fff])\n(?=[\u4e00-\u9fff])")
_NUMBER_OF_DOCUMENT = r"\[\d{4}\]\s*第?\s*\d+\s*号"
_DAY = r"\d{1,2}日(?!以?内|以[上下])"
_DATES = rf"""
    (?<!\d)(?:19|20)\d\d\s*[-—–~至到]+\s*(?:(?:19|20)\d\d|\d\d(?=年))\s*(?:学年|年度?|版|级|届)?
  | (?<!\d)(?:19|20)\d\d(?:[-./]\d{{1,2}}[-./]\d{{1,2}}|\s*(?:学年|年度?|版|级|届))
  | [一二][〇零一二三四五六七八九]{{3}}年
  | [一二三四五六七八九十\d]{{1,3}}月(?:份|底|末|初|中旬|上旬|下旬)?(?:\s*{_DAY})?
  | (?:[一二]?十[一二三四五六七八九]?|[一二三四五六七八九])日(?!以?内|常)
  | {_DAY}
  | \d{{1,2}}[时:]\d\d分? | \d{{1,2}}时(?!间)
  | (?:[一二三四1234][、至—-]){{0,3}}第?[一二三四1234]季度 | 十[一二三四五六]五
"""
_ORDINALS = r"""
    第\s*(?:\d+|[〇零一二两三四五六七八九十百]+)(?:[、至—-]第?(?:\d+|[一二三四五六七八九十百]+)){0,9}
  | (?:[\u4e00-\u9fff]|\d)\s*[号]
"""
# 5G, PM2.5, A4, G318, 1+3+N, 3·15, 24365: names that a number is part of.
_CODES = r"""
    (?<![A-Za-z])[A-Za-z]{1,12}[-.]?\d[\d.]{0,12}[A-Za-z]*
  | (?<!\d)\d{1,12}+(?:\.\d{1,6}+)?(?!(?:km|kV|kW|kWh|MW|kg|mm|cm|m|t)(?![A-Za-z]))[A-Za-z]+\d*
  | (?:[\dA-Za-z一二三四五六七八九十]{1,3}\+){1,9}[\dA-Za-z一二三四五六七八九十]{1,3}
  | (?<!\d)\d{1,4}[·•]\d{1,4}
"""
# 进一步, 统一家, 一批, 一次性, 一件事: a numeral that is part of a word.
_WORDS = r"""
    一次性 | 一批 | 一件事 | 一些 | 一系列 | 一方面 | 一家人 | 一年一度
  | [进单统唯专同每任逐万划归如另合不]一 | 一一
  | [一二三四五六七八九十两](?:[个项类大]一)(?!\d)
"""
_HIDDEN = re.compile(f"{_NUMBER_OF_DOCUMENT}|{_CODES}|{_DATES}|{_ORDINALS}|{_WORDS}", re.VERBOSE)

# A longer row of digits or numerals is no number, and each start in it would be tried again.
_DIGITS = r"(?<![\d.])(?:\d{1,3}(?:,\d{3}){1,4}+(?!\d)|\d{1,12}+)(?:\.\d{1,6}+)?+"
_CHINESE = (
    r"(?<![〇零一二两三四五六七八九十百千])"
    r"[一二两三四五六七八九十][〇零一二两三四五六七八九十百千]{0,11}+"
)
_NUMBER = rf"(?:{_DIGITS}|{_CHINESE})\s*(?:[十百千]?[万亿]+|[百千](?![克瓦米伏]))?"
_UNIT = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
# Words that a unit of one character may be the beginning of: 三家庭, 两部门, 两天然气.
_LONGER_WORD = r"""
    (?<=家)[长庭园] | (?<=部)[门委队] | (?<=天)[然津] | (?<=人)[才民大] | (?<=户)[外籍]
  | (?<=项)目 | (?<=条)例 | (?<=件)套 | (?<=片)区 | (?<=期)[间限] | (?<=位)[于置] | (?<=场)[所地]
  | (?<=门)[诊户] | (?<=元)[素化] | (?<=口)岸 | (?<=对)[口接标] | (?<=组)织 | (?<=支)[持付]
  | (?<=处)[理置罚] | (?<=批)[准复发] | (?<=年)[版] | (?<=分)[之别局] | (?<=成)[立为员]
  | (?<=折)[扣算] | (?<=次)[数序] | (?<=级) | (?<=层)[次面级] | (?<=面)[向对] | (?<=起)[来草步]
  | (?<=本)[地级市县区省] | (?<=类)[型别] | (?<=种)[植养子] | (?<=间)[隔接] | (?<=站)[点式]
"""
_FIGURE = re.compile(
    rf"""
    (?P<share>(?P<per>[百千万]|(?<!\d)\d{{1,4}}+|[二三四五六七八九十])分之(?P<part>{_NUMBER}))
  | (?P<low>{_NUMBER})\s*(?P<low_unit>{_UNIT})?\s*(?:[-—–~～]+|至|到)\s*
    (?P<high>{_NUMBER})\s*[余多]?\s*(?P<high_unit>{_UNIT})(?!{_LONGER_WORD})
  | (?P<listed>{_NUMBER})\s*个?(?=[、和及]\s*{_NUMBER}\s*(?P<next_unit>{_UNIT})(?!{_LONGER_WORD}))
  | (?P<number>{_NUMBER})\s*[余多来几]?\s*(?P<unit>{_UNIT})(?!{_LONGER_WORD})(?:/[百千万]?(?:{_UNIT}))?
  | (?P<bare>{_DIGITS})(?=\s*(?:以[上下内]|左右|$|[,，.。;；:、)\]\n]))
    """,
    re.VERBOSE,
)
# What a number without a unit must stand behind: 总量达到300, 得分不低于90.
_TOTAL = re.compile(r"(?:[达超过到至于为]|[总数容]量|总数|总值|指数|得分|分数|突破|控制在)约?$")
# A figure that a change starts from: 由5家增至8家, 由60个、15个工作日分别压减至55个; it is no target.
_FROM = re.compile(r"(?:由|从)[^,，。;；、\d]{0,10}$")
_BECOMES = re.compile(
    r"[^,，。;；]{0,16}?(?:增|减|降|升|提|压|缩|扩|变|调|拓|延|优化|发展|下|上|跃)[^,，。;；\d]{0,4}[至到为成]"
)
_BRACKET = re.compile(r"\([^()]*\)")
_LISTED = re.compile(r"\s*[、和及]\s*")
# What ends the words that belong to a figure: marks, and what joins it to the next thing.
_CLAUSE_END = re.compile(r"[,，。;；:：!！?？\n()\[\]、]|和|及|与|并")
# Words between a figure and the thing that it counts; they say how exact or how high it is.
_QUALIFIERS_BEFORE = re.compile(
    r"(?:达到?|力争|确保|实现|不少于|不低于|不高于|不超过|不大于|不小于|不得|不|控制在|保持在|稳定在|增加到|提高到|降到|升到|减到|增到|减至|降为|"
    r"增至|升至|降至|压减至|压缩至|缩短至|降低到|突破|超过?|至少|最高|最低|最多|约|近|共计?|累计|为|至|到|在|共|分别|大于|"
    r"小于|低于|高于|少于|多于|全年|今年|年内|完成|每年|等|的)+$"
)
_QUALIFIERS_BEHIND = re.compile(
    r"^(?:以上|以下|以内|左右|之内|及以上|及以下|内|余|多|的|等|或|以)+"
)
# The least or the most that is wanted: 不低于, 超过; 不超过, 未超过, 控制在, 低于.
_LEAST = re.compile(r"(?:不少于|不低于|不小于|至少|(?<![不未得])(?:超过?|大于|高于|多于)|突破)$")
_MOST = re.compile(
    r"(?:[不未](?:得)?(?:超过|高于|大于|多于)|控制在|(?<![不得])(?:小于|低于|少于)|最高|最多)$"
)
# How many characters on either side of a figure are looked at.
_REACH = 24
_WINDOW = 40
# How many texts that were read last are kept.
_TEXTS = 1 << 12


@dataclass(frozen=True, slots=True)
class Figure:
    """A number or a range with its unit, and the words around it.

    `values` has one number, or the two ends of a range. `before` and `behind` are the words of its
    clause, without the qualifiers (不低于, 以上) that `bound` stands for; `around` are those of the
    sentences near it, without any digits. `place` counts the figures before it with the same words.
    """

    text: str
    values: tuple[Fraction, ...]
    unit: str
    bound: Bound
    before: str
    behind: str
    around: str
    place: int = 0


# A text is read as the later one of two years, and as the earlier one of the next two.
@lru_cache(_TEXTS)
def read_figures(text: str) -> tuple[Figure, ...]:
    """The targets among the numbers of a text, in reading order; time is linear in its length."""
    joined = _BROKEN_LINE.sub("", simplify(fold(text)))
    folded = _NAME.sub(lambda name: _NUMERALS.sub("\x00", name[0]), joined)
    shown = _HIDDEN.sub(lambda match: "\x00" * len(match[0]), folded)
    found = [match for match in _FIGURE.finditer(shown) if _is_figure(match, shown)]
    return tuple(_describe_each(found, shown))


def _is_figure(match: re.Match[str], shown: str) -> bool:
    """Whether a number is whole and, without a unit, the value of something."""
    start = match.start()
    if start and (shown[start - 1] in ".·/" or shown[start - 1].isdigit()):
        return False
    if match["bare"]:
        return _TOTAL.search(shown, max(0, start - _REACH), start) is not None
    return _read_values(match) is not None


def _read_values(match: re.Match[str]) -> tuple[Fraction, ...] | None:
    """The numbers of a figure: one, or the ends of a range; None where one is no number."""
    if match["share"]:
        per, part = _parse_number(match["per"]), _parse_number(match["part"])
        return (part / per,) if per and part is not None else None
    if match["low"]:
        low, high = _parse_number(match["low"]), _parse_number(match["high"])
        if low is None or high is None:
            return None
        # 3至5万元: the power of the end is that of both.
        if not match["low_unit"] and low < high:
            low = _share_power(match["low"], match["high"], low)
        return low, high
    number = _parse_number(match["number"] or match["listed"] or match["bare"])
    return None if number is None else (number,)


def _measure(match: re.Match[str]) -> tuple[Fraction, ...]:
    """The numbers of a figure in its unit; shares are parts of a hundred: 5‰, 三分之一."""
    values = _read_values(match) or ()
    factor = (
        Fraction(100) if match["share"] else _SHARES.get(_find_printed_unit(match), Fraction(1))
    )
    return tuple(value * factor for value in values)


def _parse_number(printed: str) -> Fraction | None:
    """The value of digits or a Chinese numeral with 万 or 亿 behind: "1.2亿" -> 120000000."""
    bare = printed.replace(",", "").replace(" ", "").strip()
    digits = bare.rstrip("万亿") if not bare[:1].isdigit() else bare.rstrip("十百千万亿")
    power = 1
    for ch in bare[len(digits) :]:
        power *= _POWERS[ch]
    if digits[:1].isdigit():
        return Fraction(digits) * power
    value = 1 if digits == "" and bare else parse_numeral(digits)
    return None if value is None else Fraction(value) * power


def _share_power(low: str, high: str, value: Fraction) -> Fraction:
    power = high.strip()[-1:]
    return value * _POWERS[power] if power in "万亿" and low.strip()[-1:] not in "万亿" else value


def _describe_each(found: list[re.Match[str]], shown: str) -> Iterator[Figure]:
    """The figures with what they count; those that only say from where a change starts are out.

    The words before such a start belong to the figure that it becomes: 企业由5家增至8家. A figure
    without words of its own has those of the figure before it in its sentence: 给予800万元、600万元.
    """
    subject: str | None = None
    before: Figure | None = None
    for n, match in enumerate(found):
        floor = found[n - 1].end() if n else 0
        ceiling = found[n + 1].start() if n + 1 < len(found) else len(shown)
        left = _cut_behind(shown[max(floor, match.start() - _REACH) : match.start()])
        right = _cut_before(shown[match.end() : min(ceiling, match.end() + _REACH)])
        start = _FROM.search(left)
        if _BECOMES.match(shown, match.end(), match.end() + 2 * _REACH):
            if start:
                subject = left[: start.start()]
                continue
            if subject is not None and _LISTED.fullmatch(shown, floor, match.start()):
                continue
        figure = _describe(match, shown, left if subject is None else subject + left, right)
        is_near = match.start() - floor <= _REACH and "。" not in shown[floor : match.start()]
        if before is not None and is_near and not (figure.before or figure.behind):
            words = before.before or before.behind
            figure = replace(figure, before=words, place=before.place + 1)
        yield figure
        subject, before = None, figure


def _cut_behind(left: str) -> str:
    """The part of a text behind the last mark; brackets with their words are left out."""
    left = _BRACKET.sub("", left)
    cuts = [mark.end() for mark in _CLAUSE_END.finditer(left)]
    return left[cuts[-1] :] if cuts else left


def _cut_before(right: str) -> str:
    """The part of a text before the first mark."""
    mark = _CLAUSE_END.search(right)
    return right[: mark.start()] if mark else right


def _describe(match: re.Match[str], shown: str, left: str, right: str) -> Figure:
    qualified = left.replace(" ", "")
    return Figure(
        text=match["listed"] + match["next_unit"] if match["listed"] else without_blanks(match[0]),
        values=_measure(match),
        unit=_find_unit(match),
        bound=_find_bound(qualified, right.strip()),
        before=_keep_words(_QUALIFIERS_BEFORE.sub("", qualified)),
        behind=_keep_words(_QUALIFIERS_BEHIND.sub("", right.replace(" ", ""))),
        around=_keep_words(
            shown[max(0, match.start() - _WINDOW) : match.start()]
            + shown[match.end() : match.end() + _WINDOW]
        ),
    )


def _find_unit(match: re.Match[str]) -> str:
    """The unit by the name that stands for all its spellings: 千米 -> 公里; 百分之五 is in %."""
    unit = _find_printed_unit(match)
    if match["share"] or unit in _SHARES:
        return "%"
    per = match[0].rpartition("/")[2] if "/" in match[0] else ""
    return _SAME_UNIT.get(unit, unit) + (f"/{per}" if per else "")


def _find_printed_unit(match: re.Match[str]) -> str:
    return match["unit"] or match["high_unit"] or match["next_unit"] or ""


def _find_bound(left: str, right: str) -> Bound:
    """Whether a figure is the least or the most that is wanted; "" for neither or unknown."""
    if _MOST.search(left) or right.startswith(("以下", "以内", "之内", "内")):
        return "most"
    if _LEAST.search(left) or right.startswith(("以上", "及以上")):
        return "least"
    return ""


def _keep_words(text: str) -> str:
    """The ideographs and letters of a text."""
    return "".join(ch for ch in text if ch.isalpha())
