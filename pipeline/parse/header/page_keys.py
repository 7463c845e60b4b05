"""Find the values that a page prints beside its own keys: 发布时间:2011-09-02, 文号:深盐办[2011]37号."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.lexicon import alternation, mapping
from pipeline.text import trim, without_blanks

Span = tuple[int, int]
# The field of a document -> the span of its value: "issued_on", "document_number" …
KeyedValues = dict[str, Span]

_FIELDS = mapping("page_keys", "field")
_WORDS = {key.replace(" ", "") for key in mapping("page_keys", "key")}
_SPACED = "|".join(
    r"\s{0,8}".join(map(re.escape, key)) for key in sorted(_WORDS, key=lambda k: (-len(k), k))
)
# Keys whose value is surely theirs where a date follows without a colon.
_DATED = alternation(
    key for key in _WORDS if len(key) > 3 and (_FIELDS.get(key) or "").endswith("_on")
)
# 发布时间: · [发文机关]: · 文   号: · a cell 发文字号 before a cell 深盐办[2011]37号 · [发文机关]甲县人民政府.
# Not the end of a longer word (区发布时间:), unless a date follows, because the blocks of a page may
# run together: 来源:市司法局发布时间:2022-03-18.
KEY = re.compile(
    rf"""
    (?:
        (?<![\u4e00-\u9fff])[\[•]?\s?(?P<key>{_SPACED})\s?\]?\s?:
        | \[\s?(?P<boxed>{_SPACED})\s?\]
        | (?:^|(?<=[\n\t]))(?P<cell>{_SPACED})(?=\t[^\n\t])
        | (?P<dated>{_DATED})(?: : | [ \t]+ )(?=\s*(?:19|20)\d\d)
    )
    """,
    re.VERBOSE,
)
# The first character of a key and, perhaps behind blanks, its second.
_WORD_START = re.compile(
    rf"[{''.join(sorted({key[0] for key in _WORDS}))}](?=\s{{0,8}}[{''.join(sorted({key[1] for key in _WORDS}))}])"
)
_NO_VALUE = "无"


def find_keyed_values(folded: str, end: int) -> KeyedValues:
    """The values before `end` by the field that their key names; the first value of a field wins.

    A value ends at the next key, at the end of its cell or line; one may begin on the line below
    its key.
    """
    values: KeyedValues = {}
    matches = list(_find_keys(folded, end))
    limits = [*(match.start() for match in matches[1:]), end]
    for match, limit in zip(matches, limits, strict=False):
        name = _FIELDS.get(without_blanks(match[match.lastgroup or 0]))
        if not name or name in values:
            continue
        a, b = _find_value(folded, match.end(), limit)
        if a < b and folded[a:b] != _NO_VALUE:
            values[name] = (a, b)
    return values


def _find_keys(folded: str, end: int) -> Iterator[re.Match[str]]:
    """The keys before `end`, one behind the other; tried only where a key's word may begin."""
    at = 0
    for word in _WORD_START.finditer(folded, 0, end):
        # A bracket or bullet and a blank may be before the word.
        for start in range(max(at, word.start() - 2), word.start() + 1):
            match = KEY.match(folded, start, end)
            if match is not None:
                yield match
                at = match.end()
                break


def _find_value(folded: str, start: int, limit: int) -> Span:
    newline = folded.find("\n", start, limit)
    if newline >= 0 and not folded[start:newline].strip():
        newline = folded.find("\n", newline + 1, limit)
    end = min(limit if newline < 0 else newline, len(folded))
    a, b = trim(folded, start, end, " \t\n[•")
    tab = folded.find("\t", a, b)
    return trim(folded, a, tab) if tab >= 0 else (a, b)
