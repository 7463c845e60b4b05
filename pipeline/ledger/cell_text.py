"""Fit texts into cells of a workbook; divide a content into its title and the rest."""

from __future__ import annotations

import re

LONGEST = 32_767
CUT = "……(原文过长,至此截断)"
_UNFIT = re.compile("[\ud800-\udfff\ufffe\uffff]")
# What may stand between the title of an item and the rest of its content: 推进甲事项。|完善制度。
_BETWEEN = " \t\r\n\u3000。．.：:；;，,、"
_ENDS = "。．.：:；;，,！!？?"


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


def rest_of(title: str, content: str) -> str:
    """Return a content without the title that it begins with; whole where it goes on within a sentence.

    推进甲事项, 推进甲事项。完善制度。 -> 完善制度。; a content that is its title has no rest.
    """
    if not title or not content.startswith(title):
        return content
    rest = content[len(title) :]
    if rest and title[-1] not in _ENDS and rest[0] not in _BETWEEN:
        return content
    return rest.lstrip(_BETWEEN) if title[-1] not in _ENDS else rest.lstrip()
