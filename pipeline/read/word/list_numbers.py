"""Format a list number as Word draws it, in any of its Chinese, Japanese and Latin formats."""

from __future__ import annotations

import re
from collections.abc import Callable

# Word counts no further.
LARGEST = 32767
_SIMPLE = "○一二三四五六七八九"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


def _decimal(number: int) -> str:
    return str(number)


def _roman(number: int) -> str:
    """A lower-case Roman numeral: 4 -> "iv"."""
    text = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        text += letters * count
    return text


def _letter(number: int) -> str:
    """A letter, doubled after z: 28 -> "bb"."""
    times, index = divmod(number - 1, 26)
    return chr(ord("a") + index) * (times + 1)


def _digits(number: int, digits: str) -> str:
    return "".join(digits[int(digit)] for digit in str(number))


def _tens(number: int) -> str:
    """Counting with 十 up to 99 and digit by digit above: 21 -> 二十一, 101 -> 一○一."""
    if number > 99:
        return _digits(number, _SIMPLE)
    ten, one = divmod(number, 10)
    return (_SIMPLE[ten] if ten > 1 else "") + ("十" if ten else "") + (_SIMPLE[one] if one else "")


def _places(number: int, digits: str, units: tuple[str, ...]) -> str:
    """A numeral with its places named, a zero for skipped ones: 101 -> 一百○一."""
    text, skipped = "", False
    for place in range(4, -1, -1):
        digit = number // 10**place % 10
        if digit:
            text += (digits[0] if skipped and text else "") + digits[digit] + units[place]
        skipped = not digit
    return text


def _thousands(number: int) -> str:
    """Chinese numerals as read aloud: 12 -> 十二, 112 -> 一百一十二."""
    text = _places(number, _SIMPLE, ("", "十", "百", "千", "万"))
    return text[1:] if text.startswith("一十") else text


def _japanese(number: int) -> str:
    """Without the one before a place and without zeros: 111 -> 百十一."""
    text = _places(number, " 一二三四五六七八九", ("", "十", "百", "千", "万"))
    return re.sub("一(?=[十百千])", "", text.replace(" ", ""))


def _ranged(number: int, last: int, code: int) -> str:
    """The n-th of consecutive code points, or plain digits after the last: 3 -> ⑶."""
    return chr(code + number - 1) if 1 <= number <= last else str(number)


def _sign(number: int, signs: str) -> str:
    """The n-th of some signs, or plain digits after the last: 2 -> 乙, 11 -> 11."""
    return signs[number - 1] if number <= len(signs) else str(number)


def _cycle(number: int) -> str:
    """A year of the sixty-year cycle: 1 -> 甲子."""
    return _STEMS[(number - 1) % 10] + _BRANCHES[(number - 1) % 12] if number <= 60 else str(number)


def _ordinal(number: int) -> str:
    teen = number % 100 in (11, 12, 13)
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


_WITH_ZEROS = re.compile(r"0{1,9}1(?=,)")
_UNITS_LEGAL = ("", "拾", "佰", "仟", "万")
_FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": _decimal,
    "decimalHalfWidth": _decimal,
    "decimalZero": lambda n: f"{n:02d}",
    "numberInDash": lambda n: f"- {n} -",
    "ordinal": _ordinal,
    "lowerLetter": _letter,
    "upperLetter": lambda n: _letter(n).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda n: _roman(n).upper(),
    "decimalFullWidth": lambda n: _digits(n, "０１２３４５６７８９"),
    "decimalFullWidth2": lambda n: _digits(n, "０１２３４５６７８９"),
    "decimalEnclosedCircle": lambda n: _ranged(n, 20, 0x2460),
    "decimalEnclosedCircleChinese": lambda n: _ranged(n, 20, 0x2460),
    "decimalEnclosedFullstop": lambda n: _ranged(n, 20, 0x2488),
    "decimalEnclosedParen": lambda n: _ranged(n, 20, 0x2474),
    "ideographEnclosedCircle": lambda n: _ranged(n, 10, 0x3280),
    "ideographDigital": lambda n: _digits(n, "〇一二三四五六七八九"),
    "japaneseDigitalTenThousand": lambda n: _digits(n, "〇一二三四五六七八九"),
    "taiwaneseDigital": lambda n: _digits(n, _SIMPLE),
    "chineseCounting": _tens,
    "taiwaneseCounting": _tens,
    "chineseCountingThousand": _thousands,
    "taiwaneseCountingThousand": lambda n: _thousands(n).replace("万", "萬"),
    "japaneseCounting": _japanese,
    "chineseLegalSimplified": lambda n: _places(n, "零壹贰叁肆伍陆柒捌玖", _UNITS_LEGAL),
    "japaneseLegal": lambda n: _places(
        n, " 壱弐参四伍六七八九", ("", "拾", "百", "阡", "萬")
    ).replace(" ", ""),
    "ideographLegalTraditional": lambda n: _places(
        n, "零壹貳參肆伍陸柒捌玖", ("", "拾", "佰", "仟", "萬")
    ),
    "ideographTraditional": lambda n: _sign(n, _STEMS),
    "ideographZodiac": lambda n: _sign(n, _BRANCHES),
    "ideographZodiacTraditional": _cycle,
    "none": lambda _: "",
}


def format_number(number: int, kind: str) -> str:
    """A list number as Word draws it: (12, "chineseCounting") -> "十二"; unknown kinds as digits.

    A custom kind is its first numbers: (12, "001, 002, 003, ...") -> "012".
    Zero and negative numbers, which only a start set by hand makes, are digits in every kind.
    """
    if kind != "none" and not 0 < number <= LARGEST:
        return str(number)
    zeros = _WITH_ZEROS.match(kind)
    if zeros:
        return str(number).zfill(len(zeros[0]))
    return _FORMATS.get(kind, _decimal)(number)
