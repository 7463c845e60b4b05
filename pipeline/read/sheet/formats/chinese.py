"""Chinese numerals of number formats: [DBNum1] 一二三, [DBNum2] 壹贰叁, [DBNum3] １２３."""

from __future__ import annotations

import re

_DIGITS = {1: "〇一二三四五六七八九", 2: "零壹贰叁肆伍陆柒捌玖", 3: "０１２３４５６７８９"}
_PLACES = {1: "千百十", 2: "仟佰拾", 3: "千百十"}
_GROUPS = ("", "万", "亿", "万亿")
_WHOLE = re.compile("[0-9]{1,16}")


def digit_by_digit(text: str, numerals: int) -> str:
    """A text with each digit replaced: 2024 -> 二〇二四."""
    return text.translate(str.maketrans("0123456789", _DIGITS[numerals]))


def counted(text: str, numerals: int) -> str:
    """A text with its whole number as it is read aloud, decimals digit by digit: 12.5 -> 一十二.五."""
    found = _WHOLE.match(text)
    if found is None:
        return digit_by_digit(text, numerals)
    return _count(int(found[0]), numerals) + digit_by_digit(text[found.end() :], numerals)


def day_or_month(number: int, numerals: int) -> str:
    """A day, month or hour: 12 -> 十二 with [DBNum1], 壹拾贰 with [DBNum2]."""
    text = _count(number, numerals)
    return text[1:] if numerals == 1 and text.startswith("一十") else text


def _count(number: int, numerals: int) -> str:
    zero = _DIGITS[numerals][0]
    if not number:
        return zero
    text = ""
    for group in range(len(_GROUPS) - 1, -1, -1):
        part = number // 10_000**group % 10_000
        if part:
            needs_zero = bool(text) and part < 1000
            text += (zero if needs_zero else "") + _four(part, numerals) + _GROUPS[group]
    return text


def _four(number: int, numerals: int) -> str:
    """A numeral below ten thousand, a zero for skipped places: 1001 -> 一千〇一."""
    digits, text, skipped = _DIGITS[numerals], "", False
    for place, digit in enumerate(f"{number:04d}"):
        if digit != "0":
            unit = _PLACES[numerals][place] if place < 3 else ""
            text += (digits[0] if skipped and text else "") + digits[int(digit)] + unit
        skipped = digit == "0"
    return text
