"""Texts as a cell of a workbook can hold them."""

from __future__ import annotations

import re

LONGEST = 32_767
CUT = "……(原文过长,至此截断)"
_UNFIT = re.compile("[\ud800-\udfff\ufffe\uffff]")


def fit(text: str) -> str:
    """A text that a cell can hold: characters that XML cannot hold are replaced, the end is cut."""
    if not text.isascii():
        text = _UNFIT.sub("\ufffd", text)
    if len(text) <= LONGEST // 2:
        return text
    short = utf16_cut(text, LONGEST)
    return text if short == text else utf16_cut(text, LONGEST - len(CUT)) + CUT


def utf16_cut(text: str, length: int) -> str:
    """The longest beginning of a text of at most so many UTF-16 units, as Excel counts."""
    if len(text) <= length // 2:
        return text
    units = text.encode("utf-16-le", "surrogatepass")
    if len(units) <= 2 * length:
        return text
    return units[: 2 * length].decode("utf-16-le", "ignore")
