"""An index of pairs of neighbouring characters, for a search that has no server.

The script of the page (`site_search.js`) folds words in the same way and reads the same lists.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

# The texts of an item that are sought, with a mark between them that no word has.
_TEXTS = ("title", "content", "names", "more", "place", "year")
_BETWEEN = "|"
# Must match: runs of digits, Latin letters, Chinese characters. All else is looked at in the texts alone.
_RUN = re.compile("[0-9a-z\u3400-\u9fff\U00020000-\U0003ffff]+")
_BLANKS = re.compile(r"[\s\ufeff]+")
# A script of the index has some hundred kilobytes.
_POSTINGS = 100_000
_MOST_SHARDS = 512
# A number is written in digits of five bits, the lowest first; all but its last digit have the sixth bit.
_FIRST = 0x3F


def fold(text: str) -> str:
    """Return a text without blanks, in small letters of one width."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text).lower())


def split_pairs(text: str) -> set[str]:
    """Return the pairs of a folded text, and the last character of each run: 社区ab, -> 社区 区a ab b."""
    return {run[at : at + 2] for run in _RUN.findall(text) for at in range(len(run))}


class SearchIndex:
    """The items that each pair is in; items are numbered as they are added."""

    def __init__(self) -> None:
        self.items = 0
        self._found: dict[str, array[int]] = {}

    def add(self, item: Mapping[str, str]) -> None:
        """Add the next item."""
        for pair in split_pairs(fold(_BETWEEN.join(item[one] for one in _TEXTS))):
            if pair not in self._found:
                self._found[pair] = array("I")
            self._found[pair].append(self.items)
        self.items += 1

    def shards(self) -> list[dict[str, str]]:
        """Return the lists in parts: a pair is in that of its first character's code modulo their number."""
        size = sum(map(len, self._found.values()))
        shards: list[dict[str, str]] = [{} for _ in range(min(_MOST_SHARDS, size // _POSTINGS + 1))]
        for pair in sorted(self._found):
            shards[ord(pair[0]) % len(shards)][pair] = write_numbers(self._found[pair])
        return shards


def write_numbers(numbers: Sequence[int]) -> str:
    """Return rising numbers as text, each by its distance from the one before: 0 1 40 -> "?@f@"."""
    return bytes(_write_digits(numbers)).decode("ascii")


def _write_digits(numbers: Sequence[int]) -> Iterator[int]:
    before = 0
    for number in numbers:
        left = number - before
        before = number
        while left > 31:
            yield _FIRST + 32 + (left & 31)
            left >>= 5
        yield _FIRST + left
