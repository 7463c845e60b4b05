"""Let through the pages that may be plans, by their bytes, before anything is decoded or parsed.

The first gate looks for a few stems in all bytes at several gigabytes a second and stops nearly all
pages of the world. The second counts words of owners, words of titles and printed numbers. Text in
entities, in escapes of scripts, in UTF-16 and in HZ is turned into UTF-8 first, which only pages with
their marks pay for.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Literal, NamedTuple

from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind

from pipeline.errors import SourceError
from pipeline.read.charset import decode_page
from pipeline.read.charset_evidence import is_hz
from pipeline.sieve.stems import MARKS, Sort, encode_stems, encode_words, find_words

if TYPE_CHECKING:
    from collections.abc import Sequence

Stop = Literal["no-stem", "few-words"]

# So many words of owners are in no other page. Fewer are enough with printed numbers; fewer still where
# there are words of a title too.
_MANY_OWNERS, _SOME_OWNERS = 10, 5
_FEWEST_TOGETHER = 3
_FEWEST_NUMBERS = 2
# Numbers that the automaton does not know are looked for as text where digits may be some. The mark is
# looked for first, since digits are everywhere: in style sheets, addresses, dates.
_MARK = re.compile(rf"[{MARKS}](?:(?<=[0-9０-９].)|(?<=[0-9０-９][ ].))")
_NUMBER = re.compile(r"(?:^|[^\w./=,'\"(（-])[ ]*[(（]?[0-9０-９]{1,3}[ ]?$")
_LONGEST_NUMBER = 7
# Before the digits of the number of an item are none of these, as in an address: /list/12.html
_JOINED = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_./=,'\"-")
_MOST_DIGITS = 3
_POINT = ord(".")
_ASCII_DIGITS = frozenset(b"0123456789")
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


class _Words(NamedTuple):
    """An automaton of words, their sorts, and from which pattern on they are digits before marks."""

    automaton: BytesAhoCorasick
    sorts: tuple[Sort, ...]
    digits: int


class _Automata(NamedTuple):
    """The automata; patterns of the first up to `plain` are stems as they are printed."""

    stems: BytesAhoCorasick
    plain: int
    words: _Words
    utf8_words: _Words


def find_stop(data: bytes) -> Stop | None:
    """The gate that stops a page, None for one that may be a plan."""
    automata = load_automata()
    matches = automata.stems.find_matches_as_indexes(data)
    if not matches and not _is_wide(data):
        return "no-stem"
    if not matches or any(pattern >= automata.plain for pattern, _, _ in matches):
        data = unveil(data)
    words = _find_words_of(data)
    matches = words.automaton.find_matches_as_indexes(data)
    found = _count(matches, words)
    if found.owners >= _MANY_OWNERS:
        return None
    is_like = found.owners and found.titles and found.owners + found.titles >= _FEWEST_TOGETHER
    if not is_like and found.owners < _SOME_OWNERS:
        return "few-words"
    if found.numbers >= _FEWEST_NUMBERS:
        return None
    possible = sum(
        pattern >= words.digits and _may_be_number(data, start, end)
        for pattern, start, end in matches
    )
    is_possible = found.numbers + possible >= _FEWEST_NUMBERS
    return None if is_possible and _has_numbers(data) else "few-words"


def count_words(data: bytes) -> Counts:
    """Count the words of plans in the bytes of a page, each place once."""
    words = _find_words_of(data)
    return _count(words.automaton.find_matches_as_indexes(data), words)


def _find_words_of(data: bytes) -> _Words:
    """The words in the encodings that a page may have: those of UTF-8 alone are found in half the time."""
    automata = load_automata()
    try:
        data.decode()
    except UnicodeDecodeError:
        return automata.words
    return automata.utf8_words


def _count(matches: Sequence[tuple[int, int, int]], words: _Words) -> Counts:
    sorts, digits = words.sorts, words.digits
    found = [sorts[pattern] for pattern, _, _ in matches if pattern < digits]
    return Counts(found.count("owner"), found.count("title"), found.count("number"))


def _may_be_number(data: bytes, digit: int, end: int) -> bool:
    """Whether a digit with its mark may end the number of an item, by their place in a page."""
    before = digit - 1
    while before >= 0 and data[before] in _ASCII_DIGITS:
        before -= 1
    if before >= 0 and (data[before] in _JOINED or digit - before > _MOST_DIGITS):
        return False
    return data[end - 1] != _POINT or not data[end : end + 1].isdigit()


def _has_numbers(data: bytes) -> bool:
    """Whether at least two numbers are printed in the text of a page as those of items are."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = data.decode("gb18030", "ignore")
    numbers = (mark for mark in _MARK.finditer(text) if _is_number(text, mark.start()))
    return len(list(islice(numbers, _FEWEST_NUMBERS))) == _FEWEST_NUMBERS


def _is_number(text: str, end: int) -> bool:
    """Whether the digits before a mark are the number of an item, and no part of a figure or an address."""
    if text[end] in ".．" and text[end + 1 : end + 2].isdigit():
        return False
    return bool(_NUMBER.search(text[max(0, end - _LONGEST_NUMBER) : end]))


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
    """Build the automata, once in a process."""
    plain, hidden = encode_stems()
    sorts = find_words()
    return _Automata(
        # The library searches several gigabytes a second for up to 64 patterns of this kind.
        BytesAhoCorasick([*plain, *hidden], matchkind=MatchKind.LeftmostFirst),
        len(plain),
        _make_words(sorts, encode_words(sorts)),
        _make_words(sorts, encode_words(sorts, utf8_only=True)),
    )


def _make_words(sorts: dict[str, Sort], words: dict[bytes, str]) -> _Words:
    # Of 20 MB the kind that is fastest over and over is slow after each page that the first gate stops.
    kind = Implementation.ContiguousNFA
    patterns = tuple(sorts[word] for word in words.values())
    automaton = BytesAhoCorasick([*words], MatchKind.LeftmostLongest, kind)
    return _Words(automaton, patterns, patterns.index("digit"))


def _is_wide(data: bytes) -> bool:
    """Whether bytes may be UTF-16, in which no stem is found as it is."""
    return data.startswith(_MARKS) or b"\0" in data[:_HEAD]


def _reveal(match: re.Match[bytes]) -> bytes:
    base, digits = (10, match[2]) if match[2] else (16, match[1] or match[3])
    point = int(digits, base)
    if point > _LAST_CHARACTER or point in _SURROGATES:
        return match[0]
    return chr(point).encode()
