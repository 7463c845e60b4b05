"""Fold characters that look different and mean the same, with offsets kept; parse numerals."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from pipeline.lexicon import mapping

if TYPE_CHECKING:
    from opencc import OpenCC

# Every character folds to one character, so an offset in the folded text is an offset in the
# source. All other brackets fold to square ones, which documents use as an alternative to round
# ones. Circled numbers stay: NFKC would turn ① into 1 and lose the level of the number.
_BRACKETS = {"〔": "[", "〕": "]", "【": "[", "】": "]", "﹝": "[", "﹞": "]", "［": "[", "］": "]"}
# Whatever Unicode calls a blank reads as one, and so do characters without a width.
_BLANKS = "".join(ch for ch in map(chr, range(0x3001)) if ch.isspace() and ch not in " \t\n")
_BLANKS += "\u200b\u200c\u200d\u2060\ufeff\xad"
_LOOK_ALIKES = {"\uff0e": ".", "﹒": ".", "︰": ":", "﹕": ":", "；": ";", "﹔": ";", "﹐": ","}
_LOOK_ALIKES |= {"∶": ":", "○": "〇", "︵": "(", "︶": ")", "﹙": "(", "﹚": ")"}
_FOLD = (
    {ch: chr(ord(ch) - 0xFEE0) for ch in map(chr, range(0xFF01, 0xFF5F))}
    | dict.fromkeys(_BLANKS, " ")
    | _BRACKETS
    | _LOOK_ALIKES
)
# Text layers of PDF files have radicals in place of ideographs that look the same. NFKC covers the
# Kangxi radicals only; the table, Unicode's own, has those of the supplement too.
RADICALS = mapping("radicals", "ideograph")
_COMPATIBLE = map(chr, range(0xF900, 0xFB00))
_FOLD |= {ch: one for ch in _COMPATIBLE if len(one := unicodedata.normalize("NFKC", ch)) == 1}
_FOLD |= RADICALS

# Nearly every text has these; the pattern then finds little.
_COMMON = tuple((ch, _FOLD[ch]) for ch in "，（）：；")
_FOLDING = re.compile(f"[{re.escape(''.join(_FOLD))}]")

_DIGITS = {ch: n for n, ch in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "O": 0,
    "0": 0,
}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_MYRIAD = 10_000
# 廿一 is 21, 卅 30.
_TENS = {"廿": 20, "卅": 30, "卌": 40}
# The characters of a numeral and those of circled numbers, for a class of a pattern.
NUMERAL = "一二三四五六七八九十百千万廿卅卌零〇"
CIRCLED = "①-⑳㉑-㉟㊱-㊿"
# Words in quotation marks, with the separators inside: “双随机、一公开”.
QUOTED = "“[^“”\n]{1,30}”"
_ROUND = str.maketrans("[]〈〉", "()()")
_WORDS = re.compile(r"\S+")
# A longer one is no number of an item, no database keeps it, and int() refuses it in the end.
_MOST_DIGITS = 9
_REMEMBERED = 1 << 12


def fold(text: str) -> str:
    """Fold letters, digits, marks and brackets to half width, and blanks of any kind to spaces.

    The result has the same length, so that an offset in it is an offset in the source. Line breaks
    and tabs stay.
    """
    # A text has few kinds of characters that fold; to replace each of them takes a third of the
    # time of str.translate.
    for ch, folded in _COMMON:
        text = text.replace(ch, folded)
    for ch in set(_FOLDING.findall(text)):
        text = text.replace(ch, _FOLD[ch])
    return text


def simplify(text: str) -> str:
    """The text in simplified characters, each replaced by one: 開展 -> 开展."""
    pattern, simple = _load_traditional()
    # Most texts have no traditional character: to look for one takes a twentieth of a translation.
    for char in set(pattern.findall(text)):
        text = text.replace(char, simple[char])
    return text


@cache
def _load_traditional() -> tuple[re.Pattern[str], dict[str, str]]:
    """Each traditional character with its simplified one, as OpenCC knows them, and their pattern.

    They are loaded only where a text may need them.
    """
    from opencc import OpenCC  # noqa: PLC0415

    converter = OpenCC("t2s")
    ideographs = map(chr, range(0x4E00, 0xA000))
    pairs = ((char, converter.convert(char)) for char in ideographs)
    simple = {char: one for char, one in pairs if len(one) == 1 and one != char}
    return re.compile(f"[{''.join(simple)}]"), simple


def to_traditional(text: str) -> str:
    """The text in traditional characters, as OpenCC writes it: 开展 -> 開展."""
    return str(_load_converter().convert(text))


@cache
def _load_converter() -> OpenCC:
    from opencc import OpenCC  # noqa: PLC0415

    return OpenCC("s2t")


def without_blanks(text: str) -> str:
    """Remove every blank and line break: "张　超" -> "张超"."""
    return "".join(text.split())


def find_nth_character(text: str, count: int, start: int = 0) -> int:
    """The offset of the character that has `count` characters before it from `start` on, blanks aside."""
    for run in _WORDS.finditer(text, start):
        length = run.end() - run.start()
        if count < length:
            return run.start() + count
        count -= length
    return len(text)


def squeeze(text: str) -> str:
    """Fold a text and remove its blanks, for comparisons where layout means nothing."""
    squeezed = without_blanks(fold(text))
    # Most texts are squeezed already: one of them in memory is enough.
    return text if squeezed == text else squeezed


def trim(folded: str, start: int, end: int, marks: str = " \t\n") -> tuple[int, int]:
    """The span without these marks at its ends."""
    while start < end and folded[start] in marks:
        start += 1
    while end > start and folded[end - 1] in marks:
        end -= 1
    return start, end


def find_cuts(pattern: re.Pattern[str], folded: str, start: int, end: int) -> Iterator[int]:
    """Find the offsets of separators of one character outside brackets and quotation marks.

    The pattern must match the brackets too, ( [ 〈 open, ) ] 〉 close, and `QUOTED` as a whole.
    """
    depth = 0
    for match in pattern.finditer(folded, start, end):
        mark = match[0]
        if mark[0] == "“":
            continue
        if mark in "([〈":
            depth += 1
        elif mark in ")]〉":
            depth = max(0, depth - 1)
        elif depth == 0:
            yield match.start()


def round_brackets(name: str) -> str:
    """A folded name with round brackets for all others, for looking it up: 各县〈市、区〉 too."""
    if "[" in name or "〈" in name or "]" in name or "〉" in name:
        return name.translate(_ROUND)
    return name


def print_brackets(name: str) -> str:
    """A folded name as records print it: with round brackets for square ones; 〈 and 〉 stay."""
    return name.replace("[", "(").replace("]", ")")


@lru_cache(_REMEMBERED)
def parse_numeral(digits: str) -> int | None:
    """The value of a Chinese numeral below a hundred million, or of up to 9 digits; else None.

    "十二" -> 12, "一〇八" -> 108, "一万零一" -> 10001, "廿一" -> 21, "12" -> 12, "③" -> 3
    """
    if digits.isascii() and digits.isdecimal():
        return int(digits) if len(digits) <= _MOST_DIGITS else None
    if len(digits) == 1 and unicodedata.category(digits) == "No":
        return int(unicodedata.numeric(digits))
    myriads, myriad, rest = digits.partition("万")
    if not myriad:
        return _parse_below_myriad(digits)
    high = _parse_below_myriad(myriads)
    low = _parse_below_myriad(rest) if rest else 0
    return None if high is None or low is None else high * _MYRIAD + low


def _parse_below_myriad(digits: str) -> int | None:
    """The value of a Chinese numeral up to 9999, or of Chinese digits: 二〇一一."""
    if not digits or any(
        ch not in _DIGITS and ch not in _UNITS and ch not in _TENS for ch in digits
    ):
        return None
    if not _UNITS.keys() & set(digits) and not _TENS.keys() & set(digits):
        if len(digits) > _MOST_DIGITS:
            return None
        return int("".join(str(_DIGITS[ch]) for ch in digits))
    total, pending = 0, None
    for ch in digits:
        if ch in _UNITS:
            total += (1 if pending is None else pending) * _UNITS[ch]
            pending = None
        elif ch in _TENS:
            total += _TENS[ch]
        else:
            pending = _DIGITS[ch]
    return total + (pending or 0)
