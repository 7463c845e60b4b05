"""Find a document's own number (发文字号): 深盐办〔2011〕37号."""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.lexicon import alternation
from pipeline.parse.header.page_keys import KeyedValues, Span
from pipeline.parse.header.printed import FORMS
from pipeline.parse.normalize import NormalizedText

# 深盐办[2011]37号 · 国办发(2020) 第5号; not 〔2011〕37号 without a code, not 第5号.
NUMBER = re.compile(
    r"""
    (?P<code>[\u4e00-\u9fff]{1,14})\s?
    [\[(](?P<year>(?:19|20)\d\d)[\])]\s?
    第?(?P<serial>\d{1,5})\s?号
    """,
    re.VERBOSE,
)
# The words that run into a code from the left: …实施方案的通知|深盐办[2011]37号.
_BEFORE_CODE = re.compile(
    rf".*(?:{alternation(form for form in FORMS if len(form) > 1)}|印发|的)(?=[\u4e00-\u9fff]{{2}})"
)
_DIGIT = re.compile(r"[\d一二三四五六七八九]")
# The words before the number of another document, which this one cites.
_CITING = ("》", "〉", "根据", "按照")
_CITING_REACH = 40


class FoundDocumentNumber(NamedTuple):
    """A document's number with its year in 〔〕, or the span of a number that was not read."""

    number: str | None = None
    unread: Span | None = None


def find_document_number(
    shadow: NormalizedText, end: int, keyed: KeyedValues
) -> FoundDocumentNumber:
    """The number beside the page's key, else the first before `end` that is not cited."""
    folded = shadow.folded
    value = keyed.get("document_number")
    match = NUMBER.search(folded, *value) if value else None
    match = match or _find_own(folded, end)
    if match:
        return FoundDocumentNumber(_write(match, shadow))
    if value and _DIGIT.search(folded, *value):
        return FoundDocumentNumber(unread=value)
    return FoundDocumentNumber()


def _find_own(folded: str, end: int) -> re.Match[str] | None:
    for match in NUMBER.finditer(folded, 0, end):
        start = _code_start(folded, match)
        before = folded[max(0, start - _CITING_REACH) : start].rstrip(" (")
        if not before.endswith(_CITING):
            return match
    return None


def _code_start(folded: str, match: re.Match[str]) -> int:
    """Where the issuer's code begins, without the words that run into it."""
    cut = _BEFORE_CODE.match(folded, *match.span("code"))
    return cut.end() if cut and cut.end() < match.end("code") else match.start()


def _write(match: re.Match[str], shadow: NormalizedText) -> str:
    """The number in the document's own characters, 号 included (號)."""
    code = shadow.plain[_code_start(shadow.folded, match) : match.end("code")]
    return f"{code}〔{match['year']}〕{match['serial']}{shadow.plain[match.end() - 1]}"
