"""Normalize text for search and split it into pairs of neighbouring characters (bigrams).

A word of n characters is where its n - 1 pairs follow each other, so an index of pairs finds
exactly what a scan for the word finds, whatever the characters. Widths, letters' case and blanks
make no difference: ＧＤＰ and g dp are the same.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from itertools import pairwise

from pipeline.text import fold

_DROPPED = re.compile(r"[\s\x00-\x20\x7f]+")
_KEPT = re.compile(r"[^\s\x00-\x20\x7f]+")
# Marks the end of a text; no normalized text contains it.
_END = "\x02"
# A pair becomes a number of PostgreSQL's integer type. Two pairs may share one: the scan of the
# texts removes what was found by such a number alone.
_MODULUS = 2**31 - 1
_PRIME = 1_000_003


def normalize(text: str | None) -> str:
    """Normalize a text or a word for search: folded, lower case, without blanks."""
    # Σ is the one letter with a lower case that depends on its neighbours.
    return _DROPPED.sub("", fold(text).replace("Σ", "σ").lower()) if text else ""


def normalize_with_offsets(text: str) -> tuple[str, list[int]]:
    """Normalize a text; returns with it each of its characters' offset in the text."""
    lower = fold(text).replace("Σ", "σ").lower()
    if len(lower) != len(text):
        # A letter has a lower case of two characters: İ.
        pairs = [(n, one) for n, char in enumerate(text) for one in normalize(char)]
        return "".join(one for _, one in pairs), [n for n, _ in pairs]
    kept = [match.span() for match in _KEPT.finditer(lower)]
    return "".join(lower[a:b] for a, b in kept), [n for a, b in kept for n in range(a, b)]


def pair_terms(normalized: str) -> str:
    """Write the pairs of a normalized text as terms for the full-text index of SQLite.

    "财政局" -> "财政 政局 局", the last one with the mark of the end: each character begins a pair.
    """
    return " ".join(map("".join, pairwise(normalized + _END)))


def match_phrase(word: str) -> str:
    """Write a normalized word as a phrase of the full-text index: "财政局" -> '"财政 政局"'.

    Every sign in it is a character to be found, never an operator.
    """
    if len(word) == 1:
        return f'"{_quoted(word)}" *'
    return '"' + " ".join(_quoted(a + b) for a, b in pairwise(word)) + '"'


def _quoted(text: str) -> str:
    return text.replace('"', '""')


def pair_numbers(*normalized: str) -> list[int]:
    """Compute the numbers of the pairs of normalized texts, sorted, each once."""
    numbers: set[int] = set()
    for text in normalized:
        codes = list(map(ord, text))
        numbers.update([(a * _PRIME + b) % _MODULUS for a, b in pairwise(codes)])
    return sorted(numbers)


@cache
def folding_version() -> str:
    """Hash the normal forms of all characters: an index made with other forms must be made anew."""
    probe = "".join(map(chr, (*range(0x20, 0xD800), *range(0xE000, 0x10000))))
    return hashlib.sha256(normalize(probe).encode()).hexdigest()[:16]
