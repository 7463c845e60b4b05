"""Number the entries of ordered lists as a browser does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([a-z-]+)")
_NUMBERED = re.compile(
    r"[(（〔\[]?[\d一二三四五六七八九十百]+\s?[、.．)）〕\]]|第[\d一二三四五六七八九十百]+"
)
_DIGITS = "〇一二三四五六七八九"
_CHINESE = frozenset(
    ("cjk-ideographic", "simp-chinese-informal", "trad-chinese-informal", "cjk-decimal")
)
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_KINDS = {
    "a": "lower-alpha",
    "A": "upper-alpha",
    "i": "lower-roman",
    "I": "upper-roman",
    "1": "decimal",
}


class Ordinals:
    """The next number of each list of a page."""

    def __init__(self) -> None:
        self._next: dict[_Element, int] = {}

    def label(self, entry: _Element) -> str:
        """The number shown before an entry: "1." or "一、"; "" in unordered lists."""
        parent = entry.getparent()
        if parent is None or parent.tag != "ol":
            return ""
        number = _integer(entry.get("value"), self._next.get(parent))
        if number is None:
            number = _integer(parent.get("start"), 1) or 1
        self._next[parent] = number + 1
        found = _STYLE.search(parent.get("style") or "")
        style = found[1] if found else _KINDS.get(parent.get("type") or "1", "decimal")
        return ordinal_text(number, style)


def join_label(label: str, text: str) -> str:
    """The label and the line, or the line alone where it is numbered by hand: 一、甲."""
    return text if _NUMBERED.match(text) else label + text


def _integer(digits: str | None, otherwise: int | None) -> int | None:
    try:
        return int((digits or "")[:9])
    except ValueError:
        return otherwise


def ordinal_text(number: int, style: str) -> str:
    """An entry's number in a style of CSS: (2, "upper-roman") -> "II."; unknown styles as "2."."""
    if style == "none":
        return ""
    if style in _CHINESE and 0 < number < 100:
        return chinese(number) + "、"
    if style.endswith(("-alpha", "-latin")) and 0 < number < 27:
        return chr(number + (64 if style.startswith("upper") else 96)) + "."
    if style.endswith("-roman") and 0 < number < 40:
        roman = _roman(number)
        return (roman.upper() if style.startswith("upper") else roman) + "."
    return f"{number}."


def chinese(number: int) -> str:
    """A number below 100 in Chinese numerals: 12 -> "十二"."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else _DIGITS[tens] + "十")
    return head + (_DIGITS[ones] if ones else "")


def _roman(number: int) -> str:
    written = ""
    for value, letters in _ROMAN:
        while number >= value:
            written += letters
            number -= value
    return written
