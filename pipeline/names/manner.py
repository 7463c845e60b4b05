"""Words of manner beside a name: 区教育局按职责分工, 市财政局分别, 会同区民政局. They belong to no name."""

from __future__ import annotations

import re

from pipeline.lexicon import alternation, words

# 按职责分工, 依照各自职责和权限, 结合实际, 按 职 责 (a PDF text has blanks anywhere).
_OBJECT = alternation(words("clause_words", "basis_object"))
BASIS = rf"""
    (?:{alternation(words("clause_words", "basis"))})
    (?:[\ \n]?[\u4e00-\u9fff]{{0,6}}?[和及、]?(?:{_OBJECT}))+
"""
_MANNER = alternation(words("clause_words", "manner"))
# Words of manner at a name's end. 依法 and 组织 alone are none: 党组织 and 团组织 are names.
_TAIL = re.compile(
    rf"[\ \n]*(?:(?:{BASIS})|分别|共同|具体|各自|联合|统筹|分头)[\ \n]*(?:要)?\Z", re.VERBOSE
)
# A tail has no more characters; a longer search would go over a long run again for each of its words.
_LONGEST = 120
# Words of manner before a name: 由, 会同, 商请, 联合 and the like.
_HEAD = re.compile(
    r"(?:并|再)?(?:由(?!来)|会同|商请|商(?=[省市县区各有相])|联合(?=[省市县区各有相]))[\ \n]*"
)


def trim_manner(folded: str, start: int, end: int) -> tuple[int, int]:
    """The span of a name without words of manner at its ends; at least two characters stay."""
    head = _HEAD.match(folded, start, end)
    if head and end - head.end() > 1:
        start = head.end()
    while True:
        tail = _TAIL.search(folded, max(start + 2, end - _LONGEST), end)
        if tail is None or tail.start() < start + 2:
            return start, end
        end = tail.start()
