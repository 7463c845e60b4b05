"""Find the signature (落款): the issuing body and the date under a text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.dates import find_date
from pipeline.lexicon import alternation
from pipeline.parse.header.issuer import BODY

# A body at the end of the words before a date; it begins a line or follows a blank or a stop.
_BODY_AT_END = re.compile(rf"(?:^|(?<=[\s。)]))(?P<body>{BODY})\s{{0,4}}$", re.VERBOSE)
# A body is printed within so many characters before its date.
_BODY_REACH = 60
# The signature of a document without a covering notice is in its last characters.
_TAIL = 1500


class Signature(NamedTuple):
    """The span of a body and its date, and the offset where the date begins."""

    start: int
    end: int
    date: int


def find_signature(folded: str, opening_end: int, bodies: Sequence[str]) -> Signature | None:
    """The first body with a date behind it, at the foot of the covering notice or of the document.

    The covering notice ends before `opening_end`, so its signature is looked for first. `bodies`
    are names that the title or the page gives; those may follow a text without a break.
    """
    tail = max(opening_end, len(folded) - _TAIL)
    for start, end in ((0, opening_end), (tail, len(folded))):
        found = _find_between(folded, start, end, bodies)
        if found:
            return found
    return None


def _find_between(folded: str, start: int, end: int, bodies: Sequence[str]) -> Signature | None:
    at = start
    while (date := find_date(folded, at, end)) is not None:
        at = date.end()
        left = folded[max(start, date.start() - _BODY_REACH) : date.start()]
        body = _BODY_AT_END.search(left) or _find_named(left, bodies)
        # 某某办公室 2011年7月22日印发 is the line of the printing office, not the signature.
        printing_line = folded.startswith("印发", date.end())
        if body and "年" in date[0] and not printing_line:
            begin = date.start() - len(left) + body.start("body")
            return Signature(begin, date.end(), date.start())
    return None


def _find_named(left: str, bodies: Sequence[str]) -> re.Match[str] | None:
    """A named body straight before a date, with no break before it."""
    named = alternation(bodies)
    return re.search(rf"(?P<body>{named})\s{{0,4}}$", left) if named else None
