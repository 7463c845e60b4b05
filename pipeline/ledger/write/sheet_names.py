"""Give sheets names that Excel allows, each of them once."""

from __future__ import annotations

import re

from pipeline.ledger.cell_text import cut_utf16
from pipeline.text import fold

_LENGTH = 31
_REPLACED = str.maketrans("[]:*?/\\", "()：＊？／＼")
# Control characters, and characters that XML does not allow.
_FORBIDDEN = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_RESERVED = "history"


class SheetNames:
    """Gives every sheet of a workbook a name of its own."""

    def __init__(self) -> None:
        self._taken = {_RESERVED}

    def take(self, wanted: str) -> str:
        r"""Fit a name for a sheet, with a number where another sheet has it: 区财政局(2).

        At most 31 UTF-16 units, none of []:*?/\, no apostrophe at an end.
        """
        bare = _FORBIDDEN.sub("", wanted.translate(_REPLACED)).strip().strip("' ") or "未名"
        name, number = _cut(bare, _LENGTH), 1
        while _key(name) in self._taken:
            number += 1
            mark = f"({number})"
            name = _cut(bare, _LENGTH - len(mark)) + mark
        self._taken.add(_key(name))
        return name


def _key(name: str) -> str:
    """Fold names that Excel takes for one: it ignores case, and in some languages width."""
    return fold(name).casefold()


def _cut(name: str, length: int) -> str:
    return cut_utf16(name, length).rstrip("' ")
