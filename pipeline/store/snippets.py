"""Find the sentence of a text that a search result shows, and the sought words in it."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from pipeline.store import grams

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SENTENCE_END = re.compile(r"[。；;！？!?\n]")
# A sentence is shown up to so many characters either side of its hit.
_SHOWN = 60


class Snippet(NamedTuple):
    """A sentence, and the spans (start, end) of all sought words in it."""

    sentence: str
    marks: tuple[tuple[int, int], ...]


def find_snippet(text: str, words: Sequence[str]) -> Snippet | None:
    """Find the sentence with the first of the normalized words; None for a text without it."""
    normalized, offsets = grams.normalize_with_offsets(text)
    found = normalized.find(words[0])
    if found < 0:
        return None
    last = found + len(words[0]) - 1
    start, end = find_sentence(text, offsets[found], offsets[last] + 1)
    first, behind = bisect_left(offsets, start), bisect_left(offsets, end)
    marks = (
        (offsets[a] - start, offsets[b - 1] + 1 - start)
        for a, b in _find_marks(normalized, first, behind, words)
    )
    return Snippet(text[start:end], tuple(marks))


def find_sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Find the sentence round a span, its own end included; a very long one is cut."""
    before = [match.end() for match in _SENTENCE_END.finditer(text, 0, start)]
    after = _SENTENCE_END.search(text, end)
    first = max(before[-1] if before else 0, start - _SHOWN)
    last = min(after.end() if after else len(text), end + _SHOWN)
    while first < start and text[first].isspace():
        first += 1
    while last > end and text[last - 1].isspace():
        last -= 1
    return first, last


def _find_marks(
    normalized: str, first: int, behind: int, words: Sequence[str]
) -> Iterator[tuple[int, int]]:
    """Yield the spans of words in a part of a normalized text, in order; of two that overlap the first."""
    # Longer words first: 财政局 is marked whole though 财政 is sought too.
    pattern = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
    return (match.span() for match in pattern.finditer(normalized, first, behind))
