"""Find a document's own number (发文字号): 深盐办〔2011〕37号."""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.lexicon import alternation
from pipeline.parse.header.page_keys import KeyedValues, Span
from pipeline.parse.header.printed import FORMS
from pipeline.parse.normalize import NormalizedText
from pipeline.text import without_blanks

# 深盐办[2011]37号 · 国办发(2020) 第5号 · 皖政〈2011〉 7 号 · 京 政 办 发[2023]5号; not [2011]37号 without
# a code, not 第5号, not 2018年第5号.
NUMBER = re.compile(
    r"""
    (?P<code>[\u4e00-\u9fff]{1,14}|(?:[\u4e00-\u9fff][ ]){2,13}[\u4e00-\u9fff])\s{0,2}
    [\[(〈<「『{]\s?(?P<year>(?:19|20)\s?\d\s?\d)\s?年?[\])〉>」』}]
    \s{0,2}第?\s?(?P<serial>\d(?:\s?\d){0,4})(?!\d)\s?号
    """,
    re.VERBOSE,
)
_YEAR = re.compile(r"[\[(〈<「『{]\s?(?:19|20)\s?\d\s?\d")
# No code of a number reaches further to the left, and no serial further to the right.
_CODE_REACH, _SERIAL_REACH = 30, 30
# The words that run into a code from the left: …实施方案的通知|深盐办[2011]37号.
_BEFORE_CODE = re.compile(
    rf".*(?:{alternation(form for form in FORMS if len(form) > 1)}|印发|的|文件)"
    r"(?=[\u4e00-\u9fff]{2})"
)
# The words before the code of another document, which this one cites: 和按照|甲发[2010]6号.
_CITED_CODE = re.compile(
    r"(?:按照|根据|依据|依照|参照|遵照|落实|贯彻|执行|结合|转发|详见|以及|参见|违反|符合)"
)
# 乙发[2009]1号)|和甲发[2010]6号; not 和政发[2010]6号, which is the code of a place, on its own line.
_JOINED_CODE = re.compile(r"[号)\]》〉]\s?(?P<mark>[、和及与])?$")
_JOINING = ("和", "及", "与")
# (甲发[2010]6号)|精神 · 甲发[2010]6号|文件要求: the words behind the number of another document.
_CITED_BEHIND = re.compile(r"\)?[ ]?(?:文(?!号)|精神|要求|规定|通知|等|[、,和及与]|同时|废止)")
_DIGIT = re.compile(r"[\d一二三四五六七八九]")
# The words before the number of another document, which this one cites.
_CITING = ("》", "〉", "根据", "按照", "依据", "依照", "参照", "落实", "贯彻", "执行")
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
    at = 0
    # The year in brackets is found fast; the code before it is looked for behind the number before.
    for year in _YEAR.finditer(folded, 0, end):
        match = NUMBER.search(
            folded, max(at, year.start() - _CODE_REACH), min(end, year.end() + _SERIAL_REACH)
        )
        if match is None:
            continue
        at = match.end()
        if not _is_cited(folded, match):
            return match
    return None


def _is_cited(folded: str, match: re.Match[str]) -> bool:
    """Whether the words round a number say that it is another document's."""
    start = _code_start(folded, match)
    near = folded[max(0, start - _CITING_REACH) : start]
    joined = _JOINED_CODE.search(near)
    return (
        near.rstrip(" (").endswith(_CITING)
        or _CITED_CODE.search(folded, start, match.end("code")) is not None
        or bool(joined and (joined["mark"] or folded.startswith(_JOINING, start)))
        or _CITED_BEHIND.match(folded, match.end()) is not None
    )


def _code_start(folded: str, match: re.Match[str]) -> int:
    """Where the issuer's code begins, without the words that run into it."""
    cut = _BEFORE_CODE.match(folded, *match.span("code"))
    return cut.end() if cut and cut.end() < match.end("code") else match.start()


def _write(match: re.Match[str], shadow: NormalizedText) -> str:
    """The number in the document's own characters, 号 included (號)."""
    code = shadow.plain[_code_start(shadow.folded, match) : match.end("code")]
    number = f"{code}〔{match['year']}〕{match['serial']}{shadow.plain[match.end() - 1]}"
    return without_blanks(number)
