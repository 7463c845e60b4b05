"""Wrap lines by the width that they take on a terminal: a Chinese character takes two columns."""

from __future__ import annotations

import re
from unicodedata import east_asian_width

# A word with the mark behind it, or one Chinese character with the marks that may not begin a line.
_PIECE = re.compile(r"\s*(?:[\x21-\x7e]+|[^\s\x21-\x7e])[，。；：、！？）》”,;:.!?)]*")


def wrap(text: str, width: int) -> list[str]:
    """Return the lines of a text, none of them wider than `width` columns where words allow it."""
    lines = [""]
    for piece in _PIECE.findall(text):
        if lines[-1] and measure(lines[-1] + piece) > width:
            lines.append(piece.lstrip())
        else:
            lines[-1] += piece if lines[-1] else piece.lstrip()
    return lines


def measure(text: str) -> int:
    """Return how many columns a text takes."""
    return sum(2 if east_asian_width(one) in "WF" else 1 for one in text)
