"""Show a number as the day and time that a spreadsheet means by it: 45473.5 -> 2024/6/30 12:00."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.read.sheet.formats.chinese import day_or_month, digit_by_digit
from pipeline.read.sheet.formats.tokens import Section, Token

_FIRST = dt.date(1899, 12, 30)
# Days from the beginning of 1900 to that of 1904, where some workbooks begin to count.
_TO_1904 = 1462
_LAST_DAY = 2_958_465
_SECONDS = 86_400
_MONTHS = "January February March April May June July August September October November December"
_DAYS = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday"
_CHINESE_MONTHS = [
    "一月",
    "二月",
    "三月",
    "四月",
    "五月",
    "六月",
    "七月",
    "八月",
    "九月",
    "十月",
    "十一月",
    "十二月",
]
_CHINESE_DAYS = "日一二三四五六"
_CHINESE = ("804", "404", "C04", "1004", "1404")


class _Moment(NamedTuple):
    year: int
    month: int
    day: int
    weekday: int
    milliseconds: int
    serial: float

    @property
    def hour(self) -> int:
        return self.milliseconds // 3_600_000

    @property
    def minute(self) -> int:
        return self.milliseconds // 60_000 % 60


def show_date(serial: float, section: Section, *, from_1904: bool) -> str | None:
    """A number of days as a section shows it, None where it is no day that a spreadsheet knows."""
    tokens = list(_with_minutes(section.tokens))
    parts = any(one.kind == "date" and "." in one.text for one in tokens)
    moment = _moment(serial + (_TO_1904 if from_1904 else 0), in_parts=parts)
    if moment is None:
        return None
    half = any(one.kind == "date" and "/" in one.text for one in tokens)
    shown = (_show(token, moment, section, half=half) for token in tokens)
    return "".join(shown)


def _moment(serial: float, *, in_parts: bool) -> _Moment | None:
    if not 0 <= serial < _LAST_DAY + 1:
        return None
    step = 1 if in_parts else 1000
    milliseconds = round((serial % 1) * _SECONDS * 1000 / step) * step
    day = int(serial) + milliseconds // (_SECONDS * 1000)
    milliseconds %= _SECONDS * 1000
    if day > _LAST_DAY:
        return None
    weekday = (day - 1) % 7
    if day in (0, 60):
        # The days that only spreadsheets know: 0 January and 29 February 1900.
        return _Moment(
            1900, 1 if not day else 2, 0 if not day else 29, weekday, milliseconds, serial
        )
    date = _FIRST + dt.timedelta(day + (day < 60))
    return _Moment(date.year, date.month, date.day, weekday, milliseconds, serial)


def _with_minutes(tokens: Sequence[Token]) -> Iterator[Token]:
    """The pieces, m as minutes ("minute") behind hours or before seconds."""
    units = [
        one.text[0].lower() if one.kind in ("date", "elapsed") and "/" not in one.text else ""
        for one in tokens
    ]
    for at, token in enumerate(tokens):
        if token.kind == "date" and units[at] == "m" and len(token.text) < 3:
            before = next((unit for unit in reversed(units[:at]) if unit), "")
            after = next((unit for unit in units[at + 1 :] if unit), "")
            if before == "h" or after == "s":
                yield Token("minute", token.text)
                continue
        yield token


def _show(token: Token, moment: _Moment, section: Section, *, half: bool) -> str:
    if token.kind == "minute":
        return _number(moment.minute, len(token.text), section.numerals)
    if token.kind == "elapsed":
        return _elapsed(token.text, moment)
    if token.kind != "date":
        return token.text if token.kind in ("literal", "number") else ""
    text = token.text.lower()
    if text[0] in "yeb":
        return _year(text, moment.year, section.numerals)
    if text[0] in "mda" and "/" not in text and (text[0] == "a" or len(text) > 2):
        return _name(text, moment, section.locale)
    if text[0] == "s":
        return _second(text, moment, section.numerals)
    if "/" in text:
        return _noon(token.text, moment.hour)
    hour = (moment.hour + 11) % 12 + 1 if half else moment.hour
    value = {"m": moment.month, "d": moment.day, "h": hour}.get(text[0])
    return "" if value is None else _number(value, len(text), section.numerals)


def _number(value: int, width: int, numerals: int) -> str:
    if numerals:
        return day_or_month(value, numerals)
    return f"{value:02d}" if width > 1 else str(value)


def _year(text: str, year: int, numerals: int) -> str:
    if text[0] == "b":
        year += 543
    shown = f"{year % 100:02d}" if text[0] != "e" and len(text) < 3 else f"{year:04d}"
    return digit_by_digit(shown, numerals) if numerals else shown


def _name(text: str, moment: _Moment, locale: str) -> str:
    """The name of a month (mmm) or of a day of the week (ddd, aaa)."""
    day = _CHINESE_DAYS[moment.weekday]
    if text[0] == "a":
        return f"星期{day}" if len(text) > 3 else day
    is_chinese = locale.startswith("ZH") or locale.endswith(_CHINESE)
    if text[0] == "m":
        name = (
            _CHINESE_MONTHS[moment.month - 1] if is_chinese else _MONTHS.split()[moment.month - 1]
        )
        return name if is_chinese or len(text) == 4 else name[: 1 if len(text) > 4 else 3]
    if is_chinese:
        return f"星期{day}" if len(text) > 3 else f"周{day}"
    name = _DAYS.split()[moment.weekday]
    return name if len(text) > 3 else name[:3]


def _second(text: str, moment: _Moment, numerals: int) -> str:
    whole, _, zeros = text.partition(".")
    second = moment.milliseconds // 1000 % 60
    shown = _number(second, len(whole), numerals)
    return (
        f"{shown}.{moment.milliseconds % 1000:03d}"[: len(shown) + 1 + len(zeros)]
        if zeros
        else shown
    )


def _noon(text: str, hour: int) -> str:
    first, last = text.split("/")
    return first if hour < 12 else last


def _elapsed(text: str, moment: _Moment) -> str:
    """All hours, minutes or seconds since the beginning: 1.5 days in [h] -> 36."""
    seconds = round(moment.serial * _SECONDS)
    size = {"h": 3600, "m": 60, "s": 1}[text[0]]
    return str(seconds // size).zfill(len(text))
