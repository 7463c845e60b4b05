"""Let through the pages that may be plans, by their bytes, before anything is decoded or parsed.

The first gate looks for a few stems in all bytes at several gigabytes a second and stops nearly all
pages of the world. The second counts words of owners, words of titles and printed numbers. Text in
entities, in escapes of scripts, in UTF-16 and in HZ is turned into UTF-8 first, which only pages with
their marks pay for.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal, NamedTuple

from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind

from pipeline.errors import SourceError
from pipeline.read.charset import decode_page
from pipeline.read.charset_evidence import is_hz
from pipeline.sieve.stems import Sort, encode_stems, encode_words, find_words

Stop = Literal["no-stem", "few-words"]

# So many words of owners are in no other page, or fewer with a word of a title and printed numbers:
# no plan that was published and read has fewer.
_MANY_OWNERS = 8
_FEWEST_NUMBERS, _FEWEST_TOGETHER = 2, 5
_MARKS = (b"\xff\xfe", b"\xfe\xff")
# Where a page in UTF-16 without a mark has zero bytes.
_HEAD = 64
_HIDDEN = re.compile(rb"&#(?:[xX]([0-9a-fA-F]{4,6})|(\d{4,7}));?|\\u([0-9a-fA-F]{4})")
_LAST_CHARACTER = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)


class Counts(NamedTuple):
    """How many words of owners, words of titles and printed numbers a page has."""

    owners: int
    titles: int
    numbers: int


class _Automata(NamedTuple):
    """Both automata; patterns of the first up to `plain` are stems as they are printed."""

    stems: BytesAhoCorasick
    plain: int
    words: BytesAhoCorasick
    sorts: tuple[Sort, ...]


def find_stop(data: bytes) -> Stop | None:
    """The gate that stops a page, None for one that may be a plan."""
    automata = load_automata()
    matches = automata.stems.find_matches_as_indexes(data)
    if not matches and not _is_wide(data):
        return "no-stem"
    if not matches or any(pattern >= automata.plain for pattern, _, _ in matches):
        data = unveil(data)
    found = count_words(data)
    is_like = found.titles and found.numbers >= _FEWEST_NUMBERS
    if found.owners >= _MANY_OWNERS or (
        is_like and found.owners + found.numbers >= _FEWEST_TOGETHER
    ):
        return None
    return "few-words"


def count_words(data: bytes) -> Counts:
    """Count the words of plans in the bytes of a page, each place once."""
    automata = load_automata()
    sorts = [
        automata.sorts[pattern] for pattern, _, _ in automata.words.find_matches_as_indexes(data)
    ]
    return Counts(sorts.count("owner"), sorts.count("title"), sorts.count("number"))


def unveil(data: bytes) -> bytes:
    """The bytes of a page in UTF-8 where they were UTF-16 or HZ, with entities and escapes as characters."""
    if _is_wide(data) or is_hz(data):
        try:
            data = decode_page(data, "").text.encode("utf-8", "ignore")
        except SourceError:
            return data
    return _HIDDEN.sub(_reveal, data)


@cache
def load_automata() -> _Automata:
    """Build both automata, once in a process."""
    plain, hidden = encode_stems()
    sorts = find_words()
    words = encode_words(sorts)
    return _Automata(
        # The library searches several gigabytes a second for up to 64 patterns of this kind.
        BytesAhoCorasick([*plain, *hidden], matchkind=MatchKind.LeftmostFirst),
        len(plain),
        # Twice as fast as the kind that it would choose, and of 20 MB.
        BytesAhoCorasick([*words], MatchKind.LeftmostLongest, Implementation.DFA),
        tuple(sorts[word] for word in words.values()),
    )


def _is_wide(data: bytes) -> bool:
    """Whether bytes may be UTF-16, in which no stem is found as it is."""
    return data.startswith(_MARKS) or b"\0" in data[:_HEAD]


def _reveal(match: re.Match[bytes]) -> bytes:
    base, digits = (10, match[2]) if match[2] else (16, match[1] or match[3])
    point = int(digits, base)
    if point > _LAST_CHARACTER or point in _SURROGATES:
        return match[0]
    return chr(point).encode()
