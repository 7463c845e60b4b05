"""Text as search sees it: pairs of neighbouring characters, so that a word of two is found.

A word of n characters stands where its n - 1 pairs follow each other, so that an index of pairs
gives exactly what a scan for the word gives, whatever the characters. Widths, letters' case and
blanks make no difference.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from itertools import pairwise

from pipeline.text import fold

_DROPPED = re.compile(r"[\s\x00-\x20\x7f]+")
# Where a text ends; no text holds it.
_END = "\x02"
# A pair as a number of PostgreSQL's integer type; what two pairs share the scan tells apart.
_MANY = 2**31 - 1
_PRIME = 1_000_003


def normal(text: str | None) -> str:
    """A text or a word for searching: folded, lower case, without blanks."""
    # The one letter whose small form depends on what stands round it.
    return _DROPPED.sub("", fold(text).replace("Σ", "σ").lower()) if text else ""


def places(text: str) -> tuple[str, list[int]]:
    """The normal text, and for each of its characters where it stands in the text."""
    found: list[str] = []
    at: list[int] = []
    for n, char in enumerate(text):
        for one in normal(char):
            found.append(one)
            at.append(n)
    return "".join(found), at


def pairs(normal_text: str) -> str:
    """The pairs of a normal text parted by blanks, as the full-text index of SQLite takes them.

    "财政局" -> "财政 政局 局": the last character stands alone, so that it begins a pair too.
    """
    return " ".join(map("".join, pairwise(normal_text + _END)))


def phrase(word: str) -> str:
    """A normal word as a phrase of the full-text index: "财政局" -> '"财政 政局"'.

    Every sign in it is a character to be found, never an operator.
    """
    if len(word) == 1:
        return f'"{_quoted(word)}" *'
    return '"' + " ".join(_quoted(a + b) for a, b in pairwise(word)) + '"'


def _quoted(text: str) -> str:
    return text.replace('"', '""')


def numbers(*normal_texts: str) -> list[int]:
    """The pairs of normal texts as numbers, each once."""
    found: set[int] = set()
    for text in normal_texts:
        codes = list(map(ord, text))
        found.update([(a * _PRIME + b) % _MANY for a, b in pairwise(codes)])
    return sorted(found)


@cache
def version() -> str:
    """What the index depends on; an index made by another way of folding is made anew."""
    probe = "".join(map(chr, (*range(0x20, 0xD800), *range(0xE000, 0x10000))))
    return hashlib.sha256(normal(probe).encode()).hexdigest()[:16]
