"""Find lines with numbers that only a list shows to be numbers: 1 推进…, 1,推进…, 1-1推进…, №1, [1], A., 一 、.

Such a number may as well be a year, a figure or a word, so that no item rests on it. Three lines of one
style that count on are a list, which is told to the reader where it was not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from pipeline.text import parse_numeral

# The characters of a Chinese numeral; a zero, and 万, begin none.
CHINESE = "一二三四五六七八九十百千廿卅卌"
NUMERAL = f"[{CHINESE}][{CHINESE}万零〇]{{0,8}}"
# Behind a number these make it a quantity: 5个, 30万亩, 2020年; 5合理安排 is none.
MEASURES = (
    "[个条件项年月日万亿元名家户人次届期批类级号号座所处台辆公里亩吨米倍度岁起%‰余多大周天小分秒]"
)
_RINGED = "❶-❿⓫-⓴➀-➓⓵-⓾㊀-㊉"
_WORDS = (
    r"(?:重点|主要|民生|具体)?(?:任务|项目|事项|举措|工程|行动|专项|工作|实事|措施|要点)|序号|编号"
)
# Where a line may begin with one; not before what is a number without a list: 1. 3、 二、 2)
_LINE = re.compile(
    rf"""
    \n[ \t★☆▲△●◆■]*
    (?=[\d{CHINESE}Ⅰ-ⅫA-Za-z№\#\[<〈{{(第任项事举工行专实重主民具措要序编{_RINGED}])
    (?!\d{{1,5}}[、.)](?!\d)|{NUMERAL}[、.])
    """,
    re.VERBOSE,
)
_ALPHABETS = ("dotted", "arabic", "chinese", "ringed", "roman", "letter")
_NUMBER = re.compile(
    rf"""
    [ \t★☆▲△●◆■]*
    (?P<open>\[?(?:{_WORDS})|№|[Nn][Oo][.:]?|\#|第|[\[<〈{{(])?[ ]?
    (?:
      (?P<dotted>\d{{1,3}}(?P<dot>[-—–.])\d{{1,3}}(?:(?P=dot)\d{{1,3}})?)(?![\d.-])
      | (?P<arabic>\d{{1,5}})
      | (?P<chinese>{NUMERAL})
      | (?P<ringed>[{_RINGED}])
      | (?P<roman>[Ⅰ-Ⅻ]|[IVX]{{1,5}})(?=[ ]?[.、,:)])
      | (?P<letter>[A-Za-z])(?=[ ]?[.、,:)])
    )
    (?P<close>[ \t]*(?:[,:;。·、.)\]>〉}}]|[-—–](?!\d)|(?(open)[项件类][,:、.]?|(?!)))[ \t]*|[ \t]*)
    (?=[\u4e00-\u9fff“"‘《(A-Za-z\d])
    """,
    re.VERBOSE,
)
_MEASURE = re.compile(MEASURES)
# Behind a number that nothing but a blank follows these begin a date or a time: 3 月, 8 点, 2 号.
_DATE = re.compile("[年月日时点号]")
# A text may begin with a date: 1,2024年底前…, 2 6月底前…
_DATED = re.compile(r"20\d\d ?年|\d{1,2} ?月")
_DOT = re.compile("[-—–.]")
# Marks between the cells of a table's row.
_CELLS = re.compile(r"[\t|]")
_ROMAN = {"I": 1, "V": 5, "X": 10}
# So many numbers that count on make a list; from here on they are years.
_FEWEST, _YEARS = 3, 1900


class LineNumber(NamedTuple):
    """A number at a line's start: how it is opened, written and closed; its values (1-2: 1, 2).

    `start` is where it begins, `end` where its text does. It is `weak` where what follows may make it
    a figure: 3 项目.
    """

    style: tuple[str, str, str]
    values: tuple[int, ...]
    start: int
    end: int
    weak: bool

    @property
    def number(self) -> int:
        """Its value among its siblings: 2 for 1-2."""
        return self.values[-1]

    def follows(self, before: LineNumber) -> bool:
        """Whether it is the next number behind another one: 3 behind 2, 1-2 or 2-1 behind 1-1."""
        old, new = before.values, self.values
        same = 0
        while same < min(len(old), len(new)) and old[same] == new[same]:
            same += 1
        if same == len(new):
            return False
        step = old[same] + 1 if same < len(old) else 1
        return new[same] == step and all(one == 1 for one in new[same + 1 :])


def find_runs(candidates: Iterable[LineNumber]) -> list[list[LineNumber]]:
    """The lists among candidates in order: three or more of one style that count on.

    One of them has to be no figure, and none may look like a year.
    """
    by_style: dict[tuple[str, str, str], list[list[LineNumber]]] = {}
    for one in candidates:
        runs = by_style.setdefault(one.style, [])
        if runs and one.follows(runs[-1][-1]):
            runs[-1].append(one)
        else:
            runs.append([one])
    found = [run for runs in by_style.values() for run in runs if _is_list(run)]
    return sorted(found, key=lambda run: run[0].start)


def _is_list(run: list[LineNumber]) -> bool:
    return (
        len(run) >= _FEWEST
        and not all(one.weak for one in run)
        and max(one.number for one in run) < _YEARS
    )


def find_candidates(folded: str, start: int, end: int) -> list[LineNumber]:
    """Every start of a line in a span that may be such a number, whether a list shows it or not."""
    begins = [0] if start == 0 else []
    begins += [line.end() for line in _LINE.finditer(folded, max(0, start - 1), end)]
    return [one for begin in begins for one in _read(folded, begin, end)]


def _read(folded: str, begin: int, end: int) -> list[LineNumber]:
    """The readings of a line's start; "I." is a Roman number and a letter."""
    match = _NUMBER.match(folded, begin, end)
    if match is None:
        return []
    alphabet = next(name for name in _ALPHABETS if match[name] is not None)
    newline = folded.find("\n", match.end(), end)
    if _CELLS.search(folded, match.end(), newline if newline >= 0 else end):
        return []
    opened, closed, behind = match["open"] or "", match["close"].strip(), match.end()
    apart = match["close"] != "" or alphabet in ("dotted", "ringed") or len(opened) > 1
    if not apart or (not closed and _DATE.match(folded, behind)):
        return []
    weak = not closed and alphabet != "ringed" and _MEASURE.match(folded, behind) is not None
    if folded[behind].isdecimal() and not _DATED.match(folded, behind):
        if not match["close"].endswith((" ", "\t", "]", ")", "、")):
            return []
        weak = True
    style = (opened, f"{alphabet}{match['dot'] or ''}", closed)
    at = match.start("open") if opened else match.start(alphabet)
    values = _parse(alphabet, match[alphabet])
    found = [LineNumber(style, values, at, behind, weak)] if values else []
    if alphabet == "roman" and (values := _parse("letter", match["roman"])):
        found.append(LineNumber((opened, "letter", closed), values, at, behind, weak))
    return found


def _parse(alphabet: str, digits: str) -> tuple[int, ...] | None:
    """The values of a number: "1-2" -> 1, 2; "IV" -> 4; "b" -> 2; None for no number above 0."""
    if alphabet == "dotted":
        values = tuple(map(int, _DOT.split(digits)))
        return values if all(values) else None
    if alphabet == "letter":
        return (
            (ord(digits.lower()) - ord("a") + 1,) if digits.isascii() and len(digits) == 1 else None
        )
    if alphabet == "roman":
        if not digits.isascii():
            return (ord(digits) - ord("Ⅰ") + 1,)
        ones = [_ROMAN[one] for one in digits]
        return (sum(-a if a < b else a for a, b in zip(ones, [*ones[1:], 0], strict=True)),)
    number = parse_numeral(digits)
    return (number,) if number else None
