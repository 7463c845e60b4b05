"""The words that plans are made of, from the tables of the language, as bytes in the encodings of the web."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Literal

from pipeline.lexicon import rows, words
from pipeline.text import to_traditional

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Sort = Literal["owner", "title", "number", "digit"]

_OWNER_ROLES = frozenset({"lead", "main", "resp", "assist", "leader"})
_OWNER_ACTS = frozenset({"lead", "resp", "assist"})
_KINDS = frozenset({"department", "party", "government", "vertical"})
# A word of so many characters is in many other texts, but for that of a leading unit.
_SHORT, _LEADING = 2, "牵头"
# What is printed behind the number of an item: 1. （2） ３、 and the ends of a cell of a number alone.
MARKS = ".．、)）<|│｜\n\t"
_NUMERALS = "一二三四五六七八九十"
# 一、 (一) （一）, and digits with a mark of full width: 1. is in every style sheet.
_NUMBERS = (
    *(f"{one}、" for one in (*_NUMERALS, *"123456789")),
    *(f"（{one}）" for one in (*_NUMERALS, *"123456789")),
    *(f"({one})" for one in _NUMERALS),
    *(f"{one}．" for one in "123456789"),
)
# A digit before a mark may end the number of an item.
_DIGITS = [
    f"{digit}{space}{mark}"
    for digit in "0123456789０１２３４５６７８９"
    for space in ("", " ")
    for mark in MARKS
]
# The pairs of characters that are in most words of owners and of titles: a text that has none of them is no plan.
_STEMS = 12
# Of them so many are looked for in traditional characters, in entities by their first characters, and in HZ.
_TRADITIONAL, _HIDDEN, _SEVEN_BITS = 5, 6, 2
_SIMPLIFIED_CHARSETS = ("utf-8", "gb18030")
_TRADITIONAL_CHARSETS = (*_SIMPLIFIED_CHARSETS, "big5hkscs")


@cache
def find_words() -> dict[str, Sort]:
    """Every word that is counted, with its sort: labels, verbs and departments, titles, printed numbers.

    Digits with the mark behind them come last; to look for them apart from the words takes longer.
    """
    stems = find_stems()
    labels = {
        word for word in (*_find_labels(), *_find_acts()) if any(one in word for one in stems)
    }
    # 负责, 落实 and 参与 are in any news; 责任单位, 牵头 and 按职责分工负责 are not.
    owners = {word for word in labels if len(word) > _SHORT} | {_LEADING}
    owners |= {
        row["form"]
        for row in rows("bodies")
        if row["level"] == "local" and row["kind"] in _KINDS and len(row["form"]) > _SHORT
    }
    owners |= {f"{row['form']}局" for row in rows("subjects") if row["use"] == "whole"}
    found: dict[str, Sort] = dict.fromkeys(_NUMBERS, "number")
    found |= dict.fromkeys(_find_shortest(owners), "owner")
    found |= dict.fromkeys(_find_shortest(_find_titles()), "title")
    return found | dict.fromkeys((one for one in _DIGITS if one not in found), "digit")


@cache
def find_stems() -> tuple[str, ...]:
    """The pairs of characters of which most words have one: 责任 for 责任单位, 责任人, 目标责任."""
    left = {*_find_labels(), *_find_acts(), *_find_titles()}
    stems: list[str] = []
    while len(stems) < _STEMS:
        counts = Counter(pair for word in left for pair in set(_pairs(word)))
        stem = max(counts, key=lambda one: (counts[one], one))
        stems.append(stem)
        left = {word for word in left if stem not in word}
    return tuple(stems)


def encode_words(found: Iterable[str], *, utf8_only: bool = False) -> dict[bytes, str]:
    """Words as bytes: in UTF-8 and GB18030, where they differ also in traditional characters and Big5.

    With `utf8_only` in UTF-8 alone.
    """
    simplified = ("utf-8",) if utf8_only else _SIMPLIFIED_CHARSETS
    traditional = ("utf-8",) if utf8_only else _TRADITIONAL_CHARSETS
    encoded: dict[bytes, str] = {}
    for word in found:
        for data in _encode(word, simplified):
            encoded.setdefault(data, word)
        for data in _encode(to_traditional(word), traditional):
            encoded.setdefault(data, word)
    return encoded


def encode_stems() -> tuple[list[bytes], list[bytes]]:
    """The stems as bytes, plain and in entities, escapes or HZ; few, so that many bytes are searched at once."""
    stems = find_stems()
    plain = [data for stem in stems for data in _encode(stem, _SIMPLIFIED_CHARSETS)]
    for stem in stems[:_TRADITIONAL]:
        plain += _encode(to_traditional(stem), _TRADITIONAL_CHARSETS)
    hidden = [data for stem in stems[:_HIDDEN] for data in _hide(stem[0])]
    hidden += [stem.encode("hz").strip(b"~{}") for stem in stems[:_SEVEN_BITS]]
    return list(dict.fromkeys(plain)), list(dict.fromkeys(hidden))


def _find_labels() -> list[str]:
    return [row["label"] for row in rows("labels") if row["role"] in _OWNER_ROLES]


def _find_acts() -> list[str]:
    return [row["verb"] for row in rows("verbs") if row["role"] in _OWNER_ACTS]


def _find_titles() -> list[str]:
    return [*words("plan_titles", "ending"), *words("plan_titles", "work")]


def _find_shortest(words: Iterable[str]) -> list[str]:
    """The words that have no other one inside: 责任单位, and not 主要责任单位, which is found with it."""
    known = sorted({*words}, key=lambda one: (len(one), one))
    shortest: list[str] = []
    for word in known:
        if not any(one in word for one in shortest):
            shortest.append(word)
    return shortest


def _pairs(word: str) -> Iterator[str]:
    return (word[n : n + 2] for n in range(len(word) - 1))


def _encode(word: str, charsets: Iterable[str]) -> list[bytes]:
    return [data for one in charsets if (data := word.encode(one, "ignore"))]


def _hide(character: str) -> list[bytes]:
    r"""A character as it begins in entities and escapes: &#36131 &#x8d23 &#x8D23 \u8d23."""
    point = ord(character)
    digits = (f"{point:04x}", f"{point:04X}")
    forms = [f"{mark}{one}" for one in digits for mark in ("&#x", "\\u")]
    return [one.encode() for one in (f"&#{point}", *forms)]
