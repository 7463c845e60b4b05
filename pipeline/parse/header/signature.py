"""Find the signature (落款): the issuing bodies and the date under a text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.dates import find_date
from pipeline.names.gazetteer import NO_HOME, find_longest
from pipeline.parse.header.issuer import BODY, ENDS_BODY, begins_body, first_body
from pipeline.text import trim, without_blanks

# (甲局代章): the stamp of another body, which does not issue the document.
_STAMP = r"(?:\([^()\n]{0,30}章\))"
# A body at the end of the words before a date; it begins a line or follows a blank or a stop.
_BODY_AT_END = re.compile(rf"(?:^|(?<=[\s。)]))(?P<body>{BODY})\s{{0,4}}(?:{_STAMP}\s{{0,4}})?$")
_ANNEXES = re.compile(r"附件\s?\d{0,2}\s?:(?=[^。;]*$)")
_BODY = re.compile(BODY)
# A body is printed within so many characters before its date.
_BODY_REACH = 100
# Between a body and its date there are no more blanks.
_MOST_BLANKS = 4
# The signature of a document without a covering notice is in its last characters.
_TAIL = 1500
# The lines above a date that may be signers: no marks but blanks between columns.
_SIGNERS = re.compile(r"[\u4e00-\u9fff“”\"·、\s-]{2,80}")
_STAMP_LINE = re.compile(_STAMP)
_COLUMNS = re.compile(r"\t|[ ]{2,}|、|(?<=[\u4e00-\u9fff]{4})[ ](?=[\u4e00-\u9fff]{4})")
_NO_SIGNER = re.compile(r"特此|附件|此件|抄送|印发|现将|请")
_MOST_LINES = 40
# What a sentence that names a body and a day goes on with: …2014年11月13日印发的…, …日起.
_GOES_ON = re.compile(r"\s?(?:印发|发布|公布|召开|起|前|后|以|之|至|的|在|由|对|[,、至])")


class Signature(NamedTuple):
    """The span from the first body to the date's end, where the date begins, the first body."""

    start: int
    end: int
    date: int
    body: str


def find_signature(folded: str, opening_end: int, bodies: Sequence[str]) -> Signature | None:
    """The first body with a date behind it, at the foot of the covering notice or of the document.

    The covering notice ends before `opening_end`, so its signature is looked for first; that of a
    document with annexes is in the middle. `bodies` are names that the title or the page gives;
    those may follow a text without a break.
    """
    tail = max(opening_end, len(folded) - _TAIL)
    for start, end in ((0, opening_end), (tail, len(folded)), (opening_end, tail)):
        found = _find_between(
            folded, (start, end), bodies, strict=(start, end) == (opening_end, tail)
        )
        if found:
            return found
    return None


def _find_between(
    folded: str, stretch: tuple[int, int], bodies: Sequence[str], *, strict: bool
) -> Signature | None:
    """The first signature of a stretch; `strict` wants a body with its place behind a sentence."""
    at, end = stretch
    while (date := find_date(folded, at, end)) is not None:
        at = date.end()
        # 某某办公室 2011年7月22日印发 is the line of the printing office, not the signature.
        if "年" not in date[0] or folded.startswith("印发", date.end()):
            continue
        found = _read_signature(folded, stretch[0], date, bodies)
        if found and not (strict and not _is_sure(folded, found)):
            return found
    return None


def _is_sure(folded: str, found: Signature) -> bool:
    """Whether a body and a date in the middle of a text are a signature and no sentence."""
    before = folded[: found.start].rstrip()[-1:]
    annexes = _ANNEXES.search(folded, max(0, found.start - _BODY_REACH), found.start)
    return (
        (before in ("。", ")", "") or annexes is not None)
        and begins_body(found.body)
        and _GOES_ON.match(folded, found.end) is None
    )


def _read_signature(
    folded: str, start: int, date: re.Match[str], bodies: Sequence[str]
) -> Signature | None:
    """The signature that ends with a date: bodies on the lines above it, or a body before it."""
    line = folded.rfind("\n", start, date.start()) + 1
    if not folded[line : date.start()].strip():
        block = _read_block(folded, start, line)
        if block:
            return Signature(block[0], date.end(), date.start(), block[1])
    left = folded[max(start, date.start() - _BODY_REACH) : date.start()]
    body = _BODY_AT_END.search(left)
    span = body.span("body") if body else _find_named(left, bodies)
    at = span[0] if span else _find_behind_annexes(left)
    if at is None:
        return None
    name = left[slice(*span)] if span else left[at:]
    begin = date.start() - len(left) + at
    return Signature(begin, date.end(), date.start(), first_body(without_blanks(name)))


def _read_block(folded: str, start: int, end: int) -> tuple[int, str] | None:
    """Where the lines of signers above a date begin, and the first body of them."""
    lines = _lines_above(folded, start, end)
    bodies: list[tuple[int, str]] = []
    waiting = ""
    for at, said in lines:
        names = [without_blanks(name) for name in _COLUMNS.split(said) if name.strip()]
        joined = names[0] + waiting if waiting and len(names) == 1 else ""
        if joined and begins_body(joined) and ENDS_BODY.search(joined):
            bodies.append((at, joined))
            waiting = ""
        elif waiting or not all(ENDS_BODY.search(name) for name in names):
            break
        elif begins_body(names[0]):
            bodies.append((at, names[0]))
        else:
            waiting = names[0]
    return (bodies[-1][0], first_body(bodies[-1][1])) if bodies else None


def _lines_above(folded: str, start: int, end: int) -> list[tuple[int, str]]:
    """The lines above a date that may be signers, the nearest first, without those of stamps."""
    lines: list[tuple[int, str]] = []
    while end > start and len(lines) < _MOST_LINES:
        begin = folded.rfind("\n", start, end - 1) + 1
        a, b = trim(folded, max(begin, start), end - 1)
        said = _STAMP_LINE.sub("", folded[a:b]).strip()
        end = max(begin, start)
        if a < b and said and (not _SIGNERS.fullmatch(said) or _NO_SIGNER.search(said)):
            break
        if said:
            lines.append((a, said))
    return lines


def _find_behind_annexes(left: str) -> int | None:
    """Where a body begins that runs on from the list of annexes: 附件:任务分工|甲市人民政府."""
    match = _ANNEXES.search(left)
    if match is None:
        return None
    starts = range(match.end(), len(left) - 2)
    return next(
        (at for at in starts if find_longest(left[at:], NO_HOME) and _BODY.fullmatch(left, at)),
        None,
    )


def _find_named(left: str, bodies: Sequence[str]) -> tuple[int, int] | None:
    """Where the longest named body straight before a date is, with few blanks between."""
    said = left.rstrip()
    named = max((len(body) for body in bodies if said.endswith(body)), default=0)
    between = left.removesuffix("\n")[len(said) :]
    return (len(said) - named, len(said)) if named and len(between) <= _MOST_BLANKS else None
