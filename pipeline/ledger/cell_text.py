"""Fit texts into cells of a workbook."""

from __future__ import annotations

import re

LONGEST = 32_767
CUT = "……(原文过长,至此截断)"
_UNFIT = re.compile("[\ud800-\udfff\ufffe\uffff]")


def fit(text: str) -> str:
    """Fit a text into a cell: characters that XML does not allow are replaced, the end is cut."""
    if not text.isascii():
        text = _UNFIT.sub("\ufffd", text)
    if len(text) <= LONGEST // 2:
        return text
    short = cut_utf16(text, LONGEST)
    return text if short == text else cut_utf16(text, LONGEST - len(CUT)) + CUT


def cut_utf16(text: str, length: int) -> str:
    """Cut a text to at most so many UTF-16 units, as Excel counts: 𠀀 is two."""
    if len(text) <= length // 2:
        return text
    units = text.encode("utf-16-le", "surrogatepass")
    if len(units) <= 2 * length:
        return text
    return units[: 2 * length].decode("utf-16-le", "ignore")
